"""What each donor gave year by year, and what went back."""

from __future__ import annotations

from donations.core.language import N_
from donations.core.period import Period
from donations.reports.donors import WITHOUT_DONOR
from donations.reports.notes import notes_on
from donations.reports.proofs import proofs
from donations.reports.said import TOTAL, titled
from donations.reports.table import Column, Kind, Row, Table
from donations.store.given import Scope
from donations.store.giving.givers import YearSum, year_sums
from donations.store.session import ReadSession

COLUMNS = (
    Column("donor_id", N_("Donor no."), Kind.COUNT),
    Column("donor", N_("Donor"), Kind.TEXT),
    Column("year", N_("Year"), Kind.TEXT),
    Column("gifts", N_("Gifts"), Kind.COUNT),
    Column("total", N_("Given"), Kind.MINOR),
    Column("refunds", N_("Refunded"), Kind.MINOR),
    Column("net", N_("Kept"), Kind.MINOR),
    Column("currency", N_("Currency"), Kind.CURRENCY),
)


def donors_by_year(session: ReadSession, period: Period) -> Table:
    """Return one row for each donor, year and currency, by name; booked in the period."""
    sums = year_sums(session, Scope(first_day=period.first_day, last_day=period.last_day))
    keys = sorted({(each.currency, each.year) for each in sums})
    return Table(
        title=titled(N_("Donors year by year, {period}"), period),
        columns=COLUMNS,
        rows=tuple(map(_row, sums)),
        totals=tuple(_total([each for each in sums if (each.currency, each.year) == key]) for key in keys),
        notes=notes_on(session, period, proofs(session)),
    )


def _row(each: YearSum) -> Row:
    name = WITHOUT_DONOR if each.donor_id is None else each.name
    figures = (each.gifts, each.given, each.refunded, each.given - each.refunded, each.currency)
    return (each.donor_id, name, str(each.year), *figures)


def _total(sums: list[YearSum]) -> Row:
    gifts, given = sum(each.gifts for each in sums), sum(each.given for each in sums)
    refunded = sum(each.refunded for each in sums)
    return (None, TOTAL, str(sums[0].year), gifts, given, refunded, given - refunded, sums[0].currency)
