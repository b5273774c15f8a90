"""What is kept of days and open payments is what all rows add up to: within a transaction, in previews, and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select, text
from tests.book import JAAN, MARI, NOW, Book, gift, line, statement
from tests.conftest import FreshEngine

from donations.acts.answering import answer, split, take_back
from donations.acts.offering import Answer
from donations.acts.pairing import bring_back, leave_out
from donations.acts.registering import NewNames, register
from donations.acts.undoing import undo
from donations.core.donor import AppealId
from donations.core.keyword import parse_keyword
from donations.core.payment import PaymentId, Purpose
from donations.store.kept_sums import day_sum, open_payment
from donations.store.session import ReadSession, WriteSession, as_reader, writing

JANUARY = (
    gift("01-05", 500),
    line("01-05", 500, "Jaan Tamm", JAAN, "toetus"),
    line("01-05", 500, "Jaan Tamm", JAAN, "toetus"),
    line("01-06", 900, "Jaan Tamm", JAAN, "toetus katusele"),
    line("01-06", 800, "Jaan Tamm", JAAN, "toetus"),
    line("01-07", -300, "Mari Mets", MARI, "tagastus"),
)
BY: dict[str, Any] = {"by": "treasurer", "now": NOW}
OTHER = Answer(purpose=Purpose.INCOME, reason="a fair")
PARTS = [
    Answer(purpose=Purpose.INCOME, reason="", minor=200),
    Answer(purpose=Purpose.GIFT, reason="", minor=300, donor="Jaan Tamm", appeal=AppealId(1)),
]
ACTS: list[Callable[[WriteSession], object]] = [
    lambda session: answer(session, PaymentId(4), OTHER, **BY),
    lambda session: answer(session, PaymentId(2), PARTS[0], **BY),
    lambda session: take_back(session, PaymentId(2), **BY),
    lambda session: split(session, PaymentId(3), PARTS, **BY),
    lambda session: leave_out(session, PaymentId(1), reason="twice", **BY),
    lambda session: bring_back(session, 1, **BY),
    lambda session: undo(session, 1, **BY),
    lambda session: register(
        session, NewNames(appeal="Roof", keywords=(parse_keyword("toetus"), parse_keyword("katus"))), now=NOW
    ),
    lambda session: undo(session, 2, **BY),
]


def kept(session: ReadSession, *, open_first: bool = False) -> tuple[set[Any], set[Any]]:
    """Return both tables; whichever is asked for first has to be up to date."""
    waiting = waiting_of(session) if open_first else set()
    sums = day_sum(session).c
    rows = session.execute(select(sums.day, sums.is_in, sums.purpose, sums.appeal_id, sums.minor, sums.parts))
    return {(str(day), *each) for day, *each in rows}, waiting or waiting_of(session)


def waiting_of(session: ReadSession) -> set[Any]:
    waiting = open_payment(session).c
    return {tuple(each) for each in session.execute(select(waiting.payment_id, waiting.minor))}


def added_up(session: ReadSession) -> tuple[set[Any], set[Any]]:
    """Add up what the tables of facts say, row by row."""

    def ask(said: str) -> Sequence[Any]:
        return session.execute(text(said)).all()

    payments = {row.id: row for row in ask("SELECT id, booked_on, minor FROM payment")}
    left = {row.payment_id: abs(payments[row.payment_id].minor) for row in ask("SELECT payment_id FROM attestation")}
    rows = ask("SELECT id, payment_id, purpose, appeal_id, minor, reverses_id FROM allocation")
    gone = {row.reverses_id for row in rows}
    sums: Counter[Any] = Counter()
    parts: Counter[Any] = Counter()

    def add(payment: int, purpose: str, minor: int, appeal: int = 0) -> None:
        of = payments[payment]
        key = str(of.booked_on), of.minor > 0, purpose, appeal
        sums[key] += minor if of.minor > 0 else -minor
        parts[key] += 1

    for row in rows:
        if row.reverses_id is None and row.id not in gone and row.payment_id in left:
            left[row.payment_id] -= row.minor
            add(row.payment_id, row.purpose, row.minor, row.appeal_id or 0)
    waiting = {number: rest for number, rest in left.items() if rest}
    for number, rest in waiting.items():
        add(number, "", rest)
    signed = {(number, rest if payments[number].minor > 0 else -rest) for number, rest in waiting.items()}
    return {(*key, sums[key], parts[key]) for key in parts}, signed


@pytest.fixture
def book(fresh_sqlite: FreshEngine) -> Iterator[Book]:
    """Books of their own on one database: the queries are the same."""
    with fresh_sqlite() as engine:
        yield Book(engine)


@pytest.mark.parametrize("is_read_between", [True, False])
def test_they_are_what_all_rows_add_up_to_whenever_they_are_read(book: Book, *, is_read_between: bool) -> None:
    book.take(statement("01-01", "01-31", *JANUARY))
    book.take(statement("01-06", "02-10", *JANUARY[3:], gift("02-03", 700)))
    seen = []
    for act in ACTS:
        for keep in (False, True):
            with writing(book.engine, keep=keep) as session:
                if is_read_between:
                    kept(as_reader(session))
                act(session)
                found = kept(as_reader(session), open_first=is_read_between)
                assert found == added_up(as_reader(session))
            seen.append(found)
        with book.reading() as reader:
            assert kept(reader) == added_up(reader) == found
    assert seen[::2] == seen[1::2], "a preview shows what is then done"
    assert all(one != other for one, other in pairwise(seen[::2])), "every act changes something"
