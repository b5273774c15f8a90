"""What came to closed months after they were closed, and what every report of such a month says of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from donations.core.language import N_
from donations.core.money import Balance
from donations.core.month import Month
from donations.reports.period import Period
from donations.reports.reasons import by_whom, in_words
from donations.reports.table import Column, Kind, Note, Row, Table
from donations.store.closings import Closing, Reopening, closings, standing_closings
from donations.store.corrections import Correction, corrections, count_corrections
from donations.store.session import ReadSession

TALLINN = ZoneInfo("Europe/Tallinn")
COLUMNS = (
    Column("month", "Month", Kind.TEXT),
    Column("corrected_on", "Corrected on", Kind.DAY),
    Column("payment", "Payment", Kind.COUNT),
    Column("day", "Day", Kind.DAY),
    Column("account", "Account", Kind.TEXT),
    Column("what", "What", Kind.TEXT),
    Column("appeal", "Appeal", Kind.TEXT),
    Column("minor", "Change", Kind.MINOR),
    Column("currency", "Currency", Kind.CURRENCY),
    Column("why", "Why", Kind.TEXT),
    Column("by", "By", Kind.TEXT),
)
_CLOSED = N_("{month} was closed on {day} by {by}.")
_CLOSED_MONTHS = N_("Closed months: {count}, from {first} to {last}.")
_FORCED = N_("{months}: closed although something was in the way, because: {reason}")
_REOPENED = N_("{month}, closed on {day}, was opened again on {again} by {by}, because: {reason}")
_CORRECTED = N_("Corrections since closing: {months}. The figures here are those of now.")
_CORRECTION = N_("Corrected on {day}: {change} {what}, payment {payment}, by {by}. {why}")
_LISTED_MAX = 50
"""Longer lists are the report of corrections."""


def corrections_of(session: ReadSession, period: Period) -> Table:
    """Return every correction that came to the closed months of the period, the newest first."""
    found = standing_closings(session, first_day=period.first_day, last_day=period.last_day).values()
    rows = corrections(session, found, start=0, size=sum(count_corrections(session, found).values()))
    return Table(title=f"Corrections, {period}", columns=COLUMNS, rows=tuple(map(_row, rows)))


def closing_notes(session: ReadSession, period: Period) -> Iterator[Note]:
    """Return what is to be said of the closed months of the period: who, when, why all the same, what came later."""
    made = closings(session, first_day=period.first_day, last_day=period.last_day)
    standing = sorted((each for each in made if each.reopening is None), key=lambda each: each.month)
    if len(standing) == 1:
        said = {"month": str(standing[0].month), "day": _day(standing[0].seal.at), "by": standing[0].seal.by}
        yield Note("month_closed", _CLOSED, tuple(said.items()))
    elif standing:
        said = {"count": str(len(standing)), "first": str(standing[0].month), "last": str(standing[-1].month)}
        yield Note("months_closed", _CLOSED_MONTHS, tuple(said.items()))
    yield from _forced(standing)
    yield from (_reopened(each, each.reopening) for each in made if each.reopening is not None)
    yield from _corrected(session, standing, is_one_month=Month.of(period.first_day) == Month.of(period.last_day))


def _forced(standing: Iterable[Closing]) -> Iterator[Note]:
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    for each in standing:
        if each.seal.reason is not None:
            reasons[each.seal.reason].append(str(each.month))
    for reason, found in reasons.items():
        yield Note("closed_with_reason", _FORCED, (("months", ", ".join(found)), ("reason", reason)))


def _reopened(closing: Closing, again: Reopening) -> Note:
    said = {"month": str(closing.month), "day": _day(closing.seal.at), "again": _day(again.at), "by": again.by}
    return Note("month_reopened", _REOPENED, (*said.items(), ("reason", again.reason)))


def _corrected(session: ReadSession, standing: Sequence[Closing], *, is_one_month: bool) -> Iterator[Note]:
    counts = count_corrections(session, standing)
    found = [f"{each.month} ({counts[each.id]})" for each in standing if each.id in counts]
    if found:
        yield Note("months_corrected", _CORRECTED, (("months", ", ".join(found)),))
    if found and is_one_month:
        for each in corrections(session, standing, start=0, size=_LISTED_MAX):
            yield _correction(each)


def _correction(each: Correction) -> Note:
    what = "payment" if each.change.purpose is None else each.change.purpose.value
    said = {
        "day": _day(each.at),
        "change": str(Balance(each.change.minor, each.change.currency)),
        "what": what if each.appeal is None else f"{what} ({each.appeal})",
        "payment": str(each.payment),
        "by": by_whom(each.why),
        "why": in_words(each.why),
    }
    return Note("correction", _CORRECTION, tuple(said.items()))


def _day(at: datetime) -> str:
    return f"{at.astimezone(TALLINN).date()}"


def _row(each: Correction) -> Row:
    change = each.change
    return (
        *(str(each.month), each.at.astimezone(TALLINN).date(), each.payment, each.booked_on, change.account),
        *("payment" if change.purpose is None else change.purpose.value, each.appeal, change.minor, change.currency),
        *(in_words(each.why), by_whom(each.why)),
    )
