"""Certificates are issued from the page, come as PDF in the donor's language, and say when they are void."""

from __future__ import annotations

import io
import time
from datetime import UTC, date, datetime, timedelta
from zipfile import ZipFile

import pikepdf
import pytest
from fastapi import FastAPI
from sqlmodel import col, delete
from starlette.testclient import TestClient
from tests.book import JAAN, NOW, Book, gift, line, statement
from tests.documents.papers import accessible, sheet_of
from tests.documents.papers import text_of as pdf_text
from tests.reports.giving import code_of as code_of_person
from tests.web.conftest import Clock, browser, enter, prove
from tests.web.reading_pages import hidden_of, text_of
from tests.web.test_association import png, send_logo
from tests.web.test_guard import code_of
from tests.written_once import written_once

from donations.access.person import Role
from donations.acts.claiming import enter_codes
from donations.acts.closing import close
from donations.acts.offering import Answer
from donations.core.calendar import Month
from donations.core.donor_field import EMAIL
from donations.core.payment import Purpose
from donations.documents import certificate
from donations.store.donors.donor_facts import ConsentKind, record_consent, set_field
from donations.store.session import writing
from donations.store.tables.documents import CertificateNameRow

PAGE = "/treasurer/certificates?year=2026"
PAPERS = "/treasurer/certificates/2026/papers"
TODAY = date(2027, 1, 10)


@pytest.fixture
@written_once
def written(book: Book) -> Book:
    """Two donors in January 2026, which is closed; Jaan wants his in English."""
    book.take(statement("01-01", "01-31", gift("01-05", 1_000), gift("01-06", 2_000, "Jaan Tamm", JAAN), opening=0))
    close_month(book, Month(2026, 1))
    with writing(book.engine) as session:
        wish = {"given_on": date(2026, 2, 1), "source": "a letter", "by": "treasurer", "at": NOW}
        record_consent(session, book.donor("Jaan Tamm"), ConsentKind.CERTIFICATE_LANGUAGE, "en", **wish)  # type: ignore[arg-type]
    return book


@pytest.fixture(autouse=True)
def lived_in(written: Book, clock: Clock) -> Book:
    """The books in the year after."""
    clock.now = datetime(2027, 1, 10, 12, tzinfo=UTC)
    return written


def close_month(book: Book, month: Month) -> None:
    with writing(book.engine) as session:
        close(session, month, by="treasurer", now=NOW, today=TODAY, reasons=lambda _: "no matter what")


def test_one_button_issues_all(client: TestClient) -> None:
    assert "To be issued 2" in text_of(client.get(PAGE).text)
    said = client.post("/treasurer/certificates/2026/issue")
    assert said.url.path == "/treasurer/certificates/2026/papers"
    assert "2 certificates were issued." in text_of(said.text)
    assert "Everybody who can get one has one." in text_of(client.get(PAGE).text)
    again = client.post("/treasurer/certificates/2026/issue")
    assert (again.status_code, code_of(again.text)) == (409, "nothing_to_issue")


def test_a_certificate_is_an_accessible_paper_in_the_donors_language(client: TestClient) -> None:
    client.post("/treasurer/association", data={"signer": "Mari Mets", "role": "juhataja"})
    client.post("/treasurer/certificates/2026/issue")
    english = client.get("/treasurer/certificates/2026/2.pdf", headers={"accept-language": "ru"}).content
    said = pdf_text(english)
    assert accessible(english)["language"] == "en"
    assert "MTÜ Rohutirts confirms that Jaan Tamm gave 20,00 € in 2026." in said
    assert "6 January 2026 General 20,00 €" in said or "6 January 2026" in said
    assert "Mari Mets juhataja" in said
    assert accessible(client.get("/treasurer/certificates/2026/1.pdf").content)["language"] == "et"


