"""The first page says what to do this evening, in order, and how things stand."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from starlette.testclient import TestClient
from tests.book import MARI, NOW, OTHER_OWN, Book, gift, line, statement
from tests.web.conftest import Clock
from tests.web.reading_pages import links_of, text_of

from donations.acts.judging import judge_all
from donations.core.iban import parse_account
from donations.store.donors import people
from donations.store.session import writing


def main_buttons(page: str) -> list[str]:
    return re.findall(r'<a class="button" href="([^"]+)"', page)


def test_at_first_it_asks_for_a_statement(client: TestClient) -> None:
    said = text_of(client.get("/treasurer").text)
    assert "Let us begin with a statement" in said
    assert "Annetus" in said


def test_then_for_answers(client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 1_000), line("03-06", 1, "A", MARI, "x"), opening=0))
    page = client.get("/treasurer").text
    assert "1 question waits for you" in text_of(page)
    assert "Swedbank …5685: 1 Apr – 4 Jul 2026" in text_of(page)
    assert "Close March 2026 1 question of March 2026 is open. Answer the questions of this month" in text_of(page)
    assert main_buttons(page) == ["/treasurer/ledger/2026-03?show=unallocated"]
    assert "/treasurer/ledger/2026-03?show=unallocated" in links_of(page)


def test_then_for_closing_the_month(client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 1_000), opening=0))
    page = client.get("/treasurer").text
    assert main_buttons(page) == ["/treasurer/months/2026-03"]
    said = text_of(page)
    assert "March 2026 can be closed" in said
    assert "Close March 2026 Nothing is in its way." in said
    assert said.index("Close March 2026") < said.index("Download and upload")
    assert "/treasurer/months/2026-03" in links_of(page)


def test_then_for_nothing(client: TestClient, book: Book, clock: Clock) -> None:
    clock.now = datetime(2026, 3, 10, 18, tzinfo=UTC)
    book.take(statement("03-01", "03-09", gift("03-05", 1_000), opening=0))
    said = text_of(client.get("/treasurer").text)
    assert "All is done for this evening" in said
    assert "Gifts in March 2026 so far 10,00 € 1 gift" in said
    assert "Gifts in February 2026 0,00 €" in said


def test_days_that_contradict_are_not_passed_over(client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 1_000), opening=0, closing=5), accept="so it is")
    assert "Look at what contradicts" in text_of(client.get("/treasurer").text)


def test_an_account_that_a_transfer_named_is_asked_for_from_that_day(client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", line("03-25", -1_000, "Meie", OTHER_OWN), opening=1_000))
    book.take(statement("05-01", "05-31", opening=0, account=OTHER_OWN))
    said = text_of(client.get("/treasurer").text)
    assert "SEB Pank …5685, 25–31 Mar 2026: days missing." in said
    assert "SEB Pank …5685: 25 Mar – 30 Apr 2026 . No statement covers this time." in said
    assert "10,00 € left Swedbank …5685 for SEB Pank …5685 on 25 March 2026." in said
    assert "No statement of SEB Pank …5685 shows the other side yet." in said


def test_an_account_without_any_statement_is_asked_for(client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", line("03-25", -1_000, "Meie", OTHER_OWN), opening=1_000))
    with writing(book.engine) as session:
        number = parse_account(OTHER_OWN)
        assert number is not None
        people.add_account(session, number, name="Savings")
        judge_all(session, now=NOW)
    said = text_of(client.get("/treasurer").text)
    assert "Savings: 25 Mar – 4 Jul 2026 . No statement of this account is in the books yet." in said


def test_health(client: TestClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
