"""All that the public may ask of the books: the newest snapshot, and whether a gift is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, exists, func
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from donations.core.giving_code import GivingCode
from donations.core.iban import ValidIban
from donations.core.money import EUR, Minor
from donations.core.payment import Purpose
from donations.store.host_key import keyed_hash
from donations.store.keyed import Keyed
from donations.store.line_texts import line_texts
from donations.store.session import ReadSession
from donations.store.tables import AllocationRow, AttestationRow, LineCodeRow, PaymentRow
from donations.store.tables.donors import RestrictedDonorRow
from donations.store.tables.publishing import PublicSnapshotRow


class KeptSnapshot(NamedTuple):
    """A snapshot as it is kept."""

    digest: str
    content: str
    """As canonical JSON."""


def newest_snapshot_digest(session: ReadSession) -> str | None:
    """Return the digest of what is published now; None before anything is."""
    return session.exec(select(PublicSnapshotRow.digest).order_by(col(PublicSnapshotRow.id).desc()).limit(1)).first()


def newest_snapshot(session: ReadSession) -> KeptSnapshot | None:
    """Return what is published now; None before anything is."""
    row = session.exec(select(PublicSnapshotRow).order_by(col(PublicSnapshotRow.id).desc()).limit(1)).first()
    return None if row is None else KeptSnapshot(row.digest, row.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A payment that is a gift, or that nobody has said yet what it is."""

    booked_on: date
    first_allocation: int | None
    """By which it was counted as a gift first; None where it is not counted yet."""


def received_with_code(session: ReadSession, code: GivingCode) -> tuple[Received, ...]:
    """Return the payments with this code in their text; in no order."""
    digest = keyed_hash(session.connection(), Keyed.GIVING_CODE, code)
    with_it = (
        sql_select(col(AttestationRow.payment_id))
        .join(LineCodeRow, col(LineCodeRow.line_id) == col(AttestationRow.line_id))
        .where(col(LineCodeRow.digest) == digest)
    )
    return _received(session, col(PaymentRow.id).in_(with_it))


def received_from(session: ReadSession, *, iban: ValidIban, minor: Minor, day: date) -> tuple[Received, ...]:
    """Return the payments of this day with this amount from this account; in no order."""
    came_from = exists(
        sql_select(col(AttestationRow.line_id))
        .join(line_texts, line_texts.c.line_id == col(AttestationRow.line_id))
        .where(col(AttestationRow.payment_id) == col(PaymentRow.id), line_texts.c.account == iban)
    )
    return _received(session, came_from, col(PaymentRow.minor) == minor, col(PaymentRow.booked_on) == day)


def _received(session: ReadSession, *which: ColumnElement[bool]) -> tuple[Received, ...]:
    """Return incoming payments in euros that are gifts or may be; nothing of a restricted donor is told to anybody."""
    is_gift = col(AllocationRow.purpose) == Purpose.GIFT.value
    begins = and_(is_gift, col(AllocationRow.minor) > 0)
    as_gift = func.coalesce(func.sum(case((is_gift, col(AllocationRow.minor)), else_=0)), 0)
    allocated = func.coalesce(func.sum(col(AllocationRow.minor)), 0)
    query = (
        sql_select(
            *(col(PaymentRow.booked_on), col(PaymentRow.minor)),
            *(func.min(case((begins, col(AllocationRow.id)))), as_gift, allocated),
        )
        .select_from(PaymentRow)
        .outerjoin(AllocationRow, col(AllocationRow.payment_id) == col(PaymentRow.id))
        .where(*which, col(PaymentRow.minor) > 0, col(PaymentRow.currency) == EUR, ~_is_of_restricted())
        .group_by(col(PaymentRow.id), col(PaymentRow.booked_on), col(PaymentRow.minor))
    )
    return tuple(
        Received(booked_on=booked_on, first_allocation=first if given else None)
        for booked_on, minor, first, given, spoken_for in session.execute(query)
        if given or int(spoken_for) < minor
    )


def _is_of_restricted() -> ColumnElement[bool]:
    """Whether the payment was ever allocated to a restricted donor."""
    return exists(
        sql_select(col(AllocationRow.id))
        .join(RestrictedDonorRow, col(RestrictedDonorRow.donor_id) == col(AllocationRow.donor_id))
        .where(col(AllocationRow.payment_id) == col(PaymentRow.id))
    )
