"""The treasurer's evening at a glance: what is to do now, in order, how far all is proven, and what was given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from donations.core.month import Month
from donations.identity.downloads import Wanted, WantedDays
from donations.ledger.obstacles import Obstacle
from donations.ledger.transfers import UnderWay
from donations.reports.covered import CoveredAccount, covered_accounts
from donations.reports.month_obstacles import month_obstacles
from donations.reports.proofs import proofs
from donations.reports.under_way import money_under_way
from donations.store.giving.gift_sums import GiftSum, Scope, sums
from donations.store.months.closings import first_open_month
from donations.store.payments.questions import waiting
from donations.store.session import ReadSession
from donations.store.statements.findings import questions_between

_TO_DOWNLOAD = frozenset({Wanted.GAP, Wanted.NOT_OVER, Wanted.RUNNING, Wanted.UNCHANGED})


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
    obstacles: tuple[Obstacle, ...]
    """What is in the way of closing it."""
    under_way: tuple[UnderWay, ...]
    """Own transfers of which one side is not in the books."""
    this_month: Month
    given: tuple[GiftSum, ...]
    given_before: tuple[GiftSum, ...]
    """In the month before."""

    @property
    def is_month_ready(self) -> bool:
        """Whether nothing is in the way of closing the month."""
        return self.month is not None and not self.obstacles


def evening(session: ReadSession, *, today: date) -> Evening:
    """Return what there is to do on this day (Europe/Tallinn)."""
    proved = proofs(session)
    accounts = covered_accounts(session, proved, today=today)
    this_month = Month.of(today)
    month = first_open_month(session, before=this_month)
    return Evening(
        accounts=accounts,
        downloads=tuple(
            Download(each, step.days) for each in accounts for step in each.steps[:1] if step.days.why in _TO_DOWNLOAD
        ),
        doubts=tuple(each for each in accounts if any(step.days.why is Wanted.CONFLICT for step in each.steps)),
        questions=len(waiting(session, today=today)) + len(questions_between(session)),
        month=month,
        obstacles=() if month is None else month_obstacles(session, month, proved=proved, today=today)[1],
        under_way=tuple(money_under_way(session, proved, today=today)),
        this_month=this_month,
        given=_given(session, this_month),
        given_before=_given(session, this_month.before),
    )


def _given(session: ReadSession, month: Month) -> tuple[GiftSum, ...]:
    return tuple(sums(session, Scope(first_day=month.first_day, last_day=month.last_day)))
