"""Each gift of a period."""

from __future__ import annotations

from collections.abc import Iterable

from donations.core.language import N_
from donations.core.period import Period
from donations.reports.notes import notes_on
from donations.reports.proofs import proofs
from donations.reports.said import TOTAL, titled
from donations.reports.table import Column, Kind, Row, Table
from donations.store.given import Scope
from donations.store.giving.gift_sums import GiftRow, gift_rows, sums
from donations.store.session import ReadSession

COLUMNS = (
    Column("day", N_("Day"), Kind.DAY),
    Column("donor_id", N_("Donor no."), Kind.COUNT),
    Column("donor", N_("Donor"), Kind.TEXT),
    Column("appeal", N_("Appeal"), Kind.TEXT),
    Column("minor", N_("Amount"), Kind.MINOR),
    Column("currency", N_("Currency"), Kind.CURRENCY),
    Column("payment", N_("Payment"), Kind.COUNT),
)


def gifts(session: ReadSession, period: Period) -> Table:
    """Return the gifts with booking dates in the period; refunds are in the report of donors."""
    return gifts_shown(session, period, gift_rows(session, first_day=period.first_day, last_day=period.last_day))


def gifts_shown(session: ReadSession, period: Period, shown: Iterable[GiftRow]) -> Table:
    """Return the report with these of its rows only; its totals are of the whole period."""
    totals = sums(session, Scope(first_day=period.first_day, last_day=period.last_day))
    return Table(
        title=titled(N_("Gifts, {period}"), period),
        columns=COLUMNS,
        rows=tuple(map(row_of, shown)),
        totals=tuple((None, None, TOTAL, None, minor, currency, None) for currency, minor, _ in totals),
        notes=notes_on(session, period, proofs(session)),
    )


def row_of(gift: GiftRow) -> Row:
    """Return a gift as a row of the report."""
    return gift.booked_on, gift.donor_id, gift.donor, gift.appeal, gift.minor, gift.currency, gift.payment_id
