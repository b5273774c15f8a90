"""The public page: whole proven months, merged until nobody's gift shows; no donor in reach."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Engine, event
from starlette.testclient import TestClient
from tests.book import JAAN, MARI, OWN, Book, gift, line, statement
from tests.web.reading_pages import text_of

from donations.core.allocation import Purpose
from donations.core.money import parse_currency
from donations.core.statement import StatementLine
from donations.reports.public import PublicFigures, public_figures
from donations.review import Answer
from donations.store.session import reading


def gifts_in(month: int, count: int, *, minor: int = 1_000, first: int = 1) -> list[StatementLine]:
    """Return gifts of as many donors, told apart by name on one account."""
    return [gift(f"{month:02}-10", minor, f"Donor {number}") for number in range(first, first + count)]


def take_month(book: Book, month: int, lines: Sequence[StatementLine], opening: int) -> int:
    """Import a whole month and return its closing balance."""
    last = {1: 31, 2: 28, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31}[month]
    book.take(statement(f"{month:02}-01", f"{month:02}-{last}", *lines, opening=opening))
    return opening + sum(each.money.signed_minor for each in lines)


def figures(engine: Engine, today: date = date(2026, 7, 5)) -> PublicFigures:
    with reading(engine) as session:
        return public_figures(session, today=today)


def spans(found: PublicFigures) -> list[tuple[int, int, int, int, int]]:
    return [(b.first_day.month, b.last_day.month, b.minor, b.gifts, b.donors) for b in found.blocks]


def test_a_month_with_enough_donors_stands_alone(engine: Engine, book: Book) -> None:
    balance = take_month(book, 1, gifts_in(1, 10), 0)
    take_month(book, 2, gifts_in(2, 11), balance)
    found = figures(engine)
    assert spans(found) == [(1, 1, 10_000, 10, 10), (2, 2, 11_000, 11, 11)]
    assert (found.minor, found.gifts, found.donors, found.withheld_from) == (21_000, 21, 11, None)
    assert (found.minor_of_year(2026), found.minor_of_year(2025)) == (21_000, 0)


def test_smaller_months_are_merged_with_the_next(engine: Engine, book: Book) -> None:
    balance = take_month(book, 1, gifts_in(1, 4), 0)
    balance = take_month(book, 2, gifts_in(2, 5, first=4), balance)
    balance = take_month(book, 3, gifts_in(3, 2, first=9), balance)
    take_month(book, 4, gifts_in(4, 9), balance)
    found = figures(engine)
    assert spans(found) == [(1, 3, 11_000, 11, 10)]
    assert found.withheld_from == date(2026, 4, 1)


def test_a_gift_that_towers_over_the_rest_is_hidden_in_more_months(engine: Engine, book: Book) -> None:
    """All but the two largest must give a quarter of the largest: 8 x 10.00 is less than a quarter of 400.00."""
    balance = take_month(book, 1, [*gifts_in(1, 9), *gifts_in(1, 1, minor=40_000, first=10)], 0)
    assert figures(engine).blocks == ()
    take_month(book, 2, gifts_in(2, 4), balance)
    assert spans(figures(engine)) == [(1, 2, 53_000, 14, 10)]


def test_a_month_that_is_not_over_is_not_shown(engine: Engine, book: Book) -> None:
    take_month(book, 6, gifts_in(6, 12), 0)
    assert figures(engine, date(2026, 6, 30)).blocks == ()
    assert len(figures(engine, date(2026, 7, 1)).blocks) == 1


def test_nothing_is_shown_from_the_first_unproven_day_on(engine: Engine, book: Book) -> None:
    balance = take_month(book, 1, gifts_in(1, 10), 0)
    book.take(statement("02-01", "02-28", *gifts_in(2, 10)))
    take_month(book, 3, gifts_in(3, 10), balance + 1)
    found = figures(engine)
    assert spans(found) == [(1, 1, 10_000, 10, 10)]
    assert found.withheld_from == date(2026, 2, 1)


def test_refunds_are_taken_off_and_a_gift_given_back_counts_no_donor(engine: Engine, book: Book) -> None:
    back = line("01-20", -1_000, "Donor 1", MARI, "tagasi")
    take_month(book, 1, [*gifts_in(1, 11), back], 0)
    with reading(engine) as session:
        donor = session.connection().exec_driver_sql("SELECT id FROM donor WHERE name = 'Donor 1'").scalar_one()
        payment = session.connection().exec_driver_sql("SELECT id FROM payment WHERE minor < 0").scalar_one()
    book.answer(payment, Answer(purpose=Purpose.REFUND, reason="asked for it", donor=donor))
    assert spans(figures(engine)) == [(1, 1, 10_000, 11, 10)]


def test_what_was_taken_back_counts_nothing(engine: Engine, book: Book) -> None:
    take_month(book, 1, gifts_in(1, 11), 0)
    book.answer(1, Answer(purpose=Purpose.INCOME, reason="it was a ticket"))
    assert spans(figures(engine)) == [(1, 1, 10_000, 10, 10)]


def test_other_currencies_are_never_added(engine: Engine, book: Book) -> None:
    usd = parse_currency("USD")
    dollars = [gift("01-10", 5_000, f"Donor {n}", currency=usd) for n in range(20)]
    book.take(statement("01-01", "01-31", *dollars, opening=0, currency=usd))
    take_month(book, 1, gifts_in(1, 10), 0)
    assert figures(engine).minor == 10_000


def test_an_empty_book_says_so(client: TestClient) -> None:
    said = text_of(client.get("/").text)
    assert "No month can be shown yet." in said
    assert "The account will be shown here" in said


def test_the_page_tells_how_to_give_and_nothing_of_donors(client: TestClient, book: Book) -> None:
    take_month(book, 1, [*gifts_in(1, 12), line("01-11", 77_777, "Canary Bird", JAAN, "annetus canarytext")], 0)
    page = client.get("/").text
    said = text_of(page)
    assert "EE38 2200 2210 2014 5685" in said
    assert "MTÜ Rohutirts" in said
    assert "Annetus" in said
    for canary in ("Donor", "Canary", "canarytext", MARI, JAAN, "EE83 2200"):
        assert canary not in page.replace("Donors", "").replace("donors", "")
    assert OWN in page.replace(" ", "")


def test_the_queries_touch_nothing_that_names_a_person(engine: Engine, book: Book) -> None:
    take_month(book, 1, gifts_in(1, 12), 0)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement_: str, *_rest: object) -> None:
        asked.append(statement_.lower())

    event.listen(engine, "before_cursor_execute", note)
    figures(engine)
    event.remove(engine, "before_cursor_execute", note)
    assert len(asked) > 3
    for words in ("line_text", "donor.name", "donor_claim", "statement_line"):  # a donor's id is needed to count them
        assert not [each for each in asked if words in each], words
