"""Payments as they may be shown: of a restricted donor's neither name, account nor text, only which donor it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import func, or_, select
from sqlmodel import col

from donations.core.donor import DonorId
from donations.core.name import in_title_case
from donations.core.payment import Payment, PaymentId
from donations.core.statement import Counterparty, Detail, StatementLine
from donations.ledger.retention import unnamed
from donations.store.donors.restricted import restricted_ids
from donations.store.given import parts
from donations.store.ids import in_runs
from donations.store.payments.payments import load_payments
from donations.store.payments.recognised import recognised
from donations.store.session import ReadSession
from donations.store.tables import DonorClaimRow

Unnamed = Mapping[PaymentId, str]
"""What stands in the place of the payer's name; payments that may be shown as they are have none."""


def shown_payments(session: ReadSession, ids: Iterable[PaymentId]) -> list[Payment]:
    """Return the attested payments among these ids, for people and programs to see."""
    wanted = sorted(set(ids))
    payers = unnamed_payers(session, wanted)
    return [without_payer(payment, payers) for payment in load_payments(session, wanted)]


def shown_payment(session: ReadSession, payment: Payment) -> Payment:
    """Return one payment likewise."""
    return without_payer(payment, unnamed_payers(session, [payment.id]))


def unnamed_payers(session: ReadSession, ids: Iterable[PaymentId]) -> dict[PaymentId, str]:
    """Return what is to be shown instead of the payer, of these payments, for those that are a restricted donor's."""
    wanted = sorted(set(ids))
    found = {payment: unnamed(donor) for payment, donor in recognised(session, wanted).items()}
    for run in in_runs(wanted):
        query = (
            select(parts.c.payment_id, func.min(parts.c.donor_id))
            .where(parts.c.payment_id.in_(run), parts.c.booked_for.in_(restricted_ids()))
            .group_by(parts.c.payment_id)
        )
        found |= {PaymentId(payment): unnamed(DonorId(donor)) for payment, donor in session.execute(query)}
    return found


def without_payer(payment: Payment, payers: Unnamed) -> Payment:
    """Return the payment as it may be shown: a name that the bank gives in capitals as people write it."""
    if payment.id not in payers:
        return replace(payment, counterparty=_written(payment.counterparty))
    return replace(payment, counterparty=Counterparty(name=payers[payment.id]), text="", reference=None, details=())


def shown_details(session: ReadSession, payment: Payment) -> tuple[Detail, ...]:
    """Return what the bank shows of the transactions of an entry; of a restricted donor's only the amount."""
    parties = [each.counterparty for each in payment.details]
    accounts = {party.account for party in parties if isinstance(party.account, str)}
    codes = {str(party.code) for party in parties if party.code}
    query = select(col(DonorClaimRow.iban), col(DonorClaimRow.code)).where(
        col(DonorClaimRow.donor_id).in_(restricted_ids()),
        or_(col(DonorClaimRow.iban).in_(accounts), col(DonorClaimRow.code).in_(codes)),
    )
    known = session.execute(query) if accounts | codes else ()
    hidden = {each for row in known for each in row if each}
    return tuple(
        replace(each, counterparty=Counterparty(), text="")
        if hidden & {str(each.counterparty.account), str(each.counterparty.code)}
        else replace(each, counterparty=_written(each.counterparty))
        for each in payment.details
    )


def _written(party: Counterparty) -> Counterparty:
    """Return who it is with names in capitals as people write them."""
    return replace(party, name=in_title_case(party.name), on_behalf_of=in_title_case(party.on_behalf_of))


def line_without_payer(line: StatementLine, payer: str) -> StatementLine:
    """Return a line with this in the place of the payer's name, and nothing else of the payer."""
    return replace(line, counterparty=Counterparty(name=payer), text="", reference=None, parts=(), details=())
