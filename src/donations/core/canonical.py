"""The one way to write plain values as text, so that equal values have equal digests, and to chain what is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any, Protocol


def canonical(value: Any) -> str:
    """Return a value as JSON: keys sorted, no blanks."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(value: Any) -> str:
    """Return the SHA-256 of a value's canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


class ChainLink(Protocol):
    """Something that was kept once and must not change."""

    @property
    def before(self) -> str:
        """Digest of the one before it; empty for the first."""

    @property
    def digest(self) -> str:
        """SHA-256 over all of it, in hexadecimal."""


def holds(link: ChainLink, kept: str, *, before: str) -> bool:
    """Whether a thing still has its kept digest, and names the one that comes before it."""
    return link.digest == kept and link.before == before


def broken_links(chain: Iterable[tuple[ChainLink, str]]) -> list[int]:
    """Return where, counted from 0, a kept digest is not the thing's own, or the one before is another."""
    broken, before = [], ""
    for at, (link, kept) in enumerate(chain):
        if not holds(link, kept, before=before):
            broken.append(at)
        before = kept
    return broken
