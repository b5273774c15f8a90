"""Public pages that are ready as bytes are what the application itself answers, also while the database is silent."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from tests.acts.test_publishing import LATER, agreed, gifts_in, lived, published
from tests.book import Book
from tests.conftest import HOST_KEY
from tests.web.conftest import Clock, browser, enter
from tests.web.test_beside import asked
from tests.written_once import written_once

from donations.access.person import Role
from donations.core.language import Language
from donations.published.document import Goal
from donations.store.opening import open_engine
from donations.store.place import snapshot_file_of
from donations.store.publishing import PublishingTerms
from donations.store.session import writing
from donations.store.snapshot_file import keep_snapshot, snapshot_kept
from donations.store.statements.files import changes_allowed
from donations.web.beside import Published
from donations.web.ready import ADDRESSES
from donations.web.traffic import Traffic

PATHS = sorted(ADDRESSES)


@pytest.fixture
@written_once
def written(book: Book) -> Book:
    """Two months are published, with a goal."""
    agreed(book, PublishingTerms(goal=Goal(minor=123_456, text="Katus", since=date(2026, 1, 1))))
    lived(book, gifts_in(1, 12), gifts_in(2, 12), gifts_in(3, 12))
    published(book)
    return book


@pytest.fixture
def shown(written: Book, clock: Clock) -> Book:
    clock.now = LATER
    return written


@pytest.fixture
def long_ways(app: FastAPI) -> Iterator[list[str]]:
    """The paths for which the application inside was asked, by whomever."""
    ready: Any = app.middleware_stack.app  # type: ignore[union-attr]
    inner, seen = ready.app, []

    async def noted(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["path"])
        await inner(scope, receive, send)

    ready.app = noted
    yield seen
    ready.app = inner


def inside(app: FastAPI) -> TestClient:
    """A stranger's browser that asks the application behind what is ready: the truth."""
    ready: Any = app.middleware_stack.app  # type: ignore[union-attr]
    inner = ready.app

    async def without(scope: Scope, receive: Receive, send: Send) -> None:
        await inner({**scope, "app": app}, receive, send)

    return browser(without)  # type: ignore[arg-type]


def said(answer: Response) -> tuple[int, dict[str, str], bytes]:
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.status_code, headers, answer.content


@pytest.mark.parametrize("base", ["https://localhost", "http://donations.example:8000"])
@pytest.mark.usefixtures("shown")
def test_what_is_ready_is_what_the_application_answers(app: FastAPI, base: str, long_ways: list[str]) -> None:
    """For a stranger and who has signed in, with whatever they bring along, fresh and again."""
    truth, stranger, member = inside(app), browser(app), browser(app, enter(app, Role.TREASURER, name="Anna Canary"))
    brought = {"user-agent": "Canary", "x-forwarded-for": "10.9.8.7", "referer": "https://x/Canary"}
    for path in PATHS:
        for language in Language:
            accept = {"accept-language": language.value}
            right = truth.get(base + path, headers=accept)
            again = accept | {"if-none-match": f'W/"x", W/{right.headers["etag"]}'}
            unchanged = truth.get(base + path, headers=again)
            assert (right.status_code, unchanged.status_code) == (200, 304)
            del long_ways[:]
            found = member.get(f"{base}{path}?name=Canary&x=1", headers=accept | brought)
            assert len(long_ways) == 1, path  # it was made by the one who asked first
            assert said(found) == said(right), path
            for each in (stranger, member):
                head = each.head(base + path, headers=accept)
                assert said(each.get(base + path, headers=accept)) == said(right), path
                assert said(each.get(base + path, headers=again)) == said(unchanged), path
                assert said(head) == (200, said(right)[1], b""), path
            assert len(long_ways) == 1, path
            assert "Canary" not in found.text + repr(found.headers)
            assert "set-cookie" not in found.headers


@pytest.mark.usefixtures("shown")
def test_nothing_of_it_depends_on_the_day(app: FastAPI, clock: Clock) -> None:
    """Or it would be stale at some midnight."""
    truth = inside(app)
    before = [said(truth.get(path)) for path in PATHS]
    clock.advance(timedelta(days=1_000))
    assert [said(truth.get(path)) for path in PATHS] == before


@pytest.mark.usefixtures("shown")
def test_the_language_is_chosen_as_on_every_page(app: FastAPI) -> None:
    stranger = browser(app)
    for cookie, accept, language in (
        ("language=ru; other=language", "en", "ru"),
        ("xlanguage=ru", "en", "en"),
        ("language=xx", "fi, ru;q=0.5", "ru"),
        ("language=", "", "et"),
    ):
        found = stranger.get("/", headers={"cookie": cookie, "accept-language": accept})
        assert f'<html lang="{language}">' in found.text, cookie
        assert found.headers["vary"] == "Accept-Language, Cookie"


@pytest.mark.usefixtures("shown")
def test_requests_are_counted_and_told_apart_as_before(app: FastAPI) -> None:
    app.state.site = replace(app.state.site, traffic=Traffic())
    stranger = browser(app)
    first, second = stranger.get("/embed/month"), stranger.get("/embed/month")
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    stranger.get("/embed/month", headers={"if-none-match": first.headers["etag"]})
    stranger.head("/")
    counted = dict(app.state.site.traffic.answered)
    route = "/embed/{card}"
    assert counted == {("GET", route, 200): 2, ("GET", route, 304): 1, ("HEAD", "/", 200): 1}


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", [("host", "elsewhere.example")], 400),
        ("GET", [("content-length", "x")], 400),
        ("GET", [("accept-language", "ru"), ("accept-language", "en")], 200),
        ("POST", [], 403),
        ("OPTIONS", [], 405),
    ],
)
@pytest.mark.usefixtures("shown")
def test_what_looks_odd_goes_the_long_way(
    app: FastAPI, long_ways: list[str], method: str, headers: list[tuple[str, str]], status: int
) -> None:
    stranger, truth = browser(app), inside(app)
    stranger.get("/")
    del long_ways[:]
    found = stranger.request(method, "/", headers=headers)
    assert long_ways == ["/"]
    assert said(found) == said(truth.request(method, "/", headers=headers))
    assert found.status_code == status


