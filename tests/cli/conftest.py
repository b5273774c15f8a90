"""The program as it is typed: how it ended, and what it printed."""

from __future__ import annotations

import io
import json
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from tests.conftest import HOST_KEY, FreshEngine
from tests.examples import ALL
from typer import main

from donations.cli import context, demonstrating, run, server
from donations.core.language import Language
from donations.demo.story import Plot
from donations.store.host_key import write_word
from donations.views.language import speaking

ROOT = Path(__file__).parents[2]
STATEMENTS = ROOT / "statements"
MONTH = STATEMENTS / "lhv-2026-01-month.xml"
NEAR_MISSES = STATEMENTS / "lhv-2026-02-near-misses.xml"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended and what it printed."""

    returncode: int
    stdout: str
    stderr: str


Cli = Callable[..., Ended]

built = cache(main.get_command)
"""The program's commands as its library makes them of ours, each time anew: a sixth of a second for a real start."""


BEGINNINGS = [("import", *files, "--add-accounts") for files in ((MONTH,), (NEAR_MISSES,), (MONTH, NEAR_MISSES))]
"""With which many tests begin: the first of a worker writes the books, the others copy them."""
_begun: dict[object, tuple[Ended, bytes]] = {}


@pytest.fixture
def cli(outside: Cli, fresh_sqlite: FreshEngine, tmp_path: Path) -> Cli:
    """Run the program over empty books in a folder of its own."""
    books = tmp_path / "books.sqlite"
    with fresh_sqlite() as engine:
        shutil.copyfile(str(engine.url.database), books)
    write_word(tmp_path / "books.key", HOST_KEY)
    empty = books.read_bytes()

    def run_command(*arguments: object) -> Ended:
        if arguments not in BEGINNINGS or books.read_bytes() != empty:
            return outside(*arguments)
        said = {name: value for name, value in os.environ.items() if name.startswith("DONATIONS_")}
        key = (arguments, context.now().date(), *sorted((said | {"DONATIONS_DATABASE_URL": ""}).items()))
        if key not in _begun:
            _begun[key] = outside(*arguments), books.read_bytes()
        ended, written = _begun[key]
        books.write_bytes(written)
        return ended

    return run_command


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run the program where there are no books; in this process, for starting one costs more than most commands."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(main, "get_command", built)
    monkeypatch.setenv("DONATIONS_DATABASE_URL", f"sqlite:///{tmp_path}/books.sqlite")
    monkeypatch.setenv("DONATIONS_USER", "treasurer")
    monkeypatch.setenv("DONATIONS_LANGUAGE", "en")
    monkeypatch.setenv("DONATIONS_ORGANISATION", "MTÜ Rohutirts")

    def run_command(*arguments: object) -> Ended:
        context.settings.cache_clear()
        context.engine.cache_clear()
        monkeypatch.setattr(sys, "argv", ["donations", *map(str, arguments)])
        here = (patch.dict(os.environ), speaking(Language.ENGLISH))  # a command may choose another one, for itself
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        with here[0], here[1], redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ending:
            run()
        printed = [stream.buffer.getvalue().decode() for stream in (out, err)]
        return Ended(int(ending.value.code or 0), *printed)

    return run_command


@pytest.fixture
def short_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the demo keep its books for some months, over the end of a year; `make assurance` waits for all two years."""
    if not ALL:
        monkeypatch.setattr(demonstrating, "Plot", partial(Plot, months=4))


@pytest.fixture
def serving_nothing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let `donations serve`, which is expected to refuse, fail where it would serve for ever."""

    def serve(*_: object, **__: object) -> None:
        raise AssertionError

    with socket.create_server(("127.0.0.1", 0)) as listening:
        for module in (server, demonstrating):
            monkeypatch.setattr(module, "listen", lambda *_: listening)
            monkeypatch.setattr(module, "serve", serve)
        yield


def document(result: Ended) -> Any:
    """Return the one JSON document on standard output."""
    return json.loads(result.stdout)
