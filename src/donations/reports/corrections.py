"""What came to closed months afterwards, and whatever else a reader of a period's figures must be told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from donations.acts.proving import Proved, days_of
from donations.core.calendar import Month, Period, day_of
from donations.core.language import N_
from donations.core.money import Balance
from donations.identity.proof import DayState
from donations.ledger.obstacles import read as set_aside
from donations.reports.obstacles import set_aside_in_words
from donations.reports.table import Column, ColumnKind, Note, Row, Table
from donations.reports.words import MEANINGS, PURPOSES, OwnText, month_word, title_with_period
from donations.store.months import (
    Closing,
    Correction,
    Reopening,
    closings,
    closings_in_force,
    corrections,
    count_corrections,
)
from donations.store.session import ReadSession
from donations.store.statements.imports import accepted_imbalances
from donations.views.phrases import Phrase, Value, by_whom

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
    Column("by", N_("Person"), ColumnKind.TEXT),
)
_CLOSED = N_("{month} was closed on {day} by {by}.")
_CLOSED_MONTHS = N_("Closed months: {count}, from {first} to {last}.")
_FORCED = N_("{months}: closed all the same ({what}), because: {reason}")
_REOPENED = N_("{month}, closed on {day}, was opened again on {again} by {by}, because: {reason}")
_CORRECTED = N_("Corrections since closing: {months}. The figures here are those of now.")
_CORRECTION = N_("Corrected on {day} by {by}: {what}, {change}, payment {payment}. {why}")
_MOVED = OwnText(N_("Payment"), code="payment")
_LISTED_MAX = 50
"""Longer lists are the report of corrections."""


def corrections_of(session: ReadSession, period: Period) -> Table:
    """Return every correction that came to the closed months of the period, the newest first."""
    found = closings_in_force(session, first_day=period.first_day, last_day=period.last_day).values()
    rows = corrections(session, found, start=0, size=sum(count_corrections(session, found).values()))
    return Table(
        title=title_with_period(N_("Corrections, {period}"), period), columns=COLUMNS, rows=tuple(map(_row, rows))
    )


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
            months[set_aside_in_words(aside), aside.reason].append(each.month)
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
        *(OwnText("{why}", ("why", each.why)), by_whom(each.why)),
    )


_CODES = {
    DayState.CONFLICT: "days_broken",
    DayState.MISSING: "days_missing",
    DayState.NOT_OVER: "days_not_over",
    DayState.UNCHANGED: "days_unchanged",
    DayState.UNPROVEN: "days_unproven",
}
_DAYS = N_("{account} {currency}: {meaning} Days: {days} ({spelt}).")
_IMBALANCE = N_(
    "Import {file} ({name}) does not add up: {account}, {spelt}, difference {difference}. Accepted because: {reason}"
)
_SPELT_MAX = 6
"""Longer lists are not read; `coverage` has them all."""


def notes_on(session: ReadSession, period: Period, proved: Iterable[Proved]) -> tuple[Note, ...]:
    """Return the notes that every report of this period carries."""
    known = tuple(proved)
    return (*_imbalances(session, period, known), *_days(period, known), *closing_notes(session, period))


def _imbalances(session: ReadSession, period: Period, proved: Iterable[Proved]) -> Iterator[Note]:
    numbers = {each.ledger.account_id: each.number for each in proved}
    for found in accepted_imbalances(session, first_day=period.first_day, last_day=period.last_day):
        values: dict[str, Value] = {
            "file": str(found.source.file_id),
            "name": found.source.name,
            "account": numbers[found.ledger.account_id],
            "spelt": Period(found.first_day, found.last_day),
            "difference": Balance(found.difference, found.ledger.currency),
            "reason": found.reason,
        }
        yield Note("imbalance_accepted", _IMBALANCE, tuple(values.items()))


def _days(period: Period, proved: Iterable[Proved]) -> Iterator[Note]:
    for each in proved:
        for state, code in _CODES.items():
            found = [run for run in each.runs_in(period) if run.state is state]
            if found:
                spelt = tuple(Period(run.first_day, run.last_day) for run in found[:_SPELT_MAX])
                values: dict[str, Value] = {
                    "account": each.number,
                    "currency": str(each.currency),
                    "meaning": Phrase(MEANINGS[state]),
                    "days": str(sum(map(days_of, found))),
                    "spelt": (*spelt, "…") if len(found) > _SPELT_MAX else spelt,
                }
                yield Note(code, _DAYS, tuple(values.items()))
