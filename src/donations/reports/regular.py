"""Regular giving month by month, how many stay year by year, and how amounts are spread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from donations.core.calendar import Month, Period
from donations.core.language import N_
from donations.core.money import Currency, Minor
from donations.ledger.rhythm import RhythmEvent
from donations.reports.table import Column, ColumnKind, Note, Row, Table
from donations.reports.words import month_word, title_with_period
from donations.store.given import GiftScope
from donations.store.giving.givers import cohort_years
from donations.store.giving.regular_gifts import RegularGiftEvent, due_sums, regular_gift_events
from donations.store.session import ReadSession
from donations.store.statements.coverage import CoveredDays, covered_days

Counted = Sequence[tuple[Minor, int]]
"""Amounts in ascending order, each with how often it was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Amounts that a quarter, half and three quarters of all gifts do not exceed; each was really given."""

    gifts: int
    lower_quarter: Minor
    median: Minor
    upper_quarter: Minor
    largest: Minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Gifts of at least `least` and less than `below`; the last band has no end."""

    least: Minor
    below: Minor | None
    gifts: int
    minor: Minor


def spread(counted: Counted) -> Spread | None:
    """Return how amounts are spread; None without any."""
    gifts = sum(times for _, times in counted)
    if not gifts:
        return None
    return Spread(
        gifts=gifts,
        lower_quarter=_at(counted, (gifts + 3) // 4),
        median=_at(counted, (gifts + 1) // 2),
        upper_quarter=_at(counted, (3 * gifts + 3) // 4),
        largest=counted[-1][0],
    )


def _at(counted: Counted, place: int) -> Minor:
    """Return the amount in a place, counted from 1."""
    for minor, times in counted:
        place -= times
        if place <= 0:
            return minor
    raise ValueError


def bands(counted: Counted, edges: Sequence[Minor]) -> tuple[Band, ...]:
    """Return the bands that begin at each of the ascending edges, empty ones at either end left out."""
    found = []
    for least, below in zip(edges, (*edges[1:], None), strict=True):
        inside = [(minor, times) for minor, times in counted if minor >= least and (below is None or minor < below)]
        gifts, minor = sum(times for _, times in inside), sum(minor * times for minor, times in inside)
        found.append(Band(least=least, below=below, gifts=gifts, minor=minor))
    filled = [at for at, band in enumerate(found) if band.gifts]
    return tuple(found[filled[0] : filled[-1] + 1]) if filled else ()


COLUMNS = (
    Column("month", N_("Month"), ColumnKind.TEXT),
    Column("gifts_due", N_("Gifts expected"), ColumnKind.COUNT),
    Column("gifts_came", N_("Gifts that came"), ColumnKind.COUNT),
    Column("due", N_("Expected"), ColumnKind.MINOR),
    Column("came", N_("Came"), ColumnKind.MINOR),
    Column("currency", N_("Currency"), ColumnKind.CURRENCY),
    Column("began", N_("New"), ColumnKind.COUNT),
    Column("resumed", N_("Resumed"), ColumnKind.COUNT),
    Column("stopped", N_("Stopped"), ColumnKind.COUNT),
    Column("raised", N_("Raised"), ColumnKind.COUNT),
    Column("lowered", N_("Lowered"), ColumnKind.COUNT),
)
RETENTION_COLUMNS = (
    Column("first_year", N_("First gave in"), ColumnKind.TEXT),
    Column("donors", N_("Donors"), ColumnKind.COUNT),
    Column("year", N_("Year"), ColumnKind.TEXT),
    Column("gave", N_("Gave that year"), ColumnKind.COUNT),
    Column("percent", N_("Of each hundred"), ColumnKind.COUNT),
)
_TURNS = (RhythmEvent.BEGAN, RhythmEvent.RESUMED, RhythmEvent.NOT_COME, RhythmEvent.RAISED, RhythmEvent.LOWERED)
_JUDGED = N_(
    "Who gives at least three times in a row, each about the same day, is regular. Who did not give on days that "
    "no statement covers is not said to have stopped."
)
_BEGIN = N_("Who gave only before {day}, with which the books begin, counts as new.")


def regular(session: ReadSession, period: Period) -> Table:
    """Return one row for each month and currency with regular gifts; a missed gift counts in the month it was due."""
    scope = GiftScope(first_day=period.first_day, last_day=period.last_day)
    due = {(each.month, each.currency): each for each in due_sums(session, scope)}
    turned = _turned(regular_gift_events(session, scope), covered_days(session))
    rows: list[Row] = []
    for key in sorted({*due, *(each[:2] for each in turned)}):
        sums = due.get(key)
        figures = (sums.gifts_expected, sums.gifts_came, sums.expected, sums.came) if sums else (0, 0, 0, 0)
        rows.append((month_word(key[0]), *figures, key[1], *(turned[*key, turn] for turn in _TURNS)))
    return Table(
        title=title_with_period(N_("Regular giving, {period}"), period),
        columns=COLUMNS,
        rows=tuple(rows),
        notes=(Note("regular_judged", _JUDGED),),
    )


def _turned(found: Iterable[RegularGiftEvent], covered: CoveredDays) -> Counter[tuple[Month, Currency, RhythmEvent]]:
    counts: Counter[tuple[Month, Currency, RhythmEvent]] = Counter()
    for each in found:
        missed = {RhythmEvent.NOT_COME: each.due, RhythmEvent.RESUMED: each.due_before}.get(each.turn)
        if missed is None or covered.has_passed(each.account_id, missed):
            counts[Month.of(each.day), each.currency, each.turn] += 1
    return counts


def retention(session: ReadSession, period: Period) -> Table:
    """Return how many of those who first gave in one year gave in each later one of the period."""
    found = cohort_years(session)
    begun = {each.first_year: each.donors for each in found if each.first_year == each.year}
    begin = covered_days(session).first_day
    return Table(
        title=title_with_period(N_("Who stays, {period}"), period),
        columns=RETENTION_COLUMNS,
        rows=tuple(
            (
                *(str(each.first_year), begun[each.first_year], str(each.year), each.donors),
                (200 * each.donors + begun[each.first_year]) // (2 * begun[each.first_year]),
            )
            for each in found
            if period.touches(date(each.year, 1, 1), date(each.year, 12, 31))
        ),
        notes=() if begin is None else (Note("books_begin", _BEGIN, (("day", begin),)),),
    )
