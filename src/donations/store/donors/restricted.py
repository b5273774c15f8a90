"""Which donors are restricted: asked by every query that lists or finds donors, and the history of how it came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, update
from sqlalchemy import select as sql_select
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from donations.core.calendar import day_of
from donations.core.donor import DonorId
from donations.core.name import name_key
from donations.core.payment import Allocation, PaymentId
from donations.ledger.retention import RetentionReason, RetentionState, Step, unnamed
from donations.store.donors.links import keep_together
from donations.store.donors.surviving import donors_behind, is_surviving, surviving_id
from donations.store.given import gifts, in_force
from donations.store.payments.allocations import last_allocation_id
from donations.store.session import ReadSession, WriteSession, as_reader, in_runs, next_ids
from donations.store.tables import AllocationRow, AttestationRow, DonorRow, StatementLineRow
from donations.store.tables.donors import DonorErasureRow, RestrictedDonorRow


def restricted_ids() -> SelectOfScalar[int]:
    """Return the numbers of all restricted donors, merged ones too, for `IN (...)`."""
    return select(RestrictedDonorRow.donor_id)


def all_restricted(session: ReadSession) -> frozenset[DonorId]:
    """Return the same as a set."""
    return frozenset(map(DonorId, session.exec(restricted_ids())))


def state_of(session: ReadSession, donor: DonorId) -> RetentionState:
    """Return how much is left of a donor."""
    row = session.get(RestrictedDonorRow, donor)
    if row is None:
        return RetentionState.NAMED
    return RetentionState.RESTRICTED if row.purged_at is None else RetentionState.UNNAMED


def is_on_legal_hold(session: ReadSession, donor: DonorId) -> bool:
    """Whether nothing of a standing donor, or of one behind it, may be destroyed now."""
    holds = (Step.HOLD.value, Step.RELEASE.value)
    behind = col(DonorErasureRow.donor_id).in_(donors_behind(donor))
    query = select(DonorErasureRow).where(behind, col(DonorErasureRow.step).in_(holds))
    latest = {row.donor_id: row.step for row in session.exec(query.order_by(col(DonorErasureRow.id)))}
    return Step.HOLD.value in latest.values()


class ErasureStep(NamedTuple):
    """A step on the way of a donor's data out of the books, or a hold on it."""

    step: Step
    why: RetentionReason
    done_by: str
    done_at: datetime


def history_of(session: ReadSession, donor: DonorId) -> list[ErasureStep]:
    """Return every step about a standing donor and those behind it, the newest first."""
    query = select(DonorErasureRow).where(col(DonorErasureRow.donor_id).in_(donors_behind(donor)))
    rows = session.exec(query.order_by(col(DonorErasureRow.id).desc()))
    return [ErasureStep(Step(row.step), RetentionReason(row.why), row.done_by, row.done_at) for row in rows]


def last_purge(session: ReadSession) -> date | None:
    """Return the day (Europe/Tallinn) on which something was purged last."""
    latest = select(func.max(DonorErasureRow.done_at)).where(DonorErasureRow.step == Step.PURGE.value)
    moment = session.scalar(latest)
    return None if moment is None else day_of(moment)


def note_step(
    session: WriteSession, donors: Iterable[DonorId], step: Step, why: RetentionReason, *, by: str, at: datetime
) -> None:
    """Keep what was done, when and why."""
    for donor, number in zip(sorted(donors), next_ids(session, DonorErasureRow), strict=False):
        session.add(DonorErasureRow(id=number, donor_id=donor, step=step.value, why=why.value, done_by=by, done_at=at))
    session.flush()


def take_names_out(session: WriteSession, donor: DonorId) -> None:
    """Let nothing show the name of a standing donor, or of those behind it, from now on, as it was asked for."""
    keep_together(session, [donor])
    ids = [DonorId(each) for each in session.scalars(donors_behind(donor))]
    _take_out(session, ids, by_link=False)
    for row in session.exec(select(RestrictedDonorRow).where(col(RestrictedDonorRow.donor_id).in_(ids))).all():
        row.by_link = False
    session.execute(update(DonorRow).where(col(DonorRow.id).in_(ids)).values(said_name=None))
    session.flush()


def renew_restrictions(session: WriteSession, donors: Collection[DonorId]) -> int:
    """Let whoever is one with a restricted donor be out of sight too, as long as that is so; return how many are new.

    What people wrote of them is shown nowhere then, and destroyed only when a person says so.
    """
    groups: defaultdict[int, list[DonorId]] = defaultdict(list)
    for run in in_runs(sorted(donors)):
        query = sql_select(col(DonorRow.id), col(DonorRow.merged_into_id)).where(col(DonorRow.id).in_(run))
        for donor, into in session.execute(query):
            groups[into or donor].append(DonorId(donor))
    known = {
        row.donor_id: row
        for run in in_runs(sorted(donors))
        for row in session.exec(select(RestrictedDonorRow).where(col(RestrictedDonorRow.donor_id).in_(run)))
    }
    new: list[DonorId] = []
    for group in groups.values():
        rows = [known[donor] for donor in group if donor in known]
        if any(not row.by_link for row in rows):
            new += [donor for donor in group if donor not in known]
        else:
            for row in rows:
                _bring_back(session, row)
    _take_out(session, new, by_link=True)
    return len(new)


