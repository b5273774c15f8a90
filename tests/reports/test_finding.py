"""Did my gift arrive: what is found by a code and by an account, and what each answer hangs on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.acts.test_publishing import gifts_in, lived, published
from tests.book import NOW, Book, day, line, statement
from tests.written_once import written_once

from donations.acts.offering import Answer
from donations.acts.rejudging import renew
from donations.core.donor import AppealId
from donations.core.giving_code import GivingCode
from donations.core.iban import parse_iban
from donations.core.payment import Purpose
from donations.core.statement import Counterparty, Detail
from donations.readers import Limits
from donations.reports.finding import Arrived, BlockOfGift, Found, NotFound, find_by_account, find_by_code
from donations.store.session import writing
from donations.store.statements.giving_codes import renew_codes
from donations.store.tables import metadata

JANUARY = BlockOfGift(number=1, first_day=day("01-01"), last_day=day("01-31"))
FEBRUARY = BlockOfGift(number=2, first_day=day("02-01"), last_day=day("02-28"))
MARCH = BlockOfGift(number=3, first_day=day("03-01"), last_day=day("03-31"))
JAAN = "EE432200221000004321"
OTHER = "EE307700771000000012"
JAANS, MONTHLY, LATE = GivingCode("K7QM3TZP"), GivingCode("2ABC3DEF"), GivingCode("X9YZ8WVU")
TICKET = Answer(purpose=Purpose.INCOME, reason="it was a ticket")


def by_code(book: Book, code: str) -> Found:
    with book.reading() as session:
        return find_by_code(session, GivingCode(code))


def by_account(book: Book, on: str, minor: int, iban: str = JAAN) -> Found:
    account = parse_iban(iban)
    assert account is not None
    with book.reading() as session:
        return find_by_account(session, iban=account, minor=minor, day=day(on))


@pytest.fixture
@written_once
def lived_in(book: Book) -> Book:
    """Books of which January and February are published; Jaan gave in January and March, and once without the word."""
    in_january = [
        line("01-11", 2_000, "Jaan", JAAN, "Annetus K7QM-3TZP"),
        line("01-12", 3_300, "Jaan", JAAN, "tere x9yz 8wvu"),
        line("01-13", 500, "Jaan", JAAN, "annetus 2abc3def"),
    ]
    in_february = [line("02-13", 500, "Jaan", JAAN, "ANNETUS 2ABC 3DEF")]
    in_march = [
        line("03-11", 2_500, "Jaan", JAAN, "annetus 2AB\nC-3DEF"),
        line("03-12", 7_700, "Jaan", JAAN, "tere 5YYY-6ZZZ"),
    ]
    lived(
        book,
        [*gifts_in(1, 12), *in_january],
        [*gifts_in(2, 12, minor=1_500), *in_february],
        [*gifts_in(3, 12, minor=2_000), *in_march],
    )
    published(book)
    return book


def test_by_a_code_its_giver_learns_day_and_block(lived_in: Book) -> None:
    assert by_code(lived_in, JAANS) == Arrived(day("01-11"), JANUARY)


def test_of_a_standing_order_the_newest_payment_is_told(lived_in: Book) -> None:
    assert by_code(lived_in, MONTHLY) == Arrived(day("03-11"), None)


def test_what_has_no_purpose_yet_arrived_but_counts_nowhere(lived_in: Book) -> None:
    assert by_code(lived_in, LATE) == Arrived(day("01-12"), None)
    assert by_code(lived_in, "5YYY6ZZZ") == Arrived(day("03-12"), None)


@pytest.mark.parametrize("code", ["K7QM3TZQ", "3TZPK7QM", "2222AAAA"])
def test_no_other_code_finds_it(lived_in: Book, code: str) -> None:
    assert by_code(lived_in, code) == NotFound()


@pytest.mark.parametrize(
    ("on", "minor", "expected"),
    [
        ("01-11", 2_000, Arrived(day("01-11"), JANUARY)),
        ("02-13", 500, Arrived(day("02-13"), FEBRUARY)),
        *(("01-10", 2_000, NotFound()), ("01-12", 2_000, NotFound()), ("01-11", 2_001, NotFound())),
        ("03-11", 2_500, NotFound()),  # published later
        ("01-12", 3_300, NotFound()),  # nobody has said yet what it is
    ],
)
def test_by_account_only_the_exact_and_published_is_found(lived_in: Book, on: str, minor: int, expected: Found) -> None:
    assert by_account(lived_in, on, minor) == expected
    assert by_account(lived_in, on, minor, OTHER) == NotFound()


def test_what_turned_out_to_be_no_gift_is_not_found(lived_in: Book) -> None:
    lived_in.answer(lived_in.payment("01-11", 2_000), TICKET)
    assert by_code(lived_in, JAANS) == NotFound()
    assert by_account(lived_in, "01-11", 2_000) == NotFound()


def test_what_the_association_paid_is_no_gift(book: Book) -> None:
    book.take(statement("01-01", "01-31", line("01-11", -2_000, "Jaan", JAAN, "tagasi K7QM-3TZP")))
    assert by_code(book, JAANS) == NotFound()


def test_an_import_that_was_taken_back_is_not_received(book: Book) -> None:
    file = statement("01-01", "01-31", line("01-11", 2_000, "Jaan", JAAN, "annetus K7QM-3TZP"))
    file_id = book.take(file).file_id
    assert by_code(book, JAANS) == Arrived(day("01-11"), None)
    book.undo(file_id)
    assert by_code(book, JAANS) == NotFound()
    book.take(file)
    assert by_code(book, JAANS) == Arrived(day("01-11"), None)


def test_what_is_booked_late_counts_in_the_block_that_carries_the_correction(lived_in: Book) -> None:
    late = Answer(purpose=Purpose.GIFT, reason="he said so", donor=lived_in.donor("Jaan"), appeal=AppealId(1))
    lived_in.answer(lived_in.payment("01-12", 3_300), late)
    assert by_code(lived_in, LATE) == Arrived(day("01-12"), None)
    lived(lived_in, gifts_in(4, 12, minor=3_000), first=4, opening=70_500)
    published(lived_in)
    assert by_code(lived_in, LATE) == Arrived(day("01-12"), MARCH)
    assert by_code(lived_in, JAANS) == Arrived(day("01-11"), JANUARY)


def test_a_code_within_an_entry_that_is_kept_whole_is_found(book: Book) -> None:
    details = tuple(Detail(counterparty=Counterparty(), text=each) for each in ("annetus", "annetus K7QM-3TZP"))
    book.take(statement("01-01", "01-31", line("01-11", 2_000, details=details)))
    assert by_code(book, JAANS) == Arrived(day("01-11"), None)


def _forgotten(book: Book) -> None:
    with writing(book.engine) as session:
        session.execute(metadata.tables["line_code"].delete())


def _renewed(book: Book) -> None:
    with writing(book.engine) as session:
        renew(session, limits=Limits(), by="treasurer", now=NOW)


def _noted_twice(book: Book) -> None:
    for _ in range(2):
        with writing(book.engine) as session:
            renew_codes(session)


@pytest.mark.parametrize("again", [_renewed, _noted_twice])
def test_codes_of_before_are_found_when_all_is_judged_again(lived_in: Book, again: Callable[[Book], None]) -> None:
    with lived_in.reading() as session:
        before = session.execute(metadata.tables["line_code"].select()).all()
    _forgotten(lived_in)
    assert by_code(lived_in, JAANS) == NotFound()
    again(lived_in)
    assert by_code(lived_in, JAANS) == Arrived(day("01-11"), JANUARY)
    with lived_in.reading() as session:
        assert sorted(session.execute(metadata.tables["line_code"].select()).all()) == sorted(before)


def test_a_code_lies_nowhere_but_in_the_text(lived_in: Book) -> None:
    """And without the key of the host it cannot be found in the table of hashes."""
    with lived_in.reading() as session:
        rows = session.execute(metadata.tables["line_code"].select()).all()
    assert len(rows) == len({each.line_id for each in rows}) == 6
    assert not any(part in repr(rows).upper() for part in ("K7QM", "3TZP", "2ABC", "3DEF"))
