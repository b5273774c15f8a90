"""The first page says how things stand and what to do next, and every page that it is open to whoever sits here."""

from __future__ import annotations

from starlette.testclient import TestClient
from tests.book import MARI, Book, gift, line, statement
from tests.web.reading_pages import text_of

PAGES = ("", "/upload", "/questions", "/ledger", "/donors", "/imports", "/coverage", "/nowhere")


def test_at_first_it_asks_for_a_statement(client: TestClient) -> None:
    said = text_of(client.get("/treasurer").text)
    assert "Let us begin with a statement" in said
    assert "Annetus" in said


def test_then_for_answers(client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 1_000), line("03-06", 1, "A", MARI, "x"), opening=0))
    said = text_of(client.get("/treasurer").text)
    assert "1 question waits for you" in said
    assert "31 March 2026" in said


def test_then_for_nothing(client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 1_000)))
    said = text_of(client.get("/treasurer").text)
    assert "Everything has its purpose" in said
    assert "not proven yet" in said


def test_every_private_page_says_who_can_see_it(client: TestClient) -> None:
    for page in PAGES:
        assert "open to whoever uses this computer" in client.get(f"/treasurer{page}").text, page
    assert "open to whoever" not in client.get("/").text


def test_health(client: TestClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
