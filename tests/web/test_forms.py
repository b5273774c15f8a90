"""Every change needs the token of the browser that the form was made for, wherever in the form it stands."""

from __future__ import annotations

import re
from pathlib import Path

import anyio
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.testclient import TestClient
from starlette.types import Message
from tests.web.conftest import LOCAL, browser, enter
from tests.web.test_guard import code_of

from donations.access.person import Role
from donations.access.secret import form_token
from donations.assets import directory
from donations.web.browser import COOKIE
from donations.web.forms import token_sent

URLENCODED = "application/x-www-form-urlencoded"
TOKEN = form_token("the secret of this browser")
PART = f'--b\r\nContent-Disposition: form-data; name="token"\r\n\r\n{TOKEN}\r\n--b'.encode()
OTHER = b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\ny\r\n--b'
MULTIPART = "multipart/form-data; boundary=b"


@pytest.mark.parametrize(
    ("kind", "body", "token"),
    [
        (URLENCODED, f"token={TOKEN}&a=b".encode(), TOKEN),
        (URLENCODED, f"a=b&token={TOKEN}".encode(), TOKEN),
        (f"{URLENCODED}; charset=utf-8", f"token={TOKEN}".encode(), TOKEN),
        (URLENCODED, f"token=wrong&token={TOKEN}".encode(), "wrong"),
        (URLENCODED, f"Token={TOKEN}".encode(), ""),
        (URLENCODED, "token=õ".encode(), ""),
        (URLENCODED, b"a=b&" * 5_000, ""),
        (URLENCODED, b"", ""),
        (MULTIPART, PART + b"--\r\n", TOKEN),
        (MULTIPART, PART + b"\r\n" + b"x" * 100_000, TOKEN),
        (MULTIPART, OTHER + PART[3:] + b"--\r\n", ""),
        (MULTIPART, PART.replace(b'"token"', b'"token"; filename="a"'), ""),
        (MULTIPART, PART[:60], ""),
        ("text/plain", f"token={TOKEN}".encode(), ""),
        ("application/json", f'{{"token": "{TOKEN}"}}'.encode(), ""),
        ("", f"token={TOKEN}".encode(), ""),
    ],
)
@pytest.mark.parametrize("size", [1, 17, 1_000_000], ids=["by bytes", "in pieces", "at once"])
def test_where_the_token_is_found_and_the_body_stays_whole(kind: str, body: bytes, token: str, size: int) -> None:
    if size == 1 and len(body) > 1_000:
        body = body[:1_000]
        token = token if kind == MULTIPART else ""
    pieces = [body[at : at + size] for at in range(0, len(body), size)] or [b""]
    messages: list[Message] = [
        {"type": "http.request", "body": piece, "more_body": number < len(pieces)}
        for number, piece in enumerate(pieces, 1)
    ]
    waiting = iter(messages)

    async def receive() -> Message:
        return next(waiting)

    async def read() -> tuple[str, bytes]:
        request = Request({"type": "http", "headers": [(b"content-type", kind.encode())]})
        found, again = await token_sent(request, receive)
        whole = b""
        while True:
            message = await again()
            whole += message["body"]
            if not message["more_body"]:
                return found, whole

    assert anyio.run(read) == (token, body)


def test_only_the_beginning_of_an_upload_is_read_for_it() -> None:
    read = 0

    async def receive() -> Message:
        nonlocal read
        read += 1_000
        return {"type": "http.request", "body": b"x" * 1_000, "more_body": True}

    async def look() -> None:
        await token_sent(Request({"type": "http", "headers": [(b"content-type", MULTIPART.encode())]}), receive)

    anyio.run(look)
    assert read < 10_000


def drop(app: FastAPI, secret: str | None, token: str | None) -> tuple[int, str]:
    """Post a form as a browser does: with its cookie, and what the form had in it."""
    client = TestClient(app, base_url="https://localhost", client=LOCAL, follow_redirects=False)
    if secret is not None:
        client.cookies.set(COOKIE, secret, domain="localhost.local")
    data = {} if token is None else {"token": token}
    headers = {"sec-fetch-site": "same-origin", "accept-language": "en"}
    answer = client.post("/treasurer/upload/none/drop", data=data, headers=headers)
    return answer.status_code, code_of(answer.text)


def test_a_form_works_in_the_browser_that_it_was_made_for(app: FastAPI) -> None:
    mine, others = (enter(app, Role.TREASURER, name=name) for name in ("Mari", "Jaan"))
    assert drop(app, mine, form_token(mine)) == (303, "")
    for token in (None, "", "x", form_token(others), form_token(mine).upper(), form_token(mine)[:-1], mine):
        assert drop(app, mine, token) == (403, "csrf_failed"), token


def test_strangers_forms_have_tokens_too(app: FastAPI) -> None:
    """Else another site could sign somebody in as somebody else."""
    enter(app, Role.TREASURER, name="Mari")
    client = browser(app)
    page = client.get("/sign-in").text
    assert form_token(client.cookies[COOKIE]) in page
    for known in ("", form_token(""), form_token("x")):
        answer = browser(app).post("/sign-in", data={"name": "a", "password": "b", "token": known})
        assert (answer.status_code, code_of(answer.text)) == (403, "csrf_failed"), "who holds no cookie has no token"
    answer = client.post("/sign-in", data={"name": "a", "password": "b"})
    assert (answer.status_code, code_of(answer.text)) == (403, "csrf_failed")
    sent = {"name": "a", "password": "b", "token": form_token(client.cookies[COOKIE])}
    assert client.post("/sign-in", data=sent).status_code == 401


@pytest.mark.parametrize("template", sorted(directory("templates").rglob("*.html")), ids=lambda path: path.name)
def test_every_form_that_posts_has_the_token(template: Path) -> None:
    """In an upload it stands before everything else, for only the beginning of the body is read for it."""
    for form in re.findall(r"<form\b[^>]*\bmethod=\"post\".*?</form>", template.read_text(encoding="utf-8"), re.DOTALL):
        if any(
            f'action="{path}"' in form for path in ("/language", "/find-my-gift", "/find-my-gift/account")
        ):  # nothing of ours changes there
            continue
        assert re.search(r"{{ (fields\.)?token\(\) }}", form), form[:200]
        if "multipart/form-data" in form:
            assert re.match(r"<form\b[^>]*>\s*{{ fields\.token\(\) }}", form), form[:200]
