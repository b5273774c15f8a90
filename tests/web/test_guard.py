"""Who may ask: private pages answer on this computer only, and changes come from our own pages."""

from __future__ import annotations

import anyio
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from starlette.types import Message
from tests.web.conftest import LOCAL


def status(app: FastAPI, method: str, path: str, *, peer: str = LOCAL[0], **headers: str) -> tuple[int, str]:
    client = TestClient(app, base_url="http://localhost", client=(peer, 50_000))
    answer = client.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    code = answer.text.partition("Code: ")[2].partition("<")[0]
    return answer.status_code, code


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST"])
def test_private_pages_answer_to_this_computers_names(app: FastAPI, host: str) -> None:
    assert status(app, "GET", "/treasurer", host=host) == (200, "")


@pytest.mark.parametrize(
    "host",
    ["example.org", "localhost.example.org", "127.0.0.1.example.org", "192.168.1.7", "", "[::1", "a@localhost@b"],
)
def test_private_pages_answer_to_no_other_name(app: FastAPI, host: str) -> None:
    assert status(app, "GET", "/treasurer", host=host) == (400, "bad_host")
    assert status(app, "GET", "/treasurer/nowhere", host=host) == (400, "bad_host")


@pytest.mark.parametrize("peer", ["192.168.1.7", "2001:db8::7", "10.0.0.1", "not an address"])
def test_private_pages_answer_to_no_other_computer(app: FastAPI, peer: str) -> None:
    assert status(app, "GET", "/treasurer", peer=peer) == (400, "bad_host")
    assert status(app, "GET", "/", peer=peer)[0] == 200


@pytest.mark.parametrize("header", ["x_forwarded_for", "forwarded", "x_real_ip", "x_forwarded_host"])
def test_a_proxy_does_not_make_strangers_local(app: FastAPI, header: str) -> None:
    assert status(app, "GET", "/treasurer", **{header: "203.0.113.9"}) == (400, "bad_host")


@pytest.mark.parametrize(
    ("headers", "is_ours"),
    [
        ({"sec_fetch_site": "same-origin"}, True),
        ({"sec_fetch_site": "none"}, True),
        ({"sec_fetch_site": "same-site"}, False),
        ({"sec_fetch_site": "cross-site"}, False),
        ({"sec_fetch_site": "cross-site", "origin": "http://localhost"}, False),
        ({"origin": "http://localhost"}, True),
        ({"origin": "http://localhost:9000"}, False),
        ({"origin": "http://example.org"}, False),
        ({"origin": "null"}, False),
        ({}, False),
    ],
)
def test_changes_come_from_our_own_pages(app: FastAPI, headers: dict[str, str], is_ours: bool) -> None:
    expected = (303, "") if is_ours else (403, "csrf_failed")
    client = TestClient(app, base_url="http://localhost", client=LOCAL, follow_redirects=False)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = client.post("/treasurer/upload/none/drop", headers=sent)
    assert (answer.status_code, answer.text.partition("Code: ")[2].partition("<")[0]) == expected


def test_a_foreign_body_is_refused_unread(app: FastAPI) -> None:
    """A framework parses forms before it asks who sends them; here nothing of the body is even asked for."""
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/treasurer/upload",
        "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"sec-fetch-site", b"cross-site")],
        "client": LOCAL,
        "server": ("localhost", 80),
        "scheme": "http",
        "app": app,
    }
    answers: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("the body was asked for")

    async def send(message: Message) -> None:
        answers.append(message)

    anyio.run(app, scope, receive, send)
    assert answers[0]["status"] == 403


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
def test_the_length_is_checked_before_the_body(app: FastAPI, path: str, length: str, expected: tuple[int, str]) -> None:
    client = TestClient(app, base_url="http://localhost", client=LOCAL)
    headers = [(b"sec-fetch-site", b"same-origin"), (b"content-length", length.encode())]
    answer = client.request("POST", path, headers=headers)
    assert (answer.status_code, answer.text.partition("Code: ")[2].partition("<")[0]) == expected
