"""What the product tells, as plain values: integers, text, days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a part of a payment is booked as."""

    purpose: str
    minor: int
    donor: int | None
    donor_name: str
    by_person: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """A payment of the ledger, as it is shown."""

    id: int
    account: str
    currency: str
    day: date
    minor: int
    name: str
    iban: str
    text: str
    parts: tuple[Part, ...]

    @property
    def left(self) -> int:
        """What has no purpose yet."""
        return abs(self.minor) - sum(part.minor for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A proposal of a question, counted from 1."""

    number: int
    purpose: str
    donor: int | None
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question on a payment."""

    payment: int
    left: int
    reason: str
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What two files disagree on, by the payments that it names."""

    kind: str
    payments: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """What became of a file."""

    status: str
    file_id: int | None
    notices: tuple[str, ...]
    lines: int
    text: str
    """Everything that is told of it, to be searched for names."""

    @property
    def is_in(self) -> bool:
        """Whether the file is in the books now."""
        return self.status != "refused"


class ProductRefused(Exception):  # noqa: N818 - what the product answers is no error of ours
    """The product says that this cannot be done; `code` is stable."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        self.code = code
        super().__init__(code)
