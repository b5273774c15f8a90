"""Whoever looks at a donor or takes a file along is written down; who may see the log sees it in plain words."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient
from tests.book import JAAN, MARI, NOW, Book, gift, line, statement
from tests.store.test_waiting import somebody_writes
from tests.web.conftest import browser, enter
from tests.web.reading_pages import hidden_of, links_of, text_of
from tests.written_once import written_once

from donations.access.event import Origin
from donations.access.link import add_person
from donations.access.person import Role
from donations.access.tokens import Scope, make_token
from donations.core.payment import PaymentId
from donations.ledger.audit import AREAS, Area, AuditEntry
from donations.store.log import looks as store_looks
from donations.store.log.audit import whole_log
from donations.store.log.looks import AccessNotes
from donations.store.payments import questions
from donations.store.session import writing

PAGE = "/admin/audit"
LOOKING = {each.value for each in AREAS[Area.LOOKING]}


@pytest.fixture
@written_once
def lived_in(book: Book) -> Book:
    """Gifts of Mari and Jaan, and one question."""
    asked = line("03-17", 700, "Ants Aas", MARI, "tere")
    book.take(statement("03-01", "03-31", gift("03-15", 1_000), gift("03-16", 500, "Jaan Tamm", JAAN), asked))
    return book


def looks(book: Book) -> list[tuple[str, str, str]]:
    with book.reading() as session:
        log = [each.entry for each in whole_log(session)]
    return [(each.action, each.thing, each.by) for each in log if each.action in LOOKING]


def last(book: Book) -> AuditEntry:
    with book.reading() as session:
        return [each.entry for each in whole_log(session)][-1]


def test_each_look_at_a_donor_is_written_down(client: TestClient, lived_in: Book) -> None:
    mari = lived_in.donor("Mari Mets")
    for _ in range(2):
        assert client.get(f"/treasurer/donors/{mari}").status_code == 200
    assert looks(lived_in) == [("donor_viewed", f"donor {mari}", "treasurer")] * 2


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/treasurer/imports/1/original", True),
        ("/treasurer/months/2026-03/month.csv", True),
        ("/treasurer/reports/donors.csv", True),
        ("/treasurer/donors", False),
        ("/treasurer/donors/999", False),
        ("/treasurer/imports/9/original", False),
        ("/treasurer", False),
        ("/static/style.css", False),
        ("/", False),
    ],
)
def test_each_file_taken_along_is_written_down(client: TestClient, lived_in: Book, path: str, *, told: bool) -> None:
    answer = client.get(path, params={"year": "2026"})
    expected = [("exported", f"address {path}", "treasurer")]
    assert looks(lived_in) == (expected if told else []), answer.status_code


def test_what_has_no_signature_of_its_own_is_signed_by_who_asked(client: TestClient, lived_in: Book) -> None:
    with writing(lived_in.engine) as tx:
        questions.put_payment_aside(tx, PaymentId(3), until=None, by="treasurer", at=NOW)
    client.post("/treasurer/payments/3/release")
    assert (last(lived_in).action, last(lived_in).thing, last(lived_in).by) == ("released", "payment 3", "treasurer")


def test_what_programs_read_is_written_down(app: FastAPI, lived_in: Book) -> None:
    with writing(lived_in.engine) as tx:
        origin = Origin(address="127.0.0.1", browser="a test", at=NOW)
        owner = add_person(tx, name="Tiina", email="", roles=frozenset({Role.TREASURER}), origin=origin).id
        scopes = [Scope.DONOR_READ, Scope.REPORT_READ]
        _, token = make_token(tx, owner_id=owner, name="script", scopes=scopes, days=90, origin=origin)
    program = browser(app)
    program.headers["authorization"] = f"Bearer {token}"
    mari = lived_in.donor("Mari Mets")
    for path in ("donors", f"donors/{mari}", "donors/999", "gifts", "accounts"):
        program.get(f"/api/v1/{path}")
    assert looks(lived_in) == [
        ("program_read", "address /api/v1/donors", "Tiina"),
        ("donor_viewed", f"donor {mari}", "Tiina"),
        ("program_read", "address /api/v1/gifts", "Tiina"),
    ]


def test_the_page_says_it_in_plain_words(app: FastAPI, client: TestClient, lived_in: Book) -> None:
    mari = lived_in.donor("Mari Mets")
    client.get(f"/treasurer/donors/{mari}")
    client.post("/treasurer/payments/3/hold", data={"note": "Ants will call"})
    auditor = browser(app, enter(app, Role.AUDITOR, name="Riina Revident"))
    said = text_of(auditor.get(PAGE).text)
    for sentence in ("Statement file imported", "Donor looked at", "Question put aside", "payment 3"):
        assert sentence in said
    assert "Ants" not in said
    assert "Mari" not in said
    assert f"/treasurer/donors/{mari}" in links_of(auditor.get(PAGE).text)


def test_an_admin_sees_numbers_and_no_way_to_donors(app: FastAPI, client: TestClient, lived_in: Book) -> None:
    mari = lived_in.donor("Mari Mets")
    client.get(f"/treasurer/donors/{mari}")
    admin = browser(app, enter(app, Role.ADMIN, name="Anna Haldur"))
    page = admin.get(PAGE).text
    assert f"donor {mari}" in text_of(page)
    assert not [link for link in links_of(page) if link.startswith("/treasurer/donors/")]


@pytest.mark.usefixtures("lived_in")
def test_the_log_can_be_narrowed_without_names_in_the_address(app: FastAPI) -> None:
    auditor = browser(app, enter(app, Role.AUDITOR, name="Riina Revident"))
    assert "2 entries" in text_of(auditor.get(PAGE, params={"by": "1"}).text)
    only = text_of(auditor.get(PAGE, params={"by": "1", "area": "settings"}).text)
    assert "1 entry" in only
    assert "own account 1" in only
    assert "No entry is like that." in text_of(auditor.get(PAGE, params={"by": "1", "area": "months"}).text)
    assert auditor.get(PAGE, params={"by": "Riina", "area": "nothing"}).status_code == 200


def test_the_first_entry_tells_who_was_let_in(app: FastAPI) -> None:
    auditor = browser(app, enter(app, Role.AUDITOR, name="Riina Revident"))
    assert "Account created" in text_of(auditor.get(PAGE).text)


def test_a_file_is_written_down_before_its_first_byte_leaves_or_does_not_leave(
    client: TestClient, lived_in: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OperationalError("", {}, Exception("database or disk is full"))

    path = "/treasurer/reports/donors.csv?year=2026"
    with monkeypatch.context() as patch:
        patch.setattr(store_looks, "note_access", full)
        answer = client.get(path)
        assert (answer.status_code, "Mari Mets" in answer.text, "storage_full" in answer.text) == (503, False, True)
        assert "content-disposition" not in answer.headers
    assert "Mari Mets" in client.get(path).text
    assert [action for action, _, _ in looks(lived_in)] == ["exported"]


def test_a_file_leaves_while_somebody_writes_and_is_told_of_later(client: TestClient, lived_in: Book) -> None:
    with somebody_writes(lived_in.engine):
        assert "Mari Mets" in client.get("/treasurer/reports/donors.csv?year=2026").text
        assert client.get("/treasurer/donors/2").status_code == 200
    AccessNotes().write_waiting(lived_in.engine)
    assert [action for action, _, _ in looks(lived_in)] == ["exported", "donor_viewed"]


def test_it_says_what_was_answered_and_names_nobody(app: FastAPI, client: TestClient, lived_in: Book) -> None:
    said = {"kind": "gift", "donor": "Mari Mets", "appeal": "1", "reason": "a friend told me"}
    client.post("/treasurer/payments/3/answer", data=said)
    page = client.get("/treasurer/payments/3").text
    client.post("/treasurer/payments/3/take-back", data=hidden_of(page, action="/take-back"))
    shown = text_of(browser(app, enter(app, Role.ADMIN, name="Anna Haldur")).get(PAGE).text)
    assert f"Question answered: Gift, donor {lived_in.donor('Mari Mets')}" in shown
    assert "Answer taken back: Gift" in shown
    assert "friend" not in shown
    assert "Mari" not in shown
