"""Categories of spending, and people's words on what a payee or a payment belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select

from donations.core.payment import PaymentId
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.core.spending import Category, CategoryId, Payee
from donations.store.ids import append, in_runs, next_ids
from donations.store.session import ReadSession, WriteSession
from donations.store.tables.publishing import PayeeCategoryRow, PaymentCategoryRow, SpendingCategoryRow


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
