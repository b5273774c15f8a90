"""Coming in by the pages: set up, invited, signed in, the second step, and out again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import Engine
from starlette.testclient import TestClient
from tests.web.conftest import LOCAL, PASSWORD, QUICK, Clock, browser, enter
from tests.web.reading_pages import hidden_of, links_of, text_of
from tests.web.test_guard import code_of

from donations.access.link import make_set_up_link
from donations.access.password import Passwords
from donations.access.person import Role
from donations.access.secret import new_secret
from donations.settings import Settings
from donations.store.session import writing
from donations.web import create_app
from donations.web.browser import COOKIE, LOCAL_COOKIE
from donations.web.sign_in.sign_in import local_path
from donations.web.site import Site

WRONG = "kolm väikest kassi"


def send(client: TestClient, form: str, action: str, page: str | None = None, **fields: str) -> Response:
    """Fill in a form of a page as a browser does, and send it without following where it leads."""
    shown = client.get(form).text if page is None else page
    sent = hidden_of(shown, action=action) | fields
    return client.post(action, data=sent, follow_redirects=False)


def sign_in(client: TestClient, name: str, password: str = PASSWORD, *, path: str = "/sign-in") -> Response:
    return send(client, path, "/sign-in", name=name, password=password)


def set_up_link(app: FastAPI, clock: Clock) -> str:
    with writing(app.state.site.engine) as session:
        secret = make_set_up_link(session, now=clock())
    assert secret is not None
    return f"/link/{secret}"


def test_at_first_every_page_says_how_to_begin(app: FastAPI) -> None:
    client = browser(app)
    for path in ("/treasurer", "/sign-in", "/account", "/admin/people"):
        said = text_of(client.get(path).text)
        assert "Nobody has an account yet" in said, path
        assert "it prints a link" in said, path


def test_the_first_person_sets_up(app: FastAPI, clock: Clock) -> None:
    client = browser(app)
    link = set_up_link(app, clock)
    page = client.get(link).text
    assert "You are the first" in text_of(page)
    fields = {"name": "Mari Mets", "password": PASSWORD, "again": PASSWORD}
    token = hidden_of(page, action="")
    for wrong, said in (
        ({"again": WRONG}, "not the same"),
        ({"password": "short", "again": "short"}, "at least 12"),
        ({"password": "Mari Mets 2026", "again": "Mari Mets 2026"}, "easy to guess"),
        ({"name": "mari@mets.ee"}, "without @"),
    ):
        answer = client.post(link, data=token | fields | wrong)
        assert (answer.status_code, said in answer.text) == (422, True), wrong
    answer = client.post(link, data=token | fields)
    assert (answer.status_code, answer.url.path) == (200, "/treasurer")
    assert "Mari Mets" in answer.text
    again = client.get(link)
    assert (again.status_code, code_of(again.text)) == (404, "link_gone")
    assert "Nobody has an account" not in browser(app).get("/sign-in").text


def test_the_set_up_link_is_good_for_half_an_hour(app: FastAPI, clock: Clock) -> None:
    link = set_up_link(app, clock)
    clock.advance(timedelta(minutes=30))
    assert browser(app).get(link).status_code == 404
    assert browser(app).get(f"/link/{new_secret()}").status_code == 404


@pytest.mark.parametrize(
    ("roles", "home"),
    [
        ({Role.TREASURER}, "/treasurer"),
        ({Role.TREASURER, Role.ADMIN}, "/treasurer"),
        ({Role.AUDITOR}, "/treasurer/proof"),
        ({Role.VIEWER}, "/staff"),
        ({Role.VIEWER, Role.ADMIN}, "/staff"),
        ({Role.ADMIN}, "/admin/people"),
    ],
)
def test_everybody_begins_where_their_work_is(app: FastAPI, roles: set[Role], home: str) -> None:
    enter(app, *roles, name="Mari Mets")
    client = browser(app)
    answer = sign_in(client, "mari mets")
    assert (answer.status_code, answer.headers["location"]) == (303, home)
    assert client.get(home).status_code == 200


def test_one_comes_to_the_page_that_one_wanted(app: FastAPI) -> None:
    enter(app, Role.TREASURER, name="Mari Mets")
    client = browser(app)
    sent = client.get("/treasurer/donors?q=mets", follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in?next=%2Ftreasurer%2Fdonors%3Fq%3Dmets")
    answer = sign_in(client, "Mari Mets", path=sent.headers["location"])
    assert answer.headers["location"] == "/treasurer/donors?q=mets"


@pytest.mark.parametrize(
    "asked",
    [
        *("https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)"),
        *("/\t/evil.example", "/\n/evil.example", " /x", "", "x", "/õ", "/" + "x" * 600, "http:/x", "///x"),
    ],
)
def test_nobody_is_sent_elsewhere(asked: str) -> None:
    assert local_path(asked, otherwise="/home") == "/home"


@pytest.mark.parametrize("asked", ["/", "/treasurer", "/treasurer/donors?q=a%20b&page=2", "/a//b", "/a:b"])
def test_paths_of_this_site_are_kept(asked: str) -> None:
    assert local_path(asked, otherwise="/home") == asked


def test_the_session_is_a_new_secret_in_a_locked_cookie(app: FastAPI) -> None:
    enter(app, Role.TREASURER, name="Mari Mets")
    client = browser(app)
    planted = new_secret()
    client.cookies.set(COOKIE, planted, domain="localhost.local")
    answer = sign_in(client, "Mari Mets")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-session=")
    assert planted not in cookie
    assert {each.strip().lower() for each in cookie.split(";")[1:]} == {"httponly", "path=/", "samesite=lax", "secure"}
    stale = browser(app)
    stale.cookies.set(COOKIE, planted, domain="localhost.local")
    assert stale.get("/treasurer", follow_redirects=False).status_code == 303


@pytest.fixture
def alone(app: FastAPI) -> Iterator[FastAPI]:
    """The application as it serves whoever sits at this computer, and nobody else."""
    enter(app, Role.TREASURER, name="Mari Mets")
    site: Site = app.state.site
    app.state.site = replace(site, settings=site.settings.model_copy(update={"allowed_hosts": ()}))
    yield app
    app.state.site = site


def plain(app: FastAPI, *, peer: str = LOCAL[0], **headers: str) -> TestClient:
    """Return a browser that asks without https, as Safari would: without it, secure cookies are not kept."""
    sent = {"sec-fetch-site": "same-origin", "accept-language": "en", **headers}
    return TestClient(app, base_url="http://localhost", client=(peer, 50_000), headers=sent)


def test_on_this_computer_one_signs_in_without_https(alone: FastAPI) -> None:
    client = plain(alone)
    cookie = sign_in(client, "Mari Mets").headers["set-cookie"]
    assert {each.strip().lower() for each in cookie.split(";")[1:]} == {"httponly", "path=/", "samesite=lax"}
    page = client.get("/treasurer", follow_redirects=False)
    assert page.status_code == 200
    secret = client.cookies[LOCAL_COOKIE]
    with browser(alone) as over_https:
        over_https.cookies.set(LOCAL_COOKIE, secret, domain="localhost.local")
        assert over_https.get("/treasurer", follow_redirects=False).status_code == 303
    client.post("/sign-out", data=hidden_of(page.text, action="/sign-out"))
    assert client.cookies[LOCAL_COOKIE] != secret


@pytest.mark.parametrize(
    "asking",
    [{"peer": "203.0.113.7"}, {"x-forwarded-proto": "https"}, {"x-forwarded-for": "203.0.113.7"}, {"forwarded": "x"}],
    ids=str,
)
def test_whatever_may_come_through_a_proxy_gets_a_locked_cookie(alone: FastAPI, asking: dict[str, str]) -> None:
    assert plain(alone, **asking).get("/sign-in").headers["set-cookie"].startswith(f"{COOKIE}=")


@pytest.mark.parametrize("setting", ["allowed_hosts", "trusted_proxies"])
def test_who_serves_others_gives_locked_cookies_only(alone: FastAPI, setting: str) -> None:
    site: Site = alone.state.site
    alone.state.site = replace(site, settings=site.settings.model_copy(update={setting: ("donations.example",)}))
    cookie = plain(alone).get("/sign-in").headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "secure" in cookie.lower()


def test_what_is_wrong_is_not_told(app: FastAPI) -> None:
    """Byte for byte the same page for an unknown name, a wrong password, and an account without one."""
    enter(app, Role.TREASURER, name="Mari Mets")
    client = browser(app)
    client.get("/sign-in")
    pages = set()
    for name in ("Mari Mets", "Nobody Mets"):
        answer = sign_in(client, name, WRONG)
        assert answer.status_code == 401
        pages.add(answer.text.replace(name, "NAME"))
    assert len(pages) == 1
    assert WRONG not in pages.pop()


def test_after_many_failures_one_waits(app: FastAPI, clock: Clock) -> None:
    enter(app, Role.TREASURER, name="Mari Mets")
    for name in ("Mari Mets", "Nobody"):
        client = browser(app)
        statuses = [sign_in(client, name, WRONG).status_code for _ in range(5)]
        assert statuses == [401, 401, 401, 429, 429]
    assert sign_in(browser(app), "Mari Mets").status_code == 429
    clock.advance(timedelta(seconds=1))
    assert sign_in(browser(app), "Mari Mets").status_code == 303


def test_no_forwarded_address_changes_who_is_counted(app: FastAPI, clock: Clock) -> None:
    """Only a proxy that the settings name is believed, and then by the server, before the application."""
    enter(app, Role.TREASURER, name="Mari Mets")
    client = browser(app)
    for number in range(25):
        clock.advance(timedelta(seconds=1))
        client.headers["x-forwarded-for"] = f"203.0.113.{number}"
        last = sign_in(client, f"Nobody {number}", WRONG).status_code
    assert last == 429


def test_too_many_at_once_are_sent_away(engine: Engine, clock: Clock) -> None:
    full = Passwords(time_cost=1, memory_cost=8, parallelism=1, at_once=1, waiting_max=0, patience=0.01)
    app = create_app(Settings(), engine, clock=clock, passwords=full)
    enter(app, Role.TREASURER, name="Mari Mets")
    with full._turn():
        answer = sign_in(browser(app), "Mari Mets")
    assert (answer.status_code, code_of(answer.text)) == (503, "sign_in_busy")
    assert sign_in(browser(app), "Mari Mets").status_code == 303


def test_signed_out_is_signed_out(app: FastAPI, client: TestClient) -> None:
    kept = client.cookies[COOKIE]
    answer = client.post("/sign-out", follow_redirects=False)
    assert answer.headers["location"] == "/sign-in"
    assert 'session="";' in answer.headers["set-cookie"]
    replayed = browser(app, kept)
    assert replayed.get("/treasurer", follow_redirects=False).status_code == 303


def test_a_session_ends_by_itself_and_is_kept_by_using_it(engine: Engine, clock: Clock) -> None:
    app = create_app(Settings(session_idle_minutes=30, session_hours=2), engine, clock=clock, passwords=QUICK)
    client = browser(app, enter(app, Role.TREASURER, name="Mari Mets"))
    client.follow_redirects = False
    for _ in range(5):
        clock.advance(timedelta(minutes=20))
        assert client.get("/treasurer").status_code == 200
    clock.advance(timedelta(minutes=20))
    assert client.get("/treasurer").status_code == 303
    idle = browser(app, enter(app, Role.TREASURER, name="Jaan Kask"))
    clock.advance(timedelta(minutes=30))
    assert idle.get("/treasurer", follow_redirects=False).status_code == 303


def test_the_second_step(app: FastAPI, clock: Clock) -> None:
    client = browser(app, enter(app, Role.TREASURER, name="Mari Mets"))
    begun = client.post("/account/app").text
    picture = client.get("/account/app/qr.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    secret = begun.partition('<code class="secret">')[2].partition("<")[0]
    wrong = client.post("/account/app/confirm", data={"code": "000000"})
    assert (wrong.status_code, secret in wrong.text) == (422, True)
    done = client.post("/account/app/confirm", data={"code": pyotp.TOTP(secret).at(clock())})
    codes = [each.partition("<")[0] for each in done.text.split('<code class="secret">')[1:]]
    assert len(codes) == 10
    clock.advance(timedelta(minutes=1))

    other = browser(app)
    half = sign_in(other, "Mari Mets")
    assert half.status_code == 200
    assert "One more step" in half.text
    assert other.get("/treasurer", follow_redirects=False).status_code == 303
    assert send(other, "/sign-in/code", "/sign-in/code", code="123456").status_code == 401
    answer = send(other, "/sign-in/code", "/sign-in/code", code=codes[3])
    assert (answer.status_code, answer.headers["location"]) == (303, "/treasurer")
    assert other.get("/treasurer").status_code == 200


def test_the_second_step_needs_the_first(app: FastAPI) -> None:
    enter(app, Role.TREASURER, name="Mari Mets")
    client = browser(app)
    assert client.get("/sign-in/code", follow_redirects=False).headers["location"] == "/sign-in"
    answer = send(client, "/sign-in", "/sign-in/passkey")
    assert answer.status_code == 200


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", '{"id": 7}', '{"id": "x", "response": {}}', "nonsense"])
def test_what_is_no_answer_of_a_passkey(app: FastAPI, answer: str) -> None:
    enter(app, Role.TREASURER, name="Mari Mets")
    client = browser(app)
    asked = send(client, "/sign-in", "/sign-in/passkey")
    refused = send(client, "", "/sign-in/passkey/answer", page=asked.text, answer=answer)
    assert refused.status_code == 401


@pytest.mark.parametrize(("back", "to"), [("/treasurer/upload?a=b", "/treasurer/upload?a=b"), ("//evil.example", "/")])
def test_the_language_is_kept_in_the_browser(app: FastAPI, back: str, to: str) -> None:
    client = TestClient(app, base_url="https://localhost", client=LOCAL, headers={"sec-fetch-site": "same-origin"})
    assert 'lang="et"' in client.get("/").text
    answer = client.post("/language", data={"language": "ru", "back": back}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, to)
    assert '<html lang="ru">' in client.get("/").text
    assert client.post("/language", data={"language": "xx"}).status_code == 422


def test_public_pages_are_the_same_for_everyone(app: FastAPI, client: TestClient) -> None:
    stranger = browser(app)
    answer = stranger.get("/")
    assert "set-cookie" not in answer.headers
    assert answer.text == client.get("/").text
    assert "/treasurer" not in links_of(answer.text)


def test_no_secret_and_no_name_is_logged(app: FastAPI, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    client = browser(app)
    link = set_up_link(app, clock)
    fields = {"name": "Mari Mets", "password": PASSWORD, "again": PASSWORD}
    client.post(link, data=hidden_of(client.get(link).text, action="") | fields)
    sign_in(browser(app), "Mari Mets", WRONG)
    for secret in (PASSWORD, WRONG, "Mari", client.cookies[COOKIE]):
        assert secret not in caplog.text
