"""Who gives and what for: donors, the claims that recognise them, and appeals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NewType

from anyascii import anyascii

from donations.core.iban import ValidIban
from donations.core.keyword import Keyword, normal
from donations.core.person_code import CheckedCode
from donations.core.reference import Reference

DonorId = NewType("DonorId", int)
AppealId = NewType("AppealId", int)
NameKey = NewType("NameKey", str)
"""A name folded for comparison, made only by `name_key`; empty where the bank gave no name."""


@lru_cache(maxsize=100_000)
def name_key(name: str) -> NameKey:
    """Fold a name to plain lower-case letters, words sorted: order, case and accents do not tell people apart."""
    plain = anyascii(normal(name)).casefold()
    words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    return NameKey(" ".join(sorted(words)))


@dataclass(frozen=True, slots=True)
class CodeClaim:
    """A donor is whoever has this checked personal or registry code."""

    code: CheckedCode


@dataclass(frozen=True, slots=True)
class PayerClaim:
    """A donor is whoever pays from this account under this name."""

    iban: ValidIban
    name: NameKey


Claim = CodeClaim | PayerClaim


@dataclass(frozen=True, slots=True, kw_only=True)
class Donor:
    """A person or an organisation that gives; the bank's spelling of the name."""

    id: DonorId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """What is being collected for; owns keywords and reference numbers."""

    id: AppealId
    name: str
    keywords: tuple[Keyword, ...]
    references: tuple[Reference, ...] = ()
