"""What leaves the house or cannot be undone asks who is there; then one goes on from exactly where one was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from fastapi import FastAPI
from httpx2 import Response
from lxml import html
from sqlalchemy import Engine
from starlette.testclient import TestClient
from tests.web.addresses import addresses
from tests.web.conftest import PASSWORD, QUICK, Clock, browser, enter, prove, renewed
from tests.web.reading_pages import hidden_of, links_of, text_of
from tests.web.test_guard import code_of

from donations.access.person import Role
from donations.access.session import FRESH_FOR
from donations.settings import Settings
from donations.web import create_app
from donations.web.access import SAFE_METHODS
from donations.web.browser import COOKIE
from donations.web.guard import FORM_BYTES_MAX

FILE = "/treasurer/reports/donors.csv?all=true"
LIST = "/treasurer/reports/donors?all=true"
WRONG = "kolm väikest kassi"


@pytest.fixture
def mari(app: FastAPI, clock: Clock) -> Iterator[TestClient]:
    """A browser in which somebody with every role signed in ten minutes ago."""
    with browser(app, enter(app, *Role, name="Mari Mets"), follow_redirects=False) as made:
        clock.advance(FRESH_FOR)
        yield made


def form_of(page: str) -> tuple[str, list[tuple[str, str]]]:
    """Return where the form of the main part goes, and what it brings by itself, in its order."""
    (form,) = html.fromstring(page).xpath("//main//form")
    hidden = form.xpath(".//input[@type='hidden']")
    return form.get("action"), [(each.get("name"), each.get("value")) for each in hidden]


def send(client: TestClient, page: str, **fields: str) -> Response:
    """Fill in the form of the page and send it with the page's own token: the proof makes older ones worthless."""
    client.headers.pop("x-form-token", None)
    action, brought = form_of(page)
    sent: dict[str, list[str]] = {}
    for name, value in (*brought, *fields.items()):
        sent.setdefault(name, []).append(value)
    return client.post(action, data=sent)


def test_every_such_route_asks_for_it(app: FastAPI, mari: TestClient) -> None:
    for address in addresses(app):
        if not address.route.fresh:
            continue
        answer = mari.request(address.method, address.path)
        if address.method in SAFE_METHODS:
            asked = {"next": [address.path]}
            assert parse_qs(urlsplit(answer.headers["location"]).query) == asked, address
        else:
            assert (answer.status_code, "Confirm your identity" in answer.text) == (401, True), address


def test_a_file_is_taken_along_after_it(mari: TestClient) -> None:
    sent = mari.get(FILE, headers={"referer": f"https://localhost{LIST}"})
    assert sent.status_code == 303
    asked = mari.get(sent.headers["location"])
    assert "Confirm your identity" in text_of(asked.text)
    assert LIST in links_of(asked.text)
    answer = send(mari, asked.text, password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, sent.headers["location"])
    onward = mari.get(answer.headers["location"])
    assert onward.headers["refresh"] == f"0; url={FILE}"
    assert links_of(onward.text) == [LIST, FILE]
    assert mari.get(FILE).headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize("referer", ["https://evil.example/x", "https://localhost//evil.example", "", "nonsense"])
def test_nobody_is_sent_elsewhere(mari: TestClient, referer: str) -> None:
    sent = mari.get(FILE, headers={"referer": referer})
    assert "back" not in parse_qs(urlsplit(sent.headers["location"]).query)
    asked = mari.get("/sign-in/again?next=https://evil.example&back=//evil.example").text  # as without an errand
    onward = mari.get(send(mari, asked, password=PASSWORD).headers["location"])
    assert (onward.status_code, onward.headers["location"]) == (303, "/treasurer")


def test_a_form_is_shown_again_and_nothing_of_it_is_lost(mari: TestClient) -> None:
    name = 'Jaan "Õ" <Kask>'
    refused = mari.post("/admin/people", data={"name": name, "email": "", "role": ["viewer", "auditor"]})
    assert refused.status_code == 401
    wrong = send(mari, refused.text, password=WRONG)
    assert (wrong.status_code, "what you filled in is kept" in text_of(wrong.text)) == (401, True)
    shown = send(mari, wrong.text, password=PASSWORD)
    assert shown.status_code == 200
    action, fields = form_of(shown.text)
    assert action == "/admin/people"
    assert fields[1:] == [("name", name), ("email", ""), ("role", "viewer"), ("role", "auditor")]
    assert "Jaan" not in mari.get("/admin/people").text
    assert "A link for" in text_of(send(mari, shown.text).text)
    assert "Jaan &#34;Õ&#34; &lt;Kask&gt;" in mari.get("/admin/people").text


