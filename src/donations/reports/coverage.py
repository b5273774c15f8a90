"""The state of all days of each account, why they have it, and what to download next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from donations.core.language import N_
from donations.core.period import Period
from donations.identity.downloads import Wanted, wanted_days
from donations.reports.day_reasons import ReasonedRun, Reasons
from donations.reports.day_words import DAYS
from donations.reports.proofs import Proved, days_of, proofs
from donations.reports.said import Said, titled
from donations.reports.table import Column, Kind, Note, Row, Table
from donations.store.session import ReadSession

COLUMNS = (
    Column("account", N_("Account"), Kind.TEXT),
    Column("currency", N_("Currency"), Kind.CURRENCY),
    Column("first_day", N_("From"), Kind.DAY),
    Column("last_day", N_("To"), Kind.DAY),
    Column("days", N_("Days"), Kind.COUNT),
    Column("state", N_("State"), Kind.TEXT),
    Column("cause", N_("Why"), Kind.TEXT),
    Column("advice", N_("What to do"), Kind.TEXT),
)
_NEXT = N_("{account} {currency}: download {days} next.")


def coverage(session: ReadSession, period: Period, *, today: date | None = None) -> Table:
    """Return the days in a row that have one state; with `today` also the days that can be downloaded by now."""
    proved, reasons = proofs(session), Reasons(session)
    rows = tuple(_row(each, reasons.of(each, run)) for each in proved for run in each.runs_in(period))
    title = titled(N_("Coverage, {period}"), period)
    return Table(title=title, columns=COLUMNS, rows=rows, notes=tuple(_next(proved, today)))


def _row(proved: Proved, found: ReasonedRun) -> Row:
    run = found.run
    advice = None if found.to_do is None else Said(found.to_do.said, *found.to_do.values)
    days = (run.first_day, run.last_day, days_of(run))
    return (proved.number, proved.currency, *days, DAYS[found.state], found.said, advice)


def _next(proved: Iterable[Proved], today: date | None) -> Iterator[Note]:
    for each in proved:
        for wanted in () if today is None else wanted_days(each.proof, today=today):
            if wanted.why is Wanted.RUNNING:
                days = Period(wanted.first_day, wanted.last_day)
                values = (("account", each.number), ("currency", str(each.currency)), ("days", days))
                yield Note("download_next", _NEXT, values)
