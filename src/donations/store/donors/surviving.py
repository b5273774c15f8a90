"""Which donor survives a merge: merged donors are one, and every query that shows, sums or counts donors asks here."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, func, or_
from sqlmodel import col, select

from donations.store.tables import DonorRow


def surviving_id() -> ColumnElement[int]:
    """Return the id of the donor that stands for a row of `donor`: its own where it is not merged."""
    return func.coalesce(col(DonorRow.merged_into_id), col(DonorRow.id))


def is_surviving() -> ColumnElement[bool]:
    """Return the condition that a row of `donor` is merged into no other."""
    return col(DonorRow.merged_into_id).is_(None)


def donors_behind(donor: int) -> Select[int]:
    """Return the ids of all that a standing donor stands for, its own among them, for `IN (...)`."""
    return select(col(DonorRow.id)).where(or_(col(DonorRow.id) == donor, col(DonorRow.merged_into_id) == donor))


def stands_for(donors: Collection[int]) -> ColumnElement[bool]:
    """Return the condition that a row of `donor` is one of these standing donors, or merged into one of them."""
    return or_(col(DonorRow.id).in_(donors), col(DonorRow.merged_into_id).in_(donors))


def all_behind(donors: Collection[int]) -> Select[int]:
    """Return the ids of all that these standing donors stand for, for `IN (...)`.

    Asked for the standing donor of each allocation instead, databases would walk all of them.
    """
    return select(col(DonorRow.id)).where(stands_for(donors))
