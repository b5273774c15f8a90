"""The reports as pages and files: days are chosen, and each file says what the page says."""

from __future__ import annotations

import json

import pytest
from lxml import html
from starlette.testclient import TestClient
from tests.book import JAAN, NOW, Book, gift, line, statement
from tests.documents.papers import accessible, sheet_of
from tests.documents.papers import text_of as pdf_text
from tests.web.reading_pages import links_of, text_of
from tests.web.test_guard import code_of
from tests.written_once import written_once

from donations.reports.catalogue import REPORTS
from donations.store.organisation import FinancialYear, set_papers
from donations.store.session import writing

MARCH = "from=2026-03-01&to=2026-03-31"


@pytest.fixture(autouse=True)
@written_once
def lived_in(book: Book) -> Book:
    """Two gifts in March, a question, and one gift in April."""
    book.take(
        statement(
            "03-01",
            "04-30",
            gift("03-05", 1_000),
            gift("03-06", 2_000, "Jaan Tamm", JAAN),
            line("03-09", 4_000, "Keegi", JAAN, "piletid"),
            gift("04-05", 1_500),
            opening=100_000,
        )
    )
    return book


def test_the_list_leads_to_every_report_and_paper(client: TestClient) -> None:
    found = links_of(client.get("/treasurer/reports").text)
    assert {f"/treasurer/reports/{name}" for name in REPORTS} <= set(found)
    listed = html.fromstring(client.get("/treasurer/reports").text).xpath("//dl//dt/a/@href")
    assert len(listed) == len(set(listed)) == len(REPORTS) + 4
    for path in found:
        assert client.get(path).status_code == 200, path


def test_a_report_of_chosen_days(client: TestClient) -> None:
    page = client.get(f"/treasurer/reports/gifts?{MARCH}").text
    said = text_of(page)
    assert "Gifts, March 2026" in said
    assert "5 March 2026" in said
    assert "5 April 2026" not in said
    assert "30,00 €" in said
    assert any(link.startswith("/treasurer/payments/") for link in links_of(page))


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("", "Gifts, April 2026"),
        ("?all=true", "Gifts, all time"),
        ("?from=2026-04-01&to=2026-03-01", "Gifts, 1 Mar – 1 Apr 2026"),
        ("?from=2026-04-05&to=", "Gifts, 5–30 Apr 2026"),
        ("?from=2026-01-01&to=2026-12-31", "Gifts, 2026"),
    ],
)
def test_days_that_are_not_said_are_the_usual_ones(client: TestClient, query: str, title: str) -> None:
    assert title in text_of(client.get(f"/treasurer/reports/gifts{query}").text)


def test_the_annual_report_is_about_the_financial_year_that_was_said(client: TestClient, lived_in: Book) -> None:
    assert "Figures for the annual report, 2026" in text_of(client.get("/treasurer/reports/annual").text)
    with writing(lived_in.engine) as tx:
        set_papers(tx, FinancialYear(first_month=4), by="treasurer", at=NOW)
    page = client.get("/treasurer/reports/annual").text
    said = text_of(page)
    assert "annual report, 1 Apr 2026 – 31 Mar 2027" in said
    assert "until 30 September 2027" in said
    assert "What is left over: must be 0 0,00 €" in " ".join(said.split())
    assert "2025/2026" in said
    assert "?from=2025-04-01&to=2026-03-31" in links_of(page)


@pytest.mark.parametrize(
    ("query", "code"),
    [("from=2026-02-30", "bad_day"), ("from=yesterday", "bad_form"), ("to=9", "bad_form"), ("page=0", "bad_form")],
)
def test_days_that_are_none_are_refused(client: TestClient, query: str, code: str) -> None:
    answer = client.get(f"/treasurer/reports/gifts?{query}")
    assert (answer.status_code, code_of(answer.text)) == (422, code)


@pytest.mark.parametrize("path", ["nothing", "nothing.pdf"])
def test_there_is_no_other_report(client: TestClient, path: str) -> None:
    assert client.get(f"/treasurer/reports/{path}").status_code == 404


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_comes_as_a_page_and_as_every_file(client: TestClient, name: str) -> None:
    assert client.get(f"/treasurer/reports/{name}").status_code == 200
    for kind in ("csv", "xlsx", "json", "pdf"):
        answer = client.get(f"/treasurer/reports/{name}.{kind}?{MARCH}")
        assert answer.status_code == 200, kind
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}-2026-03.{kind}"'


def test_files_say_what_the_page_says(client: TestClient) -> None:
    page = html.fromstring(client.get(f"/treasurer/reports/donors?{MARCH}").text)
    names = [cell.text_content().strip() for cell in page.xpath("//tbody/tr/td[2]")]
    assert names == ["Jaan Tamm", "Mari Mets"]

    at = f"/treasurer/reports/donors.{{}}?{MARCH}"
    csv = client.get(at.format("csv")).content.decode("utf-8-sig").splitlines()
    assert csv[1].startswith("3,Jaan Tamm,1,20.00,0.00,20.00,EUR") or "Jaan Tamm,1,20.00" in csv[1]
    sheet = sheet_of(client.get(at.format("xlsx")).content)
    assert [cell.value for cell in sheet["D"]] == ["Given", 20, 10, 30]
    paper = client.get(at.format("pdf")).content
    assert accessible(paper)["title"] == "Donors, March 2026"
    assert "Jaan Tamm 1 20,00 €" in pdf_text(paper)
    rows = json.loads(client.get(at.format("json")).text)["rows"]
    assert [row["total"]["minor"] for row in rows] == [2_000, 1_000]


def test_a_paper_speaks_the_readers_language(client: TestClient) -> None:
    answer = client.get(f"/treasurer/reports/gifts.pdf?{MARCH}", headers={"accept-language": "ru"})
    assert accessible(answer.content)["language"] == "ru"
    assert "5 марта 2026" in pdf_text(answer.content)


def test_a_long_report_comes_page_by_page(client: TestClient, lived_in: Book) -> None:
    lived_in.take(statement("01-01", "01-31", *(gift("01-05", 100 + number) for number in range(201))))
    page = client.get("/treasurer/reports/gifts?from=2026-01-01&to=2026-01-31").text
    assert len(html.fromstring(page).xpath("//tbody/tr")) == 200
    last = client.get("/treasurer/reports/gifts?from=2026-01-01&to=2026-01-31&page=2").text
    assert len(html.fromstring(last).xpath("//tbody/tr")) == 1


def test_what_is_too_long_for_paper_is_for_spreadsheets(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("donations.documents.printed.ROWS_MAX", 1)
    answer = client.get(f"/treasurer/reports/gifts.pdf?{MARCH}")
    assert (answer.status_code, code_of(answer.text)) == (422, "too_long_for_paper")
    assert client.get(f"/treasurer/reports/gifts.xlsx?{MARCH}").status_code == 200
