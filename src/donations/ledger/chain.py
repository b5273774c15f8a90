"""How kept things are chained, so that a later change of any of them shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol


class Link(Protocol):
    """Something that was kept once and must not change."""

    @property
    def before(self) -> str:
        """Digest of the one before it; empty for the first."""

    @property
    def digest(self) -> str:
        """SHA-256 over all of it, in hexadecimal."""


def holds(link: Link, kept: str, *, before: str) -> bool:
    """Whether a thing still has its kept digest, and names the one that comes before it."""
    return link.digest == kept and link.before == before


def broken_links(chain: Iterable[tuple[Link, str]]) -> list[int]:
    """Return where, counted from 0, a kept digest is not the thing's own, or the one before is another."""
    broken, before = [], ""
    for at, (link, kept) in enumerate(chain):
        if not holds(link, kept, before=before):
            broken.append(at)
        before = kept
    return broken
