"""Own transfers must arrive: what left one own account stands on the other, or it is under way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from donations.core.calendar import banking_days_later
from donations.core.money import Currency, Minor
from donations.core.payment import PaymentId
from donations.identity.stated import days_between

ARRIVES_WITHIN = 5
"""Banking days. One hour to a day is usual in the euro area; weekends, holidays and cut-off times add up."""
_EARLIER = timedelta(days=1)
"""The receiving bank may book it on the day before, around midnight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferSide:
    """A payment between own accounts, as one of them shows it."""

    payment: PaymentId
    account: str
    """The own account's number."""
    other: str
    """The number of the own account on the other side; empty where the file does not say: it may be any other one."""
    booked_on: date
    minor: Minor
    """Signed."""
    currency: Currency


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """An own account in one currency, and the days of which its statements tell."""

    number: str
    currency: Currency
    begin: date | None
    """Its first day; None where nothing says it."""
    ended: date | None
    """Its last day; None where it did not end."""
    covered: AbstractSet[date]
    """The days that its statements cover wholly."""

    def is_begun(self, day: date) -> bool:
        """Whether it was open by a day."""
        return self.begin is not None and self.begin <= day

    def shows(self, first_day: date, last_day: date) -> bool:
        """Whether its statements cover all of these days on which it was not ended."""
        end = last_day if self.ended is None else min(last_day, self.ended)
        return self.covered >= set(days_between(first_day, end))


class Waits(StrEnum):
    """Why the other side of a transfer is not there; stable codes."""

    UNDER_WAY = "under_way"
    """It may still arrive."""
    NO_STATEMENT = "no_statement"
    """No statement of the other account shows whether it arrived."""
    LATE = "late"
    """The other account's statements cover all days on which it should have come, and do not show it."""
    NOT_OPEN = "not_open"
    """The other account, or one that it may be, is not open in the books on that day; or no own account is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """A transfer of which only one side is in the books."""

    side: TransferSide
    until: date
    """The last day on which the other side is expected."""
    waits: Waits
    unseen: tuple[str, ...] = ()
    """The own accounts on which it may be, and that are not open in the books on that day."""

    @property
    def is_in_the_way(self) -> bool:
        """Whether the month in which it was booked cannot be closed without a reason.

        Where the other account is open and its statements are missing, its days are in the way themselves.
        """
        return self.waits in {Waits.LATE, Waits.NOT_OPEN}

    @property
    def is_out_of_sight(self) -> bool:
        """Whether own money is on an account, or on days of one, that the books do not have.

        What should be on a named account that proves all its days is late, and yet all accounts are in the books.
        """
        return self.waits is Waits.NOT_OPEN or (self.waits is Waits.LATE and not self.side.other)


def under_way(sides: Iterable[TransferSide], *, accounts: Sequence[Own], today: date) -> list[UnderWay]:
    """Return the transfers that did not arrive yet, by day; each side stands for one transfer only."""
    every = sorted(sides, key=lambda each: (each.booked_on, each.payment))
    paired = _paired(every)
    return [_waiting(each, accounts, today) for each in every if each.payment not in paired]


def _paired(sides: Sequence[TransferSide]) -> set[PaymentId]:
    """Pair what left with what came, the oldest first; of those that name each other before those that one names."""
    paired: set[PaymentId] = set()
    for named in (2, 1, 0):
        for out in sides:
            if out.minor < 0 and out.payment not in paired:
                came = next((each for each in sides if each.payment not in paired and _fits(out, each, named)), None)
                if came is not None:
                    paired |= {out.payment, came.payment}
    return paired


def _fits(out: TransferSide, came: TransferSide, named: int) -> bool:
    """Whether two sides may be one transfer, of which so many name the other one's account, and none another one."""
    names = [each.other == other.account for each, other in ((out, came), (came, out)) if each.other]
    return (
        came.minor == -out.minor
        and came.currency == out.currency
        and came.account != out.account
        and all(names)
        and len(names) == named
        and out.booked_on - _EARLIER <= came.booked_on <= banking_days_later(out.booked_on, ARRIVES_WITHIN)
    )


def _waiting(side: TransferSide, accounts: Iterable[Own], today: date) -> UnderWay:
    until = banking_days_later(side.booked_on, ARRIVES_WITHIN)
    first = side.booked_on - _EARLIER if side.minor < 0 else side.booked_on - (until - side.booked_on)
    last = until if side.minor < 0 else side.booked_on + _EARLIER
    others = [each for each in accounts if _may_be(side, each) and (each.ended is None or each.ended >= first)]
    opened = [each for each in others if each.currency == side.currency and each.is_begun(side.booked_on)]
    unseen = {each.number for each in others} - {each.number for each in opened}
    if unseen or not others:
        waits = Waits.NOT_OPEN
    elif all(each.shows(first, last) for each in opened):
        waits = Waits.LATE
    else:
        waits = Waits.UNDER_WAY if today <= until else Waits.NO_STATEMENT
    return UnderWay(side=side, until=until, waits=waits, unseen=tuple(sorted(unseen)))


def _may_be(side: TransferSide, one: Own) -> bool:
    return one.number == side.other if side.other else one.number != side.account
