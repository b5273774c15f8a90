"""Rows of the canonical ledger: attested payments, and what of their allocations stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import func
from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.donor import DonorId
from donations.core.money import Currency, Minor
from donations.core.payment import PaymentId, Purpose
from donations.store.given import parts
from donations.store.payments.attested import is_attested
from donations.store.session import ReadSession
from donations.store.tables import AccountRow, AppealRow, DonorRow, PaymentRow


class Attested(NamedTuple):
    """A payment that some active line attests."""

    id: PaymentId
    account: str
    currency: Currency
    booked_on: date
    minor: Minor
    """Signed."""


class DumpedPart(NamedTuple):
    """A standing allocation."""

    payment: PaymentId
    purpose: str
    minor: Minor
    donor: DonorId | None
    appeal: str | None

    @property
    def is_gift(self) -> bool:
        """Whether it says who gives."""
        return self.purpose == Purpose.GIFT.value


def attested(session: ReadSession) -> Iterator[Attested]:
    """Return all payments that count."""
    query = (
        sql_select(
            col(PaymentRow.id),
            col(AccountRow.number),
            col(PaymentRow.currency),
            col(PaymentRow.booked_on),
            col(PaymentRow.minor),
        )
        .join(AccountRow, col(AccountRow.id) == col(PaymentRow.account_id))
        .where(is_attested())
    )
    return (Attested(*row) for row in session.execute(query))


def standing_parts(session: ReadSession) -> Iterator[DumpedPart]:
    """Return all allocations that nothing reversed."""
    query = (
        sql_select(
            *(parts.c.payment_id, parts.c.purpose, func.abs(parts.c.minor), parts.c.donor_id, col(AppealRow.name)),
        )
        .select_from(parts)
        .outerjoin(AppealRow, col(AppealRow.id) == parts.c.appeal_id)
    )
    return (DumpedPart(*row) for row in session.execute(query))


def donor_names(session: ReadSession) -> dict[DonorId, str]:
    """Return the name of every donor."""
    return {DonorId(donor): name for donor, name in session.execute(sql_select(col(DonorRow.id), col(DonorRow.name)))}
