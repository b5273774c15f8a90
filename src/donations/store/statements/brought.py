"""What an import brought: the payments that no earlier import shows, and what stands booked on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Subquery, func, or_, true
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col, exists

from donations.core.donor import DonorId
from donations.core.money import Currency, Minor
from donations.core.payment import PaymentId, Purpose
from donations.store.donors.surviving import surviving_id
from donations.store.given import gifts, parts
from donations.store.kept_sums import is_open
from donations.store.session import ReadSession, in_runs
from donations.store.tables import AttestationRow, DonorRow, PaymentRow, StatementLineRow, StatementRow


@dataclass(frozen=True, slots=True)
class ImportEffectSum:
    """How many allocations were for one purpose, and their sums in minor units (unsigned)."""

    purpose: Purpose
    count: int
    totals: tuple[tuple[Currency, Minor], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportEffect:
    """What an import brought to the books."""

    payments: frozenset[PaymentId]
    """That no earlier import shows."""
    purposes: tuple[ImportEffectSum, ...]
    donors: frozenset[DonorId]
    """Who gave what came with it."""
    new_donors: frozenset[DonorId]
    """Of these, whom no earlier import shows a gift of."""
    open: tuple[PaymentId, ...]
    """Payments with money that has no purpose yet, in the order of their days."""

    def sum_of(self, purpose: Purpose) -> ImportEffectSum:
        """Return what was for this purpose."""
        return next((each for each in self.purposes if each.purpose == purpose), ImportEffectSum(purpose, 0, ()))


def import_effect(session: ReadSession, file_id: int) -> ImportEffect:
    """Return what stands in the books because of this import; nothing of one that was undone."""
    payments = _payments(file_id)
    donors = _donors(session, payments)
    return ImportEffect(
        payments=frozenset(PaymentId(payment) for (payment,) in session.execute(sql_select(payments.c.id))),
        purposes=_purposes(session, payments),
        donors=donors,
        new_donors=donors - _gave(session, donors, _shown_earlier(gifts.c.payment_id, file_id)),
        open=_open(session, payments),
    )


def count_brought(session: ReadSession, files: Sequence[int]) -> int:
    """Return how many payments these imports show, in the order of their numbers, and none before the first does."""
    if not files:
        return 0
    payment = col(AttestationRow.payment_id)
    query = (
        sql_select(func.count(payment.distinct()))
        .join(StatementLineRow, col(StatementLineRow.id) == col(AttestationRow.line_id))
        .join(StatementRow, col(StatementRow.id) == col(StatementLineRow.statement_id))
        .where(col(StatementRow.file_id).in_(files), ~_shown_earlier(payment, files[0]))
    )
    return session.scalar(query) or 0


def attested_by(session: ReadSession, file_id: int) -> dict[PaymentId, date]:
    """Return every payment that lines of this file attest, with its day; earlier imports may show it too."""
    query = (
        sql_select(col(PaymentRow.id), col(PaymentRow.booked_on))
        .join(AttestationRow, col(AttestationRow.payment_id) == col(PaymentRow.id))
        .join(StatementLineRow, col(StatementLineRow.id) == col(AttestationRow.line_id))
        .join(StatementRow, col(StatementRow.id) == col(StatementLineRow.statement_id))
        .where(col(StatementRow.file_id) == file_id)
    )
    return {PaymentId(payment): day for payment, day in session.execute(query)}


def without_gifts(session: ReadSession, donors: Iterable[DonorId]) -> set[DonorId]:
    """Return those who stand for these donors and have no gift in the books."""
    wanted: set[DonorId] = set()
    for run in in_runs(sorted(donors)):
        query = sql_select(surviving_id()).where(col(DonorRow.id).in_(run))
        wanted.update(DonorId(donor) for (donor,) in session.execute(query))
    return wanted - _gave(session, wanted, true())


def _payments(file_id: int) -> Subquery:
    """Select the payments that lines of this file attest and lines of no earlier one."""
    return (
        sql_select(col(AttestationRow.payment_id).label("id"))
        .join(StatementLineRow, col(StatementLineRow.id) == col(AttestationRow.line_id))
        .join(StatementRow, col(StatementRow.id) == col(StatementLineRow.statement_id))
        .where(col(StatementRow.file_id) == file_id, ~_shown_earlier(col(AttestationRow.payment_id), file_id))
        .distinct()
        .subquery()
    )


_EARLIER = (aliased(AttestationRow), aliased(StatementLineRow), aliased(StatementRow))
"""Made once, as what stands behind a donor below: to make them takes longer than to ask about a few."""


def _shown_earlier(payment: Any, file_id: int) -> ColumnElement[bool]:
    attestation, line, statement = _EARLIER
    return exists().where(
        col(attestation.payment_id) == payment,
        col(line.id) == col(attestation.line_id),
        col(statement.id) == col(line.statement_id),
        col(statement.file_id) < file_id,
    )


def _purposes(session: ReadSession, payments: Subquery) -> tuple[ImportEffectSum, ...]:
    key = (parts.c.purpose, parts.c.currency)
    query = (
        sql_select(*key, func.count(), func.sum(func.abs(parts.c.minor)))
        .join(payments, payments.c.id == parts.c.payment_id)
        .group_by(*key)
        .order_by(*key)
    )
    counts: defaultdict[Purpose, int] = defaultdict(int)
    sums: defaultdict[Purpose, list[tuple[Currency, Minor]]] = defaultdict(list)
    for purpose, currency, count, minor in session.execute(query):
        counts[Purpose(purpose)] += count
        sums[Purpose(purpose)].append((Currency(currency), int(minor)))
    return tuple(ImportEffectSum(purpose, count, tuple(sums[purpose])) for purpose, count in counts.items())


def _donors(session: ReadSession, payments: Subquery) -> frozenset[DonorId]:
    query = sql_select(gifts.c.donor_id).join(payments, payments.c.id == gifts.c.payment_id).distinct()
    return frozenset(map(DonorId, session.scalars(query)))


_Behind = aliased(DonorRow)


def _gave(session: ReadSession, donors: Iterable[DonorId], condition: ColumnElement[bool]) -> set[DonorId]:
    """Return those of these standing donors who have a gift of which the condition is true."""
    # The first such gift of each is enough: there may be years of them.
    gift = (
        exists()
        .where(or_(col(_Behind.id) == col(DonorRow.id), col(_Behind.merged_into_id) == col(DonorRow.id)))
        .where(gifts.c.booked_for == col(_Behind.id), condition)
    )
    found: set[DonorId] = set()
    for run in in_runs(sorted(donors)):
        found.update(map(DonorId, session.scalars(sql_select(col(DonorRow.id)).where(col(DonorRow.id).in_(run), gift))))
    return found


def _open(session: ReadSession, payments: Subquery) -> tuple[PaymentId, ...]:
    query = (
        sql_select(col(PaymentRow.id))
        .join(payments, payments.c.id == col(PaymentRow.id))
        .where(is_open(session))
        .order_by(col(PaymentRow.booked_on), col(PaymentRow.id))
    )
    return tuple(PaymentId(payment) for (payment,) in session.execute(query))
