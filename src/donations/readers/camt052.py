"""The reader of camt.052 (ISO 20022), the report of a day that is not over: its booked entries are parts of their days.

Nothing that it says makes a day whole: each day is a statement of its own, without balances, and without a moment at
which the day was over. Which entries it has is up to the bank (all of the day, or those since the last report), and so
are its balances. The statement of the day shows all of them; until then the day stays unproven.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from donations.core.calendar import TALLINN
from donations.core.lines import Fact, StatedLine
from donations.core.problem import Problem
from donations.core.statement import StatedTotal, StatementStart
from donations.readers.camt053 import is_message, is_report, statement_facts
from donations.readers.protocol import Reader

_DAY_OVER = timedelta(hours=23, minutes=58)
"""So far into a day banks write moments that mean its end."""


class _Camt052:
    name = "camt.052"
    suffixes = (".xml",)

    def claims(self, content: bytes) -> bool:
        """Whether the content is such a report."""
        return is_message(content) and is_report(content)

    def facts(self, content: bytes) -> Iterator[Fact]:
        """Yield a statement for each day of each `Rpt`; pending entries are a notice, as in a statement."""
        report: list[Fact] = []
        for fact in statement_facts(content, container="Rpt"):
            if isinstance(fact, StatementStart):
                yield from _parts(report)
                report = []
            report.append(fact)
        yield from _parts(report)


def _parts(report: Sequence[Fact]) -> Iterator[Fact]:
    """Yield the days of one report; its announced totals can be compared where it has one day only."""
    by_day: dict[date | None, list[StatedLine]] = {}
    for fact in report:
        if isinstance(fact, StatedLine):
            by_day.setdefault(fact.booked_on, []).append(fact)
    start = report[0] if report else None
    if isinstance(start, StatementStart):
        for day in sorted(filter(None, by_day)) or _days_without_lines(start):
            yield _part(start, day)
            yield from by_day.get(day, ())
    kept = (Problem, StatedTotal) if len(by_day) == 1 else Problem
    yield from (fact for fact in report if isinstance(fact, kept))


def _days_without_lines(start: StatementStart) -> list[date | None]:
    made = start.provenance.made_at
    return [start.last_day or (made and made.astimezone(TALLINN).date())]


def _part(start: StatementStart, day: date | None) -> StatementStart:
    said = start.provenance
    provenance = replace(
        said,
        begins_at=_inside(said.begins_at, day),
        ends_at=_inside(said.ends_at, day),
        made_at=_inside(said.made_at, day),
        electronic_number=None,  # counts reports, not statements
        legal_number=None,
    )
    return replace(start, first_day=day, last_day=day, provenance=provenance)


def _inside(moment: datetime | None, day: date | None) -> datetime | None:
    """Return a moment that lies inside the day, before its end."""
    if moment is None or day is None:
        return None
    begin = datetime.combine(day, time.min, TALLINN)
    return moment if begin <= moment < begin + _DAY_OVER else None


CAMT052: Reader = _Camt052()
