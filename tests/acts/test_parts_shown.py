"""An entry that its transactions do not explain: each is proposed as a gift once, and who gave keeps the account."""

from __future__ import annotations

import pytest
from tests.book import JAAN, MARI, NOW, Book, gift, line, statement

from donations.acts.answering import answer_alike
from donations.acts.asking import review
from donations.acts.erasing import restrict
from donations.acts.offering import Answer, Offer, offers, taken
from donations.core.donor import ANONYMOUS
from donations.core.iban import parse_account
from donations.core.money import EUR, Amount, Currency, Minor, parse_currency
from donations.core.payment import Allocation, PaymentId, Purpose
from donations.core.statement import Counterparty, Detail
from donations.ledger.booking import live
from donations.ledger.retention import RetentionReason
from donations.matching.outcome import Ask, AskReason, Because
from donations.store.payments.allocations import allocations_of
from donations.store.session import as_reader, writing

USD = parse_currency("USD")
MARI_METS, JAAN_TAMM = ("Mari Mets", MARI), ("Jaan Tamm", JAAN)


def part(who: tuple[str, str], minor: Minor | None, *, text: str = "Annetus", currency: Currency = EUR) -> Detail:
    name, account = who
    amount = None if minor is None else Amount(minor, currency)
    return Detail(counterparty=Counterparty(name=name, account=parse_account(account)), text=text, amount=amount)


def take_entry(book: Book, minor: Minor, *details: Detail) -> PaymentId:
    book.take(statement("01-01", "01-31", line("01-05", minor, details=details), opening=0))
    return book.payment("01-05", minor)


def proposed(book: Book, payment: PaymentId) -> list[Offer]:
    with book.reading() as session:
        found = review(session, only=[payment])
        return [
            each for each in offers(found.questions[0], found) if each.because in {Because.SHOWN_PART, Because.SHARE}
        ]


def parts(book: Book, payment: PaymentId) -> list[tuple[str, Minor | None]]:
    return [(each.donor_name, each.given.minor) for each in proposed(book, payment)]


def take(book: Book, payment: PaymentId, number: int) -> None:
    with writing(book.engine) as session:
        given = taken(as_reader(session), payment, number)
        answer_alike(session, [payment], given, by="treasurer", now=NOW)


def booked(book: Book, payment: PaymentId) -> list[Allocation]:
    with book.reading() as session:
        return live(allocations_of(session, [payment]).get(payment, []))


def test_each_part_is_a_gift_of_its_own_and_proposed_until_it_is_booked(book: Book) -> None:
    entry = take_entry(book, 3_000, part(MARI_METS, 1_000), part(JAAN_TAMM, 1_500))
    assert parts(book, entry) == [("Mari Mets", 1_000), ("Jaan Tamm", 1_500)]
    take(book, entry, 1)
    assert parts(book, entry) == [("Jaan Tamm", 1_500)]
    take(book, entry, 1)
    assert parts(book, entry) == []
    assert [(each.purpose, each.amount.minor) for each in booked(book, entry)] == [
        (Purpose.GIFT, 1_000),
        (Purpose.GIFT, 1_500),
    ]
    assert {each.donor for each in booked(book, entry)} == {book.donor("Mari Mets"), book.donor("Jaan Tamm")}
    assert not book.broken()


@pytest.mark.parametrize("by_hand", [False, True])
@pytest.mark.parametrize("gave_before", [False, True])
def test_who_gave_a_part_is_who_gives_from_that_account(book: Book, *, by_hand: bool, gave_before: bool) -> None:
    """By a proposal or by name, whether the next gift is known already or comes later."""
    other = statement("02-01", "02-28", gift("02-20", 700), opening=3_000)
    if gave_before:
        book.take(other)
    entry = take_entry(book, 3_000, part(MARI_METS, 1_000))
    if by_hand:
        book.answer(entry, Answer(purpose=Purpose.GIFT, reason="seen", donor="mari mets", minor=1_000))
    else:
        take(book, entry, 1)
    if not gave_before:
        book.take(other)
    (of_part,), (later,) = booked(book, entry), booked(book, book.payment("02-20", 700))
    assert of_part.donor == later.donor == book.donor("Mari Mets")


def test_after_charges_each_has_its_share_of_what_came(book: Book) -> None:
    entry = take_entry(book, 4_400, part(MARI_METS, 2_500), part(JAAN_TAMM, 2_000))
    assert parts(book, entry) == [("Mari Mets", 2_444), ("Jaan Tamm", 1_956)]
    take(book, entry, 1)
    take(book, entry, 1)
    assert sum(each.amount.minor for each in booked(book, entry)) == 4_400


