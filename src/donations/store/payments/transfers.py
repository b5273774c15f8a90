"""Payments between own accounts, as each of the two accounts shows them."""

from __future__ import annotations

from sqlalchemy import func
from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.allocation import Purpose
from donations.core.money import Currency
from donations.core.payment import PaymentId
from donations.ledger.transfers import Side
from donations.store.donors import people
from donations.store.payments.allocations import stands
from donations.store.session import ReadSession
from donations.store.tables import AllocationRow, AttestationRow, LineTextRow, PaymentRow


def transfer_sides(session: ReadSession) -> list[Side]:
    """Return the payments that are own transfers; of payouts from others' accounts nothing is expected."""
    numbers = {row.id: row.number for row in people.accounts(session)}
    query = (
        sql_select(
            *(col(PaymentRow.id), col(PaymentRow.account_id), col(PaymentRow.booked_on)),
            *(col(PaymentRow.minor), col(PaymentRow.currency), func.max(col(LineTextRow.account))),
        )
        .join(AllocationRow, col(AllocationRow.payment_id) == col(PaymentRow.id))
        .join(AttestationRow, col(AttestationRow.payment_id) == col(PaymentRow.id))
        .join(LineTextRow, col(LineTextRow.line_id) == col(AttestationRow.line_id))
        .where(col(AllocationRow.purpose) == Purpose.TRANSFER.value, stands())
        .group_by(
            *(col(PaymentRow.id), col(PaymentRow.account_id), col(PaymentRow.booked_on)),
            *(col(PaymentRow.minor), col(PaymentRow.currency)),
        )
    )
    own = frozenset(numbers.values())
    return [
        Side(
            payment=PaymentId(payment),
            account=numbers[account],
            other=other or "",
            booked_on=day,
            minor=int(minor),
            currency=Currency(currency),
        )
        for payment, account, day, minor, currency, other in session.execute(query)
        if not other or other in own
    ]
