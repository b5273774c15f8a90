"""Refunds: to any account of the donor, of the gift that is meant, never silently of more than is left; bounced."""

from __future__ import annotations

from itertools import permutations

import pytest
from tests.book import JAAN, MARI, NOW, OTHER_OWN, Book, gift, line, statement
from tests.conftest import FreshEngine
from tests.written_once import written_once

from donations.acts.answering import answer_alike, split, take_back, take_back_answer
from donations.acts.asking import review
from donations.acts.certificate import giving_of_year
from donations.acts.offering import Answer, offered, taken
from donations.acts.registering import NewForms, register
from donations.acts.teaching import first_meaning
from donations.core.keyword import parse_keyword
from donations.core.money import Minor
from donations.core.payment import Purpose
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode
from donations.core.statement import StatementLine
from donations.ledger.booking import live
from donations.matching.outcome import Ask, AskReason, Because, Proposal
from donations.store.payments.allocations import allocations_of
from donations.store.payments.payments import load_payments
from donations.store.session import writing

CODE = "49403136526"


def asked(book: Book, on: str, minor: Minor) -> Ask | None:
    """Return what is asked about the payment of a day and amount, None where it has its purpose."""
    with book.reading() as session:
        (found,) = review(session, only=[book.payment(on, minor)]).questions
    return found.outcome if found.unallocated and isinstance(found.outcome, Ask) else None


def offers(book: Book, on: str, minor: Minor) -> tuple[Proposal, ...]:
    found = asked(book, on, minor)
    assert found is not None
    return found.proposals


def take_offer(book: Book, on: str, minor: Minor, number: int = 1) -> None:
    payment = book.payment(on, minor)
    with book.reading() as session:
        given = taken(session, payment, number)
    book.answer(payment, given)


def given_in(book: Book, year: int = 2026) -> dict[str, Minor]:
    with book.reading() as session:
        return {each.name: each.minor for each in giving_of_year(session, year).given}


@pytest.mark.parametrize(
    "out",
    [
        pytest.param(line("03-20", -2_000, "Mari Mets", JAAN, "x"), id="to another account, by name and amount"),
        pytest.param(line("03-20", -2_000, "Mari Mets", "", "x"), id="without an account"),
        pytest.param(line("03-20", -2_000, "M. Mets", JAAN, "x", code=CODE), id="by the code"),
        pytest.param(line("03-20", -700, "METS, Mari", JAAN, "tagasi osa"), id="a part, by name, that says a return"),
        pytest.param(line("03-20", -700, "Keegi", JAAN, "Annetuse tagastus"), id="to somebody not known"),
    ],
)
def test_a_refund_is_asked_about_wherever_it_goes(fresh_engine: FreshEngine, out: StatementLine) -> None:
    came = gift("03-01", 2_000, code=CODE)
    for files in permutations([statement("03-01", "03-10", came), statement("03-11", "03-31", out)]):
        with fresh_engine() as engine:
            book = Book(engine)
            for number, each in enumerate(files):
                book.take(each, name=f"{number}.xml")
            found = asked(book, "03-20", out.money.signed_minor)
            assert found is not None
            assert found.why is AskReason.REFUND
            assert not book.broken()


def test_a_cost_to_somebody_of_another_name_is_none(book: Book) -> None:
    book.take(
        statement(
            "03-01",
            "03-31",
            gift("03-01", 2_000),
            line("03-20", -2_000, "Trükikoda OÜ", JAAN, "Arve 12 annetuskarbid"),
        )
    )
    assert asked(book, "03-20", -2_000) is None


@pytest.fixture
@written_once
def twice(book: Book) -> Book:
    """Two gifts of ten euros, and three refunds of them."""
    book.take(
        statement(
            "03-01",
            "03-31",
            gift("03-01", 1_000),
            gift("03-08", 1_000),
            *(line(f"03-2{day}", -1_000, "Mari Mets", MARI, "Annetus tagasi") for day in (0, 1, 2)),
        )
    )
    return book


