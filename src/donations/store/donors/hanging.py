"""Donors of whom people said something, or gave something out: their numbers were seen and stay."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, union
from sqlmodel import col

from donations.core.donor import DonorId
from donations.store.ids import in_runs
from donations.store.personal_data import HANGING
from donations.store.session import ReadSession
from donations.store.tables import AllocationRow, DonorClaimRow, metadata
from donations.store.tables.donors import ClaimWordRow


def with_something_hanging(session: ReadSession, donors: Collection[DonorId]) -> set[DonorId]:
    """Return those of these donors of whom people said or answered something, or who were given a paper."""
    found: set[DonorId] = set()
    for run in in_runs(sorted(donors)):
        columns = [metadata.tables[table].c[name] for table, name in (each.split(".") for each in HANGING)]
        said = [select(column).where(column.in_(run)) for column in columns]
        said.append(
            select(col(AllocationRow.donor_id)).where(
                col(AllocationRow.donor_id).in_(run), col(AllocationRow.person).is_not(None)
            )
        )
        said.append(
            select(col(DonorClaimRow.donor_id))
            .join(ClaimWordRow, col(ClaimWordRow.claim_id) == col(DonorClaimRow.id))
            .where(col(DonorClaimRow.donor_id).in_(run))
        )
        found |= set(map(DonorId, session.scalars(union(*said))))
    return found
