"""The public page without its database against a bare ASGI application with the same bytes: the server's processor."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn
from pydantic import SecretStr
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from benchmarks.books import NOW, LargeBooks, on_postgres, open_books
from benchmarks.plan import Plan
from benchmarks.postgres import Server
from benchmarks.programs import KEY, ProgramError
from benchmarks.targets import Figure
from donations.cli.server import configured, listen
from donations.settings import Settings
from donations.web import create_app

_HERE = "127.0.0.1"
_WELL = frozenset({200, 304})
_LEAST_ROUNDS, _FEW, _MANY = 5, 100, 2_100
"""Requests: what both cost, the start and what is made once, is taken off."""


def measure(plan: Plan, server: Server | None) -> Iterator[Figure]:
    """Yield how much of what a bare application reaches the page reaches without its database; more is better."""
    with TemporaryDirectory(dir=plan.folder) as name:
        path = Path(name) / "public.sqlite"
        large = open_books(path, payments=1_000)
        if server is None:
            yield Figure("public.postgres", None, "no PostgreSQL here")
        else:
            yield _figure("public.postgres", on_postgres(path, large, server), server.stop, plan.rounds)
        yield _figure("public.sqlite", large, partial(_take_away, large, path), plan.rounds)


def _take_away(books: LargeBooks, path: Path) -> None:
    """Let nothing be where the books were, and nothing be made there."""
    books.engine.dispose()
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()
    path.mkdir()


def _figure(key: str, books: LargeBooks, stop: Callable[[], None], rounds: int) -> Figure:
    app = create_app(Settings(secret_key=SecretStr(KEY)), books.engine, clock=lambda: NOW)
    first = TestClient(app, base_url="https://localhost").get("/")
    books.engine.dispose()
    stop()
    gc.collect()
    gc.freeze()  # as the server does when it begins (cli/server.py)
    headers = [(name.encode(), value.encode()) for name, value in first.headers.items()]

    async def bare(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": first.content})

    cases: dict[str, tuple[ASGIApp, Mapping[str, str]]] = {
        "bare": (bare, {}),
        "page": (app, {}),
        "unchanged": (app, {"If-None-Match": first.headers["etag"]}),
    }
    rounds = max(_LEAST_ROUNDS, rounds)
    taken: dict[str, list[float]] = {name: [] for name in cases}
    try:
        for _ in range(rounds):
            for name, (each, asking) in cases.items():
                taken[name].append(_served(each, asking, _MANY) - _served(each, asking, _FEW))
    except ProgramError as error:
        return Figure(key, 0, str(error))
    bare_takes, page_takes, unchanged_takes = map(min, taken.values())  # the least of other programs is in it
    request = " : ".join(f"{takes / (_MANY - _FEW) * 1_000_000:.0f} µs" for takes in (bare_takes, page_takes))
    return Figure(key, bare_takes / page_takes, f"{request} a request; its 304 {bare_takes / unchanged_takes:.2f} ×")


def _served(app: ASGIApp, asking: Mapping[str, str], times: int) -> float:
    """Return the processor seconds of a server that lives for so many requests."""
    with closing(listen(_HERE, 0)) as listening:
        server = os.fork()
        if server == 0:
            uvicorn.Server(configured(app, Settings())).run([listening])
            os._exit(0)
        with closing(HTTPConnection(*listening.getsockname())) as client:
            for _ in range(times):
                client.request("GET", "/", headers=asking)
                answer = client.getresponse()
                answer.read()
                if answer.status not in _WELL:
                    break
        os.kill(server, signal.SIGTERM)
        usage = os.wait4(server, 0)[2]
    if answer.status not in _WELL:
        raise ProgramError(f"it answers {answer.status}")
    return usage.ru_utime + usage.ru_stime
