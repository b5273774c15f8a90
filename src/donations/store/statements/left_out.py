"""Payments that a person left out of the books: the bank's balances know them, the ledger does not."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import select as sql_select
from sqlmodel import col, exists

from donations.core.money import Currency, Minor
from donations.store.session import ReadSession
from donations.store.statements.files import Ledger
from donations.store.tables import AttestationRow, LeftOutLineRow, PaymentRow


class LeftOut(NamedTuple):
    """A payment that only lines show that a person said attest nothing."""

    ledger: Ledger
    booked_on: date
    minor: Minor
    """Signed."""
    reason: str


def left_out(session: ReadSession) -> list[LeftOut]:
    """Return what is left out, in the order of days."""
    query = (
        sql_select(
            *(col(PaymentRow.account_id), col(PaymentRow.currency), col(PaymentRow.booked_on), col(PaymentRow.minor)),
            col(LeftOutLineRow.reason),
        )
        .join(LeftOutLineRow, col(LeftOutLineRow.payment_id) == col(PaymentRow.id))
        .where(~exists().where(col(AttestationRow.payment_id) == col(PaymentRow.id)))
        .order_by(col(PaymentRow.booked_on), col(PaymentRow.id))
    )
    return [
        LeftOut(Ledger(account_id=account, currency=Currency(currency)), day, int(minor), reason)
        for account, currency, day, minor, reason in session.execute(query)
    ]