def test_a_third_refund_of_two_gifts_is_neither_proposed_nor_taken_without_a_reason(twice: Book) -> None:
    newest, older = twice.payment("03-08", 1_000), twice.payment("03-01", 1_000)
    assert [each.about for each in offers(twice, "03-20", -1_000)[:2]] == [newest, older]
    take_offer(twice, "03-20", -1_000)
    assert [each.about for each in offers(twice, "03-21", -1_000)[:1]] == [older]
    take_offer(twice, "03-21", -1_000)
    assert [(each.purpose, each.because) for each in offers(twice, "03-22", -1_000)] == [
        (Purpose.COST, Because.NOTHING_LEFT)
    ]
    third, mari = twice.payment("03-22", -1_000), twice.donor("Mari Mets")
    with pytest.raises(Refusal) as refused:
        twice.answer(third, Answer(purpose=Purpose.REFUND, reason=Because.RETURNED_AMOUNT, donor=mari))
    assert str(refused.value.code) == "refund_exceeds_gifts"
    given = Answer(purpose=Purpose.REFUND, reason="she was promised it", donor=mari)
    with writing(twice.engine) as session:
        made = answer_alike(session, [third], given, by="treasurer", now=NOW)
    assert made.beyond == {third: 1_000}
    assert not twice.broken()


def test_the_same_refund_for_several_at_once_exceeds_as_well(twice: Book) -> None:
    ids = [twice.payment(f"03-2{day}", -1_000) for day in (0, 1, 2)]
    given = Answer(purpose=Purpose.REFUND, reason=Because.SAME_IBAN, donor=twice.donor("Mari Mets"))
    with writing(twice.engine, keep=False) as session:
        assert len(answer_alike(session, ids[:2], given, by="treasurer", now=NOW).made) == 2
    with writing(twice.engine, keep=False) as session, pytest.raises(Refusal):
        answer_alike(session, ids, given, by="treasurer", now=NOW)


def test_a_refund_says_to_whom_it_went(book: Book) -> None:
    book.take(statement("01-01", "01-31", gift("01-05", 1_000), line("01-20", -900, "Kodu AS", JAAN), opening=0))
    out = book.payment("01-20", -900)
    with pytest.raises(Refusal) as refused:
        book.answer(out, Answer(purpose=Purpose.REFUND, reason="sent back"))
    assert refused.value.code is AnswerCode.DONOR_NEEDED


def test_a_person_says_which_gift_went_back(book: Book) -> None:
    late = statement("03-01", "03-31", gift("03-01", 1_000), line("03-20", -1_000, "Mari Mets", MARI, "Annetus tagasi"))
    book.take(late)
    gift_of, refund = book.payment("03-01", 1_000), book.payment("03-20", -1_000)
    made = book.answer(refund, Answer(purpose=Purpose.REFUND, reason="that one", returns=gift_of))
    assert (made.donor, made.appeal, made.returns) == (book.donor("Mari Mets"), 1, gift_of)
    with pytest.raises(Refusal) as refused:
        book.answer(refund, Answer(purpose=Purpose.REFUND, reason="that one", returns=refund))
    assert str(refused.value.code) == "nothing_to_return"


@pytest.fixture(params=[True, False], ids=["marked by the bank", "not marked"])
@written_once
def bounced(book: Book, request: pytest.FixtureRequest) -> Book:
    """A gift, its refund, and the refund come back."""
    back = line("03-12", 1_000, "Mari Mets", MARI, "annetuse tagastus AC04", is_reversal=request.param)
    out = line("03-08", -1_000, "Mari Mets", MARI, "annetuse tagastus")
    book.take(statement("03-01", "03-10", gift("03-01", 1_000), out), name="1.xml")
    take_offer(book, "03-08", -1_000)
    assert given_in(book).get("Mari Mets", 0) == 0
    book.take(statement("03-11", "03-31", back), name="2.xml")
    return book