def test_a_form_without_fields_and_one_with_fields_called_as_ours(app: FastAPI, mari: TestClient, clock: Clock) -> None:
    enter(app, Role.VIEWER, name="Jaan")
    shown = send(mari, mari.post("/admin/people/2/switch-on").text, password=PASSWORD)
    assert [name for name, _ in form_of(shown.text)[1]] == ["token"]
    clock.advance(FRESH_FOR)
    odd = {"password": "p", "then": "//evil.example", "kept.x": "y", "form": "z"}
    refused = mari.post("/admin/people/2/link", data=odd | {"token": dict(form_of(shown.text)[1])["token"]})
    again = send(mari, refused.text, password=PASSWORD)
    action, fields = form_of(again.text)
    assert (action, dict(fields[1:])) == ("/admin/people/2/link", odd)


def test_a_form_as_large_as_a_form_may_be_comes_through(mari: TestClient) -> None:
    long = "õ" * (FORM_BYTES_MAX // 6 - 100)
    refused = mari.post("/me/tokens", data={"name": long})
    assert refused.status_code == 401
    shown = send(mari, refused.text, password=PASSWORD)
    assert (shown.status_code, dict(form_of(shown.text)[1])["name"] == long) == (200, True)


def test_a_form_of_another_site_is_not_even_shown(mari: TestClient) -> None:
    answer = mari.post("/admin/people", data={"name": "Eve"}, headers={"x-form-token": "0" * 64})
    assert (answer.status_code, code_of(answer.text)) == (403, "csrf_failed")


def test_whose_role_does_not_reach_is_not_asked(app: FastAPI, clock: Clock) -> None:
    with browser(app, enter(app, Role.VIEWER, name="Mari Mets"), follow_redirects=False) as viewer:
        clock.advance(FRESH_FOR)
        assert code_of(viewer.get(FILE).text) == "not_allowed"
        assert code_of(viewer.post("/admin/people").text) == "not_allowed"


def test_it_holds_for_ten_minutes_and_signs_nobody_else_out(app: FastAPI, mari: TestClient, clock: Clock) -> None:
    stolen = browser(app, mari.cookies[COOKIE], follow_redirects=False)
    prove(mari)
    assert stolen.get("/treasurer").status_code == 303
    clock.advance(FRESH_FOR - timedelta(seconds=1))
    assert mari.get(FILE).status_code == 200
    clock.advance(timedelta(seconds=1))
    assert mari.get(FILE).status_code == 303
    assert mari.get(LIST).status_code == 200


def test_who_has_an_app_shows_its_code_again(mari: TestClient, clock: Clock) -> None:
    prove(mari)
    begun = mari.post("/account/app").text
    secret = begun.partition('<code class="secret">')[2].partition("<")[0]
    codes = mari.post("/account/app/confirm", data={"code": pyotp.TOTP(secret).at(clock())})
    assert codes.status_code == 200
    renewed(mari)
    assert mari.get(FILE).status_code == 200, "who has just added it has just proved who it is"
    clock.advance(FRESH_FOR)
    for act in ("app/remove", "passkeys", "codes"):
        refused = mari.post(f"/account/{act}")
        assert (refused.status_code, "six digits" in refused.text) == (401, True), "a proof of earlier is not enough"
    asked = mari.get("/sign-in/again").text
    assert "six digits" in text_of(asked)
    assert send(mari, asked, password=PASSWORD).status_code == 401
    assert send(mari, asked, password=PASSWORD, code=pyotp.TOTP(secret).at(clock())).status_code == 303
    assert mari.get(FILE).status_code == 200


def test_a_passkey_answers_too_and_a_wrong_answer_loses_nothing(mari: TestClient) -> None:
    refused = mari.post("/me/tokens", data={"name": "Nightly"})
    sent = hidden_of(refused.text, action="/sign-in/again")
    asked = mari.post("/sign-in/again/passkey", data=sent)
    assert 'data-passkey="get"' in asked.text
    answer = mari.post(
        "/sign-in/again/passkey/answer", data=hidden_of(asked.text, action="/passkey/answer") | {"answer": "{}"}
    )
    assert answer.status_code == 401
    assert hidden_of(answer.text, action="/passkey/answer")["kept.name"] == "Nightly"


def test_too_many_attempts(mari: TestClient) -> None:
    asked = mari.get("/sign-in/again").text
    for _ in range(3):
        assert send(mari, asked, password=WRONG).status_code == 401
    assert send(mari, asked, password=PASSWORD).status_code == 429
    assert mari.get("/treasurer").status_code == 200


def test_strangers_prove_nothing(app: FastAPI) -> None:
    stranger = browser(app, follow_redirects=False)
    assert stranger.get("/sign-in/again").headers["location"].startswith("/sign-in?next=")
    assert stranger.get(FILE).headers["location"].startswith("/sign-in?next=")


def test_the_demonstration_asks_nobody(engine: Engine, clock: Clock) -> None:
    demo = browser(create_app(Settings(), engine, clock=clock, passwords=QUICK, demo=True), follow_redirects=False)
    clock.advance(FRESH_FOR)
    assert demo.get(FILE).status_code == 200
