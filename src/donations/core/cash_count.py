"""A cash box and its count: what two people found in it, what came and went since the count before, and the file of it.

The box is an own account and a count its statement. What people type becomes a file in a format of ours, which is read,
kept, shown and taken back like a bank's. It has its own digest: a file that somebody changed is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from donations.core.canonical import digest
from donations.core.iban import UnverifiedAccount
from donations.core.money import MINOR_MAX, Currency, Minor, parse_currency

CASH_BOX = UnverifiedAccount("CASH")
"""The number of the own account; there is one box."""
BEGINS = b'{"donations_cash_box":'
_VERSION = 1
PIECES = (50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1)
"""Notes and coins of the euro, in cents (Council Regulation 974/98; ECB/2013/10)."""
ENTRIES_MAX = 200
COUNTERS = 2


class BadCountError(ValueError):
    """It is no count, or not one that this program wrote."""


class CashKind(StrEnum):
    """What an entry is; stable codes."""

    GIFT = "gift"
    BANKED = "banked"
    """Taken to the bank."""
    PAID = "paid"
    """Paid from the box."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CashEntry:
    """What came into the box or went out of it on a day."""

    kind: CashKind
    day: date
    minor: Minor
    """Positive."""
    name: str = ""
    """Who gave, or was paid; empty where nobody said."""
    code: str = ""
    text: str = ""
    account: str = ""
    """Of what was banked: the own account at the bank."""

    @property
    def signed(self) -> Minor:
        """What it adds to the box."""
        return self.minor if self.kind is CashKind.GIFT else -self.minor


@dataclass(frozen=True, slots=True, kw_only=True)
class CashCount:
    """What was in the box at the end of a day. Raises `BadCountError` where it cannot be one."""

    currency: Currency
    first_day: date
    last_day: date
    """The day at whose end it was counted."""
    made_at: datetime
    opening: Minor
    counted: Minor
    by: tuple[str, ...]
    """Who counted: two people."""
    pieces: tuple[tuple[Minor, int], ...] = ()
    """Coins and notes by their value; none where they were not written down."""
    entries: tuple[CashEntry, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is no count, whoever wrote it."""
        days_fit = all(self.first_day <= each.day <= self.last_day for each in self.entries)
        money = (self.opening, self.counted, *(each.minor for each in self.entries))
        is_right = (
            len({each.strip().casefold() for each in self.by} - {""}) == len(self.by) == COUNTERS
            and self.first_day <= self.last_day
            and days_fit
            and len(self.entries) <= ENTRIES_MAX
            and all(0 <= each <= MINOR_MAX for each in money)
            and all(each.minor for each in self.entries)
            and all(value in PIECES and count > 0 for value, count in self.pieces)
            and (not self.pieces or sum(value * count for value, count in self.pieces) == self.counted)
            and self.made_at.tzinfo is not None
        )
        if not is_right:
            raise BadCountError

    @property
    def expected(self) -> Minor:
        """What should have been in the box."""
        return self.opening + sum(each.signed for each in self.entries)

    @property
    def difference(self) -> Minor:
        """What was found too much; negative where money is missing."""
        return self.counted - self.expected


def written(count: CashCount) -> bytes:
    """Return the file of a count."""
    plain: dict[str, Any] = {
        "currency": count.currency,
        "first_day": count.first_day.isoformat(),
        "last_day": count.last_day.isoformat(),
        "made_at": count.made_at.isoformat(),
        "opening": count.opening,
        "counted": count.counted,
        "by": list(count.by),
        "pieces": [list(each) for each in count.pieces],
        "entries": [
            {
                "kind": each.kind.value,
                "day": each.day.isoformat(),
                "minor": each.minor,
                "name": each.name,
                "code": each.code,
                "text": each.text,
                "account": each.account,
            }
            for each in count.entries
        ],
    }
    content = {"donations_cash_box": _VERSION, "count": plain, "digest": digest(plain)}
    return _written_as(content)


def read_count(content: bytes) -> CashCount:
    """Return the count of a file. Raises `BadCountError`."""
    try:
        found = json.loads(content.decode())
        plain = found["count"]
        is_own = _written_as(found) == content and found["donations_cash_box"] == _VERSION
        if not is_own or digest(plain) != found["digest"]:
            raise BadCountError
        return CashCount(
            currency=parse_currency(plain["currency"]),
            first_day=date.fromisoformat(plain["first_day"]),
            last_day=date.fromisoformat(plain["last_day"]),
            made_at=datetime.fromisoformat(plain["made_at"]),
            opening=_whole(plain["opening"]),
            counted=_whole(plain["counted"]),
            by=tuple(map(_text, plain["by"])),
            pieces=tuple((_whole(value), _whole(count)) for value, count in plain["pieces"]),
            entries=tuple(map(_entry, plain["entries"])),
        )
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise BadCountError from error


def _written_as(found: Mapping[str, Any]) -> bytes:
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _entry(plain: Mapping[str, Any]) -> CashEntry:
    return CashEntry(
        kind=CashKind(plain["kind"]),
        day=date.fromisoformat(plain["day"]),
        minor=_whole(plain["minor"]),
        name=_text(plain["name"]),
        code=_text(plain["code"]),
        text=_text(plain["text"]),
        account=_text(plain["account"]),
    )


def _whole(value: object) -> int:
    if type(value) is not int:
        raise BadCountError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise BadCountError
    return value
