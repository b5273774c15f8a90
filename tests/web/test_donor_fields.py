"""A donor's field is declared once: page, letter, API, terminal, erasure and audit log follow from the declaration."""

from __future__ import annotations

import sys
from datetime import date

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlmodel import col
from starlette.testclient import TestClient
from tests.book import JAAN, MARI, NOW, Book, gift, statement
from tests.conftest import HOST_KEY
from tests.documents.papers import text_of as paper_text
from tests.web.browsing import engine
from tests.web.conftest import Clock, browser, enter
from tests.web.reading_pages import text_of
from tests.written_once import written_once

from donations.access.event import Origin
from donations.access.person import Role
from donations.access.tokens import Scope, make_token
from donations.acts.erasing import restrict
from donations.acts.merging import merge, unmerge
from donations.cli import context, run
from donations.core import donor_field
from donations.core.donor import DonorId
from donations.core.donor_field import DonorField
from donations.core.refusals import DonorCode
from donations.ledger.retention import RetentionReason
from donations.store.donors.donor_facts import newest_field_values
from donations.store.session import writing
from donations.store.tables.audit import AuditDetailRow, AuditEntryRow
from donations.store.tables.donors import DonorFieldRow

__all__ = ["engine"]  # one database is enough for what pages show

MARIS, JAANS = DonorId(2), DonorId(3)
HAT = DonorField(
    key="hat",
    label="Size of the hat",
    hint="In centimetres.",
    length_max=2,
    normalise=lambda typed: typed if typed.isdecimal() else None,
    refusal=DonorCode.BAD_PHONE,
)
"""A field that nothing but its declaration knows of."""


@pytest.fixture
@written_once
def lived_in(book: Book) -> Book:
    book.take(
        statement("03-01", "03-31", gift("03-05", 1_000, "Mari Mets", MARI), gift("03-08", 700, "Jaan Tamm", JAAN))
    )
    return book


@pytest.fixture
def program(app: FastAPI, client: TestClient, clock: Clock) -> TestClient:
    del client  # whose person the token is
    origin = Origin(address="127.0.0.1", browser="a test", at=clock())
    with writing(app.state.site.engine) as session:
        _, token = make_token(session, owner_id=1, name="A script", scopes=frozenset(Scope), days=90, origin=origin)
    return TestClient(app, base_url="http://localhost", headers={"authorization": f"Bearer {token}"})


@pytest.fixture
def with_hat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(donor_field, "DONOR_FIELDS", (*donor_field.DONOR_FIELDS, HAT))


def fill(client: TestClient, field: str, value: str, *, donor: int = 2) -> str:
    return client.post(f"/treasurer/donors/{donor}/fields/{field}", data={"value": value}).text


def rows_of(book: Book) -> list[tuple[int, str, str, str]]:
    kept = (DonorFieldRow.donor_id, DonorFieldRow.field, DonorFieldRow.value, DonorFieldRow.recorded_by)
    with book.reading() as session:
        return [tuple(row) for row in session.execute(select(*map(col, kept)).order_by(col(DonorFieldRow.id)))]


def logged(book: Book) -> list[tuple[str, str]]:
    query = (
        select(col(AuditEntryRow.action), col(AuditDetailRow.details))
        .outerjoin(AuditDetailRow, col(AuditDetailRow.number) == col(AuditEntryRow.number))
        .where(col(AuditEntryRow.action).startswith("donor_field"))
        .order_by(col(AuditEntryRow.number))
    )
    with book.reading() as session:
        return [(action, details or "") for action, details in session.execute(query)]


