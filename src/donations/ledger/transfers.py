"""Own transfers must arrive: what left one own account stands on the other, or it is under way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from donations.core.banking_day import banking_days_later
from donations.core.money import Currency, Minor
from donations.core.payment import PaymentId

ARRIVES_WITHIN = 5
"""Banking days. One hour to a day is usual in the euro area; weekends, holidays and cut-off times add up."""
_EARLIER = timedelta(days=1)
"""The receiving bank may book it on the day before, around midnight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A payment between own accounts, as one of them shows it."""

    payment: PaymentId
    account: str
    """The own account's number."""
    other: str
    """The number of the own account on the other side; empty where the file does not say."""
    booked_on: date
    minor: Minor
    """Signed."""
    currency: Currency


class Waits(StrEnum):
    """Why the other side of a transfer is not there; stable codes."""

    UNDER_WAY = "under_way"
    """It may still arrive."""
    NO_STATEMENT = "no_statement"
    """No statement of the other account shows whether it arrived."""
    LATE = "late"
    """The other account's statements cover all days on which it should have come, and do not show it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """A transfer of which only one side is in the books."""

    side: Side
    until: date
    """The last day on which the other side is expected."""
    waits: Waits


Covers = Callable[[str, date, date], bool]
"""Whether statements of an own account cover all of these days wholly."""


def under_way(sides: Iterable[Side], *, covers: Covers, today: date) -> list[UnderWay]:
    """Return the transfers that did not arrive yet, by day; each side stands for one transfer only."""
    every = sorted(sides, key=lambda each: (each.booked_on, each.payment))
    paired = _paired(every)
    return [_waiting(each, covers, today) for each in every if each.payment not in paired and each.other]


def _paired(sides: Sequence[Side]) -> set[PaymentId]:
    """Pair what left with what came, the oldest first; where both sides name each other, these go before."""
    paired: set[PaymentId] = set()
    for names_both in (True, False):
        for out in sides:
            if out.minor < 0 and out.payment not in paired:
                came = next(
                    (each for each in sides if each.payment not in paired and _fits(out, each, names_both)), None
                )
                if came is not None:
                    paired |= {out.payment, came.payment}
    return paired


def _fits(out: Side, came: Side, names_both: bool) -> bool:  # noqa: FBT001 - which of two passes it is
    one_account = came.account in {out.other, ""} or not out.other
    other_account = out.account in {came.other, ""} or not came.other
    is_named = out.other == came.account and came.other == out.account
    return (
        came.minor == -out.minor
        and came.currency == out.currency
        and came.account != out.account
        and (is_named if names_both else one_account and other_account)
        and out.booked_on - _EARLIER <= came.booked_on <= banking_days_later(out.booked_on, ARRIVES_WITHIN)
    )


def _waiting(side: Side, covers: Covers, today: date) -> UnderWay:
    until = banking_days_later(side.booked_on, ARRIVES_WITHIN)
    first = side.booked_on - _EARLIER if side.minor < 0 else side.booked_on - (until - side.booked_on)
    last = until if side.minor < 0 else side.booked_on + _EARLIER
    not_seen = Waits.UNDER_WAY if today <= until else Waits.NO_STATEMENT
    return UnderWay(side=side, until=until, waits=Waits.LATE if covers(side.other, first, last) else not_seen)
