"""Which donors are restricted: asked by every query that lists or finds donors, and the history of how it came."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import func
from sqlalchemy import select as sql_select
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from donations.core.allocation import Purpose
from donations.core.day import day_of
from donations.core.donor import DonorId
from donations.core.payment import PaymentId
from donations.ledger.retention import State, Step, Why, unnamed
from donations.store.donors.standing_donor import donors_behind, is_standing
from donations.store.ids import in_runs, next_ids
from donations.store.payments.allocations import last_allocation_id, stands
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.tables import AllocationRow, AttestationRow, DonorRow, LineTextRow
from donations.store.tables.erasures import DonorErasureRow, RestrictedDonorRow


def restricted_ids() -> SelectOfScalar[int]:
    """Return the numbers of all restricted donors, merged ones too, for `IN (...)`."""
    return select(RestrictedDonorRow.donor_id)


def all_restricted(session: ReadSession) -> frozenset[DonorId]:
    """Return the same as a set."""
    return frozenset(map(DonorId, session.exec(restricted_ids())))


def state_of(session: ReadSession, donor: DonorId) -> State:
    """Return how much is left of a donor."""
    row = session.get(RestrictedDonorRow, donor)
    if row is None:
        return State.NAMED
    return State.RESTRICTED if row.purged_at is None else State.UNNAMED


def is_held(session: ReadSession, donor: DonorId) -> bool:
    """Whether nothing of a standing donor, or of one behind it, may be destroyed now."""
    holds = (Step.HOLD.value, Step.RELEASE.value)
    behind = col(DonorErasureRow.donor_id).in_(donors_behind(donor))
    query = select(DonorErasureRow).where(behind, col(DonorErasureRow.step).in_(holds))
    latest = {row.donor_id: row.step for row in session.exec(query.order_by(col(DonorErasureRow.id)))}
    return Step.HOLD.value in latest.values()


def history_of(session: ReadSession, donor: DonorId) -> list[DonorErasureRow]:
    """Return every step about a standing donor and those behind it, the newest first."""
    query = select(DonorErasureRow).where(col(DonorErasureRow.donor_id).in_(donors_behind(donor)))
    return list(session.exec(query.order_by(col(DonorErasureRow.id).desc())))


def last_purge(session: ReadSession) -> date | None:
    """Return the day (Europe/Tallinn) on which something was purged last."""
    latest = select(func.max(DonorErasureRow.done_at)).where(DonorErasureRow.step == Step.PURGE.value)
    moment = session.scalar(latest)
    return None if moment is None else day_of(moment)


def note_step(session: WriteSession, donors: Iterable[DonorId], step: Step, why: Why, *, by: str, at: datetime) -> None:
    """Keep what was done, when and why."""
    for donor, number in zip(sorted(donors), next_ids(session, DonorErasureRow), strict=False):
        session.add(DonorErasureRow(id=number, donor_id=donor, step=step.value, why=why.value, done_by=by, done_at=at))
    session.flush()


def take_names_out(session: WriteSession, donor: DonorId) -> None:
    """Let nothing show the name of a standing donor, or of those behind it, from now on."""
    last = last_allocation_id(as_reader(session))
    for row in session.exec(select(DonorRow).where(col(DonorRow.id).in_(donors_behind(donor)))).all():
        session.add(RestrictedDonorRow(donor_id=row.id, name=row.name, noticed_id=last))
        row.name, row.name_key = unnamed(DonorId(row.id)), ""
        session.add(row)
    session.flush()


def destroy_names(session: WriteSession, donor: DonorId, *, at: datetime) -> None:
    """Destroy the names that were kept of a restricted donor and of those behind it."""
    behind = col(RestrictedDonorRow.donor_id).in_(donors_behind(donor))
    for row in session.exec(select(RestrictedDonorRow).where(behind)).all():
        row.name, row.purged_at = "", at
        session.add(row)
    session.flush()


def names_kept(session: ReadSession) -> dict[DonorId, str]:
    """Return the names of restricted donors for those who must have them by law: the tax board, and the donor."""
    query = select(RestrictedDonorRow).where(col(RestrictedDonorRow.name) != "")
    return {DonorId(row.donor_id): row.name for row in session.exec(query)}


def restricted_donors(session: ReadSession) -> list[DonorId]:
    """Return the standing donors that are restricted and not purged, by number."""
    query = (
        select(RestrictedDonorRow.donor_id)
        .join(DonorRow, col(DonorRow.id) == col(RestrictedDonorRow.donor_id))
        .where(is_standing(), col(RestrictedDonorRow.purged_at).is_(None))
        .order_by(col(RestrictedDonorRow.donor_id))
    )
    return list(map(DonorId, session.exec(query)))


def new_gifts(session: ReadSession, donor: DonorId) -> int:
    """Return how many gifts a restricted donor gave since somebody looked last."""
    row = session.get_one(RestrictedDonorRow, donor)
    later = (
        col(AllocationRow.donor_id).in_(donors_behind(donor)),
        col(AllocationRow.id) > row.noticed_id,
        col(AllocationRow.purpose) == Purpose.GIFT.value,
        stands(),
    )
    return session.scalar(sql_select(func.count()).select_from(AllocationRow).where(*later)) or 0


def giving_again(session: ReadSession) -> list[DonorId]:
    """Return the restricted donors who gave since somebody looked last."""
    return [donor for donor in restricted_donors(session) if new_gifts(session, donor)]


def notice(session: WriteSession, donor: DonorId) -> None:
    """Remember that somebody looked at what a restricted donor gave since."""
    row = session.get_one(RestrictedDonorRow, donor)
    row.noticed_id = last_allocation_id(as_reader(session))
    session.add(row)
    session.flush()


def forgotten_payments(session: ReadSession, payments: Iterable[PaymentId]) -> frozenset[PaymentId]:
    """Return which of these are purged donors' or have nothing left to judge by: decisions on them stay."""
    if last_purge(session) is None:
        return frozenset()
    purged = select(RestrictedDonorRow.donor_id).where(col(RestrictedDonorRow.purged_at).is_not(None))
    theirs = select(AllocationRow.payment_id).where(col(AllocationRow.donor_id).in_(purged), stands())
    textless = (
        select(AttestationRow.payment_id)
        .outerjoin(LineTextRow, col(LineTextRow.line_id) == col(AttestationRow.line_id))
        .group_by(col(AttestationRow.payment_id))
        .having(func.count(col(LineTextRow.line_id)) == 0)
    )
    found: set[int] = set()
    for run in in_runs(sorted(payments)):
        found.update(session.exec(theirs.where(col(AllocationRow.payment_id).in_(run))))
        found.update(session.exec(textless.where(col(AttestationRow.payment_id).in_(run))))
    return frozenset(map(PaymentId, found))