def test_a_certificate_has_logo_and_thanks_as_they_were_when_it_was_issued(client: TestClient) -> None:
    said = {"signer": "Mari Mets", "thanks_et": "Aitäh!", "thanks_en": "Thank you!", "registry_code": "80123455"}
    client.post("/treasurer/association", data=said)
    send_logo(client, png())
    client.post("/treasurer/certificates/2026/issue")
    english = client.get("/treasurer/certificates/2026/2.pdf").content
    assert "Thank you!" in pdf_text(english)
    assert "Registry code 80123455" in pdf_text(english)
    assert accessible(english)["language"] == "en"
    assert "Aitäh!" in pdf_text(client.get("/treasurer/certificates/2026/1.pdf").content)
    with pikepdf.open(io.BytesIO(english)) as read:
        assert "/XObject" in read.pages[0].get("/Resources", {})
    client.post("/treasurer/association", data={"thanks_en": "Thanks a lot!"})
    send_logo(client, None)
    assert client.get("/treasurer/certificates/2026/2.pdf").content == english


def test_the_same_paper_comes_each_time(client: TestClient) -> None:
    client.post("/treasurer/certificates/2026/issue")
    before = client.get("/treasurer/certificates/2026/1.pdf").content
    client.post("/treasurer/association", data={"name": "Another name"})
    assert client.get("/treasurer/certificates/2026/1.pdf").content == before


def test_all_come_in_one_archive_named_for_people_with_a_list(client: TestClient, lived_in: Book) -> None:
    with writing(lived_in.engine) as session:
        donor = lived_in.donor("Mari Mets")
        set_field(session, donor, EMAIL, " mari@example.org", by="treasurer", at=NOW)
    client.post("/treasurer/certificates/2026/issue")
    with ZipFile(io.BytesIO(client.get("/treasurer/certificates/2026/all.zip").content)) as archive:
        mari = "2026-0001 Mets Mari.pdf"
        assert archive.namelist() == [mari, "2026-0002 Tamm Jaan.pdf", "list.xlsx", "list.csv"]
        assert archive.read(mari) == client.get("/treasurer/certificates/2026/1.pdf").content
        listed = archive.read("list.csv").decode("utf-8-sig").replace("\xa0", " ").splitlines()
        assert sheet_of(archive.read("list.xlsx"))["E2"].value == "mari@example.org"
    assert listed == [
        "number,donor,sum,language,email,file",
        f'2026-0001,Mari Mets,"10,00 €",et,mari@example.org,{mari}',
        '2026-0002,Jaan Tamm,"20,00 €",en,,2026-0002 Tamm Jaan.pdf',
    ]


def test_one_is_looked_at_before_any_is_issued(client: TestClient, lived_in: Book) -> None:
    sample = f"/treasurer/certificates/2026/sample.pdf?donor={lived_in.donor('Jaan Tamm')}"
    said = pdf_text(client.get(sample).content)
    assert "A sample: it is not issued and proves nothing." in said
    assert "confirms that Jaan Tamm gave 20,00 € in 2026." in said
    assert "No. 2026-0000" in said
    assert "To be issued 2" in text_of(client.get(PAGE).text)
    first = pdf_text(client.get("/treasurer/certificates/2026/sample.pdf").content)
    assert "Mari Mets" in first
    assert client.get("/treasurer/certificates/2026/sample.pdf?least=99").status_code == 404


def test_the_smallest_sum_leaves_out_who_gave_less(client: TestClient) -> None:
    shown = client.get("/treasurer/certificates/2026/issue?least=15")
    said = text_of(shown.text)
    assert "1 certificate Given 20,00 €" in said
    assert "1 donor gave less than 15 € and gets none." in said
    form = hidden_of(shown.text, action="/issue")
    assert "1 certificate was issued." in text_of(client.post("/treasurer/certificates/2026/issue", data=form).text)
    assert "2026-0001 Jaan Tamm" in text_of(client.get(PAGE).text)
    assert "Nobody who can get one gave 15 € or more." in text_of(client.get(shown.url).text)
    assert client.get("/treasurer/certificates/2026/issue?least=abc").status_code == 422


