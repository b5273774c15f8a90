"""The program as it is typed: how it ended, and what it printed."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import FreshEngine
from typer import main

from donations.cli import context, run

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


@pytest.fixture
def cli(outside: Cli, fresh_sqlite: FreshEngine, tmp_path: Path) -> Cli:
    """Run the program over empty books in a folder of its own."""
    with fresh_sqlite() as engine:
        shutil.copyfile(str(engine.url.database), tmp_path / "books.sqlite")
    return outside


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run the program where there are no books; in this process, for starting one costs more than most commands."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(main, "get_command", built)
    monkeypatch.setenv("DONATIONS_DATABASE_URL", f"sqlite:///{tmp_path}/books.sqlite")
    monkeypatch.setenv("DONATIONS_USER", "treasurer")
    monkeypatch.setenv("DONATIONS_ORGANISATION", "MTÜ Rohutirts")

    def run_command(*arguments: object) -> Ended:
        context.settings.cache_clear()
        context.engine.cache_clear()
        monkeypatch.setattr(sys, "argv", ["donations", *map(str, arguments)])
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as ending:
            run()
        printed = [stream.buffer.getvalue().decode() for stream in (out, err)]
        return Ended(int(ending.value.code or 0), *printed)

    return run_command


def document(result: Ended) -> Any:
    """Return the one JSON document on standard output."""
    return json.loads(result.stdout)
