"""Own accounts, appeals and keywords are added, and what that changes in the books is counted."""

from __future__ import annotations

from datetime import date

import pytest
from tests.book import JAAN, MARI, NOW, OTHER_OWN, OWN, Book, gift, line, statement
from tests.written_once import written_once

from donations.acts import judging
from donations.acts.asking import review
from donations.acts.registering import LastDay, NewAccount, NewNames, NewOwnCode, RegisteringChange, register, rename
from donations.core.donor import AppealId
from donations.core.iban import ValidIban, parse_iban
from donations.core.keyword import parse_keyword
from donations.core.money import EUR
from donations.core.payment import Purpose
from donations.core.person_code import RegistryCode
from donations.core.reference import Reference, viitenumber
from donations.core.refusal import Refusal
from donations.matching.outcome import Ask
from donations.store.donors import people
from donations.store.kept_sums import unallocated_ids
from donations.store.session import as_reader, writing

NOTHING = RegisteringChange(became_gifts=0, gift_totals=(), changed_gifts=0, lost_gifts=0, became_other=0)
GENERAL = AppealId(1)
REFERENCE = Reference(viitenumber("2026"))


def iban(text: str) -> ValidIban:
    found = parse_iban(text)
    assert found is not None
    return found


def names(*words: str, appeal: AppealId | str = "Roof") -> NewNames:
    return NewNames(appeal=appeal, keywords=tuple(map(parse_keyword, words)))


def registered(book: Book, wanted: NewAccount | NewNames | NewOwnCode | LastDay) -> RegisteringChange:
    with writing(book.engine) as session:
        return register(session, wanted, now=NOW)


def refused(book: Book, wanted: NewAccount | NewNames | LastDay) -> Refusal:
    before = book.ledger()
    with writing(book.engine) as session, pytest.raises(Refusal) as error:
        register(session, wanted, now=NOW)
    assert book.ledger() == before
    return error.value


@pytest.fixture
@written_once
def roof(book: Book) -> Book:
    """Two people wrote `katus`, one of them both words; one wrote nothing that is known."""
    book.take(
        statement(
            "03-01",
            "03-31",
            line("03-02", 1_000, "Mari Mets", MARI, "Katus"),
            line("03-03", 2_500, "Jaan Tamm", JAAN, "katusele"),
            line("03-04", 700, "Mari Mets", MARI, "Annetus"),
            line("03-05", 300, "Mari Mets", MARI, "tere"),
            line("03-06", 400, "Jaan Tamm", JAAN, "Annetus, katus"),
            line("03-07", -900, "Meie", OTHER_OWN, "omale"),
        )
    )
    return book


def test_a_keyword_turns_questions_into_gifts_and_gifts_into_questions(roof: Book) -> None:
    """Where a text names two appeals, somebody has to say which."""
    change = registered(roof, names("katus"))
    assert (change.became_gifts, change.gift_totals) == (2, ((EUR, 3_500),))
    assert (change.lost_gifts, change.changed_gifts, change.became_other) == (1, 0, 0)


def test_it_tells_how_many_payments_are_judged_again(roof: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "_BOOKED_AT_ONCE", 4)
    told: list[tuple[int, int]] = []
    with writing(roof.engine) as session:
        register(session, names("katus"), now=NOW, tell=lambda done, total: told.append((done, total)))
    assert told == [(0, 6), (4, 6), (5, 6), (6, 6)]


def test_more_keywords_for_an_appeal_that_there_is(roof: Book) -> None:
    assert registered(roof, names("katus", appeal=GENERAL)).became_gifts == 2
    with roof.reading() as session:
        assert people.appeals(session)[0].keywords == ("annetus", "katus")


def test_an_own_account_answers_what_was_asked_of_it(roof: Book) -> None:
    change = registered(roof, NewAccount(number=iban(OTHER_OWN), name="Savings"))
    assert (change.became_gifts, change.became_other) == (0, 1)
    assert registered(roof, NewAccount(number=iban(MARI))).lost_gifts == 1


def test_a_reference_number_names_an_appeal(book: Book) -> None:
    with_reference = line("03-02", 1_000, "Mari Mets", MARI, "", reference=REFERENCE)
    book.take(statement("03-01", "03-31", with_reference))
    assert registered(book, NewNames(appeal=GENERAL, references=(REFERENCE,))).became_gifts == 1
    again = refused(book, NewNames(appeal="Roof", references=(REFERENCE,)))
    assert (str(again.code), again.facts) == ("name_taken", {"word": REFERENCE, "appeal": "General"})


