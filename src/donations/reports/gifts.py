"""Each gift of a period."""

from __future__ import annotations

from collections import Counter

from donations.reports.notes import notes_on
from donations.reports.period import Period
from donations.reports.proofs import proofs
from donations.reports.table import Column, Kind, Table
from donations.store.reporting import gift_rows
from donations.store.session import ReadSession

COLUMNS = (
    Column("day", "Day", Kind.DAY),
    Column("donor_id", "Donor no.", Kind.COUNT),
    Column("donor", "Donor", Kind.TEXT),
    Column("appeal", "Appeal", Kind.TEXT),
    Column("minor", "Amount", Kind.MINOR),
    Column("currency", "Currency", Kind.CURRENCY),
    Column("payment", "Payment", Kind.COUNT),
)


def gifts(session: ReadSession, period: Period) -> Table:
    """Return the gifts with booking dates in the period; refunds are in the report of donors."""
    rows = tuple(
        (each.booked_on, each.donor_id, each.donor, each.appeal, each.minor, each.currency, each.payment_id)
        for each in gift_rows(session, first_day=period.first_day, last_day=period.last_day)
    )
    sums: Counter[str] = Counter()
    for *_, minor, currency, _ in rows:
        sums[currency] += minor
    return Table(
        title=f"Gifts, {period}",
        columns=COLUMNS,
        rows=rows,
        totals=tuple((None, None, "Total", None, minor, currency, None) for currency, minor in sorted(sums.items())),
        notes=notes_on(session, period, proofs(session)),
    )
