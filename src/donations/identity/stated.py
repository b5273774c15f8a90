"""What the proof of one account looks at: what statements state, what the ledger moved, and what people said."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

from donations.core.money import Minor
from donations.core.payment import PaymentId
from donations.core.statement import UNKNOWN_PROVENANCE, Provenance
from donations.identity.content import StatementId

DAY = timedelta(days=1)


class NotInStatement(NamedTuple):
    """A payment on a day that a statement touches, which none of its lines attests; signed minor units."""

    payment: PaymentId
    day: date
    minor: Minor


class LeftOut(NamedTuple):
    """A line that a person said attests nothing; signed minor units."""

    day: date
    minor: Minor


class Interim(NamedTuple):
    """A balance that a statement states besides its opening and closing one: of the end of a day, or of a moment."""

    day: date
    minor: Minor
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What one imported statement states about its account, beside what the ledger has of its days."""

    id: StatementId
    first_day: date
    last_day: date
    opening: Minor | None
    closing: Minor | None
    moved_before: Minor = 0
    """What the ledger moved before its first day."""
    moved_until_end: Minor = 0
    """What the ledger moved up to the end of its last day."""
    interim: tuple[Interim, ...] = ()
    imbalance: Minor = 0
    """What its lines miss its closing balance by; a person accepted that in writing."""
    provenance: Provenance = UNKNOWN_PROVENANCE
    not_in_statement: tuple[NotInStatement, ...] = ()
    """Payments of its days that other statements show and this one does not."""
    left_out: tuple[LeftOut, ...] = ()
    """Its lines that a person left out of the ledger."""

    @property
    def adds_up(self) -> bool:
        """Whether it states both balances, and its lines lead from one to the other."""
        return self.opening is not None and self.closing is not None and not self.imbalance

    def not_in_statement_on(self, day: date) -> list[NotInStatement]:
        """Return the payments of a day that it does not show."""
        return [each for each in self.not_in_statement if each.day == day]


class LedgerMovement:
    """What the ledger moved up to the end of a day; `by_day` are signed minor units of attested payments."""

    def __init__(self, by_day: Mapping[date, Minor]) -> None:
        """Add the days up once."""
        self._days = sorted(by_day)
        self._sums = [0, *accumulate(by_day[day] for day in self._days)]

    def until(self, day: date) -> Minor:
        """Return the sum of all days up to this one, itself included."""
        return self._sums[bisect_right(self._days, day)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything the proof of one account and currency rests on."""

    stated: Sequence[Stated] = ()
    by_day: Mapping[date, Minor] = field(default_factory=dict)
    """What the ledger moved, signed; sums up to any day of which a balance is stated are right."""
    given: Mapping[date, Minor] = field(default_factory=dict)
    """Balances at the end of a day that a person read in the internet bank."""
    quiet: AbstractSet[date] = frozenset()
    """Days without a statement of which a person confirmed that nothing moved."""
    opened: date | None = None
    """The first day of the account, by a person's word or by the first transfer that names it."""
    ended: date | None = None
    """Its last day, by a person's word."""
    left: Minor | None = 0
    """What it held then; None where the bank made another account of it."""


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield the days from the first to the last one, both included."""
    return (date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1))
