"""The bar says on every page where the evening stands, as soon as it stands elsewhere, and to no auditor."""

from __future__ import annotations

from fastapi import FastAPI
from lxml import html
from starlette.testclient import TestClient
from tests.book import MARI, Book, line, statement
from tests.web.conftest import browser, enter
from tests.web.reading_pages import hidden_of

from donations.access.person import Role
from donations.acts.offering import Answer
from donations.core.payment import Purpose


def stands(client: TestClient, path: str = "/treasurer/donors") -> tuple[str, str]:
    """Return how far it is, and where the step at hand leads."""
    page = html.fromstring(client.get(path).text)
    (bar,) = page.xpath("//nav[@class='thread']")
    return bar.xpath(".//p")[0].text, bar.xpath(".//a[@aria-current='step']/@href")[0]


def test_it_goes_on_with_the_books(client: TestClient, book: Book) -> None:
    assert stands(client) == ("1 of 5", "/treasurer/upload")
    book.take(statement("03-01", "03-31", line("03-06", 1_000, "A", MARI, "x"), opening=0))
    assert stands(client) == ("2 of 5", "/treasurer/questions")
    book.answer(book.payment("03-06", 1_000), Answer(purpose=Purpose.INCOME, reason="a ticket"))
    assert stands(client) == ("3 of 5", "/treasurer/months/2026-03")
    path = "/treasurer/months/2026-03"
    client.post(f"{path}/close", data=hidden_of(client.get(path).text, action="/close"))
    assert stands(client) == ("1 of 5", "/treasurer/upload")


def test_an_auditor_has_none(app: FastAPI) -> None:
    auditor = browser(app, enter(app, Role.AUDITOR, name="Anu Audiitor"))
    assert 'class="thread"' not in auditor.get("/treasurer").text
