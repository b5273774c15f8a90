"""Certificates are issued from the page, come as PDF in the donor's language, and say when they are void."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from zipfile import ZipFile

import pytest
from starlette.testclient import TestClient
from tests.book import JAAN, NOW, Book, gift, line, statement
from tests.documents.papers import accessible
from tests.documents.papers import text_of as pdf_text
from tests.web.conftest import Clock
from tests.web.reading_pages import text_of
from tests.web.test_guard import code_of

from donations.closing import close
from donations.core.allocation import Purpose
from donations.core.month import Month
from donations.review import Answer
from donations.store.donors.donor_facts import ConsentKind, record_consent
from donations.store.session import writing

PAGE = "/treasurer/certificates?year=2026"
TODAY = date(2027, 1, 10)


@pytest.fixture(autouse=True)
def lived_in(book: Book, clock: Clock) -> Book:
    """Two donors in January 2026, which is closed; it is the year after. Jaan wants his in English."""
    clock.now = datetime(2027, 1, 10, 12, tzinfo=UTC)
    book.take(statement("01-01", "01-31", gift("01-05", 1_000), gift("01-06", 2_000, "Jaan Tamm", JAAN), opening=0))
    close_month(book, Month(2026, 1))
    with writing(book.engine) as session:
        wish = {"given_on": date(2026, 2, 1), "source": "a letter", "by": "treasurer", "at": NOW}
        record_consent(session, book.donor("Jaan Tamm"), ConsentKind.CERTIFICATE_LANGUAGE, "en", **wish)  # type: ignore[arg-type]
    return book


def close_month(book: Book, month: Month) -> None:
    with writing(book.engine) as session:
        close(session, month, by="treasurer", now=NOW, today=TODAY, reason="no matter what")


def test_one_button_issues_all(client: TestClient) -> None:
    assert "Issue all 2 certificates" in text_of(client.get(PAGE).text)
    said = text_of(client.post("/treasurer/certificates/2026/issue").text)
    assert "2 certificates were issued." in said
    assert "Everybody who can get one has one." in said
    again = client.post("/treasurer/certificates/2026/issue")
    assert (again.status_code, code_of(again.text)) == (409, "nothing_to_issue")


def test_a_certificate_is_an_accessible_paper_in_the_donors_language(client: TestClient) -> None:
    client.post("/treasurer/certificates/letterhead", data={"signer": "Mari Mets", "role": "juhataja"})
    client.post("/treasurer/certificates/2026/issue")
    english = client.get("/treasurer/certificates/2026/1.pdf", headers={"accept-language": "ru"}).content
    said = pdf_text(english)
    assert accessible(english)["language"] == "en"
    assert "MTÜ Rohutirts confirms that Jaan Tamm gave 20,00 € in 2026." in said
    assert "6 January 2026 General 20,00 €" in said or "6 January 2026" in said
    assert "Mari Mets juhataja" in said
    assert accessible(client.get("/treasurer/certificates/2026/2.pdf").content)["language"] == "et"


def test_the_same_paper_comes_each_time(client: TestClient) -> None:
    client.post("/treasurer/certificates/2026/issue")
    before = client.get("/treasurer/certificates/2026/1.pdf").content
    client.post("/treasurer/certificates/letterhead", data={"organisation": "Another name"})
    assert client.get("/treasurer/certificates/2026/1.pdf").content == before


def test_all_come_in_one_archive(client: TestClient) -> None:
    client.post("/treasurer/certificates/2026/issue")
    with ZipFile(io.BytesIO(client.get("/treasurer/certificates/2026/all.zip").content)) as archive:
        assert archive.namelist() == ["2026-0001.pdf", "2026-0002.pdf"]
        assert archive.read("2026-0001.pdf") == client.get("/treasurer/certificates/2026/1.pdf").content


def test_one_alone_and_who_is_left(client: TestClient, lived_in: Book) -> None:
    said = client.post("/treasurer/certificates/2026/issue", data={"donor": str(lived_in.donor("Mari Mets"))}).text
    assert "1 certificate was issued." in text_of(said)
    assert "Issue 1 certificate" in text_of(said)


def test_a_refund_makes_it_void_and_the_paper_says_so(client: TestClient, lived_in: Book) -> None:
    client.post("/treasurer/certificates/2026/issue")
    lived_in.take(statement("02-01", "02-28", line("02-05", -400, "Jaan Tamm", JAAN, "tagasi")))
    refund = Answer(purpose=Purpose.REFUND, donor=lived_in.donor("Jaan Tamm"), reason="too much")
    lived_in.answer(lived_in.payment("02-05", -400), refund)
    close_month(lived_in, Month(2026, 2))

    def paper() -> str:
        return pdf_text(client.get("/treasurer/certificates/2026/1.pdf").content)

    assert "2026-0001 Jaan Tamm 20,00 € 16,00 €" in text_of(client.get(PAGE).text)
    assert "This certificate is void: what it says is not what the books say any more." in paper()
    client.post("/treasurer/certificates/2026/issue")
    assert "replaces 2026-0001" in text_of(client.get(PAGE).text)
    assert "This certificate is void. It was replaced by No. 2026-0003." in paper()
    assert "gave 20,00 € in 2026" in paper()


def test_before_the_year_is_final_the_page_says_what_is_missing(client: TestClient, lived_in: Book) -> None:
    lived_in.take(statement("03-01", "03-31", gift("03-05", 700)))
    assert "Still open: March 2026" in text_of(client.get(PAGE).text)
    answer = client.post("/treasurer/certificates/2026/issue")
    assert (answer.status_code, code_of(answer.text)) == (409, "year_not_final")
    assert "The year 2027 is not over" in text_of(client.get("/treasurer/certificates?year=2027").text)
    assert client.get("/treasurer/certificates/2026/1.pdf").status_code == 404
