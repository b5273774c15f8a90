"""What each donor gave in a period, and what went back."""

from __future__ import annotations

from donations.core.keyword import normal
from donations.core.language import N_
from donations.core.period import Period
from donations.reports.notes import notes_on
from donations.reports.proofs import proofs
from donations.reports.said import TOTAL, Said, titled
from donations.reports.table import Column, Kind, Row, Table
from donations.store.given import Scope
from donations.store.giving.givers import DonorSum, donor_sums
from donations.store.session import ReadSession

COLUMNS = (
    Column("donor_id", N_("Donor no."), Kind.COUNT),
    Column("donor", N_("Donor"), Kind.TEXT),
    Column("gifts", N_("Gifts"), Kind.COUNT),
    Column("total", N_("Given"), Kind.MINOR),
    Column("refunds", N_("Refunded"), Kind.MINOR),
    Column("net", N_("Kept"), Kind.MINOR),
    Column("currency", N_("Currency"), Kind.CURRENCY),
    Column("first_day", N_("First gift"), Kind.DAY),
    Column("last_day", N_("Last gift"), Kind.DAY),
)
WITHOUT_DONOR = Said(N_("(refunds without a donor)"))


def donors(session: ReadSession, period: Period) -> Table:
    """Return the donors by name with their gifts and refunds booked in the period, one row for each currency."""
    sums = donor_sums(session, Scope(first_day=period.first_day, last_day=period.last_day))
    sums.sort(key=lambda each: (each.donor_id is None, normal(each.name or ""), each.donor_id or 0, each.currency))
    return Table(
        title=titled(N_("Donors, {period}"), period),
        columns=COLUMNS,
        rows=tuple(map(_row, sums)),
        totals=tuple(_total(sums, currency) for currency in sorted({each.currency for each in sums})),
        notes=notes_on(session, period, proofs(session)),
    )


def _row(each: DonorSum) -> Row:
    name = WITHOUT_DONOR if each.donor_id is None else each.name
    kept = each.given - each.refunded
    return (
        *(each.donor_id, name, each.gifts, each.given, each.refunded, kept, each.currency),
        *(each.first_day, each.last_day),
    )


def _total(sums: list[DonorSum], currency: str) -> Row:
    own = [each for each in sums if each.currency == currency]
    given, refunded = sum(each.given for each in own), sum(each.refunded for each in own)
    count = sum(each.gifts for each in own)
    return (None, TOTAL, count, given, refunded, given - refunded, currency, None, None)