def test_a_refund_that_bounces_restores_the_gift(bounced: Book) -> None:
    found = asked(bounced, "03-12", 1_000)
    assert found is not None
    assert found.why is AskReason.CAME_BACK
    first = found.proposals[0]
    assert (first.because, first.about) == (Because.REFUND_CAME_BACK, bounced.payment("03-08", -1_000))
    take_offer(bounced, "03-12", 1_000)
    assert given_in(bounced) == {"Mari Mets": 1_000}
    assert not bounced.broken()


def test_a_restored_gift_may_go_back_again(bounced: Book) -> None:
    take_offer(bounced, "03-12", 1_000)
    bounced.take(
        statement("04-01", "04-30", line("04-02", -1_000, "Mari Mets", JAAN, "annetuse tagastus")), name="3.xml"
    )
    assert offers(bounced, "04-02", -1_000)[0].about == bounced.payment("03-01", 1_000)
    take_offer(bounced, "04-02", -1_000)
    assert given_in(bounced).get("Mari Mets", 0) == 0


def test_undone_the_refund_stands_again(bounced: Book) -> None:
    payment = bounced.payment("03-12", 1_000)
    with bounced.reading() as session:
        given = taken(session, payment, 1)
    with writing(bounced.engine) as session:
        made = answer_alike(session, [payment], given, by="treasurer", now=NOW)
    with writing(bounced.engine) as session:
        take_back_answer(session, made.id, by="treasurer", now=NOW)
    assert given_in(bounced).get("Mari Mets", 0) == 0
    assert asked(bounced, "03-12", 1_000) is not None


def test_what_became_a_refund_later_lets_what_came_back_be_asked_about(book: Book) -> None:
    back = line("03-12", 1_000, "Mari Mets", MARI, "AC04", is_reversal=True)
    out = line("03-08", -1_000, "Mari Mets", MARI, "annetuse tagastus")
    book.take(statement("03-01", "03-31", gift("03-01", 1_000), out, back))
    assert asked(book, "03-12", 1_000) is None  # a payment of ours that came back
    take_offer(book, "03-08", -1_000)
    assert asked(book, "03-12", 1_000) is not None
    assert not book.broken()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_money_that_comes_back_is_asked_about_in_any_order(book: Book, order: tuple[int, int]) -> None:
    out = statement("03-01", "03-02", line("03-01", -700, "Trükikoda OÜ", JAAN, "Arve 12 annetuskarbid"))
    back = statement("03-03", "03-31", line("03-04", 700, "Trükikoda OÜ", JAAN, "Annetus"))
    for number in order:
        book.take((out, back)[number], name=f"{number}.xml")
    found = asked(book, "03-04", 700)
    assert found is not None
    assert found.why is AskReason.CAME_BACK
    assert (found.proposals[0].purpose, found.proposals[0].about) == (Purpose.INCOME, book.payment("03-01", -700))
    assert asked(book, "03-01", -700) is None
    assert not book.broken()


def test_once_what_went_out_is_undone_what_came_is_a_gift_again(book: Book) -> None:
    book.take(statement("03-03", "03-31", line("03-04", 700, "Trükikoda OÜ", JAAN, "Annetus")), name="in.xml")
    out = book.take(statement("03-01", "03-02", line("03-01", -700, "Trükikoda OÜ", JAAN, "Arve")), name="out.xml")
    assert asked(book, "03-04", 700) is not None
    book.undo(out.file_id)
    assert asked(book, "03-04", 700) is None
    assert not book.broken()


