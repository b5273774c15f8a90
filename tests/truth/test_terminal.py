"""The same by the real command: what it says of files that contradict each other is what the calls say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.cli.conftest import Cli, Ended, document, outside  # noqa: F401 - the fixture
from tests.truth.bank import Bank
from tests.truth.files import given_file
from tests.truth.scenes import vanished_booking


def test_a_booking_that_vanished_is_said(outside: Cli, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    """`41-a`: the question about it stops nothing, and is told in every command that should tell it."""

    def run(*words: str, status: int = 0) -> Ended:
        done = outside(*words)
        assert done.returncode == status, (words, done.stdout[-2000:], done.stderr[-2000:])
        return done

    def told(*words: str, status: int = 0) -> Any:
        return document(run(*words, "--json", status=status))

    script = vanished_booking()
    bank = Bank(script.world)
    for each in script.downloads:
        file = given_file(bank, each)
        path = tmp_path / file.name
        path.write_bytes(file.content)
        (taken,) = told("import", str(path), "--add-accounts")["items"]
        assert taken["status"] in {"imported", "nothing_new"}
    assert told("questions")["findings"]
    assert run("questions").stdout
    assert {row["state"] for row in told("coverage")["rows"]} - {"proven"}, "the day of the booking is disputed"
    rows = told("check", status=1)["rows"]
    assert {row["check"] for row in rows if row["state"] != "holds"} == {"days_without_conflict"}
    assert {row["state"] for row in rows} == {"holds", "conflict"}
    assert sorted(each["minor"] for each in told("dump")["payments"]) == [1000, 2500]
