"""Gifts for which nobody thanked yet, and who was thanked for which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import and_, func
from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.donor import ANONYMOUS, DonorId
from donations.core.money import Currency, Minor
from donations.core.payment import PaymentId
from donations.store.appending import append
from donations.store.donors.restricted import restricted_ids
from donations.store.donors.surviving import surviving_id
from donations.store.given import gifts
from donations.store.session import ReadSession, WriteSession, next_ids
from donations.store.tables import DonorRow
from donations.store.tables.donors import ThankedGiftRow, ThanksRow


class UnthankedGift(NamedTuple):
    """What a standing donor gave by one payment."""

    donor: DonorId
    payment: PaymentId
    day: date
    minor: Minor
    currency: Currency


def unthanked_gifts(session: ReadSession, *, since: date) -> list[UnthankedGift]:
    """Return the gifts of known donors since a day for which nobody thanked those who are one now, the newest first."""
    thanked = (
        sql_select(col(ThankedGiftRow.payment_id).label("payment_id"), surviving_id().label("donor_id"))
        .join(ThanksRow, col(ThanksRow.id) == col(ThankedGiftRow.thanks_id))
        .join(DonorRow, col(DonorRow.id) == col(ThanksRow.donor_id))
        .distinct()
        .subquery("thanked")
    )
    is_thanked = and_(thanked.c.payment_id == gifts.c.payment_id, thanked.c.donor_id == gifts.c.donor_id)
    query = (
        sql_select(gifts.c.donor_id, gifts.c.payment_id, gifts.c.booked_on, func.sum(gifts.c.minor), gifts.c.currency)
        .outerjoin(thanked, is_thanked)
        .where(gifts.c.booked_on >= since, thanked.c.payment_id.is_(None))
        .where(gifts.c.donor_id != ANONYMOUS, gifts.c.booked_for.not_in(restricted_ids()))
        .group_by(gifts.c.donor_id, gifts.c.payment_id, gifts.c.booked_on, gifts.c.currency)
        .order_by(gifts.c.booked_on.desc(), gifts.c.payment_id.desc())
    )
    return [
        UnthankedGift(DonorId(donor), PaymentId(payment), day, int(minor), Currency(currency))
        for donor, payment, day, minor, currency in session.execute(query)
    ]


def last_thanked(session: ReadSession, donors: Iterable[DonorId]) -> dict[DonorId, datetime]:
    """Return when these standing donors were thanked last, for those who were."""
    query = (
        sql_select(surviving_id(), func.max(col(ThanksRow.thanked_at)))
        .join(DonorRow, col(DonorRow.id) == col(ThanksRow.donor_id))
        .group_by(surviving_id())
    )
    wanted = set(donors)
    return {DonorId(donor): at for donor, at in session.execute(query) if donor in wanted}


def keep_thanks(
    session: WriteSession, thanked: Mapping[DonorId, Iterable[PaymentId]], *, by: str, at: datetime
) -> None:
    """Keep that these donors were thanked for what they gave by these payments."""
    for (donor, payments), number in zip(thanked.items(), next_ids(session, ThanksRow), strict=False):
        session.add(ThanksRow(id=number, donor_id=donor, thanked_by=by, thanked_at=at))
        session.flush()
        append(session, ThankedGiftRow, [{"payment_id": each, "thanks_id": number} for each in payments])
