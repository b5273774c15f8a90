"""Which days of each account are proven, unproven, missing or in conflict, and what to download next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import assert_never

from donations.core.language import N_
from donations.identity.proof import DayState
from donations.reports.period import Period
from donations.reports.proofs import Proved, days_of, proofs
from donations.reports.said import Said, titled
from donations.reports.table import Column, Kind, Note, Table
from donations.reports.words import DAYS
from donations.store.session import ReadSession

COLUMNS = (
    Column("account", N_("Account"), Kind.TEXT),
    Column("currency", N_("Currency"), Kind.CURRENCY),
    Column("first_day", N_("From"), Kind.DAY),
    Column("last_day", N_("To"), Kind.DAY),
    Column("days", N_("Days"), Kind.COUNT),
    Column("state", N_("State"), Kind.TEXT),
    Column("advice", N_("What to do"), Kind.TEXT),
)
_PROVE = N_("Download {days} as XML (camt.053) or any format that states balances: they prove these days.")
_DOWNLOAD = N_("Download {days}: no statement covers these days.")
_AGAIN = N_("Download {days} again once it is over: the statement that covers it may end before the day does.")
_CONFIRM = N_("Download {days}, or confirm that nothing moved: the balances before and after agree.")
_COMPARE = N_("Download {days} anew in one file and compare: the balances contradict the lines.")
_NEXT = N_("{account} {currency}: download {days} next.")


def coverage(session: ReadSession, period: Period, *, today: date | None = None) -> Table:
    """Return the days in a row that have one state; with `today` also the days that can be downloaded by now."""
    proved = proofs(session)
    rows = tuple(
        (
            *(each.number, each.currency, run.first_day, run.last_day, days_of(run), DAYS[run.state]),
            _advice(run.state, run.first_day, run.last_day),
        )
        for each in proved
        for run in each.runs_in(period)
    )
    title = titled(N_("Coverage, {period}"), period)
    return Table(title=title, columns=COLUMNS, rows=rows, notes=tuple(_next(proved, today)))


def _advice(state: DayState, first_day: date, last_day: date) -> Said | None:
    days = ("days", Period(first_day, last_day))
    match state:
        case DayState.PROVEN:
            return None
        case DayState.UNPROVEN:
            return Said(_PROVE, days)
        case DayState.MISSING:
            return Said(_DOWNLOAD, days)
        case DayState.NOT_OVER:
            return Said(_AGAIN, days)
        case DayState.UNCHANGED:
            return Said(_CONFIRM, days)
        case DayState.CONFLICT:
            return Said(_COMPARE, days)
        case _:
            assert_never(state)


def _next(proved: Iterable[Proved], today: date | None) -> Iterator[Note]:
    for each in proved:
        if each.covered is None or each.facts.ended is not None:
            continue
        begin = each.covered.last_day + timedelta(days=1)
        # Today is not over: a statement that ends with it would have to be downloaded again.
        end = None if today is None else today - timedelta(days=1)
        if end is None or begin <= end:
            days = begin if end is None else Period(begin, end)
            values = (("account", each.number), ("currency", str(each.currency)), ("days", days))
            yield Note("download_next", _NEXT, values)
