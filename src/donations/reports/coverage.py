"""Which days of each account are proven, unproven, missing or in conflict, and what to download next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import assert_never

from donations.identity.proof import DayState
from donations.reports.period import Period
from donations.reports.proofs import Proved, days_of, proofs, spell
from donations.reports.table import Column, Kind, Note, Table
from donations.store.session import ReadSession

COLUMNS = (
    Column("account", "Account", Kind.TEXT),
    Column("currency", "Currency", Kind.CURRENCY),
    Column("first_day", "From", Kind.DAY),
    Column("last_day", "To", Kind.DAY),
    Column("days", "Days", Kind.COUNT),
    Column("state", "State", Kind.TEXT),
    Column("advice", "What to do", Kind.TEXT),
)


def coverage(session: ReadSession, period: Period, *, today: date | None = None) -> Table:
    """Return the days in a row that have one state; with `today` also the days that can be downloaded by now."""
    proved = proofs(session)
    rows = tuple(
        (
            *(each.number, each.currency, run.first_day, run.last_day, days_of(run), run.state.value),
            _advice(run.state, run.first_day, run.last_day),
        )
        for each in proved
        for run in each.runs_in(period)
    )
    return Table(title=f"Coverage, {period}", columns=COLUMNS, rows=rows, notes=tuple(_next(proved, today)))


def _advice(state: DayState, first_day: date, last_day: date) -> str | None:
    days = spell(first_day, last_day)
    match state:
        case DayState.PROVEN:
            return None
        case DayState.UNPROVEN:
            return f"Download {days} as XML (camt.053) or any format that states balances: they prove these days."
        case DayState.MISSING:
            return f"Download {days}: no statement covers these days."
        case DayState.CONFLICT:
            return f"Download {days} anew in one file and compare: the balances contradict the lines."
        case _:
            assert_never(state)


def _next(proved: Iterable[Proved], today: date | None) -> Iterator[Note]:
    for each in proved:
        begin = each.covered.last_day + timedelta(days=1)
        # Today is not over: a statement that ends with it would have to be downloaded again.
        end = None if today is None else today - timedelta(days=1)
        if end is None or begin <= end:
            until = "" if end is None else f" to {end}"
            yield Note("download_next", f"{each.number} {each.currency}: download {begin}{until} next.")
