"""A payment as it is shown: who moved how much, and what it was for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from pydantic import Field

from donations.core.donor import AppealId, DonorId
from donations.core.iban import UnverifiedAccount
from donations.core.payment import Payment, PaymentId, Purpose
from donations.core.statement import Counterparty, Detail
from donations.ledger.booking import live, unallocated
from donations.store.donors import people
from donations.store.payments.allocations import allocations_of
from donations.store.payments.shown import shown_details, shown_payments
from donations.store.session import ReadSession
from donations.views.value import Money, Named, View, Written, money, number_of


class OtherSide(View):
    """The other side of a payment, as the bank names it."""

    name: str = Field(description="Empty where the bank gives none.")
    account: str = Field(description="IBAN without blanks, or the number as the bank wrote it; empty without one.")
    account_is_valid: bool = Field(description="Whether the account is an IBAN with right check digits.")
    on_behalf_of: str = Field(description="Who really pays, where the bank says so.")
    has_code: bool = Field(description="Whether the bank gives a personal or registry code. The code is never told.")


class PartView(View):
    """What a payment, or a part of it, was for."""

    id: int = Field(description="The allocation's number.")
    purpose: Purpose
    money: Money = Field(description="Without direction: positive.")
    donor: Named | None
    appeal: Named | None
    returns: int | None = Field(description="The payment whose money this gives back: of a refund, the gift's.")


class DetailView(View):
    """A transaction that the bank shows of an entry which its transactions do not explain."""

    counterparty: OtherSide
    money: Money | None = Field(description="Without direction; null where the bank states none.")
    text: Written


class PaymentView(View):
    """One real movement of money on an own account."""

    id: int
    account: str = Field(description="The own account's number.")
    booked_on: date = Field(description="The bank's booking date.")
    money: Money = Field(description="Money in is positive, money out negative.")
    unallocated: Money = Field(description="What has no purpose yet, without direction; 0 where all has one.")
    counterparty: OtherSide
    text: Written = Field(description="As the bank wrote it; personal codes in it are made unreadable.")
    reference: str | None = Field(description="The structured reference: viitenumber or RF.")
    details: list[DetailView] = Field(description="Parts that the bank shows and that do not add up to the entry.")
    parts: list[PartView] = Field(description="What stands of its allocations.")


class ReversedAnswerView(View):
    """What became of a payment."""

    taken_back: int = Field(description="How many decisions of people were taken back.")
    payment: PaymentView


def payment_views(session: ReadSession, ids: Sequence[PaymentId]) -> list[PaymentView]:
    """Return the attested payments among these, in the order of their ids."""
    standing = {each: live(rows) for each, rows in allocations_of(session, ids).items()}
    donors = {row.donor for rows in standing.values() for row in rows if row.donor is not None}
    given_by, given_to = named_donors(session, donors), named_appeals(session)
    found = []
    for payment in sorted(shown_payments(session, ids), key=lambda each: each.id):
        rows, currency = standing.get(payment.id, []), payment.money.amount.currency
        parts = [
            PartView.made_of(
                row,
                money=money(row.amount.minor, row.amount.currency),
                donor=given_by[row.donor],
                appeal=given_to[row.appeal],
            )
            for row in rows
        ]
        found.append(
            PaymentView.made_of(
                payment,
                account=number_of(payment.account),
                money=money(payment.money.signed_minor, currency),
                unallocated=money(unallocated(payment, rows), currency),
                counterparty=other_side(payment.counterparty),
                details=_details(session, payment),
                parts=parts,
            )
        )
    return found


def payment_view(session: ReadSession, payment: PaymentId) -> PaymentView:
    """Return one attested payment."""
    (found,) = payment_views(session, [payment])
    return found


def other_side(party: Counterparty) -> OtherSide:
    """Return the other side of a payment or of a part of it."""
    return OtherSide.made_of(
        party,
        account=number_of(party.account),
        account_is_valid=party.account is not None and not isinstance(party.account, UnverifiedAccount),
        has_code=party.code is not None,
    )


def named_donors(session: ReadSession, ids: Iterable[DonorId]) -> dict[DonorId | None, Named | None]:
    """Return these donors by the ids that are asked for: a merged one as the one that stands for it."""
    found = people.donors(session, list(ids))
    return {None: None} | {asked: Named(id=each.id, name=each.name) for asked, each in found.items()}


def named_appeals(session: ReadSession) -> dict[AppealId | None, Named | None]:
    """Return all appeals by their ids."""
    return {None: None} | {each.id: Named(id=each.id, name=each.name) for each in people.appeals(session)}


def _details(session: ReadSession, payment: Payment) -> list[DetailView]:
    return [_detail(each) for each in shown_details(session, payment)] if payment.details else []


def _detail(part: Detail) -> DetailView:
    stated = None if part.amount is None else money(part.amount.minor, part.amount.currency)
    return DetailView(counterparty=other_side(part.counterparty), money=stated, text=part.text)
