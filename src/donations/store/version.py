"""Whether the books are still as they were: a few numbers that change with all that a preview depends on."""

from __future__ import annotations

from sqlalchemy import func, select

from donations.store.ids import table_of
from donations.store.personal_data import SEEN_IN_PREVIEWS
from donations.store.session import ReadSession
from donations.store.tables import (
    AccountRow,
    AllocationRow,
    AppealReferenceRow,
    AppealRow,
    GivenBalanceRow,
    ImportedFileRow,
    KeywordRow,
    LeftOutLineRow,
    PairDecisionRow,
    PaymentRow,
    WithdrawalRow,
    metadata,
)
from donations.store.tables.donors import ClaimWordRow, DonorApartRow, DonorMergeRow, OwnCodeRow
from donations.store.tables.months import ClosingRow, ReopeningRow
from donations.store.tables.rules import StandingRuleRow

_GROWING = (PaymentRow, AllocationRow, ImportedFileRow, GivenBalanceRow, DonorMergeRow, ClosingRow, PairDecisionRow)
"""The newest row tells; such tables may be large."""
_COUNTED = (
    *(WithdrawalRow, DonorApartRow, ReopeningRow, ClaimWordRow, LeftOutLineRow, OwnCodeRow),
    *(AccountRow, AppealRow, KeywordRow, AppealReferenceRow, StandingRuleRow),
)
"""Rows come and go, and there are few."""

Version = tuple[int, ...]


def books_version(session: ReadSession) -> Version:
    """Return numbers that are others once payments, answers, rules, registered names or names of donors are.

    That is for showing a preview again, not for trusting it: what it promised is compared when it is committed.
    """
    newest = [select(func.max(table_of(row).c.id)) for row in _GROWING]
    newest += [select(func.max(metadata.tables[name].c.id)) for name in SEEN_IN_PREVIEWS]
    counts = [select(func.count()).select_from(table_of(row)) for row in _COUNTED]
    switched_off = select(func.count(table_of(StandingRuleRow).c.switched_off_at))
    numbers = session.execute(select(*(each.scalar_subquery() for each in (*newest, *counts, switched_off)))).one()
    return tuple(number or 0 for number in numbers)
