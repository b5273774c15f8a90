"""What people decided, and no rule: each with its reason, the newest first."""

from __future__ import annotations

from donations.core.calendar import Period, day_of
from donations.core.language import N_
from donations.reports.table import Column, ColumnKind, Row, Table
from donations.reports.words import PURPOSES, OwnText, title_with_period
from donations.store.payments.decisions import DecidedByHand, decided_by_hand
from donations.store.session import ReadSession

COLUMNS = (
    Column("decided_on", N_("Decided on"), ColumnKind.DAY),
    Column("payment", N_("Payment"), ColumnKind.COUNT),
    Column("day", N_("Day"), ColumnKind.DAY),
    Column("what", N_("What"), ColumnKind.TEXT),
    Column("minor", N_("Amount"), ColumnKind.MINOR),
    Column("currency", N_("Currency"), ColumnKind.CURRENCY),
    Column("why", N_("Why"), ColumnKind.TEXT),
    Column("by", N_("Person"), ColumnKind.TEXT),
    Column("state", N_("State"), ColumnKind.TEXT),
)
_TAKEN_BACK = OwnText(N_("taken back"), code="taken_back")


def by_hand(session: ReadSession, period: Period, *, newest: int | None = None) -> Table:
    """Return what people decided of the payments of a period, or only the newest of it."""
    found = decided_by_hand(session, first_day=period.first_day, last_day=period.last_day, most=newest)
    return Table(
        title=title_with_period(N_("Decided by hand, {period}"), period),
        columns=COLUMNS,
        rows=tuple(map(_row, found)),
    )


def _row(each: DecidedByHand) -> Row:
    why = OwnText("{why}", ("why", each.decision), code=each.decision.reason)
    return (
        *(day_of(each.at), each.payment, each.booked_on, PURPOSES[each.purpose], each.minor, each.currency),
        *(why, each.decision.person, _TAKEN_BACK if each.is_taken_back else None),
    )