def _take_out(session: WriteSession, donors: Collection[DonorId], *, by_link: bool) -> None:
    last = last_allocation_id(as_reader(session))
    seen = col(DonorRow.id).in_(donors), col(DonorRow.id).not_in(restricted_ids())
    for row in session.exec(select(DonorRow).where(*seen)).all():
        session.add(RestrictedDonorRow(donor_id=row.id, name=row.name, noticed_id=last, by_link=by_link))
        row.name, row.name_key = unnamed(DonorId(row.id)), ""
        session.add(row)
    session.flush()


def _bring_back(session: WriteSession, row: RestrictedDonorRow) -> None:
    donor = session.get_one(DonorRow, row.donor_id)
    donor.name, donor.name_key = row.name, name_key(row.name)
    session.add(donor)
    session.delete(row)
    session.flush()


def is_partly_restricted(session: ReadSession, donor: DonorId) -> bool:
    """Whether a restricted donor turned out to be one with others, of whom nothing is destroyed yet."""
    behind = col(RestrictedDonorRow.donor_id).in_(donors_behind(donor)), col(RestrictedDonorRow.by_link)
    return session.exec(select(RestrictedDonorRow.donor_id).where(*behind).limit(1)).first() is not None


def partly_restricted(session: ReadSession) -> list[DonorId]:
    """Return the standing donors who turned out to be one with others after they asked to be forgotten."""
    query = (
        sql_select(surviving_id())
        .join(RestrictedDonorRow, col(RestrictedDonorRow.donor_id) == col(DonorRow.id))
        .where(col(RestrictedDonorRow.by_link))
        .distinct()
        .order_by(surviving_id())
    )
    return list(map(DonorId, session.scalars(query)))


def hold_legally_like(session: WriteSession, donor: DonorId, *, like: DonorId) -> None:
    """Put a donor on hold where another is, whose payments it has now."""
    if is_on_legal_hold(as_reader(session), like):
        held = (DonorErasureRow.donor_id == like, DonorErasureRow.step == Step.HOLD.value)
        row = session.exec(select(DonorErasureRow).where(*held).order_by(col(DonorErasureRow.id).desc())).first()
        if row is not None:
            note_step(session, [donor], Step.HOLD, RetentionReason(row.why), by=row.done_by, at=row.done_at)


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
        .where(is_surviving(), col(RestrictedDonorRow.purged_at).is_(None))
        .order_by(col(RestrictedDonorRow.donor_id))
    )
    return list(map(DonorId, session.exec(query)))


def new_gifts(session: ReadSession, donor: DonorId) -> int:
    """Return how many gifts a restricted donor gave since somebody looked last."""
    row = session.get_one(RestrictedDonorRow, donor)
    later = (gifts.c.booked_for.in_(donors_behind(donor)), gifts.c.allocation_id > row.noticed_id)
    return session.scalar(sql_select(func.count()).select_from(gifts).where(*later)) or 0


def count_restricted(session: ReadSession, gifts: Iterable[Allocation]) -> int:
    """Return how many of these gifts are restricted donors'."""
    hidden = all_restricted(session)
    return sum(gift.donor in hidden for gift in gifts)


def giving_again(session: ReadSession) -> list[DonorId]:
    """Return the restricted donors who gave since somebody looked last."""
    return [donor for donor in restricted_donors(session) if new_gifts(session, donor)]


def notice(session: WriteSession, donor: DonorId) -> None:
    """Remember that somebody looked at what a restricted donor gave since."""
    row = session.get_one(RestrictedDonorRow, donor)
    row.noticed_id = last_allocation_id(as_reader(session))
    session.add(row)
    session.flush()


def payments_of_restricted(session: ReadSession, payments: Iterable[PaymentId]) -> frozenset[PaymentId]:
    """Return which of these are booked for restricted donors: whatever a later file says of them, they stay so."""
    if session.exec(restricted_ids().limit(1)).first() is None:
        return frozenset()
    found: set[int] = set()
    theirs = select(AllocationRow.payment_id).where(col(AllocationRow.donor_id).in_(restricted_ids()), in_force())
    for run in in_runs(sorted(payments)):
        found.update(session.exec(theirs.where(col(AllocationRow.payment_id).in_(run))))
    return frozenset(map(PaymentId, found))


def forgotten_payments(session: ReadSession, payments: Iterable[PaymentId]) -> frozenset[PaymentId]:
    """Return which of these are purged donors' or have nothing left to judge by: decisions on them stay."""
    if last_purge(session) is None:
        return frozenset()
    purged = select(RestrictedDonorRow.donor_id).where(col(RestrictedDonorRow.purged_at).is_not(None))
    theirs = select(AllocationRow.payment_id).where(col(AllocationRow.donor_id).in_(purged), in_force())
    textless = (
        select(AttestationRow.payment_id)
        .join(StatementLineRow, col(StatementLineRow.id) == col(AttestationRow.line_id))
        .group_by(col(AttestationRow.payment_id))
        .having(func.count(col(StatementLineRow.wording_id)) == 0)
    )
    found: set[int] = set()
    for run in in_runs(sorted(payments)):
        found.update(session.exec(theirs.where(col(AllocationRow.payment_id).in_(run))))
        found.update(session.exec(textless.where(col(AttestationRow.payment_id).in_(run))))
    return frozenset(map(PaymentId, found))
