"""Payments of given amounts: one of them may be just what a check misses."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import col, exists

from donations.core.money import Minor
from donations.core.payment import PaymentId
from donations.store.ids import in_runs
from donations.store.session import ReadSession
from donations.store.statements.files import Ledger
from donations.store.tables import AttestationRow, PaymentRow


class Moved(NamedTuple):
    """A payment with nothing of its payer; signed minor units."""

    payment: PaymentId
    day: date
    minor: Minor


def payments_of(session: ReadSession, ledger: Ledger, minors: Collection[Minor]) -> list[Moved]:
    """Return the attested payments of an account that moved one of these signed amounts, by day."""
    found: list[Moved] = []
    for run in in_runs(sorted(minors)):
        query = select(col(PaymentRow.id), col(PaymentRow.booked_on), col(PaymentRow.minor)).where(
            col(PaymentRow.account_id) == ledger.account_id,
            col(PaymentRow.currency) == ledger.currency,
            col(PaymentRow.minor).in_(run),
            exists().where(col(AttestationRow.payment_id) == col(PaymentRow.id)),
        )
        found += [Moved(PaymentId(payment), day, int(minor)) for payment, day, minor in session.execute(query)]
    return sorted(found, key=lambda each: (each.day, each.payment))
