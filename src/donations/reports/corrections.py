"""What came to closed months after they were closed, and what every report of such a month says of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from donations.core.calendar import Month, day_of
from donations.core.language import N_
from donations.core.money import Balance
from donations.core.period import Period
from donations.ledger.obstacles import read as set_aside
from donations.reports.obstacle_words import was_said
from donations.reports.said import Said, titled
from donations.reports.table import Column, ColumnKind, Note, Row, Table
from donations.reports.words import PURPOSES, month_word
from donations.store.months.closings import Closing, Reopening, closings, standing_closings
from donations.store.months.corrections import Correction, corrections, count_corrections
from donations.store.session import ReadSession
from donations.views.reasons import by_whom
from donations.views.telling import Phrase

COLUMNS = (
    Column("month", N_("Month"), ColumnKind.TEXT),
    Column("corrected_on", N_("Corrected on"), ColumnKind.DAY),
    Column("payment", N_("Payment"), ColumnKind.COUNT),
    Column("day", N_("Day"), ColumnKind.DAY),
    Column("account", N_("Account"), ColumnKind.TEXT),
    Column("what", N_("What"), ColumnKind.TEXT),
    Column("appeal", N_("Appeal"), ColumnKind.TEXT),
    Column("minor", N_("Change"), ColumnKind.MINOR),
    Column("currency", N_("Currency"), ColumnKind.CURRENCY),
    Column("why", N_("Why"), ColumnKind.TEXT),
    Column("by", N_("By"), ColumnKind.TEXT),
)
_CLOSED = N_("{month} was closed on {day} by {by}.")
_CLOSED_MONTHS = N_("Closed months: {count}, from {first} to {last}.")
_FORCED = N_("{months}: closed all the same ({what}), because: {reason}")
_REOPENED = N_("{month}, closed on {day}, was opened again on {again} by {by}, because: {reason}")
_CORRECTED = N_("Corrections since closing: {months}. The figures here are those of now.")
_CORRECTION = N_("Corrected on {day} by {by}: {what}, {change}, payment {payment}. {why}")
_MOVED = Said(N_("Payment"), code="payment")
_LISTED_MAX = 50
"""Longer lists are the report of corrections."""


def corrections_of(session: ReadSession, period: Period) -> Table:
    """Return every correction that came to the closed months of the period, the newest first."""
    found = standing_closings(session, first_day=period.first_day, last_day=period.last_day).values()
    rows = corrections(session, found, start=0, size=sum(count_corrections(session, found).values()))
    return Table(title=titled(N_("Corrections, {period}"), period), columns=COLUMNS, rows=tuple(map(_row, rows)))


def closing_notes(session: ReadSession, period: Period) -> Iterator[Note]:
    """Return what is to be said of the closed months of the period: who, when, why all the same, what came later."""
    made = closings(session, first_day=period.first_day, last_day=period.last_day)
    standing = sorted((each for each in made if each.reopening is None), key=lambda each: each.month)
    if len(standing) == 1:
        only = standing[0]
        yield Note("month_closed", _CLOSED, (("month", only.month), ("day", _day(only.seal.at)), ("by", only.seal.by)))
    elif standing:
        ends = (("first", standing[0].month), ("last", standing[-1].month))
        yield Note("months_closed", _CLOSED_MONTHS, (("count", str(len(standing))), *ends))
    yield from _forced(standing)
    yield from (_reopened(each, each.reopening) for each in made if each.reopening is not None)
    yield from _corrected(session, standing, is_one_month=Month.of(period.first_day) == Month.of(period.last_day))


def _forced(standing: Iterable[Closing]) -> Iterator[Note]:
    months: defaultdict[tuple[Phrase, str], list[Month]] = defaultdict(list)
    for each in standing:
        for aside in set_aside(each.seal.reason):
            months[was_said(aside), aside.reason].append(each.month)
    for (what, reason), found in months.items():
        values = (("months", tuple(dict.fromkeys(found))), ("what", what), ("reason", reason))
        yield Note("closed_with_reason", _FORCED, values)


def _reopened(closing: Closing, again: Reopening) -> Note:
    days = (("day", _day(closing.seal.at)), ("again", _day(again.at)))
    return Note(
        "month_reopened", _REOPENED, (("month", closing.month), *days, ("by", again.by), ("reason", again.reason))
    )


def _corrected(session: ReadSession, standing: Sequence[Closing], *, is_one_month: bool) -> Iterator[Note]:
    counts = count_corrections(session, standing)
    found = tuple(
        Phrase("{month} ({count})", (("month", each.month), ("count", str(counts[each.id]))))
        for each in standing
        if each.id in counts
    )
    if found:
        yield Note("months_corrected", _CORRECTED, (("months", found),))
    if found and is_one_month:
        for each in corrections(session, standing, start=0, size=_LISTED_MAX):
            yield _correction(each)


def _correction(each: Correction) -> Note:
    change = each.change
    what = (_MOVED if change.purpose is None else PURPOSES[change.purpose]).phrase
    return Note(
        "correction",
        _CORRECTION,
        (
            ("day", _day(each.at)),
            ("what", what if each.appeal is None else (what, each.appeal)),
            ("change", Balance(change.minor, change.currency)),
            ("payment", str(each.payment)),
            ("by", by_whom(each.why)),
            ("why", each.why),
        ),
    )


def _day(at: datetime) -> date:
    return day_of(at)


def _row(each: Correction) -> Row:
    change = each.change
    return (
        *(month_word(each.month), _day(each.at), each.payment, each.booked_on, change.account),
        *(_MOVED if change.purpose is None else PURPOSES[change.purpose], each.appeal, change.minor, change.currency),
        *(Said("{why}", ("why", each.why)), by_whom(each.why)),
    )
