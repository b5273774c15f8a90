"""What a story is made of: months and banking days, own accounts, parties, and movements with what they were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from donations.core.calendar import Month
from donations.core.money import Minor
from donations.core.payment import Purpose
from donations.core.statement import LineKind

DECEMBER = 12
CAMPAIGN_MONTH = 5
"""Every May the association collects for its meadow."""

_SATURDAY, _MONDAY_AFTER = 5, 7


def months_until(last: Month, *, count: int) -> tuple[Month, ...]:
    """Return so many months in their order, the last one last."""
    found = [last]
    while len(found) < count:
        found.append(found[-1].before)
    return tuple(reversed(found))


def day_in(month: Month, number: int) -> date:
    """Return a day of a month by its number, or the last one where the month is shorter."""
    return min(month.first_day + timedelta(days=number - 1), month.last_day)


def working_day(month: Month, number: int) -> date:
    """Return the day on which a bank executes a standing order: not on a weekend, and still in the month."""
    day = day_in(month, number)
    if day.weekday() < _SATURDAY:
        return day
    monday = day + timedelta(days=_MONDAY_AFTER - day.weekday())
    return monday if monday <= month.last_day else monday - timedelta(days=3)


GENERAL, MEADOW = "Tegevuse toetuseks", "Niidufond"
"""The appeals of the story; the first is what the one in every new database is called here."""
KEYWORDS = {GENERAL: ("annetus", "donation", "пожертвование"), MEADOW: ("niidufond",)}
MEADOW_REFERENCE = "20260011"


class Bank(StrEnum):
    """Where the association has its accounts, by the code inside an Estonian IBAN."""

    LHV = "77"
    SWEDBANK = "22"
    SEB = "10"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccount:
    """One account of the association."""

    bank: Bank
    iban: str
    name: str
    opening: Minor
    """Before the first day of the story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody who does not exist, as a bank shows them; the check digits of account and code are right."""

    name: str = ""
    iban: str = ""
    code: str = ""


NOBODY = Party()


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What a movement really was: its maker knows, and the treasurer who asks finds out."""

    purpose: Purpose
    donor: str = ""
    """Who gave, or got a gift back."""
    appeal: str = ""
    is_plain: bool = True
    """Whether the rules must see it by themselves; else they must ask."""
    why: str = ""
    """What the treasurer writes as the reason, where a person decides."""
    fee: Minor = 0
    """The part of a gift that was a membership fee."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One movement of money in signed cents."""

    bank: Bank
    """Of the own account."""
    day: date
    minor: Minor
    truth: Truth
    party: Party = NOBODY
    text: str = ""
    reference: str = ""
    on_behalf_of: str = ""
    kind: LineKind = LineKind.TRANSFER
    is_return: bool = False
    number: int = 0
    """Counts the movements of a story; the banks' ids are made from it."""
