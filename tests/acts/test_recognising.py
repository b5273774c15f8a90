"""Claims by a person's word: whose the gifts are then, and that taking the word back restores all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.book import JAAN, MARI, NOW, OWN, Book, gift, line, statement
from tests.conftest import FreshEngine
from tests.examples import examples, of_rules

from donations.acts.claiming import ClaimResult, recognise, take_back
from donations.acts.judging import judge_all
from donations.acts.merging import merge, unmerge
from donations.core.calendar import Period
from donations.core.donor import ANONYMOUS, Claim, CodeClaim, DonorId, PayerClaim
from donations.core.iban import parse_iban
from donations.core.name import name_key
from donations.core.person_code import PersonalCode, RegistryCode
from donations.core.refusal import Refusal
from donations.reports.gifts import donors
from donations.store.donors.registered import claim_words
from donations.store.organisation import add_own_code
from donations.store.session import WriteSession, writing

MARIS_CODE = "49403136526"
JAANS_CODE = "37605030299"
OWN_CODE = "10137319"


def payer(iban: str, name: str) -> Claim:
    number = parse_iban(iban)
    assert number is not None
    return PayerClaim(number, name_key(name))


def do(book: Book, act: Callable[[WriteSession], ClaimResult]) -> ClaimResult:
    with writing(book.engine) as session:
        result = act(session)
    assert not book.broken()
    return result


def give(book: Book, donor: DonorId, claim: Claim) -> ClaimResult:
    return do(book, lambda session: recognise(session, donor, claim, by="treasurer", now=NOW))


def taken_back(book: Book, claim: int) -> ClaimResult:
    return do(book, lambda session: take_back(session, claim, now=NOW))


def gifts(book: Book) -> dict[object, object]:
    """How many gifts each name gave."""
    with book.reading() as session:
        return {row[1]: row[2] for row in donors(session, Period()).rows}


@pytest.mark.parametrize("code", ["", JAANS_CODE])
def test_somebody_who_pays_for_a_donor_outranks_his_own_code(book: Book, code: str) -> None:
    """Jaan pays his mother's gifts, whether or not the bank adds his code."""
    jaan = [gift(f"03-0{number}", 1_000, "Jaan Tamm", JAAN, code=code) for number in (1, 2)]
    book.take(statement("03-01", "03-31", gift("03-05", 500, code=MARIS_CODE), *jaan))
    before = book.ledger()
    mari = book.donor("Mari Mets")
    result = give(book, mari, payer(JAAN, "Tamm, Jaan"))
    assert [(each.before, each.after, each.gifts) for each in result.became.moved] == [("Jaan Tamm", "Mari Mets", 2)]
    assert gifts(book) == {"Mari Mets": 3}
    book.take(statement("04-01", "04-30", gift("04-01", 1_000, "Jaan Tamm", JAAN, code=code)))
    assert gifts(book) == {"Mari Mets": 4}
    book.undo(2)
    with book.reading() as session:
        (word,) = claim_words(session, mari)
    taken_back(book, word.claim_id)
    assert book.ledger() == before


def test_a_text_that_names_somebody_else_still_asks(book: Book) -> None:
    """His own code in the text is no question, a third person's is."""
    book.take(statement("03-01", "03-31", gift("03-05", 500, code=MARIS_CODE)))
    give(book, book.donor("Mari Mets"), payer(JAAN, "Jaan Tamm"))
    said = [
        line("04-01", 1_000, "Jaan Tamm", JAAN, f"Annetus {MARIS_CODE}", code=JAANS_CODE),
        line("04-02", 1_000, "Jaan Tamm", JAAN, "Annetus 38001085718", code=JAANS_CODE),
    ]
    book.take(statement("04-01", "04-30", *said))
    assert gifts(book) == {"Mari Mets": 2}


