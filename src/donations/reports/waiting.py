"""Money that has no purpose yet, payment by payment, and how long it has waited."""

from __future__ import annotations

from datetime import date

from donations.core.language import N_
from donations.core.period import Period
from donations.reports.said import TOTAL, titled
from donations.reports.table import Column, Kind, Table
from donations.store.payments.movements import open_payments
from donations.store.session import ReadSession

COLUMNS = (
    Column("day", N_("Day"), Kind.DAY),
    Column("age", N_("Days ago"), Kind.COUNT),
    Column("payment", N_("Payment"), Kind.COUNT),
    Column("account", N_("Account"), Kind.TEXT),
    Column("minor", N_("Amount"), Kind.MINOR),
    Column("unallocated", N_("Without a purpose"), Kind.MINOR),
    Column("currency", N_("Currency"), Kind.CURRENCY),
)


def waiting(session: ReadSession, period: Period, today: date) -> Table:
    """Return the payments booked in the period that are not wholly allocated, the oldest first; money out negative."""
    found = open_payments(session, first_day=period.first_day, last_day=period.last_day)
    sums = {
        currency: sum(each.unallocated for each in found if each.currency == currency)
        for currency in sorted({each.currency for each in found})
    }
    return Table(
        title=titled(N_("Without a purpose, {period}"), period),
        columns=COLUMNS,
        rows=tuple(
            (
                *(each.booked_on, (today - each.booked_on).days, each.payment_id, each.account),
                *(each.minor, each.unallocated, each.currency),
            )
            for each in found
        ),
        totals=tuple((None, None, None, TOTAL, None, minor, currency) for currency, minor in sums.items()),
    )
