"""The journal as a page and as files, with the accountant's own numbers."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient
from tests.book import OWN, Book, gift, line, statement
from tests.documents.papers import sheet_of
from tests.web.reading_pages import text_of
from tests.web.test_guard import code_of
from tests.written_once import written_once


@pytest.fixture(autouse=True)
@written_once
def lived_in(book: Book) -> Book:
    """A gift and a cost in March."""
    book.take(statement("03-01", "03-31", gift("03-05", 1_000), line("03-07", -250, "Pood"), opening=5_000))
    return book


def test_the_page_shows_the_bookings_without_names(client: TestClient) -> None:
    said = text_of(client.get("/treasurer/journal").text)
    assert "Journal of March 2026" in said
    assert "2 bookings" in said
    assert "not closed: its bookings may still change" in said
    assert "Mari Mets" not in said
    assert "Mari Mets" in text_of(client.get("/treasurer/journal?names=true").text)


@pytest.mark.parametrize(
    ("kind", "has"),
    [
        ("csv", f"2026-03-05,1,{OWN},3100,10.00,EUR,Gift"),
        ("hledger", "Income:Gifts  -10.00 EUR"),
        ("beancount", "open Income:Gifts"),
    ],
)
def test_a_month_comes_as_a_file(client: TestClient, kind: str, has: str) -> None:
    plain = client.get(f"/treasurer/journal/2026-03.{kind}")
    assert has in plain.text
    assert "Mari Mets" not in plain.text
    assert "Mari Mets" in client.get(f"/treasurer/journal/2026-03.{kind}?names=true").text
    assert "opening balance" in client.get("/treasurer/journal/2026-03.hledger?opening=true").text


def test_the_accountants_numbers_are_kept(client: TestClient) -> None:
    form = {
        "purpose": ["gift", "refund", "cost"],
        "purpose_number": ["3111", "", "5555"],
        "own": [OWN],
        "own_number": ["1020"],
    }
    assert client.post("/treasurer/journal/accounts", data=form).status_code == 200
    sheet = sheet_of(client.get("/treasurer/journal/2026-03.xlsx").content)
    assert [[cell.value for cell in row[2:5]] for row in sheet.iter_rows(min_row=2)] == [
        ["1020", "3111", 10],
        ["5555", "1020", 2.5],
    ]


def test_merit_gets_accounts_and_projects_by_the_accountants_numbers(client: TestClient) -> None:
    address = "/treasurer/journal/2026-03.merit"
    unset = client.get(address)
    assert (unset.status_code, code_of(unset.text)) == (409, "not_for_merit")
    form = {
        "purpose": ["gift", "cost"],
        "purpose_number": ["3111", "5555"],
        "own": [OWN],
        "own_number": ["1020"],
        "appeal": ["1"],
        "appeal_number": ["P01"],
    }
    assert "P01" in client.post("/treasurer/journal/accounts", data=form).text
    given, spent = client.get(address).json()
    assert [(row["AccountCode"], row.get("ProjectCode")) for row in given["EntryRow"]] == [
        ("1020", None),
        ("3111", "P01"),
    ]
    assert [row["AccountCode"] for row in spent["EntryRow"]] == ["1020", "5555"]


@pytest.mark.parametrize("number", ["=1+1", "12;3", "x" * 21, "a\nb"])
def test_a_number_that_is_none_is_refused(client: TestClient, number: str) -> None:
    form = {"purpose": ["gift"], "purpose_number": [number]}
    answer = client.post("/treasurer/journal/accounts", data=form)
    assert (answer.status_code, code_of(answer.text)) == (422, "bad_form")


def test_there_is_no_such_month(client: TestClient) -> None:
    assert client.get("/treasurer/journal/2026-13.csv").status_code == 404
    assert client.get("/treasurer/journal?month=2026-13").status_code == 404
