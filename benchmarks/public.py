"""The public page over HTTP against a bare ASGI application with the same bytes: processor time of the server."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn
from fastapi import FastAPI
from rich.console import Console
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from benchmarks.books import NOW, open_books
from benchmarks.report import show_ratios
from donations.cli.serving import configured, listen
from donations.settings import Settings
from donations.web import create_app

_HERE = "127.0.0.1"
_ROUNDS, _FEW, _MANY = 5, 100, 2_100
"""Requests: what both cost, the start and what is made once, is taken off."""


def measure(console: Console, *, books: Path | None) -> None:
    """Print how much of what a bare application reaches the page and its 304 reach; more is better."""
    with TemporaryDirectory() as directory:
        large = open_books(books or Path(directory) / "books.sqlite", payments=1_000)
        app = create_app(Settings(), large.engine, clock=lambda: NOW)
        gc.collect()
        gc.freeze()  # as the server does when it begins (cli/serving.py)
        show_ratios(console, [*_ratios(app)])
        large.engine.dispose()


def _ratios(app: FastAPI) -> Iterator[tuple[str, float]]:
    first = TestClient(app, base_url="https://localhost").get("/")
    headers = [(name.encode(), value.encode()) for name, value in first.headers.items()]

    async def bare(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": first.content})

    def seconds(app: ASGIApp, asking: Mapping[str, str]) -> float:
        rounds = [_served(app, asking, _MANY) - _served(app, asking, _FEW) for _ in range(_ROUNDS)]
        return min(rounds)  # the least of other programs is in it

    floor = seconds(bare, {})
    yield "bare ASGI application / public page", floor / seconds(app, {})
    yield (
        "bare ASGI application / public page, unchanged",
        floor / seconds(app, {"If-None-Match": first.headers["etag"]}),
    )


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
                client.getresponse().read()
        os.kill(server, signal.SIGTERM)
        usage = os.wait4(server, 0)[2]
    return usage.ru_utime + usage.ru_stime
