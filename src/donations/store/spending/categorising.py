"""A person says what costs were for: of everything that a payee is paid, or of one payment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from donations.core.name import NameKey
from donations.core.payment import PaymentId
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.core.spending import CategoryId, Payee, payee_of, payees_with
from donations.store.payments.payments import load_payments
from donations.store.session import WriteSession, as_reader
from donations.store.spending.categories import (
    categories,
    erase_payees,
    keep_payee_categories,
    keep_payment_categories,
    of_payees,
    of_payments,
)
from donations.store.spending.costs import costs


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
