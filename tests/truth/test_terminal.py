"""The same by the real command: what it says of files that contradict each other is what the calls say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.truth.bank import Bank
from tests.truth.files import given_file
from tests.truth.scenes import vanished_booking


class Terminal:
    """Runs `donations` with a database of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = os.environ | {"DONATIONS_DATABASE_URL": f"sqlite:///{folder / 'books.sqlite'}"}

    def run(self, *words: str, status: int = 0) -> str:
        """Return what the command prints."""
        done = subprocess.run(
            [sys.executable, "-c", "from donations.cli import run; run()", *words],
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, (words, done.stdout[-2000:], done.stderr[-2000:])
        return done.stdout

    def told(self, *words: str, status: int = 0) -> Any:
        """Return the JSON document that it prints."""
        return json.loads(self.run(*words, "--json", status=status))


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def test_a_booking_that_vanished_is_said(terminal: Terminal) -> None:
    """`41-a`: the question about it stops nothing, and is told in every command that should tell it."""
    script = vanished_booking()
    bank = Bank(script.world)
    for each in script.downloads:
        file = given_file(bank, each)
        path = terminal.folder / file.name
        path.write_bytes(file.content)
        (told,) = terminal.told("import", str(path), "--add-accounts")["items"]
        assert told["status"] in {"imported", "nothing_new"}
    assert terminal.told("questions")["findings"]
    assert terminal.run("questions")
    assert {row["state"] for row in terminal.told("coverage")["rows"]} - {"proven"}, (
        "the day of the booking is disputed"
    )
    rows = terminal.told("check", status=1)["rows"]
    assert {row["check"] for row in rows if row["state"] != "holds"} == {"days_without_conflict"}
    assert {row["state"] for row in rows} == {"holds", "conflict"}
    payments = terminal.told("dump")["payments"]
    assert sorted(each["minor"] for each in payments) == [1000, 2500]
