"""Makes the groups of books that are older than they are: of claims as lines and people's words have them."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlmodel import select

from donations.core.donor import DonorId
from donations.store.donors import people
from donations.store.donors.around import around
from donations.store.donors.names import renew_names
from donations.store.donors.uniting import unite
from donations.store.session import WriteSession, as_reader
from donations.store.tables import DonorClaimRow, DonorRow


def fill_groups(session: WriteSession) -> None:
    """Let every donor be what its claims make it; no gift is booked anew, and no closed month changes."""
    claims = [people.claim_of(row) for row in session.exec(select(DonorClaimRow)).all()]
    unite(session, around(as_reader(session), claims), now=datetime.now(UTC))
    renew_names(session, map(DonorId, session.exec(select(DonorRow.id)).all()))
