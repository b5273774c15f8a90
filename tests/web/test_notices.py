"""Privacy, accessibility, security.txt and robots.txt: from what the association said, the same for everyone."""

from __future__ import annotations

import re
from datetime import date, timedelta
from urllib.robotparser import RobotFileParser

import pytest
from fastapi import FastAPI
from sqlalchemy import event
from starlette.testclient import TestClient
from tests.book import MARI, NOW, Book, gift, statement
from tests.web.conftest import Clock, browser
from tests.web.reading_pages import text_of

from donations.access.person import Permission
from donations.core.donor import DonorId
from donations.store.donors.donor_facts import ConsentKind
from donations.store.organisation import (
    Beliefs,
    BeliefsGround,
    Contact,
    FinancialYear,
    IncentiveList,
    PaperSettings,
    paper_settings,
    set_papers,
)
from donations.store.session import writing
from donations.web.headers import NOTICES
from donations.web.site import Site

SAID = (
    FinancialYear(first_month=7),
    IncentiveList(since=date(2020, 7, 1)),
    Contact(email="info@rohutirts.example"),
    Beliefs(),
)
UNSAID = "has not"
SECURITY = "/.well-known/security.txt"


def say(book: Book, *values: PaperSettings) -> None:
    with writing(book.engine) as session:
        for each in values:
            set_papers(session, each, by="treasurer", at=NOW)


@pytest.fixture
def stranger(app: FastAPI) -> TestClient:
    return browser(app)


def test_what_nobody_said_is_said_to_be_missing_and_not_made_up(stranger: TestClient) -> None:
    said = text_of(stranger.get("/privacy").text)
    assert said.count(UNSAID) == 4  # the note, how to reach it, the tax board, the financial year
    for made_up in ("January", "since", "mailto", "We are not on"):
        assert made_up not in said
    assert UNSAID in text_of(stranger.get("/accessibility").text)
    assert stranger.get(SECURITY).status_code == 404


def test_what_was_said_is_told(stranger: TestClient, book: Book) -> None:
    say(book, *SAID)
    said = text_of(stranger.get("/privacy").text)
    assert UNSAID not in said
    for told in ("MTÜ Rohutirts", "info@rohutirts.example", "since 1 July 2020", "financial year: July", "aki.ee"):
        assert told in said, told
    assert "Art. 9" not in said
    say(book, Beliefs(gifts_tell=True), IncentiveList())
    said = text_of(stranger.get("/privacy").text)
    assert ("We are not on" in said, "Art. 9)" in said, "By which rule" in said) == (True, True, True)
    say(book, Beliefs(gifts_tell=True, ground=BeliefsGround.CONSENT))
    assert "Art. 9 (2) (a)" in text_of(stranger.get("/privacy").text)


