"""The ledger's numbers lead to the payments they are made of, and add up to them."""

from __future__ import annotations

import pytest
from lxml import html
from starlette.testclient import TestClient
from tests.book import JAAN, MARI, OTHER_OWN, Book, gift, line, statement
from tests.web.reading_pages import minor_of, text_of
from tests.written_once import written_once

from donations.core.statement import LineKind
from donations.web.treasurer import months


@pytest.fixture
@written_once
def lived_in(book: Book) -> Book:
    """Two accounts over two months, with every purpose and a question."""
    book.take(
        statement(
            "03-01",
            "03-31",
            gift("03-05", 1_000),
            gift("03-06", 2_000, "Jaan Tamm", JAAN),
            line("03-07", -250, kind=LineKind.FEE),
            line("03-08", 31, kind=LineKind.INTEREST),
            line("03-09", 4_000, "Keegi", MARI, "piletid"),
            line("03-10", -5_000, "Rohutirts", OTHER_OWN, "oma konto"),
            opening=100_000,
        )
    )
    book.take(statement("03-01", "03-31", line("03-10", 5_000, "Rohutirts", "", "x"), opening=0, account=OTHER_OWN))
    book.take(statement("04-01", "04-30", gift("04-05", 1_000), gift("04-05", 1_000), opening=101_781))
    return book


def sums_shown(page: str) -> int:
    cells = html.fromstring(page).xpath("//main//tbody/tr/td[contains(@class, 'money')][1]")
    return sum(minor_of(cell.text_content()) for cell in cells)


def test_every_number_is_the_sum_of_the_payments_behind_it(client: TestClient, lived_in: Book) -> None:
    del lived_in
    links = html.fromstring(client.get("/treasurer/ledger?year=2026").text).xpath("//main//td//a")
    assert len(links) == 11
    for link in links:
        assert sums_shown(client.get(link.get("href")).text) == minor_of(link.text_content()), link.get("href")


def test_a_month_says_its_closing_and_its_proof(client: TestClient, lived_in: Book) -> None:
    del lived_in
    said = text_of(client.get("/treasurer/ledger").text)
    assert "1 037,81 €" in said
    assert "proven" in said


def test_months_are_listed_newest_first_and_lead_on(client: TestClient, lived_in: Book) -> None:
    del lived_in
    headings = html.fromstring(client.get("/treasurer/ledger").text).xpath("//main//h2/text()")
    assert headings[:2] == ["April 2026", "March 2026"]
    march = client.get("/treasurer/ledger/2026-03").text
    assert 'href="/treasurer/ledger/2026-02"' in march
    assert 'href="/treasurer/ledger/2026-04"' in march
    assert "No such payment in this month." in client.get("/treasurer/ledger/2026-02").text


@pytest.mark.parametrize(
    ("path", "status"), [("2026-13", 404), ("2026-3", 422), ("x", 422), ("2026-03?show=x", 422), ("0000-01", 404)]
)
def test_months_that_are_none(client: TestClient, path: str, status: int) -> None:
    assert client.get(f"/treasurer/ledger/{path}").status_code == status


def test_a_long_month_comes_a_page_at_a_time(
    client: TestClient, lived_in: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    del lived_in
    monkeypatch.setattr(months, "PAYMENTS_AT_ONCE", 2)
    pages = [client.get(f"/treasurer/ledger/2026-03?show=in&page={at}").text for at in (1, 2, 3, 4)]
    assert sum(map(sums_shown, pages)) == 1_000 + 2_000 + 31 + 4_000 + 5_000
    assert "Page 1 of 3" in pages[0]


def test_a_personal_code_is_never_shown(client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 1_000, code="38001085718")))
    for path in ("/treasurer/donors/2", "/treasurer/payments/1", "/treasurer/questions", "/treasurer/ledger/2026-03"):
        page = client.get(path).text
        assert "38001085718" not in page
        assert "3800108" not in page
    assert "on file" in client.get("/treasurer/donors/2").text
