"""Equal books have equal bytes: the dump knows the statements and decisions, and not how they came."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.book import JAAN, MARI, OWN, Book, day, gift, line, statement
from tests.conftest import FreshEngine
from tests.examples import examples, of_rules

from donations.acts.offering import Answer
from donations.core.payment import Purpose
from donations.core.statement import IdScheme, Statement, StatementLine, bank_ids
from donations.reports.dump import digest, dump

MARIS_CODE = "49403136526"
CODES = {"Mari Mets": MARIS_CODE, "Jaan Tamm": "37605030299"}


def test_a_line_says_what_is_the_same_in_every_format(quarter: Book) -> None:
    lines = [json.loads(each) for each in _dump(quarter).splitlines()]

    assert {
        "account": OWN,
        "currency": "EUR",
        "day": "2026-02-10",
        "minor": 1500,
        "allocations": [
            {"purpose": "gift", "minor": 1500, "appeal": "General", "donor": [f"{MARI} mari mets"]},
        ],
        "unallocated": 0,
    } in lines
    assert len(lines) == 11
    assert [each["unallocated"] for each in lines if each["minor"] == 700] == [700]


def test_the_digest_is_that_of_the_bytes(quarter: Book) -> None:
    before = _dump(quarter)
    quarter.answer(quarter.payment("01-22", 700), Answer(purpose=Purpose.INCOME, reason="a sale"))

    assert digest(before) == digest(before)
    assert digest(before) != digest(_dump(quarter))


def test_nothing_that_names_a_row_or_a_moment_is_in_it(quarter: Book) -> None:
    keys = {key for each in _dump(quarter).splitlines() for key in json.loads(each)}

    assert keys == {"account", "currency", "day", "minor", "allocations", "unallocated"}


def test_a_donor_is_known_by_code_before_account(book: Book) -> None:
    book.take(statement("01-01", "01-31", gift("01-05", 1000, code=MARIS_CODE)))

    assert _donors(book) == [[f"code {MARIS_CODE}"]]


def test_a_donor_of_a_persons_making_is_known_by_name(book: Book) -> None:
    book.take(statement("01-01", "01-31", line("01-05", 1000, text="sularaha")))
    book.answer(1, Answer(purpose=Purpose.GIFT, donor="Õie Äär", reason="she told me"))

    assert _donors(book) == [["name aar oie"]]


def test_the_anonymous_donor_is_nobody_even_where_accounts_are_known(book: Book) -> None:
    book.take(statement("01-01", "01-31", line("01-05", 1000, "Mari Mets", MARI, "tervitus")))
    book.answer(1, Answer(purpose=Purpose.GIFT, donor=book.donor("Anonymous"), reason="wants no thanks"))

    assert _donors(book) == [["anonymous"]]


@dataclass(frozen=True, slots=True)
class Download:
    """One file that a treasurer may download of the true payments: days, and how much the format tells."""

    first: int
    last: int
    is_full: bool


@st.composite
def true_payments(draw: st.DrawFn) -> list[StatementLine]:
    """Payments of ten days: twins, a shared account, two of one person, codes now and then, a near miss, money out."""
    found = []
    for number in range(draw(st.integers(1, 7))):
        on = f"01-{draw(st.integers(1, 10)):02}"
        minor = draw(st.sampled_from([1000, 1000, 2500, -300]))
        name, account = draw(st.sampled_from([("Mari Mets", MARI), ("Jaan Tamm", MARI), ("Jaan Tamm", JAAN)]))
        text = draw(st.sampled_from(["Annetus", "Annetus", "Anetus", "arve 7"]))
        code = draw(st.sampled_from(["", CODES[name]]))
        ids = bank_ids((IdScheme.ACCOUNT_SERVICER, f"RO{number:06}"))
        found.append(line(on, minor, name, account, text, code=code, ids=ids))
    return sorted(found, key=lambda each: each.booked_on)


@st.composite
def downloads(draw: st.DrawFn) -> list[Download]:
    """Periods that overlap as they like; together they need not cover everything."""
    days = st.tuples(st.integers(1, 10), st.integers(1, 10)).map(sorted)
    return [Download(first, last, draw(st.booleans())) for first, last in draw(st.lists(days, min_size=1, max_size=4))]


def as_file(payments: list[StatementLine], download: Download) -> Statement:
    """Return what the bank's file of these days states."""
    first, last = (day("01-01") + timedelta(days=number - 1) for number in (download.first, download.last))
    lines = [each for each in payments if first <= each.booked_on <= last]
    held = 50_000 + sum(each.money.signed_minor for each in payments if each.booked_on < first)
    told = lines if download.is_full else [_poorer(each) for each in lines]
    return statement(f"{first:%m-%d}", f"{last:%m-%d}", *told, opening=held if download.is_full else None)


