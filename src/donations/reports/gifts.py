"""What was given in a period: each gift, by donor, by year, by appeal, and money that has no purpose yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from donations.acts.proving import proofs
from donations.core.calendar import Period
from donations.core.keyword import normal
from donations.core.language import N_
from donations.core.money import Currency
from donations.reports.corrections import notes_on
from donations.reports.table import Column, ColumnKind, Row, Table
from donations.reports.words import TOTAL, OwnText, donor_called, title_with_period
from donations.store.given import GiftScope
from donations.store.giving.gift_sums import AppealSum, GiftRow, appeal_sums, gift_rows, givers, sums
from donations.store.giving.givers import DonorSum, YearSum, donor_sums, year_sums
from donations.store.payments.movements import open_payments
from donations.store.session import ReadSession

COLUMNS = (
    Column("day", N_("Day"), ColumnKind.DAY),
    Column("donor_id", N_("Donor no."), ColumnKind.COUNT),
    Column("donor", N_("Donor"), ColumnKind.TEXT),
    Column("appeal", N_("Appeal"), ColumnKind.TEXT),
    Column("minor", N_("Amount"), ColumnKind.MINOR),
    Column("currency", N_("Currency"), ColumnKind.CURRENCY),
    Column("payment", N_("Payment"), ColumnKind.COUNT),
)


def gifts(session: ReadSession, period: Period) -> Table:
    """Return the gifts with booking dates in the period; refunds are in the report of donors."""
    return gifts_shown(session, period, gift_rows(session, first_day=period.first_day, last_day=period.last_day))


def gifts_shown(session: ReadSession, period: Period, shown: Iterable[GiftRow]) -> Table:
    """Return the report with these of its rows only; its totals are of the whole period."""
    totals = sums(session, GiftScope(first_day=period.first_day, last_day=period.last_day))
    return Table(
        title=title_with_period(N_("Gifts, {period}"), period),
        columns=COLUMNS,
        rows=tuple(map(row_of, shown)),
        totals=tuple((None, None, TOTAL, None, minor, currency, None) for currency, minor, _ in totals),
        notes=notes_on(session, period, proofs(session)),
    )


def row_of(gift: GiftRow) -> Row:
    """Return a gift as a row of the report."""
    named = donor_called(gift.donor_id, gift.donor)
    return gift.booked_on, gift.donor_id, named, gift.appeal, gift.minor, gift.currency, gift.payment_id


DONOR_COLUMNS = (
    Column("donor_id", N_("Donor no."), ColumnKind.COUNT),
    Column("donor", N_("Donor"), ColumnKind.TEXT),
    Column("gifts", N_("Gifts"), ColumnKind.COUNT),
    Column("total", N_("Given"), ColumnKind.MINOR),
    Column("refunds", N_("Refunded"), ColumnKind.MINOR),
    Column("net", N_("Kept"), ColumnKind.MINOR),
    Column("currency", N_("Currency"), ColumnKind.CURRENCY),
    Column("first_day", N_("First gift"), ColumnKind.DAY),
    Column("last_day", N_("Last gift"), ColumnKind.DAY),
)
WITHOUT_DONOR = OwnText(N_("(refunds without a donor)"))


def donors(session: ReadSession, period: Period) -> Table:
    """Return the donors by name with their gifts and refunds booked in the period, one row for each currency."""
    sums = donor_sums(session, GiftScope(first_day=period.first_day, last_day=period.last_day))
    sums.sort(key=lambda each: (each.donor_id is None, normal(each.name or ""), each.donor_id or 0, each.currency))
    return Table(
        title=title_with_period(N_("Donors, {period}"), period),
        columns=DONOR_COLUMNS,
        rows=tuple(map(_donor_row, sums)),
        totals=tuple(_donors_total(sums, currency) for currency in sorted({each.currency for each in sums})),
        notes=notes_on(session, period, proofs(session)),
    )


def _donor_row(each: DonorSum) -> Row:
    name = WITHOUT_DONOR if each.donor_id is None else donor_called(each.donor_id, each.name or "")
    kept = each.given - each.refunded
    return (
        *(each.donor_id, name, each.gifts, each.given, each.refunded, kept, each.currency),
        *(each.first_day, each.last_day),
    )


def _donors_total(sums: list[DonorSum], currency: str) -> Row:
    own = [each for each in sums if each.currency == currency]
    given, refunded = sum(each.given for each in own), sum(each.refunded for each in own)
    count = sum(each.gifts for each in own)
    return (None, TOTAL, count, given, refunded, given - refunded, currency, None, None)


YEAR_COLUMNS = (
    Column("donor_id", N_("Donor no."), ColumnKind.COUNT),
    Column("donor", N_("Donor"), ColumnKind.TEXT),
    Column("year", N_("Year"), ColumnKind.TEXT),
    Column("gifts", N_("Gifts"), ColumnKind.COUNT),
    Column("total", N_("Given"), ColumnKind.MINOR),
    Column("refunds", N_("Refunded"), ColumnKind.MINOR),
    Column("net", N_("Kept"), ColumnKind.MINOR),
    Column("currency", N_("Currency"), ColumnKind.CURRENCY),
)


def donors_by_year(session: ReadSession, period: Period) -> Table:
    """Return one row for each donor, year and currency, by name; booked in the period."""
    sums = year_sums(session, GiftScope(first_day=period.first_day, last_day=period.last_day))
    keys = sorted({(each.currency, each.year) for each in sums})
    return Table(
        title=title_with_period(N_("Donors year by year, {period}"), period),
        columns=YEAR_COLUMNS,
        rows=tuple(map(_year_row, sums)),
        totals=tuple(_years_total([each for each in sums if (each.currency, each.year) == key]) for key in keys),
        notes=notes_on(session, period, proofs(session)),
    )


def _year_row(each: YearSum) -> Row:
    name = WITHOUT_DONOR if each.donor_id is None else donor_called(each.donor_id, each.name or "")
    figures = (each.gifts, each.given, each.refunded, each.given - each.refunded, each.currency)
    return (each.donor_id, name, str(each.year), *figures)


def _years_total(sums: list[YearSum]) -> Row:
    gifts, given = sum(each.gifts for each in sums), sum(each.given for each in sums)
    refunded = sum(each.refunded for each in sums)
    return (None, TOTAL, str(sums[0].year), gifts, given, refunded, given - refunded, sums[0].currency)


APPEAL_COLUMNS = (
    Column("appeal", N_("Appeal"), ColumnKind.TEXT),
    Column("gifts", N_("Gifts"), ColumnKind.COUNT),
    Column("donors", N_("Donors"), ColumnKind.COUNT),
    Column("total", N_("Given"), ColumnKind.MINOR),
    Column("currency", N_("Currency"), ColumnKind.CURRENCY),
)


def appeals(session: ReadSession, period: Period) -> Table:
    """Return the gifts by appeal; who gave to two appeals counts once in the total. Refunds are not taken off."""
    scope = GiftScope(first_day=period.first_day, last_day=period.last_day)
    found = appeal_sums(session, scope)
    donors = {each.currency: each.donors for each in givers(session, scope)}
    return Table(
        title=title_with_period(N_("Appeals, {period}"), period),
        columns=APPEAL_COLUMNS,
        rows=tuple((each.name, each.gifts, each.donors, each.minor, each.currency) for each in found),
        totals=tuple(_appeals_total(found, currency, donors[currency]) for currency in sorted(donors)),
        notes=notes_on(session, period, proofs(session)),
    )


def _appeals_total(found: list[AppealSum], currency: Currency, donors: int) -> Row:
    own = [each for each in found if each.currency == currency]
    return (TOTAL, sum(each.gifts for each in own), donors, sum(each.minor for each in own), currency)


WAITING_COLUMNS = (
    Column("day", N_("Day"), ColumnKind.DAY),
    Column("age", N_("Days ago"), ColumnKind.COUNT),
    Column("payment", N_("Payment"), ColumnKind.COUNT),
    Column("account", N_("Account"), ColumnKind.TEXT),
    Column("minor", N_("Amount"), ColumnKind.MINOR),
    Column("unallocated", N_("Without a purpose"), ColumnKind.MINOR),
    Column("currency", N_("Currency"), ColumnKind.CURRENCY),
)


def waiting(session: ReadSession, period: Period, today: date) -> Table:
    """Return the payments booked in the period that are not wholly allocated, the oldest first; money out negative."""
    found = open_payments(session, first_day=period.first_day, last_day=period.last_day)
    sums = {
        currency: sum(each.unallocated for each in found if each.currency == currency)
        for currency in sorted({each.currency for each in found})
    }
    return Table(
        title=title_with_period(N_("Without a purpose, {period}"), period),
        columns=WAITING_COLUMNS,
        rows=tuple(
            (
                *(each.booked_on, (today - each.booked_on).days, each.payment_id, each.account),
                *(each.minor, each.unallocated, each.currency),
            )
            for each in found
        ),
        totals=tuple((None, None, None, TOTAL, None, minor, currency) for currency, minor in sums.items()),
    )
