"""Codes that the list for the tax board wants: a column that keeps what is right, and a list that is pasted."""

from __future__ import annotations

from datetime import date

import pytest
from starlette.testclient import TestClient
from tests.book import JAAN, MARI, NOW, Book, gift, statement
from tests.documents.papers import accessible
from tests.documents.papers import text_of as pdf_text
from tests.reports.giving import code_of
from tests.web.reading_pages import hidden_of, text_of
from tests.written_once import written_once

from donations.core.donor import CodeClaim
from donations.store.donors import people
from donations.store.donors.donor_facts import ConsentKind, record_consent
from donations.store.session import writing

PAGE = "/treasurer/inf4?year=2026"
CODES = "/treasurer/inf4/2026/codes"
MARIS, JAANS = code_of("Mari Mets"), code_of("Jaan Tamm")


@pytest.fixture(autouse=True)
@written_once
def lived_in(book: Book) -> Book:
    """Mari has a code; Jaan, another Jaan and Uno have none."""
    book.take(
        statement(
            "03-01",
            "03-31",
            gift("03-05", 1_000, code=MARIS),
            gift("03-06", 3_000, "Jaan Tamm", JAAN),
            gift("03-07", 2_000, "UNO KASK", "EE471000001020145685"),
        )
    )
    return book


def codes(book: Book, name: str) -> list[str]:
    with book.reading() as session:
        claims = people.claims_of(session, book.donor(name))
    return [str(each.code) for each in claims if isinstance(each, CodeClaim)]


def test_what_is_right_is_kept_and_what_is_wrong_stays_in_its_row(client: TestClient, lived_in: Book) -> None:
    jaan, uno = lived_in.donor("Jaan Tamm"), lived_in.donor("Uno Kask")
    answer = client.post(CODES, data={"donor": [str(jaan), str(uno)], "code": [JAANS, MARIS]})
    assert answer.status_code == 409
    said = text_of(answer.text)
    assert "1 code is kept. 1 code is not: Uno Kask : Another donor has this code already." in said
    assert f'value="{MARIS}" aria-invalid="true" aria-describedby="wrong-{uno}"' in answer.text
    assert (codes(lived_in, "Jaan Tamm"), codes(lived_in, "Uno Kask")) == ([JAANS], [])


def test_an_empty_field_says_nothing_and_all_right_ones_lead_back_to_the_list(
    client: TestClient, lived_in: Book
) -> None:
    jaan, uno = lived_in.donor("Jaan Tamm"), lived_in.donor("Uno Kask")
    answer = client.post(CODES, data={"donor": [str(jaan), str(uno)], "code": [f" {JAANS} ", " "]})
    assert str(answer.url).endswith("entered=1")
    assert "1 code is kept." in text_of(answer.text)
    assert "Ready to be listed 40,00 € 2 donors" in text_of(answer.text)


def test_one_code_for_two_donors_is_kept_for_the_first_alone(client: TestClient, lived_in: Book) -> None:
    jaan, uno = lived_in.donor("Jaan Tamm"), lived_in.donor("Uno Kask")
    client.post(CODES, data={"donor": [str(jaan), str(uno)], "code": [JAANS, JAANS]})
    assert (codes(lived_in, "Jaan Tamm"), codes(lived_in, "Uno Kask")) == ([JAANS], [])


def test_rows_that_do_not_fit_together_are_refused(client: TestClient) -> None:
    assert client.post(CODES, data={"donor": ["2", "3"], "code": [JAANS]}).status_code == 422


def test_a_pasted_list_is_shown_first_and_then_kept(client: TestClient, lived_in: Book) -> None:
    pasted = f"Nimi\tKood\nJaan Tamm\t{JAANS}\n49403136520\tUno Kask\nMari Mets\t{MARIS}\nKeegi Muu\t{MARIS}"
    shown = client.post(f"{CODES}/pasted", data={"pasted": pasted})
    said = text_of(shown.text)
    assert "Whose they are 1" in said
    assert "Line 3: Uno Kask" in said
    assert "The code is not valid" in said
    assert "Line 4: Mari Mets · The code of this donor is known already." in said
    assert "Line 5: Keegi Muu · Nobody who is called so lacks a code." in said
    assert codes(lived_in, "Jaan Tamm") == []
    form = hidden_of(shown.text, action="/codes")
    client.post(CODES, data=form)
    assert codes(lived_in, "Jaan Tamm") == [JAANS]


def test_namesakes_are_told_apart_by_a_person(client: TestClient, lived_in: Book) -> None:
    lived_in.take(statement("04-01", "04-30", gift("04-06", 500, "Jaan Tamm", MARI)))
    shown = client.post(f"{CODES}/pasted", data={"pasted": f"Jaan Tamm;{JAANS}"}).text
    assert "Unclear 1" in text_of(shown)
    assert "Jaan Tamm, 30,00" in text_of(shown)
    assert "Jaan Tamm, 5,00" in text_of(shown)


def test_a_kept_list_comes_as_a_file_by_itself(client: TestClient) -> None:
    form = hidden_of(client.get(PAGE).text, action="/keep")
    answer = client.post("/treasurer/inf4/2026/keep", data=form | {"taken": "csv"})
    assert answer.headers["refresh"] == "0; url=/treasurer/inf4/lists/1.csv"


def test_a_letter_asks_for_the_code_in_the_donors_language(client: TestClient, lived_in: Book) -> None:
    jaan = lived_in.donor("Jaan Tamm")
    with writing(lived_in.engine) as session:
        wish = {"given_on": date(2026, 2, 1), "source": "a letter", "by": "treasurer", "at": NOW}
        record_consent(session, jaan, ConsentKind.CERTIFICATE_LANGUAGE, "en", **wish)  # type: ignore[arg-type]
    alone = client.get(f"{CODES}/letters.pdf?donor={jaan}").content
    assert accessible(alone)["language"] == "en"
    said = pdf_text(alone)
    assert "Dear Jaan Tamm, Thank you! In 2026 you gave MTÜ Rohutirts 30,00 €." in said
    assert "You need not do it." in said
    assert "Kask" not in said
    both = pdf_text(client.get(f"{CODES}/letters.pdf").content)
    assert both.index("Uno Kask") < both.index("Jaan Tamm")
    assert MARIS not in both
    known = client.get(f"{CODES}/letters.pdf?donor={lived_in.donor('Mari Mets')}")
    assert str(known.url).endswith(PAGE)
