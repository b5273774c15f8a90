"""The costs of some days with what they were for, and what published blocks told of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func
from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.money import Currency, Minor
from donations.core.payment import Payment, PaymentId, Purpose
from donations.core.spending import CategoryId, Payee, payee_of
from donations.published.spending import Fold, Spent, ToldBefore
from donations.store.given import entries
from donations.store.ids import append
from donations.store.payments.payments import load_payments
from donations.store.session import ReadSession, WriteSession
from donations.store.spending.categories import of_payees, of_payments
from donations.store.tables.publishing import SpendingToldRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CostOf:
    """What of one payment is a cost."""

    payment: PaymentId
    booked_on: date
    currency: Currency
    minor: Minor
    """As it is now: 0 where all of it was taken back."""
    late: Minor
    """Of it, what was booked by allocations with a higher number than was asked for."""
    content: Payment | None
    """None where no statement shows the payment any more."""
    payee: Payee | None
    category: CategoryId | None
    is_own: bool
    """Whether the category was said of the payment itself, not of its payee."""


def costs(
    session: ReadSession,
    *,
    first_day: date = date.min,
    last_day: date = date.max,
    after_allocation: int = 0,
    only: PaymentId | None = None,
) -> list[CostOf]:
    """Return the payments booked on these days that are costs, or that changed as such; the oldest first."""
    minor = -entries.c.minor
    late = case((entries.c.allocation_id > after_allocation, minor), else_=0)
    key = (entries.c.payment_id, entries.c.booked_on, entries.c.currency)
    query = (
        sql_select(*key, func.sum(minor), func.sum(late))
        .where(entries.c.purpose == Purpose.COST.value, entries.c.booked_on.between(first_day, last_day))
        .group_by(*key)
        .having((func.sum(minor) != 0) | (func.sum(late) != 0))
        .order_by(entries.c.booked_on, entries.c.payment_id)
    )
    if only is not None:
        query = query.where(entries.c.payment_id == only)
    rows = [(PaymentId(row[0]), *row[1:]) for row in session.execute(query)]
    return _with_categories(session, rows)


def _with_categories(session: ReadSession, rows: Sequence[tuple[PaymentId, date, str, int, int]]) -> list[CostOf]:
    ids = [row[0] for row in rows]
    contents = {payment.id: payment for payment in load_payments(session, ids)}
    by_payee, by_payment = of_payees(session), of_payments(session, ids)
    found = []
    for payment, booked_on, currency, minor, late in rows:
        content = contents.get(payment)
        payee = None if content is None else payee_of(content)
        found.append(
            CostOf(
                payment=payment,
                booked_on=booked_on,
                currency=Currency(currency),
                minor=int(minor),
                late=int(late),
                content=content,
                payee=payee,
                category=by_payment.get(payment) or (None if payee is None else by_payee.get(payee)),
                is_own=payment in by_payment,
            )
        )
    return found


_NONE = 0
"""Stands for what has no category."""
_SHOWN = ""


def told_so_far(session: ReadSession) -> Counter[CategoryId | None]:
    """Return what all blocks told, by category, in euro cents."""
    category = col(SpendingToldRow.category_id)
    rows = session.execute(sql_select(category, func.sum(col(SpendingToldRow.minor))).group_by(category))
    return Counter({None if each == _NONE else CategoryId(each): int(minor) for each, minor in rows})


def seen_so_far(session: ReadSession) -> ToldBefore:
    """Return which categories blocks showed, and which they folded to hide somebody's pay."""
    columns = (col(SpendingToldRow.category_id), col(SpendingToldRow.fold))
    found = {(CategoryId(each), fold) for each, fold in session.execute(sql_select(*columns).distinct())}
    return ToldBefore(
        shown=frozenset(each for each, fold in found if fold == _SHOWN),
        covering=frozenset(each for each, fold in found if fold == Fold.COVER.value),
    )


def keep_told(session: WriteSession, spent: Spent, *, block: int) -> None:
    """Keep what a block tells."""
    folds: dict[CategoryId | None, Fold] = {**spent.folded, **dict.fromkeys(spent.covering, Fold.COVER)}
    rows = (
        {"block_number": block, "category_id": each or _NONE, "minor": minor, "fold": folds.get(each, _SHOWN)}
        for each, minor in spent.by_category.items()
        if minor
    )
    append(session, SpendingToldRow, rows)
