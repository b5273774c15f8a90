"""The audit log as values: what was done, by whom and to what, each entry chained to the one before.

What could name somebody is never part of the chain: an entry holds a commitment to its details, which with their salt
are kept beside it and can be erased (HMAC-SHA256, so that nobody can try out guesses once the salt is gone).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from donations.core.canonical import canonical, digest
from donations.ledger.acts import RANK, About, Action
from donations.ledger.chain import holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Something that was done, before it has its place in the log."""

    action: Action
    about: About
    id: str = ""
    """Which one: a number, a month, a path; never what could name a donor."""
    by: str = ""
    at: datetime
    details: Mapping[str, Any] | None = None
    """Plain values for JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the log, as it is chained."""

    number: int
    """Counts from 1, without gaps."""
    at: datetime
    by: str
    action: str
    about: str
    id: str
    commitment: str
    before: str
    """Digest of the entry before this one; empty for the first."""

    @property
    def done(self) -> Action:
        """What was done."""
        return Action(self.action)

    @property
    def thing(self) -> str:
        """What it was about, as `payment 5`."""
        return f"{self.about} {self.id}".strip()

    @property
    def digest(self) -> str:
        """SHA-256 over all of it, in hexadecimal."""
        return digest(
            {
                "number": self.number,
                "at": self.at.astimezone(UTC).isoformat(),
                "by": self.by,
                "action": self.action,
                "about": self.about,
                "id": self.id,
                "commitment": self.commitment,
                "before": self.before,
            }
        )


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry; kept elsewhere, it shows a log that was cut or written anew."""

    number: int = 0
    """0 before the first entry."""
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An entry as it is kept."""

    entry: Entry
    digest: str
    """As kept; `entry.digest` is what it should be."""
    salt: str | None
    """None where the details were erased, as these are then."""
    details: str | None
    """As canonical text."""

    @property
    def told(self) -> Mapping[str, Any]:
        """The details as values; nothing where they were erased."""
        found: dict[str, Any] = json.loads(self.details or "{}")
        return found


def commitment_to(details: str, salt: str) -> str:
    """Return HMAC-SHA256 of canonical details under a salt, in hexadecimal."""
    return hmac.new(salt.encode(), details.encode(), hashlib.sha256).hexdigest()


def chained(noted: Noted, after: Head, *, salt: str) -> tuple[Entry, str]:
    """Return the entry that follows the head of the log, and its details as canonical text."""
    details = canonical(dict(noted.details or {}))
    entry = Entry(
        number=after.number + 1,
        at=noted.at.astimezone(UTC),
        by=noted.by,
        action=noted.action.value,
        about=noted.about.value,
        id=noted.id,
        commitment=commitment_to(details, salt),
        before=after.digest,
    )
    return entry, details


def folded(acts: Iterable[Noted]) -> Iterator[Noted]:
    """Yield one of several notes about the same thing in one transaction: a question held with a word is held."""
    told: dict[tuple[About, str], Noted] = {}
    for each in sorted(acts, key=lambda noted: RANK[noted.action]):
        told.setdefault((each.about, each.id), each)
    yield from told.values()


def complaints(log: Iterable[Kept], *, known: Head = Head()) -> Iterator[tuple[int, str]]:
    """Yield what is wrong with a log, by the number of the entry.

    A log whose end was cut off is a good log; only a head that was kept elsewhere tells.
    """
    number, before, is_known = 0, "", not known.number
    for each in log:
        if each.entry.number != number + 1:
            yield number + 1, "is missing"
        elif not holds(each.entry, each.digest, before=before):
            yield each.entry.number, "was changed, or the one before it"
        if each.details is not None and commitment_to(each.details, each.salt or "") != each.entry.commitment:
            yield each.entry.number, "has other details than those that were written"
        number, before = each.entry.number, each.digest
        is_known = is_known or Head(number, before) == known
    if not is_known:
        yield known.number, "is not the one that you know: the log was cut off or written anew"
