"""Spending on its page: begin, give payees categories at once, see where the money went, and let the public see it."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from frictionless import Package
from starlette.testclient import TestClient
from tests.acts.test_publishing import LATER, by_the_first_rule, gifts_in, lived
from tests.acts.test_publishing import US as ORGANISATION
from tests.book import JAAN, MARI, OWN, Book, gift, line, statement
from tests.web.conftest import Clock, browser, enter
from tests.web.reading_pages import hidden_of, text_of
from tests.written_once import written_once

from donations.access.person import Role
from donations.core.statement import LineKind
from donations.published.document import block_complaints
from donations.reports.dump import dump

PAGE = "/treasurer/spending"
YEAR = {"year": "2026"}


@pytest.fixture
@written_once
def spent(book: Book) -> Book:
    """A gift, and costs of a landlord, a person and the bank."""
    book.take(
        statement(
            "03-01",
            "03-31",
            gift("03-01", 500_000),
            line("03-02", -40_000, "Landlord", JAAN, "rent"),
            line("03-03", -30_000, "Mari Mets", MARI, "pay"),
            line("03-05", -150, kind=LineKind.FEE),
        )
    )
    return book


def test_empty_books_say_what_to_do(client: TestClient) -> None:
    said = text_of(client.get(PAGE).text)
    assert "Begin with categories" in said
    assert "No cost of 2026 is in the books. Upload statements" in said


def test_a_year_takes_two_forms(client: TestClient, spent: Book) -> None:
    """Begin with the usual categories, choose for two payees at once: the bank's own rows follow by themselves."""
    before = dump_of(spent)
    done = text_of(client.post(f"{PAGE}/usual", data=YEAR).text)
    assert "Added. Now choose categories for the payees below." in done
    assert "No category yet 700,00 €" in done
    rows = {"payment": ["2", "3"], "category": ["2", "1"]}
    done = text_of(client.post(f"{PAGE}/payees", data=YEAR | rows).text)
    for words in (
        "Saved.",
        "Rooms organisations only 1 400,00 € 57 %",
        "Wages and fees, with the taxes on them people 1 300,00 € 43 %",
        "Bank fees organisations only 1 1,50 € < 1 %",
        "Total 701,50 €",
        "The bank: fees",
    ):
        assert words in done, words
    assert "No category yet" not in done
    assert "There was nothing to change." in text_of(client.post(f"{PAGE}/payees", data=YEAR | rows).text)
    listed = text_of(client.get(f"{PAGE}?year=2026&category=2").text)
    assert "2 March 2026 Landlord rent 400,00 €" in listed
    assert dump_of(spent) == before


def dump_of(book: Book) -> bytes:
    with book.reading() as session:
        return dump(session)


@pytest.mark.usefixtures("spent")
def test_categories_are_added_and_renamed(client: TestClient) -> None:
    new = {"name": " Printing ", "pays_people": "true"}
    assert "Added." in text_of(client.post(f"{PAGE}/categories", data=YEAR | new).text)
    assert "There is a category of that name already." in text_of(
        client.post(f"{PAGE}/categories", data=YEAR | {"name": "printing"}).text
    )
    done = client.post(f"{PAGE}/categories/1", data=YEAR | {"name": "<b>Paper"})
    assert "Changed. What is published already stays as it is." in text_of(done.text)
    assert "&lt;b&gt;Paper <small>organisations only" in done.text
    assert client.post(f"{PAGE}/categories/9", data=YEAR | {"name": "Paper"}).status_code == 404
    for name in ("", " ", "\x01", "x" * 61):
        assert client.post(f"{PAGE}/categories", data=YEAR | {"name": name}).status_code == 422, name


@pytest.mark.usefixtures("spent")
def test_a_form_that_is_cut_off_or_made_up_changes_nothing(client: TestClient) -> None:
    client.post(f"{PAGE}/categories", data=YEAR | {"name": "Rooms"})
    for rows, status in (
        ({"payment": ["2", "3"], "category": ["1"]}, 422),
        ({"payment": ["2"], "category": ["9"]}, 404),
    ):
        assert client.post(f"{PAGE}/payees", data=YEAR | rows).status_code == status
    assert client.post("/treasurer/payments/2/category", data={"category": "9", "scope": "payee"}).status_code == 404
    assert client.post("/treasurer/payments/99/category", data={"category": "1", "scope": "payee"}).status_code == 404
    assert "No category yet 701,50 €" in text_of(client.get(PAGE).text)


@pytest.mark.usefixtures("spent")
def test_a_payment_says_its_category_and_takes_another(client: TestClient) -> None:
    place = "/treasurer/payments/2"
    assert "Category of this cost None yet. Make categories of spending first" in text_of(client.get(place).text)
    for name in ("Rooms", "Storage"):
        client.post(f"{PAGE}/categories", data=YEAR | {"name": name})
    done = text_of(client.post(f"{place}/category", data={"category": "1", "scope": "payee"}).text)
    assert "Only the spending by category changes by that" in done
    assert "Rooms as everything that this payee is paid" in done
    done = text_of(client.post(f"{place}/category", data={"category": "2", "scope": "payment"}).text)
    assert "Storage said of this payment alone" in done
    done = text_of(client.post(f"{place}/category", data={"category": "1", "scope": "payee"}).text)
    assert "Rooms as everything that this payee is paid" in done
    assert "Category of this cost" not in client.get("/treasurer/payments/1").text


