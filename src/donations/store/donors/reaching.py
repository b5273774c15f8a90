"""How donors can be reached by mail, for many at once: their address, whether they want none, and a word they know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.donor import DonorId
from donations.core.donor_field import EMAIL
from donations.store.donors import people
from donations.store.donors.donor_facts import ConsentKind, values_of_field
from donations.store.donors.surviving import surviving_id
from donations.store.session import ReadSession, in_runs
from donations.store.tables import DonorClaimRow, DonorRow
from donations.store.tables.donors import DonorConsentRow

_NOT_AT_ALL = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How one donor can be reached."""

    email: str
    """Empty where none is known."""
    wants_none: bool
    """Whether the donor's latest word is not to be written to at all."""


def addresses_of(session: ReadSession, donors: Collection[DonorId]) -> dict[DonorId, Reach]:
    """Return how these donors can be reached; of those merged into one the newest word counts."""
    emails, wanting_none = values_of_field(session, EMAIL.key), _wanting_none(session, donors)
    return {donor: Reach(email=emails.get(donor, ""), wants_none=donor in wanting_none) for donor in donors}


def wants_none(session: ReadSession, donor: DonorId) -> bool:
    """Whether the latest word of a donor, or of who stands for it, is not to be written to at all."""
    return bool(_wanting_none(session, set(people.standing(session, [donor]).values())))


def _wanting_none(session: ReadSession, donors: Collection[DonorId]) -> set[DonorId]:
    wish = DonorConsentRow
    is_contact = col(wish.kind) == ConsentKind.CONTACT.value
    latest = {
        donor: value
        for donor, value, _ in _of_donors(session, donors, wish, col(wish.value), col(wish.given_on), where=is_contact)
    }
    return {donor for donor, value in latest.items() if value.strip().lower() == _NOT_AT_ALL}


def newest_ibans(session: ReadSession, donors: Collection[DonorId]) -> dict[DonorId, str]:
    """Return of each of these donors the account by which we knew them last; those without one are left out."""
    claim = DonorClaimRow
    found = _of_donors(session, donors, claim, col(claim.iban), col(claim.id), where=col(claim.iban) != "")
    return {donor: iban for donor, iban, _ in found if iban}


def _of_donors(
    session: ReadSession, donors: Collection[DonorId], row: Any, value: Any, order: Any, *, where: Any
) -> Iterator[tuple[DonorId, str, Any]]:
    """Yield the values of these donors and of those merged into them, the newest last."""
    of_each = defaultdict[DonorId, list[tuple[Any, int, str]]](list)
    for run in in_runs(sorted(donors)):
        query = sql_select(surviving_id(), value, order, col(row.id)).join(row, col(row.donor_id) == col(DonorRow.id))
        for donor, said, at, number in session.execute(query.where(surviving_id().in_(run), where)):
            of_each[DonorId(donor)].append((at, number, said))
    for donor, found in of_each.items():
        for at, _, said in sorted(found, key=lambda each: each[:2]):
            yield donor, said, at