VIKERKAAR = "MTÜ Vikerkaar"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_own_money_without_accounts_is_proposed_as_a_transfer_with_its_other_side(
    fresh_engine: FreshEngine, order: tuple[int, int]
) -> None:
    out = statement("03-01", "03-31", line("03-25", -5_000, VIKERKAAR, OTHER_OWN, "Ülekanne"))
    came = statement(
        "03-01", "03-31", line("03-25", 5_000, VIKERKAAR.upper(), "", "Ülekanne oma kontole"), account=OTHER_OWN
    )
    with fresh_engine() as engine:
        book = Book(engine)
        for number in order:
            book.take((out, came)[number], name=f"{number}.xml")
        found = asked(book, "03-25", 5_000)
        assert found is not None
        assert found.why is AskReason.OWN_MONEY
        first = found.proposals[0]
        assert (first.purpose, first.because, first.about) == (
            Purpose.TRANSFER,
            Because.OTHER_SIDE,
            book.payment("03-25", -5_000),
        )
        assert not book.broken()


@pytest.mark.parametrize(
    ("one", "purpose", "donor"),
    [
        pytest.param(line("03-05", 2_500, "Külli Nõmm", JAAN, "Toetus"), Purpose.GIFT, True, id="proposed first"),
        pytest.param(line("03-05", 2_500, "OÜ Kask", JAAN, "Arve 7"), Purpose.INCOME, False, id="an invoice"),
        pytest.param(line("03-05", -2_000, "Mari Mets", MARI, "tagasi"), Purpose.COST, False, id="no refund"),
    ],
)
def test_a_rule_starts_from_what_is_proposed_first(
    book: Book, one: StatementLine, purpose: Purpose, *, donor: bool
) -> None:
    book.take(statement("03-01", "03-31", gift("03-01", 2_000), one))
    with book.reading() as session:
        (payment,) = load_payments(session, [book.payment("03-05", one.money.signed_minor)])
        first = first_meaning(session, payment)
    assert (first.purpose, first.donor is not None) == (purpose, donor)


def test_a_rule_starts_from_what_was_answered(book: Book) -> None:
    book.take(statement("03-01", "03-31", line("03-05", 2_500, "Külli Nõmm", JAAN, "Toetus")))
    payment = book.payment("03-05", 2_500)
    book.answer(payment, Answer(purpose=Purpose.INCOME, reason="a sale"))
    with book.reading() as session:
        (found,) = load_payments(session, [payment])
        assert first_meaning(session, found).purpose is Purpose.INCOME


def test_a_form_that_people_add_is_recognised_from_then_on(book: Book) -> None:
    book.take(statement("03-01", "03-31", line("03-05", 2_500, "Külli Nõmm", JAAN, "annetuseke")))
    assert asked(book, "03-05", 2_500) is not None
    wanted = NewForms(keyword=parse_keyword("annetus"), forms=(parse_keyword("annetuseke"),))
    with writing(book.engine) as session:
        change = register(session, wanted, now=NOW)
    assert change.became_gifts == 1
    assert asked(book, "03-05", 2_500) is None


def test_an_institutions_gift_by_hand_is_nobodys_and_not_the_institutions(book: Book) -> None:
    book.take(statement("03-01", "03-31", line("03-05", 2_500, "Swedbank AS", JAAN, "Annetus Mari Tamm sularaha")))
    (first, *_) = offers(book, "03-05", 2_500)
    with book.reading() as session:
        (payment,) = load_payments(session, [book.payment("03-05", 2_500)])
    assert offered(first, payment).donor == 1


def test_money_out_is_judged_again_when_the_gift_before_it_turns_out_to_be_none(fresh_engine: FreshEngine) -> None:
    """What comes back of a payment of ours is no gift, and what went to the same person later no refund of it."""
    later = [gift("03-02", 1_000), line("03-02", -700, "Mari Mets", MARI, "Annetus")]
    whole = statement("03-01", "03-08", line("03-01", -1_000, "Mari Mets", MARI, "Annetus"), *later)
    ledgers = set()
    for files in permutations((whole, statement("03-02", "03-06", *later))):
        with fresh_engine() as engine:
            book = Book(engine)
            for each in files:
                book.take(each)
            assert not book.broken()
            ledgers.add(book.ledger())
    assert len(ledgers) == 1