def shown_on_the_terminal(
    book: Book, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    monkeypatch.setenv("DONATIONS_SECRET_KEY", HOST_KEY)
    monkeypatch.setenv("DONATIONS_DATABASE_URL", book.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("DONATIONS_LANGUAGE", "en")
    monkeypatch.setattr(context, "now", clock)
    monkeypatch.setattr(sys, "argv", ["donations", "donors", "show", "2"])
    context.settings.cache_clear()
    context.engine.cache_clear()
    with pytest.raises(SystemExit):
        run()
    return capsys.readouterr().out


@pytest.mark.usefixtures("with_hat")
def test_a_declared_field_is_on_every_face_and_gone_with_the_donor(
    client: TestClient,
    program: TestClient,
    lived_in: Book,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = fill(client, "hat", " 57 ")
    assert "What is kept of the donor is changed." in text_of(page)
    assert "Size of the hat 57" in text_of(page)
    assert "In centimetres." in text_of(page)
    assert program.get("/api/v1/donors/2").json()["contacts"] == {"hat": "57"}
    assert "Size of the hat: 57" in shown_on_the_terminal(lived_in, clock, monkeypatch, capsys)
    asked = {"language": "en"}
    assert "Size of the hat 57" in text_of(client.get("/treasurer/donors/2/held", params=asked).text)
    assert "Size of the hat" in paper_text(client.get("/treasurer/donors/2/held.pdf", params=asked).content)
    assert "'hat', '57'" in str(sorted(map(str, rows_of(lived_in))))
    assert "way to reach the donor" in text_of(client.get("/treasurer/donors/2/erase").text)
    with writing(lived_in.engine) as session:
        gone = restrict(session, MARIS, why=RetentionReason.ASKED, by="t", now=NOW, today=date(2026, 7, 1))
    assert gone.destroyed.fields == 1
    assert rows_of(lived_in) == []
    letter = client.get("/treasurer/donors/2/held", params=asked)
    assert letter.status_code == 200
    assert "Size of the hat" not in text_of(letter.text)
    assert program.get("/api/v1/donors/2").status_code == 404
    assert client.post("/treasurer/donors/2/fields/hat", data={"value": "58"}).status_code == 409
    assert rows_of(lived_in) == []


def test_a_phone_number_is_kept_changed_and_erased_again(
    client: TestClient, program: TestClient, lived_in: Book
) -> None:
    assert "Phone number not known" in text_of(client.get("/treasurer/donors/2").text)
    assert "Phone number +37255501234" in text_of(fill(client, "phone", "5550 1234"))
    fill(client, "phone", "+372 5550 1234")  # the same again
    assert "+358401234567" in fill(client, "phone", "00358 40 123 4567")
    assert [row[:3] for row in rows_of(lived_in)] == [(2, "phone", "+358401234567")]
    assert program.get("/api/v1/donors/2").json()["contacts"] == {"phone": "+358401234567"}
    assert "Phone number not known" in text_of(fill(client, "phone", "  "))
    assert rows_of(lived_in) == []
    assert [action for action, _ in logged(lived_in)] == ["donor_field_set"] * 2 + ["donor_field_emptied"]
    assert all('"phone"' in details and "555" not in details for _, details in logged(lived_in))


def test_what_is_no_phone_number_is_refused_in_words(client: TestClient, lived_in: Book) -> None:
    fill(client, "phone", "5550 1234")
    answer = client.post("/treasurer/donors/2/fields/phone", data={"value": "ask her son"})
    assert answer.status_code == 422
    assert "This is not a phone number." in text_of(answer.text)
    assert "her son" not in answer.text
    assert [row[2] for row in rows_of(lived_in)] == ["+37255501234"]


@pytest.mark.usefixtures("lived_in")
@pytest.mark.parametrize(("donor", "field"), [(2, "hat"), (1, "phone"), (99, "phone")])
def test_a_field_that_is_not_declared_and_a_donor_who_is_nobody_are_refused(
    client: TestClient, donor: int, field: str
) -> None:
    address = f"/treasurer/donors/{donor}/fields/{field}"
    assert client.post(address, data={"value": "5550 1234"}).status_code == 404


def test_who_only_reads_sees_it_and_cannot_change_it(app: FastAPI, client: TestClient, lived_in: Book) -> None:
    fill(client, "phone", "5550 1234")
    with browser(app, enter(app, Role.AUDITOR, name="Aili Auditor")) as auditor:
        page = auditor.get("/treasurer/donors/2").text
        assert "+37255501234" in page
        assert "/fields/phone" not in page
        assert auditor.post("/treasurer/donors/2/fields/phone", data={"value": ""}).status_code == 403
    assert len(rows_of(lived_in)) == 1


def test_of_merged_donors_the_newest_counts_and_nothing_older_comes_up_again(
    lived_in: Book, client: TestClient
) -> None:
    fill(client, "phone", "5550 1111", donor=3)
    fill(client, "phone", "5550 2222", donor=2)
    with writing(lived_in.engine) as session:
        merge(session, JAANS, into=MARIS, reason="x", by="t", now=NOW)
    with lived_in.reading() as session:
        assert newest_field_values(session, MARIS)["phone"].value == "+37255502222"
    held = text_of(client.get("/treasurer/donors/2/held", params={"language": "en"}).text)
    assert "+37255501111" in held
    with writing(lived_in.engine) as session:
        unmerge(session, 1, by="t", now=NOW)
    assert "+37255501111" in client.get("/treasurer/donors/3").text
    with writing(lived_in.engine) as session:
        merge(session, JAANS, into=MARIS, reason="x", by="t", now=NOW)
    fill(client, "phone", "")
    assert rows_of(lived_in) == []