def test_after_an_exchange_too(book: Book) -> None:
    entry = take_entry(book, 9_220, part(MARI_METS, 5_000, currency=USD), part(JAAN_TAMM, 5_000, currency=USD))
    assert parts(book, entry) == [("Mari Mets", 4_610), ("Jaan Tamm", 4_610)]


def test_no_share_is_made_up_where_an_amount_is_missing(book: Book) -> None:
    """But who is named keeps the account."""
    entry = take_entry(book, 9_220, part(MARI_METS, 5_000, currency=USD), part(JAAN_TAMM, None))
    assert parts(book, entry) == []
    book.answer(entry, Answer(purpose=Purpose.GIFT, reason="by letter", donor="Mari Mets", minor=4_600))
    book.take(statement("02-01", "02-28", gift("02-20", 700), opening=9_220))
    (later,) = booked(book, book.payment("02-20", 700))
    assert [each.donor for each in booked(book, entry)] == [later.donor]


def test_where_no_part_seems_a_gift_the_question_is_as_any(book: Book) -> None:
    entry = take_entry(book, 3_000, part(("", ""), 1_000, text=""), part(("", ""), 1_500, text=""))
    with book.reading() as session:
        found = review(session, only=[entry])
        offered = offers(found.questions[0], found)
    assert isinstance(found.questions[0].outcome, Ask)
    assert found.questions[0].outcome.why is AskReason.UNEXPLAINED
    assert offered[0].because is Because.NOTHING_SAID


def test_what_is_no_gift_by_itself_is_not_proposed_as_one(book: Book) -> None:
    denied = part(MARI_METS, 1_000, text="Annetus? Ei, arve 17")
    entry = take_entry(book, 3_000, denied, part(JAAN_TAMM, 1_500))
    assert parts(book, entry) == [("Jaan Tamm", 1_500)]


def test_what_was_booked_in_another_amount_is_not_proposed_again(book: Book) -> None:
    entry = take_entry(book, 3_000, part(MARI_METS, 1_000), part(JAAN_TAMM, 1_500))
    book.answer(entry, Answer(purpose=Purpose.GIFT, reason="charges", donor="Mari Mets", minor=900))
    assert parts(book, entry) == [("Jaan Tamm", 1_500)]


def test_two_parts_alike_are_taken_once_each(book: Book) -> None:
    entry = take_entry(book, 3_000, part(MARI_METS, 1_000), part(MARI_METS, 1_000))
    assert parts(book, entry) == [("Mari Mets", 1_000), ("Mari Mets", 1_000)]
    take(book, entry, 1)
    assert parts(book, entry) == [("Mari Mets", 1_000)]
    take(book, entry, 1)
    assert parts(book, entry) == []


def test_of_parts_of_one_amount_nobody_can_tell_which_went_to_somebody_else(book: Book) -> None:
    entry = take_entry(book, 3_000, part(MARI_METS, 1_000), part(JAAN_TAMM, 1_000))
    book.answer(entry, Answer(purpose=Purpose.GIFT, reason="by letter", donor=ANONYMOUS, minor=1_000))
    assert parts(book, entry) == []


def test_a_part_of_who_asked_to_be_forgotten_is_not_proposed(book: Book) -> None:
    book.take(statement("02-01", "02-28", gift("02-20", 700), opening=3_000))
    mari = book.donor("Mari Mets")
    with writing(book.engine) as session:
        restrict(session, mari, why=RetentionReason.ASKED, by="treasurer", now=NOW, today=NOW.date())
    under_another_name = ("Mari Kask", MARI)
    entry = take_entry(book, 3_000, part(MARI_METS, 1_000), part(under_another_name, 300), part(JAAN_TAMM, 1_500))
    assert parts(book, entry) == [("Jaan Tamm", 1_500)]


def test_two_of_one_name_are_not_told_apart_by_it(book: Book) -> None:
    entry = take_entry(book, 3_000, part(MARI_METS, 1_000), part(("Mari Mets", JAAN), 1_500))
    book.answer(entry, Answer(purpose=Purpose.GIFT, reason="seen", donor="Mari Mets", minor=1_000))
    book.take(statement("02-01", "02-28", gift("02-20", 700), opening=3_000))
    (of_part,), (later,) = booked(book, entry), booked(book, book.payment("02-20", 700))
    assert of_part.donor != later.donor


def test_a_code_that_an_entry_shows_of_somebody_says_nothing_of_other_payments(book: Book) -> None:
    code = "49403136526"
    shown = (part(MARI_METS, 1_000, text=f"annetus {code}"), part(JAAN_TAMM, 1_500))
    other = line("01-06", 500, "Peeter Puu", "EE377700771000555017", f"annetus {code}")
    book.take(statement("01-01", "01-31", line("01-05", 3_000, details=shown), other, opening=0))
    assert [each.purpose for each in booked(book, book.payment("01-06", 500))] == [Purpose.GIFT]
    assert not book.broken()