@pytest.mark.parametrize("text", ["Tagastus", "tagasi", "Refund"])
def test_a_return_is_never_a_cost_in_silence_whenever_the_gift_comes(fresh_engine: FreshEngine, text: str) -> None:
    """The gift is in no file yet, or is a question itself, for the bank gives no account."""
    out = statement("03-11", "03-31", line("03-20", -700, "Mari Mets", "", text))
    unsure = line("03-01", 2_000, "Mari Mets", "", "Annetus")
    for came in (gift("03-01", 2_000), unsure):
        with fresh_engine() as engine:
            book = Book(engine)
            book.take(out, name="out.xml")
            first = asked(book, "03-20", -700)
            assert first is not None
            assert first.why is AskReason.SAYS_RETURN
            book.take(statement("03-01", "03-10", came), name="in.xml")
            if came is unsure:
                take_offer(book, "03-01", 2_000)
            found = asked(book, "03-20", -700)
            assert found is not None
            assert found.why is AskReason.REFUND
            assert found.proposals[0].about == book.payment("03-01", 2_000)
            assert not book.broken()


GIVEN, BACK, AGAIN = ("03-01", 1_000), ("03-08", -1_000), ("03-12", 1_000)
"""A gift, its refund, and the refund's money again."""


@pytest.fixture(params=[MARI, ""], ids=["with accounts", "without accounts"])
@written_once
def all_open(book: Book, request: pytest.FixtureRequest) -> Book:
    """A gift, its refund, and the refund come back; without an account the gift is a question too."""
    account = request.param
    book.take(
        statement(
            "03-01",
            "03-31",
            line(*GIVEN, "Mari Mets", account, "Annetus"),
            line(*BACK, "Mari Mets", account, "Annetuse tagastus"),
            line(*AGAIN, "Mari Mets", account, "Returned: account closed"),
        )
    )
    return book


with_accounts = pytest.mark.parametrize("all_open", [MARI], ids=["with accounts"], indirect=True)


def waiting_for(book: Book) -> list[tuple[str, Minor]]:
    return [each for each in (GIVEN, BACK, AGAIN) if asked(book, *each) is not None]


@pytest.mark.parametrize("order", list(permutations([GIVEN, BACK, AGAIN])))
def test_a_refund_that_bounced_leaves_the_gift_in_whatever_order_it_is_answered(
    all_open: Book, order: tuple[tuple[str, Minor], ...]
) -> None:
    book = all_open
    for each in order:
        if asked(book, *each) is not None:
            take_offer(book, *each)
    while left := waiting_for(book):
        take_offer(book, *left[0])
    assert given_in(book) == {"Mari Mets": 1_000}
    assert not book.broken()


def answered(book: Book, on: str, minor: Minor, given: Answer) -> int:
    with writing(book.engine) as session:
        return answer_alike(session, [book.payment(on, minor)], given, by="treasurer", now=NOW).id


def standing(book: Book, on: str, minor: Minor) -> tuple[Purpose, str] | None:
    """Return what a payment of a day and amount is booked for, and why."""
    payment = book.payment(on, minor)
    with book.reading() as session:
        rows = live(allocations_of(session, [payment]).get(payment, []))
    return (rows[0].purpose, rows[0].decision.reason) if rows else None


CAME_BACK, STANDS_AGAIN = (Purpose.INCOME, "came_back"), (Purpose.GIFT, "refund_came_back")