def test_what_is_shown_before_issuing_is_what_is_issued(client: TestClient, lived_in: Book) -> None:
    form = hidden_of(client.get("/treasurer/certificates/2026/issue").text, action="/issue")
    client.post("/treasurer/certificates/2026/issue", data={"donor": str(lived_in.donor("Mari Mets"))})
    again = client.post("/treasurer/certificates/2026/issue", data=form)
    assert again.status_code == 409
    assert "1 certificate Given 20,00 € Numbers 2026-0002" in text_of(again.text)


def test_the_code_stands_on_the_paper_whole_for_who_may_take_codes(
    client: TestClient, app: FastAPI, lived_in: Book
) -> None:
    code, donor = code_of_person("Mari Mets"), lived_in.donor("Mari Mets")
    with writing(lived_in.engine) as session:
        assert enter_codes(session, [(donor, code)], by="treasurer", now=NOW).kept == (donor,)
    client.post("/treasurer/certificates/2026/issue")
    said = pdf_text(client.get("/treasurer/certificates/2026/1.pdf").content)
    assert code in said
    assert "Täname teid toetuse eest!" in said
    with browser(app, enter(app, Role.VIEWER, name="Villu", sees_names=True)) as viewer:
        prove(viewer)
        ends = pdf_text(viewer.get("/treasurer/certificates/2026/1.pdf").content)
        archive = viewer.get(f"{PAPERS}.zip")
    assert f"•••{code[-4:]}" in ends
    assert archive.url.path.endswith("all.zip")
    with ZipFile(io.BytesIO(archive.content)) as files:
        assert code not in ends + pdf_text(files.read("2026-0001 Mets Mari.pdf"))


def set_whole(client: TestClient) -> str:
    """Look again until all are set, as a person does."""
    for _ in range(500):
        said = text_of(client.get(PAPERS).text)
        if "Look again" not in said:
            return said
        time.sleep(0.02)
    raise AssertionError(said)


def test_all_are_set_while_one_waits_and_come_as_one_file(client: TestClient) -> None:
    client.post("/treasurer/certificates/2026/issue")
    assert "2 PDFs in one file" in set_whole(client)
    answer = client.get(f"{PAPERS}.zip")
    assert (answer.headers["content-type"], len(answer.content)) == (
        "application/zip",
        int(answer.headers["content-length"]),
    )
    assert answer.content == client.get("/treasurer/certificates/2026/all.zip").content


