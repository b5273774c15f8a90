"""Names folded for comparison."""

from __future__ import annotations

from functools import lru_cache
from typing import NewType

from anyascii import anyascii

from donations.core.keyword import normal

NameKey = NewType("NameKey", str)
"""A name folded for comparison, made only by `name_key`; empty where the bank gave no name."""


@lru_cache(maxsize=100_000)
def name_key(name: str) -> NameKey:
    """Fold a name to plain lower-case letters, words sorted: order, case and accents do not tell people apart."""
    plain = anyascii(normal(name)).casefold()
    words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    return NameKey(" ".join(sorted(words)))