def test_the_own_code_in_a_text_names_no_donor(book: Book) -> None:
    own = NewOwnCode(code=RegistryCode("10137319"))
    for on, name, account in (("03-02", "Mari Mets", MARI), ("03-03", "Jaan Tamm", JAAN)):
        book.take(statement(on, on, line(on, 1_000, name, account, f"Annetus, reg kood {own.code}")))
    with book.reading() as session:
        assert len(unallocated_ids(session)) == 2  # whose code it is was asked
    assert registered(book, own).became_gifts == 2
    assert registered(book, own) == NOTHING


def test_after_the_last_day_of_an_appeal_its_keywords_make_no_gifts(roof: Book) -> None:
    """What came until then stays; taken up again, all is as before."""
    registered(roof, names("katus"))
    with_katus = roof.ledger()
    ended = registered(roof, LastDay(appeal=AppealId(2), last_day=date(2026, 3, 2)))
    assert (ended.lost_gifts, ended.became_gifts, ended.changed_gifts) == (1, 1, 0)  # "Annetus, katus" names one now
    assert registered(roof, LastDay(appeal=AppealId(2), last_day=date(2026, 3, 2))) == NOTHING
    again = registered(roof, LastDay(appeal=AppealId(2), last_day=None))
    assert (again.lost_gifts, again.became_gifts) == (1, 1)
    assert roof.ledger() == with_katus


def test_one_keyword_ends_and_the_other_goes_on(roof: Book) -> None:
    registered(roof, names("katus", appeal=GENERAL))
    ended = registered(roof, LastDay(appeal=GENERAL, keyword=parse_keyword("katus"), last_day=date(2026, 3, 1)))
    assert (ended.lost_gifts, ended.changed_gifts) == (2, 0)


def test_an_appeal_that_ended_is_proposed_only_for_what_came_before(roof: Book) -> None:
    registered(roof, names("katus"))
    registered(roof, LastDay(appeal=GENERAL, last_day=date(2026, 3, 4)))
    with roof.reading() as session:
        (asked,) = [each for each in review(session).questions if each.payment.text == "tere"]
        assert isinstance(asked.outcome, Ask)
        offered = {each.appeal for each in asked.outcome.proposals if each.purpose is Purpose.GIFT}
    assert offered == {AppealId(2)}


def test_what_is_not_there_does_not_end(roof: Book) -> None:
    day = date(2026, 3, 4)
    assert str(refused(roof, LastDay(appeal=AppealId(9), last_day=day)).code) == "unknown_appeal"
    other = LastDay(appeal=GENERAL, keyword=parse_keyword("katus"), last_day=day)
    assert str(refused(roof, other).code) == "unknown_keyword"


def test_what_nobody_wrote_changes_nothing(roof: Book) -> None:
    assert registered(roof, names("raamatukogu")) == NOTHING


def test_an_account_is_called_after_its_bank_where_nobody_says_otherwise(book: Book) -> None:
    registered(book, NewAccount(number=iban(OWN)))
    with book.reading() as session:
        assert [row.name for row in people.accounts(session)] == ["Swedbank …5685"]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (NewAccount(number=iban(OWN)), "already_registered"),
        (names("Annetus"), "name_taken"),
        (names("anne tus"), "name_taken"),
        (names("katus", appeal="general"), "appeal_name_taken"),
        (names("katus", appeal=AppealId(9)), "unknown_appeal"),
    ],
)
def test_what_cannot_be_added(book: Book, wanted: NewAccount | NewNames, code: str) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 1_000)))
    assert str(refused(book, wanted).code) == code


def test_other_names(roof: Book) -> None:
    registered(roof, names("katus"))
    with writing(roof.engine) as session:
        rename(session, name="Everyday", account=1)
        rename(session, name="General fund", appeal=GENERAL)
        rename(session, name="GENERAL FUND", appeal=GENERAL)
        reader = as_reader(session)
        assert [row.name for row in people.accounts(reader)] == ["Everyday"]
        assert [appeal.name for appeal in people.appeals(reader)] == ["GENERAL FUND", "Roof"]


@pytest.mark.parametrize(
    ("name", "account", "appeal", "code"),
    [
        ("roof", None, GENERAL, "appeal_name_taken"),
        ("Sea", None, AppealId(9), "unknown_appeal"),
        ("Sea", 9, None, "unknown_account"),
        ("", 1, None, "name_needed"),
    ],
)
def test_names_that_cannot_be(roof: Book, name: str, account: int | None, appeal: AppealId | None, code: str) -> None:
    registered(roof, names("katus"))
    with writing(roof.engine) as session, pytest.raises(Refusal) as error:
        rename(session, name=name, account=account, appeal=appeal)
    assert str(error.value.code) == code
