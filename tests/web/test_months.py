"""A month is looked at, closed as it was shown, corrected, and opened again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient
from tests.book import JAAN, MARI, OTHER_OWN, Book, gift, line, statement
from tests.web.conftest import Clock
from tests.web.reading_pages import hidden_of, links_of, text_of
from tests.written_once import written_once

from donations.acts.offering import Answer
from donations.core.payment import Purpose
from donations.core.statement import LineKind

MARCH = "/treasurer/months/2026-03"


@pytest.fixture
@written_once
def lived_in(book: Book) -> Book:
    """March is proven and has a question; April is proven and answered."""
    book.take(
        statement(
            "03-01",
            "03-31",
            gift("03-05", 1_000),
            gift("03-06", 2_000, "Jaan Tamm", JAAN),
            line("03-07", -250, kind=LineKind.FEE),
            line("03-09", 4_000, "Keegi", MARI, "piletid"),
            opening=100_000,
        )
    )
    book.take(statement("04-01", "04-30", gift("04-05", 1_000), opening=106_750))
    return book


def answered(book: Book) -> None:
    book.answer(book.payment("03-09", 4_000), Answer(purpose=Purpose.INCOME, reason="a ticket"))


def close(client: TestClient, path: str = MARCH, **fields: str) -> str:
    """Close a month, with one reason for the one thing that may be in the way, and return its page, or the refusal."""
    page = client.get(path).text
    about = re.findall(r'form="closing" name="about" value="([^"]+)"', page)
    assert len(about) <= 1
    answer = client.post(f"{path}/close", data=hidden_of(page, action="/close") | {"about": about} | fields)
    return client.get(path).text if answer.is_success else answer.text


def test_a_month_shows_what_is_in_the_way_and_where_to_mend_it(client: TestClient, lived_in: Book) -> None:
    del lived_in
    page = client.get(MARCH).text
    assert "1 question of March 2026 is open." in text_of(page)
    assert "/treasurer/ledger/2026-03?show=unallocated" in links_of(page)
    april = client.get("/treasurer/months/2026-04").text
    assert "Months are closed in order, and March 2026 is still open." in text_of(april)
    assert "/close" not in april


def test_a_month_is_closed_as_it_was_shown(client: TestClient, lived_in: Book) -> None:
    answered(lived_in)
    said = text_of(close(client))
    assert "Closed on 5 July 2026, 15:00 by treasurer." in said
    assert "None: the books are as they were when the month was closed." in said
    listed = text_of(client.get("/treasurer/months").text)
    assert "March 2026 closed 30,00 € 2 2 70,00 € −2,50 € ✓ proven – –" in listed


def test_closing_ends_on_the_next_month_and_then_on_what_is_next(client: TestClient, lived_in: Book) -> None:
    answered(lived_in)
    landed = client.post(f"{MARCH}/close", data=hidden_of(client.get(MARCH).text, action="/close"))
    assert landed.url.path == "/treasurer/months/2026-04"
    said = text_of(landed.text)
    assert "March 2026 is closed." in said
    assert said.index("Close April 2026") < said.index("What differs from the expected")
    landed = client.post("/treasurer/months/2026-04/close", data=hidden_of(landed.text, action="/close"))
    assert landed.url.path == "/treasurer/months/2026-04"
    assert "April 2026 is closed. Upload statements" in text_of(landed.text)
    assert "is closed." not in text_of(client.get("/treasurer/months/2026-04?closed=2026-06").text)


def test_an_open_question_needs_a_written_reason_which_is_shown(client: TestClient, lived_in: Book) -> None:
    del lived_in
    assert "reason_needed" in close(client)
    assert "reason_needed" in close(client, reason="   ")
    said = text_of(close(client, reason="The buyer does not answer"))
    assert "It was closed all the same with: open questions: 1. Reason: The buyer does not answer" in said
    assert "1 question was open then" in said
    listed = text_of(client.get("/treasurer/months").text)
    assert "March 2026 closed with 1 question open" in listed
    csv = client.get(f"{MARCH}/month.csv").content.decode()
    assert "2026-03: closed all the same (open questions: 1), because: The buyer does not answer" in csv
    assert "2026-03 was closed on 2026-07-05 by treasurer." in csv


def test_a_question_that_is_answered_later_is_no_task_any_more(client: TestClient, lived_in: Book) -> None:
    close(client, reason="The buyer does not answer")
    assert "/treasurer/ledger/2026-03?show=unallocated" in links_of(client.get("/treasurer/months").text)
    answered(lived_in)
    page = client.get("/treasurer/months").text
    assert "/treasurer/ledger/2026-03?show=unallocated" not in links_of(page)
    assert "closed with 1 question open" in text_of(page)


def test_each_thing_in_the_way_has_a_reason_of_its_own_and_its_way(client: TestClient, book: Book) -> None:
    out = line("03-05", -1_000, "Meie", OTHER_OWN)
    book.take(statement("03-01", "03-10", out, line("03-06", 1, "A", MARI, "x"), opening=1_000))
    book.take(statement("03-12", "03-31", opening=1))
    book.take(statement("03-01", "03-31", opening=0, account=OTHER_OWN))
    page = client.get(MARCH).text
    said = text_of(page)
    assert "3 things are in the way of closing it." in said
    assert "11 March 2026: no statement, balance unchanged." in said
    assert "10,00 € left Swedbank …5685 for SEB Pank …5685 on 5 March 2026. The statements of SEB Pank …5685" in said
    assert "Money under way between your accounts" in said
    assert f"/treasurer/payments/{book.payment('03-05', -1_000)}" in links_of(page)
    assert "everything has its purpose" not in said
    form = hidden_of(page, action="/close")
    about = re.findall(r'form="closing" name="about" value="([^"]+)"', page)
    assert [each.partition(":")[0] for each in about] == ["days_unchanged", "transfer_late", "questions_open"]
    sent = {**form, "about": about, "reason": ["quiet", "asked the bank", " "]}
    assert "reason_needed" in client.post(f"{MARCH}/close", data=sent).text
    client.post(f"{MARCH}/close", data=sent | {"reason": ["quiet", "asked the bank", "later"]})
    said = text_of(client.get(MARCH).text)
    assert "days without a statement, EE38…5685, 11 March 2026. Reason: quiet" in said
    assert "an own transfer that did not arrive, EE38…5685, 5–12 Mar 2026. Reason: asked the bank" in said
    assert "open questions: 1. Reason: later" in said


def test_quiet_days_are_confirmed_where_they_are_in_the_way(client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-10", gift("03-05", 1_000), opening=0))
    book.take(statement("03-12", "03-31", opening=1_000))
    form = hidden_of(client.get(MARCH).text, action="/coverage/quiet")
    answer = client.post("/treasurer/coverage/quiet", data=form)
    assert answer.url.path == MARCH
    said = text_of(answer.text)
    assert "Everything has its purpose, and every day is proven or confirmed by a person." in said
    assert "Every day is proven, and" not in said
    assert "Closed on" in text_of(close(client))


def test_what_changed_since_it_was_shown_is_shown_first(client: TestClient, lived_in: Book) -> None:
    form = hidden_of(client.get(MARCH).text, action="/close")
    answered(lived_in)
    response = client.post(f"{MARCH}/close", data=form)
    assert response.status_code == 409
    assert "Something changed since you looked." in response.text
    assert "Nothing was closed." in response.text
    assert "open" in text_of(client.get("/treasurer/months").text)


def test_what_comes_later_is_a_dated_correction(client: TestClient, lived_in: Book) -> None:
    answered(lived_in)
    close(client)
    lived_in.take(statement("03-01", "03-31", gift("03-20", 500, "Uus Uudo", "EE229600001000000012")))
    lived_in.answer(lived_in.payment("03-09", 4_000), Answer(purpose=Purpose.GIFT, donor="Keegi", reason="a gift"))
    said = text_of(client.get(MARCH).text)
    assert "4 corrections, the newest first" in said
    assert "A payment came +5,00 € Import 3 came. treasurer" in said
    assert "Gift · General +40,00 € a gift treasurer" in said
    assert "Other income taken back −40,00 € a gift treasurer" in said
    assert "Gifts" in said
    assert "Given General 30,00 € +45,00 € 75,00 €" in said
    assert "Number of gifts General 2 +2 4" in said
    assert "3 1 July 2026" not in said
    assert "Corrections since closing: 2026-03 (4)." in client.get(f"{MARCH}/month.csv").content.decode()


def test_the_newest_closed_month_is_opened_again_for_a_reason(client: TestClient, lived_in: Book) -> None:
    answered(lived_in)
    close(client)
    close(client, "/treasurer/months/2026-04")
    assert "Open this month again" not in client.get(MARCH).text
    assert client.post(f"{MARCH}/reopen", data={"reason": "x"}).status_code == 409
    april = "/treasurer/months/2026-04"
    assert client.post(f"{april}/reopen", data={"reason": " "}).status_code == 409
    said = text_of(client.post(f"{april}/reopen", data={"reason": "A wrong donor"}).text)
    assert "opened again on 5 July 2026, 15:00 by treasurer, because: A wrong donor" in said
    assert "Close April 2026" in said


def test_a_month_that_is_not_over_cannot_be_closed(client: TestClient, lived_in: Book, clock: Clock) -> None:
    answered(lived_in)
    clock.advance(timedelta(days=-100))
    said = client.get(MARCH).text
    assert "The month is not over yet." in said
    assert "/close" not in said


def test_exceptions_come_first_and_the_rest_is_one_line(client: TestClient, lived_in: Book) -> None:
    del lived_in
    said = text_of(client.get(MARCH).text)
    assert said.index("What differs from the expected") < said.index("What the bank says")
    assert "New donors 2" in said
    assert "As expected: 1 gift, 10,00 €" in text_of(client.get("/treasurer/months/2026-04").text)


@pytest.mark.parametrize(("path", "status"), [("2026-13", 404), ("2026-3", 422), ("x", 422), ("0001-01", 422)])
def test_months_that_are_none(client: TestClient, path: str, status: int) -> None:
    assert client.get(f"/treasurer/months/{path}").status_code == status


def test_empty_books_say_what_to_do(client: TestClient) -> None:
    assert "/treasurer/upload" in links_of(client.get("/treasurer/months").text)
    page = client.get(MARCH).text
    assert "No statement of this month is in the books." in text_of(page)
    assert "/treasurer/upload" in links_of(page)
