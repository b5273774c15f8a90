"""What costs were for: categories, what people said of payees and payments, and the costs that come of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import case, func
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from donations.core.money import Currency, Minor
from donations.core.name import NameKey
from donations.core.payment import Payment, PaymentId, Purpose
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.core.spending import Category, CategoryId, Payee, payee_of, payees_with
from donations.published.spending import Fold, PublishedBefore, Spent
from donations.store.appending import append
from donations.store.given import entries
from donations.store.payments.payments import load_payments
from donations.store.session import ReadSession, WriteSession, as_reader, in_runs, next_ids
from donations.store.tables.publishing import (
    PayeeCategoryRow,
    PaymentCategoryRow,
    PublishedSpendingRow,
    SpendingCategoryRow,
)


def categories(session: ReadSession) -> list[Category]:
    """Return the categories by name."""
    rows = session.exec(select(SpendingCategoryRow))
    found = (Category(id=CategoryId(row.id), name=row.name, pays_people=row.pays_people) for row in rows)
    return sorted(found, key=lambda category: category.name.casefold())


def add_category(session: WriteSession, name: str, *, pays_people: bool, by: str, at: datetime) -> CategoryId:
    """Add a category; raises `Refusal`."""
    _refuse_taken(session, name)
    row = SpendingCategoryRow(
        id=next(next_ids(session, SpendingCategoryRow)),
        name=name,
        pays_people=pays_people,
        made_by=by,
        made_at=at.astimezone(UTC),
    )
    session.add(row)
    session.flush()
    return CategoryId(row.id)


def change_category(session: WriteSession, category: CategoryId, name: str, *, pays_people: bool) -> bool:
    """Call a category otherwise, from now on in published blocks too; returns whether it exists.

    Raises `Refusal`.
    """
    row = session.get(SpendingCategoryRow, category)
    if row is None:
        return False
    _refuse_taken(session, name, but=category)
    row.name, row.pays_people = name, pays_people
    session.flush()
    return True


def _refuse_taken(session: WriteSession, name: str, *, but: CategoryId | None = None) -> None:
    rows = session.exec(select(SpendingCategoryRow))
    if any(row.name.casefold() == name.casefold() and row.id != but for row in rows):
        raise Refusal(BooksCode.CATEGORY_NAME_TAKEN)


def of_payees(session: ReadSession) -> dict[Payee, CategoryId]:
    """Return what each payee is paid for, by the newest word."""
    rows = session.exec(select(PayeeCategoryRow).order_by(col(PayeeCategoryRow.id)))
    latest = {Payee(row.payee): row.category_id for row in rows if row.payee}
    return {payee: CategoryId(category) for payee, category in latest.items() if category is not None}


def of_payments(session: ReadSession, payments: Iterable[PaymentId]) -> dict[PaymentId, CategoryId]:
    """Return which of these payments have a category of their own, by the newest word."""
    found: dict[PaymentId, int | None] = {}
    for run in in_runs(sorted(set(payments))):
        query = select(PaymentCategoryRow).where(col(PaymentCategoryRow.payment_id).in_(run))
        rows = session.exec(query.order_by(col(PaymentCategoryRow.id)))
        found |= {PaymentId(row.payment_id): row.category_id for row in rows}
    return {payment: CategoryId(category) for payment, category in found.items() if category is not None}


def keep_payee_categories(
    session: WriteSession, said: Mapping[Payee, CategoryId | None], *, by: str, at: datetime
) -> None:
    """Let everything that these payees are and were paid have these categories; None: none any more."""
    values = ({"payee": payee, "category_id": category} for payee, category in said.items())
    _keep(session, PayeeCategoryRow, values, by=by, at=at)


def keep_payment_categories(
    session: WriteSession, said: Mapping[PaymentId, CategoryId | None], *, by: str, at: datetime
) -> None:
    """Let these payments have these categories whatever their payees have; None: again what their payees have."""
    values = ({"payment_id": payment, "category_id": category} for payment, category in said.items())
    _keep(session, PaymentCategoryRow, values, by=by, at=at)


def _keep(
    session: WriteSession,
    table: type[PayeeCategoryRow | PaymentCategoryRow],
    values: Iterable[dict[str, Any]],
    *,
    by: str,
    at: datetime,
) -> None:
    ids = next_ids(session, table)
    append(session, table, [{"id": next(ids), **each, "said_by": by, "said_at": at.astimezone(UTC)} for each in values])


def erase_payees(session: WriteSession, payees: Iterable[Payee]) -> int:
    """Erase who these payees were from all words on them; return how many words."""
    rows = session.exec(select(PayeeCategoryRow).where(col(PayeeCategoryRow.payee).in_(sorted(payees)))).all()
    for row in rows:
        row.payee = ""
    session.flush()
    return len(rows)


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


def published_so_far(session: ReadSession) -> Counter[CategoryId | None]:
    """Return what all blocks told, by category, in euro cents."""
    category = col(PublishedSpendingRow.category_id)
    rows = session.execute(sql_select(category, func.sum(col(PublishedSpendingRow.minor))).group_by(category))
    return Counter({None if each == _NONE else CategoryId(each): int(minor) for each, minor in rows})


def seen_so_far(session: ReadSession) -> PublishedBefore:
    """Return which categories blocks showed, and which they folded to hide somebody's pay."""
    columns = (col(PublishedSpendingRow.category_id), col(PublishedSpendingRow.fold))
    found = {(CategoryId(each), fold) for each, fold in session.execute(sql_select(*columns).distinct())}
    return PublishedBefore(
        shown=frozenset(each for each, fold in found if fold == _SHOWN),
        covering=frozenset(each for each, fold in found if fold == Fold.COVER.value),
    )


