"""Payments as the API shows them, with what each was for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pydantic import Field

from donations.core.allocation import Purpose
from donations.core.payment import PaymentId
from donations.ledger.booking import live, unallocated
from donations.store.donors import people
from donations.store.payments.allocations import allocations_of
from donations.store.payments.shown import shown_payments
from donations.store.session import ReadSession
from donations.web.api.values import Counterparty, Money, Shown, counterparty, money, number_of, without_codes


class Named(Shown):
    """A donor or an appeal."""

    id: int
    name: str


class PartOut(Shown):
    """What a payment, or a part of it, was for."""

    id: int = Field(description="The allocation's number.")
    purpose: Purpose
    money: Money = Field(description="Without direction: positive.")
    donor: Named | None
    appeal: Named | None
    returns: int | None = Field(description="The payment whose money this gives back: of a refund, the gift's.")


class PaymentOut(Shown):
    """One real movement of money on an own account."""

    id: int
    account: str = Field(description="The own account's number.")
    booked_on: date = Field(description="The bank's booking date.")
    money: Money = Field(description="Money in is positive, money out negative.")
    unallocated: Money = Field(description="What has no purpose yet, without direction; 0 where all has one.")
    counterparty: Counterparty
    text: str = Field(description="As the bank wrote it; personal codes in it are made unreadable.")
    reference: str | None = Field(description="The structured reference: viitenumber or RF.")
    parts: list[PartOut] = Field(description="What stands of its allocations.")


def payments_out(session: ReadSession, ids: Sequence[PaymentId]) -> list[PaymentOut]:
    """Return attested payments in the order of their ids."""
    standing = {each: live(rows) for each, rows in allocations_of(session, ids).items()}
    named = [row.donor for rows in standing.values() for row in rows if row.donor is not None]
    donors = {None: None} | {
        asked: Named(id=donor.id, name=donor.name) for asked, donor in people.donors(session, named).items()
    }
    appeals = {None: None} | {each.id: Named(id=each.id, name=each.name) for each in people.appeals(session)}
    found = []
    for payment in sorted(shown_payments(session, ids), key=lambda each: each.id):
        rows, currency = standing.get(payment.id, []), payment.money.amount.currency
        parts = [
            PartOut(
                id=row.id,
                purpose=row.purpose,
                money=money(row.amount.minor, row.amount.currency),
                donor=donors[row.donor],
                appeal=appeals[row.appeal],
                returns=row.returns,
            )
            for row in rows
        ]
        found.append(
            PaymentOut(
                id=payment.id,
                account=number_of(payment.account),
                booked_on=payment.booked_on,
                money=money(payment.money.signed_minor, currency),
                unallocated=money(unallocated(payment, rows), currency),
                counterparty=counterparty(payment),
                text=without_codes(payment.text),
                reference=payment.reference,
                parts=parts,
            )
        )
    return found
