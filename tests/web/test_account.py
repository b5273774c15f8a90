"""One's own account: changed only with a proof, and ended everywhere when it matters."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from lxml import html
from sqlmodel import select
from starlette.testclient import TestClient
from tests.web.conftest import PASSWORD, Clock, browser, enter
from tests.web.reading_pages import text_of
from tests.web.test_sign_in import sign_in

from donations.access.person import Role
from donations.access.session import FRESH_FOR
from donations.store.session import reading
from donations.store.tables.access import PersonRow
from donations.web.browser import COOKIE

NEW = "neli suurt põdrapulli"


def test_it_says_who_one_is_and_what_happened(client: TestClient) -> None:
    said = text_of(client.get("/account").text)
    for words in ("treasurer", "Treasurer", "Second step off", "this browser", "Account created"):
        assert words in said


@pytest.mark.parametrize("path", ["app", "app/remove", "codes", "passkeys", "passkeys/remove"])
def test_nothing_changes_without_a_fresh_proof(client: TestClient, clock: Clock, path: str) -> None:
    clock.advance(FRESH_FOR)
    before = text_of(client.get("/account").text)
    asked = client.post(f"/account/{path}", data={"passkey": "1"})
    assert (asked.status_code, "Confirm your identity" in asked.text) == (401, True)
    assert text_of(client.get("/account").text) == before


def test_a_new_password_asks_for_the_present_one_each_time(client: TestClient) -> None:
    fields = {"present": "kolm väikest kassi", "password": NEW, "again": NEW}
    for _ in range(3):
        answer = client.post("/account/password", data=fields)
        assert (answer.status_code, "present password is not right" in answer.text) == (401, True)
    answer = client.post("/account/password", data=fields | {"present": PASSWORD})
    assert answer.status_code == 429, "it can be tried no oftener than the sign-in page"


def test_a_new_password_signs_the_others_out(app: FastAPI) -> None:
    mine = browser(app, enter(app, Role.TREASURER, name="Mari Mets"))
    other = browser(app)
    sign_in(other, "Mari Mets")
    before = mine.cookies[COOKIE]
    answer = mine.post("/account/password", data={"present": PASSWORD, "password": NEW, "again": NEW})
    assert (answer.status_code, answer.url.path) == (200, "/account")
    assert mine.cookies[COOKIE] != before
    assert other.get("/treasurer", follow_redirects=False).status_code == 303
    assert browser(app, before).get("/treasurer", follow_redirects=False).status_code == 303
    assert sign_in(browser(app), "Mari Mets").status_code == 401
    assert sign_in(browser(app), "Mari Mets", NEW).status_code == 303


def test_a_form_gives_nobody_what_it_does_not_ask_for(app: FastAPI) -> None:
    """Whatever columns a person has: who may change a password cannot send a role along."""
    mari = browser(app, enter(app, Role.VIEWER, name="Mari Mets"))
    engine = app.state.site.engine
    with reading(engine) as session:
        before = session.exec(select(PersonRow)).one().model_dump()
    extra = dict.fromkeys(before, "1") | {"roles": "admin", "role": "admin", "sees_names": "true"}
    answer = mari.post("/account/password", data=extra | {"present": PASSWORD, "password": NEW, "again": NEW})
    assert answer.status_code == 200
    with reading(engine) as session:
        after = session.exec(select(PersonRow)).one().model_dump()
    assert {name for name in before if before[name] != after[name]} == {"password_hash"}


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        (NEW, NEW + "x", "not the same"),
        ("too little", "too little", "at least 12"),
        ("treasurer 2026", "treasurer 2026", "easy to guess"),
    ],
)
def test_a_new_password_has_to_be_good(client: TestClient, password: str, again: str, said: str) -> None:
    answer = client.post("/account/password", data={"present": PASSWORD, "password": password, "again": again})
    assert (answer.status_code, said in answer.text) == (422, True)
    assert password not in answer.text.replace("treasurer", "")


def test_one_browser_is_signed_out_from_another(app: FastAPI) -> None:
    mine = browser(app, enter(app, Role.TREASURER, name="Mari Mets"))
    other = browser(app)
    sign_in(other, "Mari Mets")
    forms = html.fromstring(mine.get("/account").text).xpath("//form[@action='/account/sessions/end']")
    assert len(forms) == 1, "this browser signs out above"
    (digest,) = forms[0].xpath(".//input[@name='browser']/@value")
    assert str(digest) not in other.cookies[COOKIE]
    mine.post("/account/sessions/end", data={"browser": str(digest)})
    assert other.get("/treasurer", follow_redirects=False).status_code == 303
    assert mine.get("/treasurer").status_code == 200


def test_signed_out_everywhere(app: FastAPI) -> None:
    mine = browser(app, enter(app, Role.TREASURER, name="Mari Mets"))
    other = browser(app)
    sign_in(other, "Mari Mets")
    assert mine.post("/account/sign-out-everywhere", follow_redirects=False).headers["location"] == "/sign-in"
    for client in (mine, other):
        assert client.get("/treasurer", follow_redirects=False).status_code == 303


def test_there_is_no_picture_without_a_secret(client: TestClient) -> None:
    assert client.get("/account/app/qr.svg").status_code == 404
    assert client.post("/account/app/confirm", data={"code": "123456"}).status_code == 404
