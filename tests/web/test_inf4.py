"""The working list for the tax board: what is ready, what is missing, kept lists, and how the CSV looks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from starlette.testclient import TestClient
from tests.book import JAAN, MARI, Book, gift, line, statement
from tests.documents.papers import sheet_of
from tests.reports.giving import code_of
from tests.web.reading_pages import hidden_of, links_of, text_of
from tests.web.test_guard import code_of as failure_of
from tests.written_once import written_once

from donations.acts.offering import Answer
from donations.core.payment import Purpose
from donations.store.reporting import attested

PAGE = "/treasurer/inf4?year=2026"
LAYOUT = {
    "year": "2026",
    "code_at": "2",
    "code_heading": "Kood",
    "name_at": "1",
    "name_heading": "=Nimi",
    "kind_at": "0",
    "kind_heading": "",
    "sum_at": "3",
    "sum_heading": "Summa",
    "header": "true",
    "separator": ",",
    "decimal_mark": ".",
}


@pytest.fixture(autouse=True)
@written_once
def lived_in(book: Book) -> Book:
    """Mari has a code, Jaan has none."""
    book.take(
        statement(
            "03-01",
            "03-31",
            gift("03-05", 1_000, code=code_of("Mari Mets")),
            gift("03-06", 2_000, "Jaan Tamm", JAAN),
        )
    )
    return book


def keep(client: TestClient) -> str:
    form = hidden_of(client.get(PAGE).text, action="/keep")
    answer = client.post("/treasurer/inf4/2026/keep", data=form)
    assert str(answer.url).endswith("kept=1&taken=xlsx")
    return answer.text


def test_a_list_that_is_another_one_by_now_is_not_kept(client: TestClient, lived_in: Book) -> None:
    form = hidden_of(client.get(PAGE).text, action="/keep")
    lived_in.take(statement("04-01", "04-30", gift("04-05", 500, code=code_of("Mari Mets"))))
    answer = client.post("/treasurer/inf4/2026/keep", data=form)
    assert (answer.status_code, "preview_outdated" in answer.text) == (409, True)
    assert "Downloaded lists" not in client.get(PAGE).text
    keep(client)


def test_the_page_says_what_is_ready_and_where_to_mend_the_rest(client: TestClient, lived_in: Book) -> None:
    page = client.get(PAGE).text
    said = text_of(page)
    assert "Ready to be listed 10,00 € 1 donor" in said
    assert "Cannot be listed yet 20,00 € 1 donor" in said
    assert "Jaan Tamm 20,00 € The code is missing" in said
    assert "no file of the tax board" in said
    jaan = lived_in.donor("Jaan Tamm")
    assert f"/treasurer/inf4/2026/codes/letters.pdf?donor={jaan}" in links_of(page)
    assert f'id="code-{jaan}"' in page
    assert "<details open><summary>Enter the code" in client.get(f"/treasurer/donors/{jaan}?enter=code").text


def test_codes_are_only_in_the_files(client: TestClient) -> None:
    code = code_of("Mari Mets")
    assert code not in keep(client)
    assert code in client.get("/treasurer/inf4/lists/1.csv").text


def test_a_kept_list_comes_as_csv_and_as_workbook(client: TestClient) -> None:
    keep(client)
    csv = client.get("/treasurer/inf4/lists/1.csv").content.decode("utf-8-sig").splitlines()
    assert csv == [
        "Isikukood või registrikood;Nimi;Isiku liik;Rahaline summa",
        f"{code_of('Mari Mets')};Mari Mets;füüsiline isik;10,00",
    ]
    sheet = sheet_of(client.get("/treasurer/inf4/lists/1.xlsx").content)
    assert [cell.value for cell in sheet[2]] == [code_of("Mari Mets"), "Mari Mets", "natural person", 10, "EUR"]
    assert client.get("/treasurer/inf4/lists/2.csv").status_code == 404


def test_a_kept_list_stays_and_the_page_says_what_changed(client: TestClient, lived_in: Book) -> None:
    keep(client)
    assert "Nothing has changed since the last list." in text_of(client.get(PAGE).text)
    lived_in.take(statement("04-01", "04-30", gift("04-05", 500, code=code_of("Mari Mets"))))
    assert "Mari Mets 10,00 € 15,00 €" in text_of(client.get(PAGE).text)
    assert "10,00" in client.get("/treasurer/inf4/lists/1.csv").text


def test_a_refund_of_another_year_is_told_as_the_bridge_to_other_reports(client: TestClient, lived_in: Book) -> None:
    keep(client)
    paid = replace(line("01-01", -400, "Mari Mets", MARI, "tagasi"), booked_on=date(2027, 1, 5))
    january = replace(statement("01-01", "01-31"), first_day=date(2027, 1, 1), last_day=date(2027, 1, 31))
    lived_in.take(replace(january, lines=(paid,)))
    with lived_in.reading() as session:
        payment = next(row.id for row in attested(session) if row.minor < 0)
    lived_in.answer(payment, Answer(purpose=Purpose.REFUND, donor=lived_in.donor("Mari Mets"), reason="a mistake"))
    last, this = (text_of(client.get(f"/treasurer/inf4?year={year}").text) for year in (2026, 2027))
    assert "as this list counts them 26,00 € plus: returned in later years, of gifts of 2026 4,00 €" in last
    assert "as the report “Donors year by year” says 30,00 €" in last
    assert "Mari Mets 10,00 € 6,00 €" in last
    assert "less: returned in 2027, of gifts of earlier years 4,00 €" in this
    assert "as the report “Donors year by year” says −4,00 €" in this


def test_the_columns_are_as_the_treasurer_wants_them(client: TestClient) -> None:
    keep(client)
    assert client.post("/treasurer/inf4/layout", data=LAYOUT).status_code == 200
    csv = client.get("/treasurer/inf4/lists/1.csv").content.decode("utf-8-sig").splitlines()
    assert csv == ["'=Nimi,Kood,Summa", f"Mari Mets,{code_of('Mari Mets')},10.00"]


def test_a_list_without_columns_is_refused(client: TestClient) -> None:
    nothing = LAYOUT | dict.fromkeys(("code_at", "name_at", "kind_at", "sum_at"), "0")
    answer = client.post("/treasurer/inf4/layout", data=nothing)
    assert (answer.status_code, failure_of(answer.text)) == (422, "bad_form")


def test_a_year_without_gifts_says_what_to_do(client: TestClient) -> None:
    page = client.get("/treasurer/inf4?year=2025").text
    assert "No gift of 2025 is in the books." in text_of(page)
    assert "/treasurer/upload" in links_of(page)
