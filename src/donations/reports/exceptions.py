"""What is not as expected in a month: who came, stopped, raised, lowered or moved; everything else is one line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from donations.acts.proving import Proved, proofs
from donations.core.calendar import Month, Period
from donations.core.donor import AppealId, DonorId
from donations.core.money import Currency, Minor
from donations.identity.proof import DayState
from donations.ledger.rhythm import Coming, RhythmEvent, coming
from donations.reports.regular import spread
from donations.store.given import GiftScope
from donations.store.giving.gift_sums import GiftSum, amount_sums, sums, sums_of_donors
from donations.store.giving.givers import GivingYears, arrivals, from_other_accounts, large_gifts
from donations.store.giving.regular_gifts import RegularGiftEvent, regular_gift_events
from donations.store.session import ReadSession
from donations.store.statements.coverage import CoveredDays, covered_days

LARGE_TIMES = 10
"""A gift is large from ten times the median gift of the twelve months before."""
LARGE_NEEDS_GIFTS = 20
"""With fewer gifts in these months nothing is called large."""


class DonorNotice(StrEnum):
    """What is worth noticing of a donor, in the order in which a treasurer reads it."""

    NEW = "new"
    """Gave for the first time in the books."""
    RETURNED = "returned"
    """Gave again, the last time at least a year ago."""
    BEGAN = "began"
    """Gave regularly for the first time."""
    RESUMED = "resumed"
    """Gave regularly, was missed, and gave again."""
    STOPPED = "stopped"
    """Gave regularly; it was due, the statements are in, and nothing came."""
    RAISED = "raised"
    """Gave more than each of the last three times."""
    LOWERED = "lowered"
    """Gave less than each of the last three times."""
    OTHER_ACCOUNT = "other_account"
    """Gave from an account that was never seen for this donor."""
    LARGE = "large"
    """Gave ten times the usual gift or more, for the first time."""


_NOTICES = {
    RhythmEvent.BEGAN: DonorNotice.BEGAN,
    RhythmEvent.RAISED: DonorNotice.RAISED,
    RhythmEvent.LOWERED: DonorNotice.LOWERED,
    RhythmEvent.NOT_COME: DonorNotice.STOPPED,
    RhythmEvent.RESUMED: DonorNotice.RESUMED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """Something worth noticing of one donor in one currency; the name is asked for elsewhere, by who may see it."""

    notice: DonorNotice
    donor: DonorId
    currency: Currency
    minor: Minor | None
    """What was given; None where it did not come."""
    usual: Minor | None
    """What was expected; None where nothing was."""
    day: date
    """When it came; where it did not, the last day on which it might have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotProven:
    """An account that the bank's balances do not prove for the whole month."""

    number: str
    currency: Currency
    state: DayState


@dataclass(frozen=True, slots=True, kw_only=True)
class Exceptions:
    """A month by what is not as expected."""

    month: Month
    noticed: dict[DonorNotice, tuple[Noticed, ...]]
    """Every notice has a place, if an empty one."""
    not_judged: int
    """Regular gifts that did not come, on days that no statement covers: the bank's file is missing, not the gift."""
    given: tuple[GiftSum, ...]
    """All gifts of the month, by currency."""
    as_expected: tuple[GiftSum, ...]
    """Of these, the gifts of donors of whom nothing is to notice."""
    not_proven: tuple[NotProven, ...]
    books_begin: date | None
    """The first day that statements cover: who gave before that counts as new."""

    @property
    def books_are_young(self) -> bool:
        """Whether the books begin less than a year before: many who are new to them are not new."""
        return self.books_begin is not None and self.month.first_day - self.books_begin < timedelta(days=365)

    @property
    def donors(self) -> frozenset[DonorId]:
        """Everybody noticed, to ask for names."""
        return frozenset(each.donor for many in self.noticed.values() for each in many)


