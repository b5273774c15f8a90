"""Bodies that come slowly: refused with a code of their own, whoever sends them, while no thread of ours waits."""

from __future__ import annotations

from collections.abc import Iterator

import anyio
import pytest
from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive
from tests.web.conftest import LOCAL, enter
from tests.web.test_guard import code_of

from donations.access.event import Origin
from donations.access.person import Role
from donations.access.secret import form_token
from donations.access.tokens import Scope, make_token
from donations.store.session import writing
from donations.web import guard
from donations.web.browser import COOKIE
from donations.web.guard import PACE, Pace, paced

KIB = 1024
AT_ONCE = Pace(piece_bytes=1, piece_seconds=0, body_seconds=0)
"""Waits for nobody."""


class Stopwatch:
    """Time that passes while something is waited for."""

    def __init__(self) -> None:
        """Begin."""
        self.now = 0.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.now


def coming(watch: Stopwatch, pieces: list[tuple[float, int]]) -> Receive:
    """Return a body whose pieces each take so many seconds and hold so many bytes."""
    waiting: Iterator[tuple[int, tuple[float, int]]] = iter(enumerate(pieces, 1))

    async def receive() -> Message:
        number, (seconds, length) = next(waiting)
        watch.now += seconds
        return {"type": "http.request", "body": bytes(length), "more_body": number < len(pieces)}

    return receive


def received(pieces: list[tuple[float, int]], *, works: float = 0) -> int | None:
    """Return how many bytes come through in the end, or None where the body is refused for being slow."""
    watch = Stopwatch()
    receive = paced(coming(watch, pieces), pace=PACE, clock=watch)

    async def all_of_it() -> int | None:
        total = 0
        for _ in pieces:
            try:
                total += len((await receive())["body"])
            except HTTPException as error:
                return None if error.status_code == 408 else -1
            watch.now += works
        return total

    return anyio.run(all_of_it)


@pytest.mark.parametrize(
    ("pieces", "whole"),
    [
        ([(0, 0)], True),
        ([(29, 200)], True),
        ([(31, 200)], False),
        ([(15, 100), (14, 100)], True),
        ([(15, 100), (16, 100)], False),
        ([(29, 30 * KIB), (29, 30 * KIB), (29, 1)], True),
        ([(29, 30 * KIB), (31, 30 * KIB)], False),
        ([(0, 10_000 * KIB), (31, 1)], False),
        ([(0.9, KIB)] * 900, True),
        ([(1.1, KIB)] * 40, False),
        ([(29, 30 * KIB)] * 31, True),
        ([(29, 30 * KIB)] * 32, False),
    ],
    ids=[
        *("nothing", "late", "too late", "in two", "in two, too late", "in time", "the second too late"),
        *("quick at first", "a little faster than it must", "a little slower", "long enough", "too long in all"),
    ],
)
def test_how_slowly_a_body_may_come(pieces: list[tuple[float, int]], *, whole: bool) -> None:
    assert received(pieces) == (sum(length for _, length in pieces) if whole else None)


def test_time_in_which_we_work_ourselves_is_not_counted() -> None:
    assert received([(1, KIB)] * 20, works=600) == 20 * KIB


def test_what_comes_behind_the_body_may_take_its_time() -> None:
    watch = Stopwatch()
    messages: Iterator[Message] = iter(
        [{"type": "http.request", "body": b"", "more_body": False}, {"type": "http.disconnect"}]
    )

    async def receive() -> Message:
        watch.now += PACE.body_seconds
        return next(messages)

    async def both() -> list[str]:
        slow = paced(receive, clock=watch, pace=Pace(piece_bytes=1, piece_seconds=1e6, body_seconds=1e6))
        return [(await slow())["type"] for _ in range(2)]

    assert anyio.run(both) == ["http.request", "http.disconnect"]


@pytest.mark.parametrize(
    ("path", "kind", "sent"),
    [
        ("/treasurer/questions/1/nothing", b"application/x-www-form-urlencoded", b"token="),
        ("/language", b"application/x-www-form-urlencoded", b"langu"),
        ("/treasurer/upload", b"multipart/form-data; boundary=x", b"--x\r\nContent-Dispo"),
        ("/treasurer/upload", b"multipart/form-data; boundary=x", b"the token and half a statement"),
        ("/api/v1/imports", b"application/octet-stream", b"half a statement"),
    ],
)
def test_a_body_that_stalls_is_refused_and_no_thread_waits(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch, path: str, kind: bytes, sent: bytes
) -> None:
    monkeypatch.setattr(guard, "PACE", AT_ONCE)
    status, headers, body, threads = stalled(app, path=path, kind=kind, sent=sent)
    assert (status, headers[b"connection"]) == (408, b"close")
    assert '"code":"body_too_slow"' in body if path.startswith("/api/") else code_of(body) == "body_too_slow"
    assert threads == 0


def stalled(app: FastAPI, *, path: str, kind: bytes, sent: bytes) -> tuple[int, dict[bytes, bytes], str, int]:
    """Send the beginning of a body and then nothing more; return the answer, and how many threads waited meanwhile."""
    secret = enter(app, Role.TREASURER, name="Mari")
    if sent.startswith(b"the token"):
        token = form_token(secret).encode()
        sent = b'--x\r\nContent-Disposition: form-data; name="token"\r\n\r\n' + token + b"\r\n--x\r\n" + bytes(5_000)
    with writing(app.state.site.engine) as session:
        origin = Origin(address="", browser="", at=app.state.site.clock())
        _, token_text = make_token(session, owner_id=1, name="x", scopes=[Scope.STATEMENT_WRITE], days=1, origin=origin)
    answers: list[Message] = []
    waiting: list[int] = []
    pieces = iter([sent])

    async def receive() -> Message:
        for piece in pieces:
            return {"type": "http.request", "body": piece, "more_body": True}
        waiting.append(current_default_thread_limiter().borrowed_tokens)
        await anyio.sleep_forever()
        raise AssertionError

    async def send(message: Message) -> None:
        answers.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "headers": [
            (b"host", b"localhost"),
            (b"sec-fetch-site", b"same-origin"),
            (b"content-type", kind),
            (b"cookie", f"{COOKIE}={secret}".encode()),
            (b"authorization", f"Bearer {token_text}".encode()),
            (b"accept-language", b"en"),
        ],
        "client": LOCAL,
        "server": ("localhost", 443),
        "scheme": "https",
        "app": app,
    }
    anyio.run(app, scope, receive, send)
    body = b"".join(each.get("body", b"") for each in answers).decode()
    return int(answers[0]["status"]), dict(answers[0]["headers"]), body, max(waiting, default=0)
