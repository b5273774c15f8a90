"""The treasurer's evening at a glance: what is to do now, in order, how far all is proven, and what was given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from donations.acts.proving import proofs
from donations.core.calendar import Month
from donations.identity.downloads import DownloadReason, WantedDays
from donations.reports.coverage import CoveredAccount, NextStep, covered_accounts
from donations.reports.months_of_year import month_obstacles
from donations.reports.obstacles import (
    Called,
    ObstacleInWords,
    UnderWayInWords,
    money_under_way,
    obstacles_in_words,
    under_way_in_words,
)
from donations.store.given import GiftScope
from donations.store.giving.gift_sums import GiftSum, sums
from donations.store.months import first_open_month
from donations.store.payments.questions import waiting
from donations.store.session import ReadSession
from donations.store.statements.findings import questions_between


class Todo(StrEnum):
    """What there may be to do, in the order in which it counts: a month that is over before days that just passed."""

    CLOSE = "close"
    ANSWER = "answer"
    MEND = "mend"
    PUBLISH = "publish"
    DOWNLOAD = "download"


@dataclass(frozen=True, slots=True)
class Download:
    """Days of one account to download next."""

    account: CoveredAccount
    step: NextStep

    @property
    def days(self) -> WantedDays:
        """The days."""
        return self.step.days


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
    obstacles: tuple[ObstacleInWords, ...]
    """What is in the way of closing it."""
    under_way: tuple[UnderWayInWords, ...]
    """Own transfers of which one side is not in the books."""
    this_month: Month
    given: tuple[GiftSum, ...]
    given_before: tuple[GiftSum, ...]
    """In the month before."""
    blocks_ready: int
    """How many blocks of months can be published."""

    @property
    def to_do(self) -> tuple[Todo, ...]:
        """What there is to do, what counts most first."""
        there_is = {
            Todo.CLOSE: self.month,
            Todo.ANSWER: self.questions,
            Todo.MEND: self.doubts,
            Todo.PUBLISH: self.blocks_ready,
            Todo.DOWNLOAD: self.downloads,
        }
        return tuple(each for each in Todo if there_is[each])

    @property
    def is_month_ready(self) -> bool:
        """Whether nothing is in the way of closing the month."""
        return self.month is not None and not self.obstacles


def evening(session: ReadSession, *, today: date, called: Called = str, blocks_ready: int = 0) -> Evening:
    """Return what there is to do on this day (Europe/Tallinn); `called` is what a reader calls an own account."""
    proved = proofs(session)
    accounts = covered_accounts(session, proved, today=today)
    this_month = Month.of(today)
    month = first_open_month(session, before=this_month)
    found = () if month is None else month_obstacles(session, month, proved=proved, today=today)[1]
    return Evening(
        accounts=accounts,
        downloads=tuple(Download(each, step) for each in accounts for step in each.steps[:1] if step.is_download),
        doubts=tuple(each for each in accounts if any(step.days.why is DownloadReason.CONFLICT for step in each.steps)),
        questions=len(waiting(session, today=today)) + len(questions_between(session)),
        month=month,
        obstacles=obstacles_in_words(session, found, proved, called),
        under_way=tuple(under_way_in_words(session, money_under_way(session, proved, today=today), proved, called)),
        this_month=this_month,
        given=_given(session, this_month),
        given_before=_given(session, this_month.before),
        blocks_ready=blocks_ready,
    )


def _given(session: ReadSession, month: Month) -> tuple[GiftSum, ...]:
    return tuple(sums(session, GiftScope(first_day=month.first_day, last_day=month.last_day)))
