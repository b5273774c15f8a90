"""Who may ask: under which names, from which pages, how much, and signed in; all of it before the body is read."""

from __future__ import annotations

import anyio
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient
from starlette.types import Message
from tests.web.conftest import LOCAL, QUICK, Clock, browser, enter

from donations.access.person import Role
from donations.access.secret import form_token
from donations.settings import Settings
from donations.web import create_app
from donations.web.browser import COOKIE

STRANGERS = ("192.168.1.7", "2001:db8::7", "10.0.0.1", "not an address")
FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "x-forwarded-host")


def code_of(page: str) -> str:
    """Return the code of an error page, in whatever language it is."""
    return page.partition('<p class="code">')[2].partition("</p>")[0].rpartition(" ")[2]


def asked(client: TestClient, method: str, path: str, **headers: str) -> tuple[int, str]:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = client.request(method, path, headers=sent, follow_redirects=False)
    return answer.status_code, code_of(answer.text)


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST"])
def test_pages_answer_to_this_computers_names(client: TestClient, host: str) -> None:
    assert asked(client, "GET", "/treasurer", host=host) == (200, "")


@pytest.mark.parametrize("host", ["donations.example", "donations.example:443", "Donations.Example"])
def test_pages_answer_to_names_in_the_settings(client: TestClient, host: str) -> None:
    assert asked(client, "GET", "/treasurer", host=host) == (200, "")


@pytest.mark.parametrize(
    "host",
    [
        *("example.org", "localhost.example.org", "donations.example.org", "127.0.0.1.example.org", "192.168.1.7"),
        *("", "[::1", "a@localhost@b", "localhost@evil.example", "localhost,evil.example", "localhost/.evil.example"),
        *("*", "localhost\x01", " "),
    ],
)
def test_pages_answer_to_no_other_name(client: TestClient, host: str) -> None:
    for path in ("/", "/treasurer", "/sign-in", "/nowhere", "/static/style.css"):
        assert asked(client, "GET", path, host=host) == (400, "bad_host"), path


@pytest.mark.parametrize("peer", STRANGERS)
def test_who_signed_in_may_be_anywhere(app: FastAPI, client: TestClient, peer: str) -> None:
    elsewhere = TestClient(app, base_url="https://localhost", client=(peer, 50_000))
    elsewhere.cookies.update(client.cookies)
    assert elsewhere.get("/treasurer").status_code == 200


@pytest.fixture
def demo(engine: Engine, clock: Clock) -> FastAPI:
    """The demonstration; a name in the settings does not open it."""
    return create_app(Settings(allowed_hosts=("donations.example",)), engine, clock=clock, passwords=QUICK, demo=True)


def test_the_demonstration_is_open_to_who_sits_here(demo: FastAPI) -> None:
    client = browser(demo)
    for path in ("/", "/treasurer", "/admin/people", "/treasurer/upload"):
        answer = client.get(path)
        assert (answer.status_code, "A demonstration" in answer.text) == (200, True), path
    assert asked(client, "GET", "/account") == (403, "not_allowed")
    assert client.get("/sign-in", follow_redirects=False).headers["location"] == "/treasurer"


@pytest.mark.parametrize("peer", STRANGERS)
def test_the_demonstration_is_closed_to_other_computers(demo: FastAPI, peer: str) -> None:
    client = TestClient(demo, base_url="https://localhost", client=(peer, 50_000))
    assert asked(client, "GET", "/treasurer") == (400, "bad_host")
    assert asked(client, "GET", "/") == (400, "bad_host")


@pytest.mark.parametrize("header", FORWARDED)
def test_a_proxy_does_not_make_strangers_local(demo: FastAPI, header: str) -> None:
    assert asked(browser(demo), "GET", "/treasurer", **{header: "203.0.113.9"}) == (400, "bad_host")


def test_the_demonstration_answers_to_local_names_only(demo: FastAPI) -> None:
    assert asked(browser(demo), "GET", "/treasurer", host="donations.example") == (400, "bad_host")


@pytest.mark.parametrize(
    ("headers", "is_ours"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "https://localhost"}, False),
        ({"origin": "https://localhost"}, True),
        ({"origin": "https://localhost:9000"}, False),
        ({"origin": "https://example.org"}, False),
        ({"origin": "null"}, False),
        ({}, False),
    ],
)
def test_changes_come_from_our_own_pages(
    app: FastAPI, client: TestClient, headers: dict[str, str], is_ours: bool
) -> None:
    bare = TestClient(app, base_url="https://localhost", client=LOCAL, follow_redirects=False)
    bare.cookies.update(client.cookies)
    answer = bare.post(
        "/treasurer/upload/none/drop", headers=headers, data={"token": form_token(client.cookies[COOKIE])}
    )
    assert (answer.status_code, code_of(answer.text)) == ((303, "") if is_ours else (403, "csrf_failed"))


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([(b"host", b"localhost"), (b"sec-fetch-site", b"cross-site")], 403),
        ([(b"host", b"localhost"), (b"sec-fetch-site", b"same-origin")], 303),
        ([(b"host", b"example.org"), (b"sec-fetch-site", b"same-origin")], 400),
        ([(b"host", b"localhost"), (b"sec-fetch-site", b"same-origin"), (b"content-length", b"9999999999")], 413),
    ],
    ids=["another site", "nobody", "another name", "too long"],
)
def test_what_is_refused_is_refused_unread(app: FastAPI, headers: list[tuple[bytes, bytes]], expected: int) -> None:
    """A framework parses forms before it asks who sends them; here nothing of the body is even asked for."""
    assert status_of_unread(app, headers) == expected


def test_who_may_not_upload_is_refused_unread(app: FastAPI) -> None:
    held = f"{COOKIE}={enter(app, Role.AUDITOR, name='Anne')}".encode()
    headers = [(b"host", b"localhost"), (b"sec-fetch-site", b"same-origin"), (b"cookie", held)]
    assert status_of_unread(app, headers) == 403


def status_of_unread(app: FastAPI, headers: list[tuple[bytes, bytes]]) -> int:
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/treasurer/upload",
        "query_string": b"",
        "headers": headers,
        "client": LOCAL,
        "server": ("localhost", 80),
        "scheme": "https",
        "app": app,
    }
    answers: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("the body was asked for")

    async def send(message: Message) -> None:
        answers.append(message)

    anyio.run(app, scope, receive, send)
    return int(answers[0]["status"])


@pytest.mark.parametrize(
    ("path", "length", "expected"),
    [
        ("/treasurer/upload/x/drop", "65537", (413, "file_too_large")),
        ("/treasurer/upload", "9" * 30, (413, "file_too_large")),
        ("/treasurer/upload", "-1", (400, "bad_upload")),
        ("/treasurer/upload", "ten", (400, "bad_upload")),
        ("/treasurer/upload", "٣", (400, "bad_upload")),
    ],
)
def test_the_length_is_checked_before_the_body(
    client: TestClient, path: str, length: str, expected: tuple[int, str]
) -> None:
    answer = client.request("POST", path, headers=[(b"content-length", length.encode())])
    assert (answer.status_code, code_of(answer.text)) == expected