def test_no_notice_reaches_a_donor(stranger: TestClient, client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 1_000)))
    say(book, *SAID)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, sql: str, *_rest: object) -> None:
        asked.append(sql)

    event.listen(book.engine, "before_cursor_execute", note)
    answers = {path: stranger.get(path) for path in NOTICES}
    event.remove(book.engine, "before_cursor_execute", note)
    tables = {table for sql in asked for table in re.findall(r"(?:FROM|JOIN) (\w+)", sql)}
    assert tables == {"document_setting", "own_code", "data_key", "name_in_language"}
    for path, answer in answers.items():
        assert answer.status_code == 200
        assert not [each for each in ("Mari", MARI) if each in answer.text]
        assert client.get(path).content == answer.content  # whoever has signed in
        assert "set-cookie" not in answer.headers
        again = stranger.get(path, headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304


@pytest.mark.parametrize("language", ["et", "en", "ru"])
def test_every_public_page_leads_to_them_in_its_language(stranger: TestClient, language: str) -> None:
    for path in ("/", "/give", "/find-my-gift", "/privacy", "/accessibility"):
        page = stranger.get(path, headers={"Accept-Language": language}).text
        assert f'<html lang="{language}">' in page
        assert ('href="/privacy"' in page, 'href="/accessibility"' in page) == (True, True)


def test_security_txt_is_what_was_confirmed_within_a_year(stranger: TestClient, book: Book) -> None:
    say(book, *SAID)
    lines = dict(each.split(": ", 1) for each in stranger.get(SECURITY).text.splitlines())
    expires = date.fromisoformat(lines["Expires"][:10])
    assert timedelta(days=363) < expires - NOW.date() < timedelta(days=366)
    assert lines["Contact"] == "mailto:info@rohutirts.example"
    assert set(lines) == {"Contact", "Expires", "Preferred-Languages"}  # at home it has no address for others
    say(book, Contact(email="info@rohutirts.example", security="https://rohutirts.example/turve"))
    assert "Contact: https://rohutirts.example/turve\n" in stranger.get(SECURITY).text


def test_search_engines_are_asked_for_public_pages_only(stranger: TestClient, app: FastAPI) -> None:
    site: Site = app.state.site
    robots = RobotFileParser()
    robots.parse(stranger.get("/robots.txt").text.splitlines())
    closed = {each.path for each in site.routes.declared if each.permission is not Permission.PUBLIC}
    assert len(closed) > 50
    assert [path for path in {*closed, "/sign-in", "/link/secret"} if robots.can_fetch("*", path)] == []
    shown = ("/", "/give", "/find-my-gift", "/privacy", "/accessibility", "/transparency.json", "/static/style.css")
    assert [path for path in shown if not robots.can_fetch("*", path)] == []


FORM = {"first_month": "7", "listed": "on_days", "since": "2020-07-01", "email": "info@rohutirts.example"}


def test_what_the_law_asks_is_said_on_the_settings_page(client: TestClient, stranger: TestClient, book: Book) -> None:
    missing = "whether you are on the tax board’s list of associations with income tax incentives"
    assert missing in text_of(client.get("/treasurer/association").text)
    assert "Saved." in text_of(client.post("/treasurer/association", data=FORM).text)
    client.post("/treasurer/association/asking", data={})
    shown = client.get("/treasurer/association").text
    assert "Nobody has said yet" not in text_of(shown)
    assert 'value="2020-07-01"' in shown
    assert UNSAID not in text_of(stranger.get("/privacy").text)
    client.post("/treasurer/association", data={"listed": "never", "email": "", "first_month": ""})
    with book.reading() as session:
        assert paper_settings(session, FinancialYear).first_month == 7  # an empty field says nothing
        assert paper_settings(session, IncentiveList).since is None
        assert not paper_settings(session, Contact).email


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"since": ""}, "bad_listed_days"),
        ({"until": "2020-06-30"}, "bad_listed_days"),
        ({"since": "soon"}, "bad_listed_days"),
        ({"email": "info"}, "bad_contact"),
        ({"email": "a@b\nExpires: never"}, "bad_contact"),
        ({"security": "http://rohutirts.example"}, "bad_contact"),
        ({"first_month": "13"}, "bad_form"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_kept(client: TestClient, sent: dict[str, str], code: str) -> None:
    answer = client.post("/treasurer/association", data=FORM | sent)
    assert (answer.status_code, code in answer.text) == (422, True)
    assert "Saved." not in text_of(answer.text)
    assert "Nobody has said yet" in text_of(client.get("/treasurer/association").text)


def test_start_names_what_is_missing_and_when_the_contact_is_to_be_confirmed(
    client: TestClient, book: Book, clock: Clock
) -> None:
    assert "Not for political parties." in text_of(client.get("/treasurer").text)
    book.take(statement("03-01", "03-31", gift("03-05", 1_000)))
    assert "the first month of your financial year" in text_of(client.get("/treasurer").text)
    say(book, *SAID)
    assert "confirmed" not in text_of(client.get("/treasurer").text)
    clock.now = NOW + timedelta(days=340)
    assert "has to be confirmed once a year" in text_of(client.get("/treasurer").text)


def test_where_gifts_tell_beliefs_no_name_may_be_shown(client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 1_000)))
    said = {"kind": ConsentKind.PUBLIC_NAME.value, "value": "yes", "given_on": "2026-07-01", "source": "e-mail"}
    consents = f"/treasurer/donors/{DonorId(2)}/consents"
    say(book, Beliefs(gifts_tell=True))
    assert 'value="public_name"' not in client.get("/treasurer/donors/2").text
    assert (
        client.post(consents, data=said).status_code,
        client.post(consents, data=said | {"value": "no"}).status_code,
    ) == (
        409,
        200,
    )
    say(book, Beliefs())
    assert client.post(consents, data=said).status_code == 200