def _poorer(one: StatementLine) -> StatementLine:
    """As Swedbank's CSV: no code, no id, and the name in its own spelling."""
    other = replace(one.counterparty, code=None, name=one.counterparty.name.upper())
    return replace(one, counterparty=other, ids=())


@of_rules()
@settings(max_examples=examples(25), deadline=None)
@given(true_payments(), downloads(), st.randoms(use_true_random=False))
def test_the_order_of_imports_changes_nothing(
    fresh_engine: FreshEngine, payments: list[StatementLine], files: list[Download], random: Any
) -> None:
    given_order = [as_file(payments, each) for each in files]
    other_order = random.sample(given_order, len(given_order))

    assert _imported(fresh_engine, given_order) == _imported(fresh_engine, [*other_order, *other_order])


@of_rules()
@settings(max_examples=examples(25), deadline=None)
@given(true_payments(), downloads(), st.data())
def test_an_import_that_was_undone_never_was(
    fresh_engine: FreshEngine, payments: list[StatementLine], files: list[Download], data: st.DataObject
) -> None:
    """Whether it is undone at once or after others came."""
    statements = [as_file(payments, each) for each in dict.fromkeys(files)]
    undone = data.draw(st.integers(0, len(statements) - 1))
    after = data.draw(st.integers(undone + 1, len(statements)))

    with fresh_engine() as engine:
        book = Book(engine)
        imports = [book.take(each) for each in statements[:after]]
        book.undo(imports[undone].file_id)
        for each in statements[after:]:
            book.take(each)
        dumped = _dump(book)

    assert dumped == _imported(fresh_engine, [*statements[:undone], *statements[undone + 1 :]])


def test_both_databases_dump_the_same_bytes(fresh_sqlite: FreshEngine, fresh_postgres: FreshEngine) -> None:
    """I25: letters that databases sort and fold in ways of their own, in texts, names and accounts."""
    names = ("Õie Äär", "oie aar", "Žanna Šokk", "ÕIE ÄÄR", "Øyvind", "Мария", "a_b%", "")
    lines = [gift(f"01-{number + 1:02}", 1000 + number, name) for number, name in enumerate(names)]
    said = set()
    for fresh in (fresh_sqlite, fresh_postgres):
        with fresh() as engine:
            book = Book(engine)
            book.take(statement("01-01", "01-31", *lines, line("01-20", 700, "Z", JAAN, "tere"), opening=0))
            book.answer(book.payment("01-20", 700), Answer(purpose=Purpose.GIFT, donor="Ülle Õun", reason="said"))
            said.add(book.ledger())
    assert len(said) == 1
    assert said.pop()


def test_a_code_that_was_undone_ties_no_accounts_together(fresh_engine: FreshEngine) -> None:
    plain = statement("01-01", "01-01", gift("01-01", 1000))
    coded = statement("01-02", "01-02", gift("01-02", 1000, code=MARIS_CODE))
    elsewhere = statement("01-03", "01-03", gift("01-03", 1000, account=JAAN, code=MARIS_CODE))
    with fresh_engine() as engine:
        book = Book(engine)
        book.take(plain)
        book.undo(book.take(coded).file_id)
        book.take(elsewhere)
        dumped = _dump(book)

    assert dumped == _imported(fresh_engine, [plain, elsewhere])


def _imported(fresh_engine: FreshEngine, statements: list[Statement]) -> bytes:
    with fresh_engine() as engine:
        book = Book(engine)
        for each in statements:
            book.take(each)
        return _dump(book)


def _dump(book: Book) -> bytes:
    with book.reading() as session:
        return dump(session)


def _donors(book: Book) -> list[list[str]]:
    lines = [json.loads(each) for each in _dump(book).splitlines()]
    return [part["donor"] for each in lines for part in each["allocations"] if "donor" in part]