@with_accounts
def test_what_came_back_follows_what_is_said_of_what_went_out(all_open: Book) -> None:
    book = all_open
    take_offer(book, *AGAIN)
    assert standing(book, *AGAIN) == CAME_BACK
    refund = answered(book, *BACK, Answer(purpose=Purpose.REFUND, reason="hers", donor=book.donor("Mari Mets")))
    assert standing(book, *AGAIN) == STANDS_AGAIN
    with writing(book.engine) as session:
        take_back_answer(session, refund, by="treasurer", now=NOW)
    assert standing(book, *BACK) is None
    assert standing(book, *AGAIN) == CAME_BACK
    take_offer(book, *BACK)
    assert standing(book, *AGAIN) == STANDS_AGAIN
    book.answer(book.payment(*BACK), Answer(purpose=Purpose.COST, reason="a prize"))
    assert standing(book, *AGAIN) == CAME_BACK
    assert given_in(book) == {"Mari Mets": 1_000}
    hers = Answer(purpose=Purpose.REFUND, reason="hers", donor=book.donor("Mari Mets"))
    book.answer(book.payment(*BACK), hers)
    assert standing(book, *AGAIN) == STANDS_AGAIN
    with writing(book.engine) as session:
        take_back(session, book.payment(*BACK), by="treasurer", now=NOW)
    assert standing(book, *AGAIN) == CAME_BACK
    assert given_in(book) == {"Mari Mets": 1_000}
    assert not book.broken()


@with_accounts
def test_an_answer_from_a_page_that_knew_of_no_refund_yet_lets_the_gift_stand(all_open: Book) -> None:
    book = all_open
    seen = offers(book, *AGAIN)[0]
    assert (seen.purpose, seen.because) == (Purpose.INCOME, Because.CAME_BACK)
    take_offer(book, *BACK)
    made = book.answer(
        book.payment(*AGAIN), Answer(purpose=Purpose.INCOME, reason=Because.CAME_BACK, returns=seen.about)
    )
    assert (made.purpose, made.donor, made.returns) == (Purpose.GIFT, book.donor("Mari Mets"), seen.about)
    assert given_in(book) == {"Mari Mets": 1_000}
    assert not book.broken()


@with_accounts
def test_income_that_may_be_the_refund_come_back_is_asked_about_again(all_open: Book) -> None:
    """Whoever answered it did not know of the refund, and said no payment of ours."""
    book = all_open
    book.answer(book.payment(*AGAIN), Answer(purpose=Purpose.INCOME, reason="a sale"))
    refund = answered(book, *BACK, Answer(purpose=Purpose.REFUND, reason="hers", donor=book.donor("Mari Mets")))
    found = asked(book, *AGAIN)
    assert found is not None
    assert found.proposals[0].because is Because.REFUND_CAME_BACK
    with writing(book.engine) as session:
        take_back_answer(session, refund, by="treasurer", now=NOW)
    assert standing(book, *AGAIN) == (Purpose.INCOME, "a sale")
    take_offer(book, *BACK)
    book.answer(book.payment(*AGAIN), Answer(purpose=Purpose.INCOME, reason="a sale, truly"))
    assert standing(book, *AGAIN) == (Purpose.INCOME, "a sale, truly")
    assert not book.broken()


@with_accounts
def test_what_came_back_of_a_refund_in_parts_is_asked_about(all_open: Book) -> None:
    book = all_open
    take_offer(book, *AGAIN)
    mari = book.donor("Mari Mets")
    parts = [
        Answer(purpose=Purpose.REFUND, reason="hers", donor=mari, minor=400),
        Answer(purpose=Purpose.COST, reason="a prize", minor=600),
    ]
    with writing(book.engine) as session:
        split(session, book.payment(*BACK), parts, by="treasurer", now=NOW)
    assert asked(book, *AGAIN) is not None
    assert not book.broken()


def test_once_the_refund_is_undone_what_came_back_is_no_gift(book: Book) -> None:
    book.take(statement("03-01", "03-05", gift(*GIVEN)), name="1.xml")
    out = book.take(statement("03-06", "03-10", line(*BACK, "Mari Mets", MARI, "annetuse tagastus")), name="2.xml")
    book.take(statement("03-11", "03-31", line(*AGAIN, "Mari Mets", MARI, "AC04")), name="3.xml")
    take_offer(book, *BACK)
    take_offer(book, *AGAIN)
    book.undo(out.file_id)
    assert standing(book, *AGAIN) is None
    assert asked(book, *AGAIN) is not None
    assert given_in(book) == {"Mari Mets": 1_000}
    assert not book.broken()