def test_who_may_only_look_is_shown_no_form(app: FastAPI, spent: Book) -> None:  # noqa: ARG001
    with browser(app, enter(app, Role.AUDITOR, name="auditor")) as auditor:
        shown = auditor.get(PAGE).text
        assert "Landlord" in shown
        assert not [action for action in re.findall(r'action="([^"]*)"', shown) if action.startswith(PAGE)]
        assert auditor.post(f"{PAGE}/usual", data=YEAR).status_code == 403


TERMS = {"donors_min": "10", "percent": "25", "payee": ORGANISATION}


@pytest.fixture
def publishable(client: TestClient, book: Book, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Book:
    """A month that can be published with its spending, as all could first; of the costs one has no category."""
    by_the_first_rule(monkeypatch)
    costs = [
        line("01-05", -40_000, "Canary Landlord", JAAN, "canaryrent"),
        line("01-06", -12_345, "Canary Bird", MARI, "canarypay"),
        line("01-07", -11_000, "Canary Singer", "DE89370400440532013000", "canarypay"),
        line("01-08", -10_000, "Canary Dancer", "LT121000011101001000", "canarypay"),
    ]
    lived(book, [*gifts_in(1, 12), *costs], gifts_in(2, 12), opening=900_000)
    client.post(f"{PAGE}/categories", data=YEAR | {"name": "Rooms"})
    client.post(f"{PAGE}/payees", data=YEAR | {"payment": ["13"], "category": ["1"]})
    client.post("/treasurer/publishing/terms", data=TERMS | {"spending_since": "2026-01-01"})
    clock.now = LATER
    return book


@pytest.mark.usefixtures("publishable")
def test_the_preview_says_what_is_folded_and_the_public_sees_exactly_that(client: TestClient) -> None:
    page = client.get("/treasurer/publishing").text
    said = text_of(page)
    for words in (
        "733,45 € spent on",
        "Rooms: 400,00 €",
        "Other spending: 333,45 €",
        "What has no category yet: give its payees one.",
    ):
        assert words in said, words
    client.post("/treasurer/publishing", data=hidden_of(page, action="/treasurer/publishing"))
    seen = text_of(client.get("/").text)
    assert "Where the money went" in seen
    assert "Rooms 400,00 € 55 % Other spending 333,45 € 45 % Total 733,45 €" in seen
    report = text_of(client.get("/treasurer/publishing/report").text)
    assert "733,45 € was spent on" in report


@pytest.mark.usefixtures("publishable")
def test_no_word_of_any_payee_is_public(client: TestClient) -> None:
    page = client.get("/treasurer/publishing").text
    client.post("/treasurer/publishing", data=hidden_of(page, action="/treasurer/publishing"))
    words = ("Canary", "canary", "Bird", MARI, JAAN, "DE89", "LT12", "12345", "123,45", "11000", "110,00 ")
    paths = ("/", "/spending.csv", "/transparency.json", "/transparency.csv", "/transparency.atom", "/datapackage.json")
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200
        text = answer.text + repr(answer.headers)
        assert not [word for word in words if word in text], path
    assert OWN in client.get("/transparency.json").text


@pytest.mark.parametrize("since", ["2026-01-02", "soon", "2026-13-01"])
def test_a_day_that_is_none_is_refused(client: TestClient, since: str) -> None:
    answer = client.post("/treasurer/publishing/terms", data=TERMS | {"spending_since": since})
    assert answer.status_code == 422
    assert "Write the first day of a month" in text_of(answer.text)


@pytest.mark.usefixtures("publishable")
def test_terms_tell_since_when(client: TestClient) -> None:
    page = client.get("/treasurer/publishing").text
    assert 'name="spending_since" value="2026-01-01"' in page
    assert "spending from 1 January 2026" in text_of(page)


@pytest.mark.usefixtures("publishable")
def test_the_package_has_spending_and_is_valid(client: TestClient, tmp_path: Path) -> None:
    page = client.get("/treasurer/publishing").text
    client.post("/treasurer/publishing", data=hidden_of(page, action="/treasurer/publishing"))
    for name in ("transparency.csv", "spending.csv", "datapackage.json"):
        (tmp_path / name).write_bytes(client.get(f"/{name}").content)
    report = Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note"])
    rows = list(csv.DictReader(io.StringIO((tmp_path / "spending.csv").read_text("utf-8-sig"))))
    assert [(row["last_day"], row["category"], row["spent_eur"]) for row in rows] == [
        ("2026-01-31", "Rooms", "400.00"),
        ("2026-01-31", "", "333.45"),
    ]
    assert "Spent 2026-01-01 – 2026-01-31: 733.45 EUR." in client.get("/transparency.atom").text
    assert "https://localhost/spending.csv" in client.get("/").text
    assert block_complaints(client.get("/transparency.json").json()) == []