def keep_published(session: WriteSession, spent: Spent, *, block: int) -> None:
    """Keep what a block tells."""
    folds: dict[CategoryId | None, Fold] = {**spent.folded, **dict.fromkeys(spent.covering, Fold.COVER)}
    rows = (
        {"block_number": block, "category_id": each or _NONE, "minor": minor, "fold": folds.get(each, _SHOWN)}
        for each, minor in spent.by_category.items()
        if minor
    )
    append(session, PublishedSpendingRow, rows)


def categorise_payees(
    session: WriteSession, wanted: Mapping[PaymentId, CategoryId | None], *, by: str, at: datetime
) -> int:
    """Give the payees of these payments their categories, from now on and before; return how many changed.

    A payment without a payee gets the category by itself. Raises `Refusal`.
    """
    _refuse_unknown(session, wanted)
    reader = as_reader(session)
    now, own = of_payees(reader), of_payments(reader, wanted)
    payees: dict[Payee, CategoryId | None] = {}
    payments: dict[PaymentId, CategoryId | None] = {}
    for payment in load_payments(reader, wanted):
        payee, category = payee_of(payment), wanted[payment.id]
        if payee is not None and now.get(payee) != category:
            payees[payee] = category
        elif payee is None and own.get(payment.id) != category:
            payments[payment.id] = category
    keep_payee_categories(session, payees, by=by, at=at)
    keep_payment_categories(session, payments, by=by, at=at)
    return len(payees) + len(payments)


def categorise_payment(
    session: WriteSession, payment: PaymentId, category: CategoryId | None, *, by: str, at: datetime
) -> bool:
    """Give one payment a category of its own, or its payee's again; return whether that changed anything.

    Raises `Refusal`.
    """
    _refuse_unknown(session, {payment: category})
    if of_payments(as_reader(session), [payment]).get(payment) == category:
        return False
    keep_payment_categories(session, {payment: category}, by=by, at=at)
    return True


def forget_payees(
    session: WriteSession, *, ibans: Iterable[str], names: Iterable[NameKey], by: str, at: datetime
) -> int:
    """Erase who payees with these accounts or names were; return how many words on them.

    What they were paid keeps its categories, payment by payment, so that no sum changes: to be done before the texts
    of lines are erased.
    """
    gone, reader = payees_with(ibans=ibans, names=names), as_reader(session)
    left = {each.payment: each.category for each in costs(reader) if each.payee in gone and not each.is_own}
    kept = {payment: category for payment, category in left.items() if category is not None}
    keep_payment_categories(session, kept, by=by, at=at)
    return erase_payees(session, gone)


def _refuse_unknown(session: WriteSession, wanted: Mapping[PaymentId, CategoryId | None]) -> None:
    known = {category.id for category in categories(as_reader(session))}
    if not {category for category in wanted.values() if category is not None} <= known:
        raise Refusal(BooksCode.UNKNOWN_CATEGORY)
