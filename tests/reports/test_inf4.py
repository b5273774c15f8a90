"""The working list for the tax board: who is on it, who is not and why; nothing of the year's gifts is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.book import JAAN, MARI, NOW, Book, gift, line, statement
from tests.conftest import FreshEngine
from tests.examples import examples
from tests.reports.giving import code_of

from donations.acts.offering import Answer
from donations.core.calendar import Period
from donations.core.donor import ANONYMOUS, CodeClaim, DonorKind
from donations.core.money import EUR, parse_currency
from donations.core.payment import Purpose
from donations.core.person_code import UnverifiedCode, parse_code
from donations.core.statement import StatementLine
from donations.reports.gifts import donors, waiting
from donations.reports.inf4 import Inf4, differences, inf4, kind_of
from donations.store.donors import people
from donations.store.organisation import IncentiveList, set_papers
from donations.store.papers import keep_list, kept_lists, lines_of_list
from donations.store.reporting import attested
from donations.store.session import writing
from donations.views.inf4 import UnlistedReason

USD = parse_currency("USD")
RAHU = "EE229600001000000012"


def found(book: Book, year: int = 2026) -> Inf4:
    with book.reading() as session:
        return inf4(session, year)


def test_who_has_a_code_is_listed_with_the_sum_of_the_year(book: Book) -> None:
    book.take(
        statement(
            "01-01",
            "01-31",
            gift("01-05", 1000, code=code_of("Mari Mets")),
            gift("01-06", 500, code=code_of("Mari Mets")),
            gift("01-07", 7000, "Hea OÜ", JAAN, code="12345678"),
        )
    )
    year = found(book)
    assert [(each.name, each.code, each.minor) for each in year.lines] == [
        ("Hea OÜ", "12345678", 7000),
        ("Mari Mets", code_of("Mari Mets"), 1500),
    ]
    assert [kind_of(each.code) for each in year.lines] == [DonorKind.ORGANISATION, DonorKind.PERSON]
    assert (year.listed, year.total) == (8500, 8500)
    assert found(book, 2025).lines == ()


def test_who_cannot_be_listed_is_named_with_the_reason(book: Book) -> None:
    book.take(
        statement(
            "01-01",
            "01-31",
            gift("01-05", 1000),
            gift("01-06", 2000, "Jaan Tamm", JAAN, code="38001085719"),
            gift("01-07", 300, "Rein Rahu", RAHU, code=code_of("Rein Rahu")),
            line("01-20", -300, "Rein Rahu", RAHU, "Annetuse tagastus"),
        )
    )
    refund = Answer(purpose=Purpose.REFUND, donor=book.donor("Rein Rahu"), reason="a mistake")
    book.answer(book.payment("01-20", -300), refund)
    year = found(book)
    assert [(each.name, each.why, each.minor) for each in year.unlisted] == [
        ("Jaan Tamm", UnlistedReason.CODE_INVALID, 2000),
        ("Mari Mets", UnlistedReason.CODE_MISSING, 1000),
        ("Rein Rahu", UnlistedReason.NOTHING_LEFT, 0),
    ]


def test_a_donor_with_two_codes_cannot_be_listed(book: Book) -> None:
    book.take(statement("01-01", "01-31", gift("01-05", 1000, code=code_of("Mari Mets"))))
    other = parse_code(code_of("Jaan Tamm"))
    assert other is not None
    assert not isinstance(other, UnverifiedCode)
    donor = book.donor("Mari Mets")
    with writing(book.engine) as session:
        people.add_claims(session, {CodeClaim(other): donor})
    assert [(each.why, each.minor) for each in found(book).unlisted] == [(UnlistedReason.TWO_CODES, 1000)]


def test_dollars_are_told_apart(book: Book) -> None:
    book.take(statement("01-01", "01-31", gift("01-05", 900, currency=USD), currency=USD))
    assert (found(book).elsewhere, found(book).total) == (((USD, 900),), 0)


def test_a_kept_list_shows_later_what_has_changed(book: Book) -> None:
    mari = {"code": code_of("Mari Mets")}
    book.take(
        statement(
            "01-01",
            "01-31",
            gift("01-05", 1000, **mari),
            gift("01-06", 2000, "Jaan Tamm", JAAN, code=code_of("Jaan Tamm")),
        )
    )
    before = found(book).lines
    with writing(book.engine) as session:
        number = keep_list(session, before, year=2026, by="treasurer", at=NOW)
    book.take(
        statement(
            "02-01", "02-28", gift("02-05", 500, **mari), gift("02-06", 100, "Rein Rahu", RAHU, code=code_of("Rein"))
        )
    )
    with book.reading() as session:
        (kept,) = kept_lists(session, 2026)
        assert (kept.id, kept.donors, kept.minor) == (number, 2, 3000)
        changed = differences(lines_of_list(session, number), inf4(session, 2026).lines)
    assert [(each.name, each.before and each.before.minor, each.now and each.now.minor) for each in changed] == [
        ("Mari Mets", 1000, 1500),
        ("Rein Rahu", None, 100),
    ]
    assert differences(before, before) == []


def test_a_refund_in_the_next_year_is_taken_off_last_years_list_and_not_off_the_next(book: Book) -> None:
    mari = {"code": code_of("Mari Mets")}
    book.take(statement("12-01", "12-31", gift("12-05", 1000, **mari), gift("12-06", 300, **mari)))
    before = found(book).lines
    january = replace(
        statement("01-01", "01-31"),
        first_day=date(2027, 1, 1),
        last_day=date(2027, 1, 31),
        lines=(
            replace(line("01-01", -1000, "Mari Mets", MARI, "tagasi"), booked_on=date(2027, 1, 5)),
            replace(gift("01-01", 200, **mari), booked_on=date(2027, 1, 20)),
        ),
    )
    book.take(january)
    with book.reading() as session:
        payment = next(row.id for row in attested(session) if row.minor < 0)
    book.answer(payment, Answer(purpose=Purpose.REFUND, donor=book.donor("Mari Mets"), reason="a mistake"))
    last, this = found(book), found(book, 2027)
    assert [each.minor for each in last.lines] == [300]
    assert (last.total, last.returned_later, last.returned_of_before, last.booked) == (300, 1000, 0, 1300)
    assert [(each.now and each.now.minor) for each in differences(before, last.lines)] == [300]
    assert [each.minor for each in this.lines] == [200]
    assert (this.total, this.returned_later, this.returned_of_before, this.booked) == (200, 0, 1000, -800)


_GIFTS = st.builds(
    gift,
    st.sampled_from(["01-02", "03-04", "12-31"]),
    st.integers(1, 10_000),
    st.sampled_from(["Mari Mets", "Jaan Tamm", "Rein Rahu", ""]),
    st.sampled_from([MARI, JAAN, RAHU]),
    code=st.sampled_from(["", code_of("Mari Mets"), code_of("Jaan Tamm"), "12345678", "38001085719"]),
)
_OUT = st.builds(
    line, st.sampled_from(["06-01", "12-01"]), st.integers(-10_000, -1), st.just("Mari Mets"), st.just(MARI)
)


@settings(max_examples=examples(15))
@given(st.lists(_GIFTS, max_size=8), st.lists(_OUT, max_size=3), st.sampled_from(["nobody", "anonymous", "giver"]))
def test_no_cent_of_the_year_is_lost(
    fresh_sqlite: FreshEngine, gifts: list[StatementLine], out: list[StatementLine], to: str
) -> None:
    with fresh_sqlite() as engine:
        book = Book(engine)
        lines = sorted([*gifts, *out], key=lambda each: each.booked_on)
        book.take(statement("01-01", "12-31", *lines))
        year = found(book)
        donor = {"nobody": None, "anonymous": ANONYMOUS}.get(to, year.lines[0].donor if year.lines else None)
        for each in out:
            payment = book.payment(f"{each.booked_on:%m-%d}", each.money.signed_minor)
            with book.reading() as session:
                is_open = any(row[2] == payment for row in waiting(session, Period(), date(2026, 12, 31)).rows)
            if is_open:
                book.answer(payment, Answer(purpose=Purpose.REFUND, donor=donor, reason="paid back"))
        year = found(book)
        with book.reading() as session:
            totals = donors(session, Period(date(2026, 1, 1), date(2026, 12, 31))).totals
    kept = sum(row[5] for row in totals if row[6] == EUR and isinstance(row[5], int))
    assert year.listed + year.not_listed + year.anonymous + year.without_donor == year.total == kept
    assert all(each.minor > 0 and parse_code(each.code) == each.code for each in year.lines)


GIVEN = {"01-05": 1000, "02-01": 200, "02-28": 30, "03-01": 4}


@pytest.mark.parametrize(
    ("incentives", "inside"),
    [
        (None, 1234),
        (IncentiveList(), 0),
        (IncentiveList(since=date(2020, 1, 1)), 1234),
        (IncentiveList(since=date(2026, 2, 1)), 234),
        (IncentiveList(since=date(2020, 1, 1), until=date(2026, 2, 28)), 1230),
        (IncentiveList(since=date(2026, 2, 1), until=date(2026, 2, 28)), 230),
        (IncentiveList(since=date(2020, 1, 1), until=date(2025, 12, 31)), 0),
        (IncentiveList(since=date(2027, 1, 1)), 0),
    ],
)
def test_what_was_given_while_not_on_the_list_is_not_declared(
    fresh_sqlite: FreshEngine, incentives: IncentiveList | None, inside: int
) -> None:
    code = code_of("Mari Mets")
    with fresh_sqlite() as engine:
        book = Book(engine)
        book.take(statement("01-01", "03-31", *(gift(on, minor, code=code) for on, minor in GIVEN.items())))
        if incentives is not None:
            with writing(book.engine) as session:
                set_papers(session, incentives, by="treasurer", at=NOW)
        year = found(book)
    assert [each.minor for each in year.lines] == ([inside] if inside else [])
    assert (year.listed, year.outside, year.unlisted) == (inside, 1234 - inside, ())
    assert year.total == year.booked == 1234


def test_a_refund_lessens_the_gift_that_it_returned_be_that_declared_or_not(fresh_sqlite: FreshEngine) -> None:
    with fresh_sqlite() as engine:
        book = Book(engine)
        gifts = [gift(on, minor, code=code_of("Mari Mets")) for on, minor in GIVEN.items()]
        back = [
            line("03-20", -200, "Mari Mets", MARI, "Annetuse tagastus"),
            line("03-21", -1000, "Mari Mets", MARI, "tagasi"),
        ]
        book.take(statement("01-01", "03-31", *gifts, *back))
        for each in ("03-20", -200), ("03-21", -1000):
            book.answer(book.payment(*each), Answer(purpose=Purpose.REFUND, donor=book.donor("Mari Mets"), reason="-"))
        with writing(book.engine) as session:
            set_papers(session, IncentiveList(since=date(2026, 2, 1)), by="treasurer", at=NOW)
        year = found(book)
    assert ([each.minor for each in year.lines], year.outside, year.total) == ([34], 0, 34)
