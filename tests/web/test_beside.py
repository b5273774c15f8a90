"""What is public, and what watches the server, is answered while all threads and connections are taken."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from sqlalchemy import Engine, QueuePool, text
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient
from tests.store.test_waiting import somebody_writes
from tests.web.conftest import browser

from donations.store.host_key import key_of
from donations.store.opening import Bounds, open_engine
from donations.store.session import writing
from donations.web.beside import Published

FOR_EVERYONE = ("/", "/give", "/static/style.css", "/static/copy.js", "/healthz", "/readyz")


async def asked(app: FastAPI, path: str) -> int:
    """Ask for a page in this event loop, and return the status."""
    statuses: list[int] = []
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8000),
        "http_version": "1.1",
        "root_path": "",
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await app(scope, receive, send)
    return statuses[0]


@contextmanager
def all_connections_taken(engine: Engine) -> Iterator[None]:
    assert isinstance(engine.pool, QueuePool)
    with ExitStack() as taken:
        for _ in range(Bounds().connections):
            taken.enter_context(engine.connect())
        yield


def test_what_is_public_needs_no_thread_and_no_connection_of_others(app: FastAPI, engine: Engine) -> None:
    async def ask_for_all() -> dict[str, int]:
        threads = current_default_thread_limiter()
        threads.total_tokens = 1
        async with threads:  # nobody is given a second place: whoever asks for one fails
            return {path: await asked(app, path) for path in FOR_EVERYONE}

    with all_connections_taken(engine):
        assert asyncio.run(ask_for_all()) == dict.fromkeys(FOR_EVERYONE, 200)


def test_where_no_connection_is_left_one_is_told(app: FastAPI, client: TestClient, engine: Engine) -> None:
    with engine.connect() as connection:
        url = str(connection.engine.url)
    small = open_engine(url, bounds=Bounds(connections=1, connection_seconds=0.01))
    app.state.site = replace(app.state.site, engine=small)
    with small.connect():
        answer = client.get("/treasurer")
    small.dispose()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "busy" in answer.text


def test_what_is_published_is_shown_while_the_database_is_silent(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(_: object) -> None:
        raise OperationalError("", {}, Exception("connection refused"))

    stranger = TestClient(app, "https://localhost", raise_server_exceptions=False)
    before = stranger.get("/?from=elsewhere")
    monkeypatch.setattr("donations.web.beside.reading", silent)
    monkeypatch.setattr("donations.web.beside._FRESH_SECONDS", 0)
    assert (before.status_code, stranger.get("/").text) == (200, before.text)
    app.state.site = replace(app.state.site, published=Published())
    assert stranger.get("/").status_code == 500  # nothing is published, so nothing is kept beside the books


def test_ready_while_somebody_writes(app: FastAPI, engine: Engine) -> None:
    with somebody_writes(engine):
        answer = browser(app).get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready\n")


def _ready(app: FastAPI, engine: Engine) -> tuple[int, str]:
    app.state.site = replace(app.state.site, engine=engine)
    answer = browser(app).get("/readyz")
    assert browser(app).get("/healthz").status_code == 200
    return answer.status_code, answer.text


@pytest.mark.parametrize(("revision", "code"), [("0022", "older_books"), ("9999", "newer_books")])
def test_not_ready_with_other_tables(app: FastAPI, engine: Engine, revision: str, code: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    assert _ready(app, engine) == (503, f"{code}\n")


def test_not_ready_with_another_key_or_for_reading_only_or_without_books(
    app: FastAPI, engine: Engine, tmp_path: Path
) -> None:
    with writing(engine) as session:
        key_of(session.connection())
    other = open_engine(str(engine.url), key="another one, and as long as a key has to be")
    assert _ready(app, other) == (503, "wrong_key\n")
    away = open_engine(f"sqlite:///{tmp_path / 'away' / 'books.sqlite'}")
    assert _ready(app, away) == (503, "no_database\n")