def exceptions_of(
    session: ReadSession,
    month: Month,
    *,
    appeal_id: AppealId | None = None,
    account_id: int | None = None,
    proved: Sequence[Proved] | None = None,
) -> Exceptions:
    """Return what is not as expected among the gifts of a month, or those to one appeal or own account.

    Who has the proofs already gives them.
    """
    scope = GiftScope(first_day=month.first_day, last_day=month.last_day, appeal_id=appeal_id, account_id=account_id)
    covered = covered_days(session)
    found, not_judged = _turns(regular_gift_events(session, scope), covered)
    found += _arrivals(session, scope)
    found += [_came(DonorNotice.OTHER_ACCOUNT, each) for each in from_other_accounts(session, scope)]
    found += [_came(DonorNotice.LARGE, each) for each in large_gifts(session, scope, _large(session, month))]
    noticed: defaultdict[DonorNotice, list[Noticed]] = defaultdict(list)
    for each in found:
        noticed[each.notice].append(each)
    given = sums(session, scope)
    own = sums_of_donors(session, scope, {each.donor for each in found})
    return Exceptions(
        month=month,
        noticed={notice: tuple(noticed[notice]) for notice in DonorNotice},
        not_judged=not_judged,
        given=tuple(given),
        as_expected=tuple(_without(given, own)),
        not_proven=tuple(_not_proven(proofs(session) if proved is None else proved, month)),
        books_begin=covered.first_day,
    )


def _turns(found: Iterable[RegularGiftEvent], covered: CoveredDays) -> tuple[list[Noticed], int]:
    """Return what may be said of regular gifts, and how many did not come on days that are not covered."""
    noticed: list[Noticed] = []
    not_judged = 0
    for each in found:
        # Who resumes was missed: by the bank's file, if that is not in.
        missed = each.due_before if each.turn is RhythmEvent.RESUMED else each.due
        was_missed = missed is None or covered.has_passed(each.account_id, missed)
        if each.turn in (RhythmEvent.RESUMED, RhythmEvent.NOT_COME) and not was_missed:
            not_judged += each.turn is RhythmEvent.NOT_COME
            continue
        noticed.append(
            Noticed(
                notice=_NOTICES[each.turn],
                donor=each.donor,
                currency=each.currency,
                minor=each.minor,
                usual=each.usual,
                day=each.day,
            )
        )
    return noticed, not_judged


def _arrivals(session: ReadSession, scope: GiftScope) -> Iterator[Noticed]:
    # Who gave on the last day of this month a year ago has not returned on any day of it.
    for each in arrivals(session, scope, last_day_before=scope.last_day - timedelta(days=365)):
        match coming(each.before, each.day):
            case Coming.NEW:
                yield _came(DonorNotice.NEW, each)
            case Coming.RETURNED:
                yield _came(DonorNotice.RETURNED, each)
            case None:
                pass


def _came(notice: DonorNotice, gave: GivingYears) -> Noticed:
    return Noticed(notice=notice, donor=gave.donor, currency=gave.currency, minor=gave.minor, usual=None, day=gave.day)


def _large(session: ReadSession, month: Month) -> dict[Currency, Minor]:
    """Return from which amount on a gift is large, by currency."""
    first_day = month.first_day.replace(year=month.year - 1)
    counted: defaultdict[Currency, list[tuple[Minor, int]]] = defaultdict(list)
    for each in amount_sums(session, GiftScope(first_day=first_day, last_day=month.before.last_day)):
        counted[each.currency].append((each.minor, each.gifts))
    spreads = {currency: spread(many) for currency, many in counted.items()}
    return {
        currency: each.median * LARGE_TIMES
        for currency, each in spreads.items()
        if each is not None and each.gifts >= LARGE_NEEDS_GIFTS
    }


def _without(given: Iterable[GiftSum], own: Iterable[GiftSum]) -> Iterator[GiftSum]:
    noticed = {each.currency: each for each in own}
    for each in given:
        part = noticed.get(each.currency, GiftSum(each.currency, 0, 0))
        yield GiftSum(each.currency, each.minor - part.minor, each.gifts - part.gifts)


def _not_proven(proved: Iterable[Proved], month: Month) -> Iterator[NotProven]:
    period = Period(month.first_day, month.last_day)
    for each in proved:
        state = each.state_in(period)
        if state is not DayState.PROVEN:
            yield NotProven(number=each.number, currency=each.currency, state=state)
