"""Twelve months side by side: who is new, came back, stayed and left, how many regular gifts came, and the sums.

No count of 1 to 4 people is told, nor one that the total less the others would tell (`series.shown`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from donations.core.calendar import Month
from donations.core.money import Currency, Minor
from donations.reports.dashboard.overview import tells_nobody
from donations.reports.dashboard.series import count_shown, months_until, shown
from donations.store.given import GiftScope
from donations.store.giving.givers import MonthTurn, month_totals, month_turns
from donations.store.giving.regular_gifts import DueSum, due_sums
from donations.store.session import ReadSession
from donations.store.statements.coverage import CoveredDays

_NOBODY = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendMonth:
    """One month; a count is None where it is too small to be told."""

    month: Month
    minor: Minor
    donors: int | None
    new: int | None
    returned: int | None
    """Who had not given for more than twelve months."""
    stayed: int | None
    lost: int | None
    """Who gave the last time twelve months before; None too where statements of the month are missing."""
    is_whole: bool
    """Whether statements of every own account cover the whole month."""
    regular: DueSum | None
    """What was due of regular gifts; None where it is not to be told, or nothing was."""


def trends(
    session: ReadSession, scope: GiftScope, currency: Currency, covered: CoveredDays, *, with_small: bool
) -> tuple[TrendMonth, ...]:
    """Return the twelve months that a scope ends with; `with_small` tells all counts."""
    months = months_until(Month.of(scope.last_day))
    ever = GiftScope(
        first_day=date.min, last_day=scope.last_day, appeal_id=scope.appeal_id, account_id=scope.account_id
    )
    turns = {each.month: each for each in month_turns(session, ever, currency)}
    sums = {each.month: each.minor for each in month_totals(session, ever, currency)}
    due = {each.month: each for each in due_sums(session, ever) if each.currency == currency}

    def told(month: Month) -> TrendMonth:
        here = turns.get(month, MonthTurn(month, *_NOBODY))
        parts = (here.new, here.returned, here.stayed)
        may_show = (True,) * len(parts) if with_small else shown(parts, together=sum)
        new, returned, stayed = (each if is_shown else None for each, is_shown in zip(parts, may_show, strict=True))
        is_whole = covered.is_whole(month.first_day, month.last_day) and not covered.behind(month.last_day)
        ended = turns.get(Month(month.year - 1, month.number), MonthTurn(month, *_NOBODY)).ended
        regular = due.get(month)
        return TrendMonth(
            month=month,
            minor=sums.get(month, 0),
            donors=sum(parts) if with_small else count_shown(sum(parts)),
            new=new,
            returned=returned,
            stayed=stayed,
            lost=(ended if with_small else count_shown(ended)) if is_whole else None,
            is_whole=is_whole,
            regular=regular if regular and (with_small or tells_nobody(regular)) else None,
        )

    return tuple(map(told, months))
