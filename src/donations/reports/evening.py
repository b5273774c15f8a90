"""The treasurer's evening at a glance: what is to do now, in order, how far all is proven, and what was given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from donations.core.month import Month
from donations.identity.downloads import WantedDays, Why
from donations.identity.proof import DayState
from donations.reports.covered import CoveredAccount, covered_accounts
from donations.store.giving.gift_sums import GiftSum, Scope, sums
from donations.store.months.closings import first_open_month
from donations.store.payments.questions import held, waiting
from donations.store.session import ReadSession
from donations.store.statements.findings import standing_findings


@dataclass(frozen=True, slots=True)
class Download:
    """Days of one account to download next."""

    account: CoveredAccount
    days: WantedDays


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """What waits, and how things stand."""

    accounts: tuple[CoveredAccount, ...]
    downloads: tuple[Download, ...]
    """One for each account of which days are missing, or over since its last statement."""
    doubts: tuple[CoveredAccount, ...]
    """Accounts with days that the bank's balances contradict."""
    questions: int
    """What waits for an answer, disagreements of statements too."""
    month: Month | None
    """The first month that is over and not closed."""
    is_month_ready: bool
    """Whether all of it is proven and answered."""
    this_month: Month
    given: tuple[GiftSum, ...]
    given_before: tuple[GiftSum, ...]
    """In the month before."""


def evening(session: ReadSession, *, today: date) -> Evening:
    """Return what there is to do on this day (Europe/Tallinn)."""
    accounts = covered_accounts(session, today=today)
    questions = waiting(session, today=today)
    open_days = [each.booked_on for each in questions] + [each.booked_on for each in held(session, today=today)]
    this_month = Month.of(today)
    month = first_open_month(session, before=this_month)
    return Evening(
        accounts=accounts,
        downloads=tuple(
            Download(each, step.days)
            for each in accounts
            for step in each.steps[:1]
            if step.days.why in {Why.GAP, Why.RUNNING}
        ),
        doubts=tuple(each for each in accounts if any(step.days.why is Why.CONFLICT for step in each.steps)),
        questions=len(questions) + len(standing_findings(session)),
        month=month,
        is_month_ready=month is not None and is_ready(month, accounts, open_days),
        this_month=this_month,
        given=_given(session, this_month),
        given_before=_given(session, this_month.before),
    )


def is_ready(month: Month, accounts: Iterable[CoveredAccount], open_days: Iterable[date]) -> bool:
    """Whether no payment of the month waits for an answer, and every account that began by then is proven in it."""
    begun = [each.runs for each in accounts if each.runs and each.runs[0].first_day <= month.last_day]
    proven = all(
        runs[-1].last_day >= month.last_day
        and all(
            run.state is DayState.PROVEN
            for run in runs
            if run.first_day <= month.last_day and run.last_day >= month.first_day
        )
        for runs in begun
    )
    return proven and not any(month.first_day <= day <= month.last_day for day in open_days)


def _given(session: ReadSession, month: Month) -> tuple[GiftSum, ...]:
    return tuple(sums(session, Scope(first_day=month.first_day, last_day=month.last_day)))