def test_what_is_set_already_is_not_set_again(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    client.post("/treasurer/certificates/2026/issue")
    set_whole(client)
    monkeypatch.setattr(certificate, "paper", lambda _, **__: pytest.fail("it was set again"))
    assert "Ready" in text_of(client.post(PAPERS).text)


def test_papers_of_before_are_not_given_out_after_a_change(client: TestClient, lived_in: Book) -> None:
    client.post("/treasurer/certificates/2026/issue")
    set_whole(client)
    with writing(lived_in.engine) as session:
        session.execute(delete(CertificateNameRow).where(col(CertificateNameRow.name) == "Jaan Tamm"))
    assert client.get(f"{PAPERS}.zip").url.path == PAPERS
    assert "1 PDF in one file" in set_whole(client)
    with ZipFile(io.BytesIO(client.get(f"{PAPERS}.zip").content)) as archive:
        assert archive.namelist() == ["2026-0001 Mets Mari.pdf", "list.xlsx", "list.csv"]


def test_after_an_hour_the_files_are_gone_and_the_certificates_are_not(client: TestClient, clock: Clock) -> None:
    client.post("/treasurer/certificates/2026/issue")
    set_whole(client)
    clock.advance(timedelta(minutes=61))
    prove(client)
    assert "There is no file yet" in text_of(client.get(PAPERS).text)
    client.post(PAPERS)
    assert "2 PDFs in one file" in set_whole(client)


def test_a_paper_that_cannot_be_set_is_told(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: object, **__: object) -> bytes:
        raise ValueError("Jaan Tamm")

    with monkeypatch.context() as patch:
        patch.setattr(certificate, "paper", broken)
        client.post("/treasurer/certificates/2026/issue")
        assert "0 of 2 were made, then the program could not go on." in set_whole(client)
    assert "certificates: 0 of 2 were done, then ValueError" in caplog.text
    assert "Jaan" not in caplog.text
    client.post(PAPERS)
    assert "2 PDFs in one file" in set_whole(client)


def test_a_year_without_certificates_has_nothing_to_set(client: TestClient) -> None:
    assert "There is no file yet" in text_of(client.post("/treasurer/certificates/2025/papers").text)
    assert client.get("/treasurer/certificates/2025/papers.zip").url.query == b"year=2025"


def test_one_alone_and_who_is_left(client: TestClient, lived_in: Book) -> None:
    said = client.post("/treasurer/certificates/2026/issue", data={"donor": str(lived_in.donor("Mari Mets"))}).text
    assert "1 certificate was issued." in text_of(said)
    assert "To be issued 1" in text_of(said)


def test_a_refund_makes_it_void_and_the_paper_says_so(client: TestClient, lived_in: Book) -> None:
    client.post("/treasurer/certificates/2026/issue")
    lived_in.take(statement("02-01", "02-28", line("02-05", -400, "Jaan Tamm", JAAN, "tagasi")))
    refund = Answer(purpose=Purpose.REFUND, donor=lived_in.donor("Jaan Tamm"), reason="too much")
    lived_in.answer(lived_in.payment("02-05", -400), refund)
    close_month(lived_in, Month(2026, 2))

    def paper() -> str:
        return pdf_text(client.get("/treasurer/certificates/2026/2.pdf").content)

    assert "2026-0002 Jaan Tamm 20,00 € 16,00 €" in text_of(client.get(PAGE).text)
    assert "This certificate is void: what it says is not what the books say any more." in paper()
    client.post("/treasurer/certificates/2026/issue")
    assert "replaces 2026-0002" in text_of(client.get(PAGE).text)
    assert "This certificate is void. It was replaced by No. 2026-0003." in paper()
    assert "gave 20,00 € in 2026" in paper()


def test_before_the_year_is_final_the_page_says_what_is_missing(client: TestClient, lived_in: Book) -> None:
    lived_in.take(statement("03-01", "03-31", gift("03-05", 700)))
    assert "Still open: March 2026" in text_of(client.get(PAGE).text)
    answer = client.post("/treasurer/certificates/2026/issue")
    assert (answer.status_code, code_of(answer.text)) == (409, "year_not_final")
    assert "The year 2027 is not over" in text_of(client.get("/treasurer/certificates?year=2027").text)
    assert client.get("/treasurer/certificates/2026/1.pdf").status_code == 404


def test_a_donors_page_shows_the_certificates_and_issues_one(client: TestClient, lived_in: Book) -> None:
    jaan = f"/treasurer/donors/{lived_in.donor('Jaan Tamm')}"
    assert "2026: 20,00 € Issue one for 2026" in text_of(client.get(jaan).text)
    form = {"donor": str(lived_in.donor("Jaan Tamm")), "at": "donor"}
    said = client.post("/treasurer/certificates/2026/issue", data=form)
    assert said.url.path == jaan
    assert "2026-0001 2026 20,00 € stands" in text_of(said.text)
    assert "Issue one" not in text_of(said.text)
    lived_in.take(statement("02-01", "02-28", gift("02-05", 300, "Jaan Tamm", JAAN)))
    assert "2026-0001 2026 20,00 € void now: 23,00 €" in text_of(client.get(jaan).text)
    close_month(lived_in, Month(2026, 2))
    said = client.post("/treasurer/certificates/2026/issue", data=form)
    assert "2026-0002 2026 23,00 € stands 2026-0001 2026 20,00 € replaced by 2026-0002" in text_of(said.text)
    mari = text_of(client.get(f"/treasurer/donors/{lived_in.donor('Mari Mets')}").text)
    assert "2026: 10,00 € Issue one for 2026" in mari


def test_a_donor_of_a_year_that_is_not_final_is_offered_none(client: TestClient, lived_in: Book) -> None:
    lived_in.take(statement("03-01", "03-31", gift("03-05", 700)))
    said = text_of(client.get(f"/treasurer/donors/{lived_in.donor('Jaan Tamm')}").text)
    assert "None. One can be issued for a year with gifts once it is over" in said
