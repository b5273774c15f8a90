"""What is selected as given is the pure fold over the allocations, whatever people answered and took back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Subquery, select
from sqlmodel import col
from tests.book import JAAN, MARI, NOW, Book, gift, line, statement
from tests.conftest import FreshEngine
from tests.examples import examples

from donations.acts.merging import merge
from donations.acts.offering import Answer
from donations.core.donor import DonorId
from donations.core.payment import Allocation, PaymentId, Purpose
from donations.ledger.booking import live
from donations.store import given as store
from donations.store.donors import people
from donations.store.payments.allocations import allocations_of
from donations.store.session import ReadSession, writing
from donations.store.tables import PaymentRow

_SIGNS = {Purpose.REFUND: -1, Purpose.COST: -1}
_ANSWERS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["gift", "other donor", "income", "undo"])), max_size=6
)
Rows = Counter[tuple[Any, ...]]


@settings(max_examples=examples(8), suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(answers=_ANSWERS, merged=st.booleans())
def test_selectables_are_the_fold(
    fresh_engine: FreshEngine, answers: Sequence[tuple[int, str]], *, merged: bool
) -> None:
    with fresh_engine() as engine:
        book = _lived(Book(engine), answers, merged=merged)
        with book.reading() as session:
            known = allocations_of(session, map(PaymentId, session.scalars(select(col(PaymentRow.id)))))
            tops = {each: donor.id for each, donor in people.donors(session, map(DonorId, range(1, 9))).items()}
            standing = {row: 1 for rows in known.values() for row in live(rows)}
            assert _rows(session, store.parts) == _folded(standing, tops)
            assert _rows(session, store.given) == _folded(_of(standing, Purpose.GIFT, Purpose.REFUND), tops)
            assert _rows(session, store.gifts) == _folded(_of(standing, Purpose.GIFT), tops)
            every = {row: 1 if row.reverses is None else -1 for rows in known.values() for row in rows}
            assert _rows(session, store.entries) == _folded(every, tops)
            assert _sums(session, store.entries) == _sums(session, store.parts)


def _lived(book: Book, answers: Sequence[tuple[int, str]], *, merged: bool) -> Book:
    """Two donors, money that went back, a cost, and what nobody can tell; then what people said of money in."""
    book.take(
        statement(
            *("01-01", "01-31"),
            *(gift("01-05", 1_000, "Mari Mets", MARI), gift("01-06", 2_000, "Jaan Tamm", JAAN)),
            *(line("01-07", 700, text="tere"), line("01-08", 900, text="tere")),
            *(line("01-20", -2_000, "Jaan Tamm", JAAN, "Annetuse tagastamine"), line("01-21", -300, "Elektri AS")),
            opening=0,
        )
    )
    mari, jaan = book.donor("Mari Mets"), book.donor("Jaan Tamm")
    if merged:
        with writing(book.engine) as session:
            merge(session, jaan, into=mari, reason="one person", by="treasurer", now=NOW)
    file = book.take(statement("02-01", "02-28", gift("02-05", 500, "Mari Mets", MARI)), name="02.xml").file_id
    money_in = (("01-05", 1_000), ("01-06", 2_000), ("01-07", 700), ("01-08", 900))
    for which, what in answers:
        payment = book.payment(*money_in[which])
        if what == "undo":
            book.undo(file)
            break
        if what == "income":
            book.answer(payment, Answer(purpose=Purpose.INCOME, reason="a ticket"))
        else:
            book.answer(payment, Answer(purpose=Purpose.GIFT, reason="said", donor=mari if what == "gift" else jaan))
    return book


def _of(rows: dict[Allocation, int], *purposes: Purpose) -> dict[Allocation, int]:
    return {row: sign for row, sign in rows.items() if row.purpose in purposes}


def _folded(rows: dict[Allocation, int], tops: dict[DonorId, DonorId]) -> Rows:
    return Counter(
        (
            *(row.id, row.payment, row.purpose.value, row.donor, None if row.donor is None else tops[row.donor]),
            *(row.appeal, sign * _SIGNS.get(row.purpose, 1) * row.amount.minor),
        )
        for row, sign in rows.items()
    )


def _rows(session: ReadSession, what: Subquery) -> Rows:
    columns = ("allocation_id", "payment_id", "purpose", "booked_for", "donor_id", "appeal_id", "minor")
    return Counter(tuple(row) for row in session.execute(select(*(what.c[name] for name in columns))))


def _sums(session: ReadSession, what: Subquery) -> Counter[PaymentId]:
    sums = Counter[PaymentId]()
    for payment, minor in session.execute(select(what.c.payment_id, what.c.minor)):
        sums[payment] += minor
    return Counter({payment: minor for payment, minor in sums.items() if minor})
