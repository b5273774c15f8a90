"""Which categories payees and payments had when blocks were published: what was told of them was told there."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise

from sqlmodel import col, select

from donations.core.payment import PaymentId
from donations.core.spending import CategoryId, Payee
from donations.store.session import ReadSession
from donations.store.tables.spending import PayeeCategoryRow, PaymentCategoryRow

Word = PayeeCategoryRow | PaymentCategoryRow


def payees_at(session: ReadSession, moments: Sequence[datetime]) -> dict[Payee, frozenset[CategoryId]]:
    """Return what payees belonged to at any of these moments, which are in order; erased ones are left out."""
    words: defaultdict[Payee, list[Word]] = defaultdict(list)
    for row in session.exec(select(PayeeCategoryRow).order_by(col(PayeeCategoryRow.id))):
        if row.payee:
            words[Payee(row.payee)].append(row)
    return {payee: _standing(said, moments) for payee, said in words.items()}


def payments_at(session: ReadSession, moments: Sequence[datetime]) -> dict[PaymentId, frozenset[CategoryId]]:
    """Return what payments belonged to by themselves at any of these moments, which are in order."""
    words: defaultdict[PaymentId, list[Word]] = defaultdict(list)
    for row in session.exec(select(PaymentCategoryRow).order_by(col(PaymentCategoryRow.id))):
        words[PaymentId(row.payment_id)].append(row)
    return {payment: _standing(said, moments) for payment, said in words.items()}


def _standing(words: Sequence[Word], moments: Sequence[datetime]) -> frozenset[CategoryId]:
    return frozenset(CategoryId(word.category_id) for word in _newest(words, moments) if word.category_id is not None)


def _newest(words: Sequence[Word], moments: Sequence[datetime]) -> Iterable[Word]:
    """Yield the words that were the newest at a moment; of two at that very moment both, for nobody knows."""
    for word, after in pairwise((*words, None)):
        if word is not None:
            first = bisect_left(moments, word.said_at)
            if first < len(moments) and (after is None or moments[first] <= after.said_at):
                yield word