@pytest.mark.usefixtures("shown")
def test_a_demonstration_goes_the_long_way(app: FastAPI, long_ways: list[str]) -> None:
    """There whoever asks is its treasurer, and only this computer is answered."""
    app.state.site = replace(app.state.site, is_demo=True)
    assert "/treasurer/upload" in browser(app).get("/").text
    assert long_ways == ["/"]


@pytest.mark.usefixtures("shown")
def test_two_hundred_at_once_have_it_made_once(app: FastAPI, long_ways: list[str]) -> None:
    async def ask() -> list[int]:
        return await asyncio.gather(*(asked(app, "/") for _ in range(200)))

    assert asyncio.run(ask()) == [200] * 200
    assert long_ways == ["/"]


def test_what_is_published_is_shown_at_once_here_and_soon_elsewhere(
    app: FastAPI, shown: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger, path = browser(app), "/transparency.csv"
    before = stranger.get(path).content
    lived(shown, gifts_in(4, 30, minor=9_999), first=4, opening=36_000)
    published(shown, now=LATER + timedelta(days=1))
    here = stranger.get(path).content
    assert here != before
    monkeypatch.setattr("donations.web.beside._FRESH_SECONDS", 1_000)
    other = open_engine(str(shown.engine.url), key=HOST_KEY)  # as another program has it
    agreed(Book(other), PublishingTerms(goal=None))
    published(Book(other), now=LATER + timedelta(days=1))
    assert stranger.get("/embed/goal").status_code == 200
    monkeypatch.setattr("donations.web.beside._FRESH_SECONDS", 0)
    assert stranger.get("/embed/goal").status_code == 404
    assert inside(app).get("/embed/goal").status_code == 404
    other.dispose()


@pytest.mark.usefixtures("shown")
def test_a_database_that_hangs_is_not_waited_for(
    app: FastAPI, long_ways: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, before, over = Event(), asyncio.run(asked(app, "/")), []

    def hang(_: object) -> None:
        goes_on.wait(20)
        over.append("waited")
        raise OperationalError("", {}, Exception("connection timed out"))

    monkeypatch.setattr("donations.web.beside._FRESH_SECONDS", 0)
    monkeypatch.setattr("donations.web.beside.public_figures", hang)
    monkeypatch.setattr("donations.web.ready._PATIENCE", 0.01)

    async def ask() -> tuple[list[int], list[str]]:
        try:
            return await asyncio.gather(*(asked(app, "/") for _ in range(3))), over[:]
        finally:
            goes_on.set()

    assert asyncio.run(ask()) == ([200] * 3, [])
    assert (before, long_ways) == (200, ["/"])


@pytest.fixture(params=["sqlite", "postgresql"])
def stopped(request: pytest.FixtureRequest, app: FastAPI, shown: Book, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A database that is gone, or refuses; what a server kept beside it is still there."""
    content = browser(app).get("/transparency.json").text
    if request.param == "sqlite" and shown.engine.dialect.name == "sqlite":
        file = Path(shown.engine.url.database or "")
        shown.engine.dispose()
        file.rename(file.with_name(f"{file.name}-away"))
        return shown.engine
    monkeypatch.chdir(request.getfixturevalue("tmp_path"))
    engine = open_engine("postgresql://nobody@127.0.0.1:1/books", key=HOST_KEY)
    keep_snapshot(engine, content)
    return engine


def test_a_server_that_begins_while_the_database_is_stopped_shows_it_all(
    app: FastAPI, stopped: Engine, long_ways: list[str]
) -> None:
    truth = [said(browser(app).get(path)) for path in PATHS]
    app.state.site = replace(app.state.site, engine=stopped, published=Published())
    stranger = browser(app, raise_server_exceptions=False)
    assert [said(stranger.get(path)) for path in PATHS] == truth
    del long_ways[:]
    assert [said(stranger.get(path)) for path in PATHS] == truth
    assert long_ways == []
    assert stranger.get("/give").status_code == 200
    file = snapshot_file_of(stopped.url)
    assert file is not None
    file.write_text("damaged")
    app.state.site = replace(app.state.site, published=Published())
    assert stranger.get("/").status_code == 500


def test_what_is_kept_is_what_was_published_last(app: FastAPI, shown: Book) -> None:
    stranger, engine = browser(app), shown.engine
    stranger.get("/")
    before = snapshot_kept(engine)
    agreed(shown, PublishingTerms(goal=None))
    published(shown, now=LATER + timedelta(days=1))
    now = stranger.get("/transparency.json").text
    assert (before != now, snapshot_kept(engine)) == (True, now)
    with writing(engine) as session, changes_allowed(session, ["public_snapshot"]):
        session.execute(text("DELETE FROM public_snapshot"))
    app.state.site = replace(app.state.site, published=Published())
    assert stranger.get("/transparency.json").status_code == 404
    assert snapshot_kept(engine) is None


def test_without_an_address_in_the_settings_pages_name_the_host_that_was_reached(
    app: FastAPI, shown: Book, long_ways: list[str]
) -> None:
    del shown
    for host, ready in (("localhost", True), ("127.0.0.1", True), ("localhost:9", False)):
        client, seen = browser(app), len(long_ways)
        for _ in range(2):
            assert f"https://{host}/embed/month" in client.get("/", headers={"host": host}).text
        assert len(long_ways) - seen == (1 if ready else 2), host
