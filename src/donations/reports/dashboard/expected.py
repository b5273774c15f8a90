"""What regular gifts should bring next month, with a range that past months give: what was expected then, what came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from donations.core.money import Currency, Minor
from donations.core.month import Month
from donations.ledger.rhythm import SLACK, Every
from donations.store.given import Scope
from donations.store.giving.regular_gifts import DueSum, OpenSum, due_sums, open_sums
from donations.store.session import ReadSession
from donations.store.statements.covered_days import CoveredDays

MONTHS_JUDGED_MAX = 12
MONTHS_JUDGED_MIN = 3
"""With fewer past months a range would be a guess."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What came in past months of each hundred that were expected, at worst and at best, and what that means now."""

    months: int
    worst_percent: int
    best_percent: int
    low: Minor
    high: Minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What regular gifts should bring in a month, in one currency."""

    month: Month
    currency: Currency
    minor: Minor
    gifts: int
    range: Range | None
    """None with too few past months to judge by."""


def expected_in(session: ReadSession, month: Month, covered: CoveredDays, only: Scope) -> tuple[Expected, ...]:
    """Return what is expected in a month, of the appeal and account of `only`; nothing without regular gifts.

    Who was missed is not expected any more; whose last gift cannot be judged yet, is.
    """
    scope = _scope(month.before.first_day, month.last_day, only)
    first_judged = month
    for _ in range(MONTHS_JUDGED_MAX):
        first_judged = first_judged.before
    past = due_sums(session, _scope(first_judged.first_day, month.before.last_day, only))
    judged = [each for each in past if covered.is_whole(each.month.first_day - SLACK, each.month.last_day + SLACK)]
    minor: defaultdict[Currency, Minor] = defaultdict(int)
    gifts: defaultdict[Currency, int] = defaultdict(int)
    for each in _due_in(month, open_sums(session, scope), covered):
        minor[each.currency] += each.minor
        gifts[each.currency] += each.gifts
    return tuple(
        Expected(
            month=month,
            currency=currency,
            minor=minor[currency],
            gifts=gifts[currency],
            range=_range(minor[currency], [each for each in judged if each.currency == currency]),
        )
        for currency in minor
    )


def _scope(first_day: date, last_day: date, only: Scope) -> Scope:
    return Scope(first_day=first_day, last_day=last_day, appeal_id=only.appeal_id, account_id=only.account_id)


def _due_in(month: Month, due: Sequence[OpenSum], covered: CoveredDays) -> Iterator[OpenSum]:
    for each in due:
        if each.due >= month.first_day or (
            each.every is Every.MONTH and not covered.has_passed(each.account_id, each.due)
        ):
            yield each


def _range(minor: Minor, past: Sequence[DueSum]) -> Range | None:
    """Return the range; its ends are rounded away from each other, to whole percents and minor units."""
    judged = [each for each in past if each.expected]
    if len(judged) < MONTHS_JUDGED_MIN:
        return None
    worst = min(100 * each.came // each.expected for each in judged)
    best = max(-(-100 * each.came // each.expected) for each in judged)
    return Range(
        months=len(judged),
        worst_percent=worst,
        best_percent=best,
        low=minor * worst // 100,
        high=-(-minor * best // 100),
    )
