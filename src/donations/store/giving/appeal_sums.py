"""What was given to each appeal on some days, and by how many donors."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func
from sqlmodel import col

from donations.core.donor import AppealId
from donations.core.money import Currency, Minor
from donations.store.donors.standing_donor import standing_id
from donations.store.giving.gift_sums import Scope, gifts_in
from donations.store.session import ReadSession
from donations.store.tables import AllocationRow, AppealRow


class AppealSum(NamedTuple):
    """The gifts to one appeal in one currency."""

    appeal: AppealId
    name: str
    currency: Currency
    minor: Minor
    gifts: int
    donors: int
    """Distinct."""


def appeal_sums(session: ReadSession, scope: Scope) -> list[AppealSum]:
    """Return the gifts by appeal and currency, in the order in which appeals were made."""
    key = (col(AppealRow.id), col(AppealRow.name), col(AllocationRow.currency))
    query = (
        gifts_in(scope)
        .join(AppealRow, col(AppealRow.id) == col(AllocationRow.appeal_id))
        .add_columns(*key, func.sum(col(AllocationRow.minor)), func.count(), func.count(standing_id().distinct()))
        .group_by(*key)
        .order_by(*key)
    )
    return [
        AppealSum(AppealId(appeal), name, Currency(currency), int(minor), int(gifts), int(donors))
        for appeal, name, currency, minor, gifts, donors in session.execute(query)
    ]
