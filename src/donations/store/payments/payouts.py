"""What moved on accounts at payment providers, and by which payout it was paid."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import col

from donations.core.money import Currency
from donations.core.payment import PaymentId
from donations.core.provider import provider_of
from donations.core.statement import IdScheme, LineKind
from donations.ledger.payouts import MovementKind, ProviderMovement
from donations.store.donors import people
from donations.store.session import ReadSession, once
from donations.store.statements.lines import ids_of
from donations.store.tables import AttestationRow, PaymentRow, StatementLineRow

_KINDS = {LineKind.FEE: MovementKind.FEE, LineKind.PAYOUT: MovementKind.PAID_OUT}


def provider_movements(session: ReadSession) -> list[ProviderMovement]:
    """Return the attested payments on all own accounts at providers; empty where there is no such account."""
    return once(session, _provider_movements)


def _provider_movements(session: ReadSession) -> list[ProviderMovement]:
    accounts = {row.id: row.number for row in people.accounts(session) if provider_of(row.number) is not None}
    if not accounts:
        return []
    query = (
        select(
            *(col(PaymentRow.id), col(PaymentRow.account_id), col(PaymentRow.currency), col(PaymentRow.booked_on)),
            *(col(PaymentRow.minor), col(StatementLineRow.kind), col(StatementLineRow.is_reversal)),
            col(StatementLineRow.ids),
        )
        .join(AttestationRow, col(AttestationRow.payment_id) == col(PaymentRow.id))
        .join(StatementLineRow, col(StatementLineRow.id) == col(AttestationRow.line_id))
        .where(col(PaymentRow.account_id).in_(accounts), ~col(StatementLineRow.is_total))
        .order_by(col(PaymentRow.id), col(StatementLineRow.id))
    )
    found: dict[PaymentId, ProviderMovement] = {}
    for number, account, currency, day, minor, kind, is_reversal, ids in session.execute(query):
        payment = PaymentId(number)
        payout = next((each.value for each in ids_of(ids) if each.scheme is IdScheme.INSTRUCTION), "")
        # A report that was made before the payout does not know it yet.
        earlier = found.get(payment)
        found[payment] = ProviderMovement(
            payment=payment,
            account=accounts[account],
            currency=Currency(currency),
            day=day,
            minor=int(minor),
            kind=MovementKind.RETURNED if is_reversal else _KINDS.get(LineKind(kind), MovementKind.RECEIVED),
            payout=payout or ("" if earlier is None else earlier.payout),
        )
    return list(found.values())