def test_a_code_by_hand_finds_the_next_account(book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 500)))
    before = book.ledger()
    give(book, book.donor("Mari Mets"), CodeClaim(PersonalCode(MARIS_CODE)))
    assert book.ledger() == before
    book.take(statement("04-01", "04-30", gift("04-05", 500, "M. Mets", JAAN, code=MARIS_CODE)))
    assert gifts(book) == {"Mari Mets": 2}


@pytest.mark.parametrize(
    ("donor", "claim", "code"),
    [
        (DonorId(99), payer(JAAN, "Jaan Tamm"), "unknown_donor"),
        (ANONYMOUS, payer(JAAN, "Jaan Tamm"), "anonymous_donor"),
        (DonorId(2), payer(MARI, "Mari Mets"), "known_already"),
        (DonorId(2), payer(OWN, "Given By Hand"), "claim_given"),
        (DonorId(2), CodeClaim(PersonalCode(JAANS_CODE)), "code_taken"),
        (DonorId(3), CodeClaim(PersonalCode(MARIS_CODE)), "two_codes"),
    ],
)
def test_words_that_do_not_fit(book: Book, donor: DonorId, claim: Claim, code: str) -> None:
    coded = gift("03-06", 500, "Jaan Tamm", JAAN, code=JAANS_CODE)
    book.take(statement("03-01", "03-31", gift("03-05", 500), coded))
    give(book, DonorId(3), payer(OWN, "Given By Hand"))
    before = book.ledger()
    with pytest.raises(Refusal) as refused:
        give(book, donor, claim)
    assert str(refused.value.code) == code
    assert book.ledger() == before


@of_rules()
@settings(max_examples=examples(15))
@given(words=st.lists(st.tuples(st.integers(2, 5), st.sampled_from([MARI, JAAN]), st.integers(0, 2)), max_size=4))
def test_any_words_keep_every_invariant_and_are_taken_back_to_nothing(
    fresh_engine: FreshEngine, words: list[tuple[int, str, int]]
) -> None:
    """Beside a merge, which is taken apart in the end."""
    names = ("Mari Mets", "Jaan Tamm", "Nobody Yet")
    with fresh_engine() as engine:
        book = Book(engine)
        lines = [gift(f"03-0{at + 1}", 2**at, names[at % 2], (MARI, JAAN)[at // 2]) for at in range(4)]
        book.take(statement("03-01", "03-31", *lines, gift("03-09", 900, "")))
        before = book.ledger()
        with writing(engine) as session:
            merge(session, DonorId(2), into=DonorId(3), reason="x", by="t", now=NOW)
        given_by_hand = 0
        for donor, iban, name in words:
            try:
                give(book, DonorId(donor), payer(iban, names[name]))
            except Refusal:
                continue
            given_by_hand += 1
        for claim in range(1, 20):
            try:
                taken_back(book, claim)
            except Refusal:
                continue
            given_by_hand -= 1
        assert given_by_hand == 0
        with writing(engine) as session:
            unmerge(session, 1, by="t", now=NOW)
        assert book.ledger() == before


@pytest.mark.parametrize("registered_first", [True, False])
def test_the_organisations_own_code_in_a_text_is_nobodys(book: Book, *, registered_first: bool) -> None:
    """Donors copy it from the page: it is not the payer's, and the payer's own code beside it is."""

    def register() -> None:
        with writing(book.engine) as session:
            add_own_code(session, RegistryCode(OWN_CODE))
            judge_all(session, now=NOW)

    def written(on: str, name: str, account: str, text: str) -> None:
        book.take(statement(on, on, line(on, 1_000, name, account, f"Annetus, reg kood {OWN_CODE} {text}")))

    if registered_first:
        register()
    written("03-05", "Mari Mets", MARI, "")
    written("03-06", "Jaan Tamm", JAAN, JAANS_CODE)
    written("03-07", "Jaan Tamm", MARI, JAANS_CODE)
    if not registered_first:
        assert gifts(book) != {"Mari Mets": 1, "Jaan Tamm": 2}
        register()
    assert gifts(book) == {"Mari Mets": 1, "Jaan Tamm": 2}
    assert not book.broken()
