"""Of somebody known only the name agrees: a new donor is proposed first, and is one; who is known is never taken."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from tests.book import JAAN, MARI, NOW, Book, gift, line, statement

from donations.acts.answering import answer_alike, payment_with_id
from donations.acts.asking import review
from donations.acts.offering import Offer, is_already_answered, offers, taken
from donations.core.donor import DonorId
from donations.core.payment import PaymentId
from donations.matching.outcome import Because
from donations.store.payments.allocations import allocations_of
from donations.store.session import as_reader, writing

NAME = "Rein Raudsepp"
STRANGE = "EE652200221000000045"


def asked(book: Book, payment: int) -> tuple[Offer, ...]:
    with book.reading() as session:
        found = review(session, only=[PaymentId(payment)])
        return offers(found.questions[0], found)


def take(book: Book, number: int, *payments: int) -> set[DonorId | None]:
    """Take a proposal of the first of these payments for all of them, and return whose they are."""
    ids = [PaymentId(each) for each in payments]
    with writing(book.engine) as session:
        given = taken(as_reader(session), ids[0], number)
        done = answer_alike(session, ids, given, by="treasurer", now=NOW)
    return {each.donor for each in done.made}


def because(book: Book, payment: int) -> list[tuple[Because, bool]]:
    return [(each.because, each.is_new) for each in asked(book, payment)]


@pytest.fixture
def nameless(book: Book) -> Book:
    """Three gifts of one name from no account, as some banks' files have them."""
    rows = [line(f"03-0{day}", 1_000 * day, NAME, "", "annetus") for day in (1, 2, 3)]
    book.take(statement("03-01", "03-31", *rows))
    return book


def test_a_new_donor_is_new_though_somebody_of_that_name_was_made_since_it_was_shown(nameless: Book) -> None:
    assert because(nameless, 1) == [(Because.NEW_DONOR, True)]
    (first,), (second,) = take(nameless, 1, 1), take(nameless, 1, 2)
    assert first != second
    assert because(nameless, 3) == [
        (Because.NAMESAKE, True),
        (Because.SAME_NAME, False),
        (Because.SAME_NAME, False),
    ]
    assert len({each.what() for each in asked(nameless, 3)}) == 3
    assert take(nameless, 3, 3) == {second}


def test_one_answer_for_payments_alike_makes_one_new_donor(nameless: Book) -> None:
    (donor,) = take(nameless, 1, 1, 2)
    (other,) = take(nameless, 1, 3)
    assert donor != other


def test_a_new_donor_that_is_sent_twice_is_made_once(nameless: Book) -> None:
    take(nameless, 1, 1)
    given: Any = asked(nameless, 1)[0].given
    with nameless.reading() as session:
        assert is_already_answered(session, payment_with_id(session, PaymentId(1)), [given], by="treasurer")


@pytest.mark.parametrize(
    ("account", "text"), [(STRANGE, "tere"), (STRANGE, "anetus"), ("", "annetus"), ("", "anetus"), ("", "tere")]
)
@pytest.mark.parametrize("known", [1, 2])
def test_nothing_but_the_name_never_comes_before_a_new_donor(book: Book, account: str, text: str, known: int) -> None:
    """Whatever is asked, and however many are called so."""
    gifts = [gift(f"02-0{day}", 700, NAME, each) for day, each in enumerate((MARI, JAAN)[:known], 1)]
    book.take(statement("02-01", "02-28", *gifts))
    book.take(statement("03-01", "03-31", line("03-01", 900, NAME, account, text)), name="other.xml")
    payment = book.payment("03-01", 900)
    found = [each for each in asked(book, payment) if each.given.purpose == "gift"]
    assert [each.is_new for each in found[:1]] == [True]
    with book.reading() as session:
        rows = allocations_of(session, [PaymentId(1), PaymentId(2)]).values()
        before = {row.donor for each in rows for row in each}
    assert take(book, found[0].number, payment).isdisjoint(before)
    offered = [each.what() for each in found]
    assert all(one != other for one, other in combinations(offered, 2))
