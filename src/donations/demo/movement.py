"""What a story is made of: own accounts, parties, and movements of money with what they really were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from donations.core.allocation import Purpose
from donations.core.money import Minor
from donations.core.statement import LineKind

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
