"""Where there are no books, or others than this program keeps, a command says where it looked and changes nothing."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from tests.book import OWN
from tests.cli.conftest import MONTH, Cli, document
from tests.conftest import FreshEngine
from tests.store.older_books import LAST_BOOKS, make_books

from donations.cli.main import COMMANDS
from donations.store import opening

READING = [
    ["account", "list"],
    ["appeal", "add", "Kevad", "--keyword", "Kevad"],
    ["answer", "1", "1"],
    ["audit", "verify"],
    ["backup", "copy"],
    ["balance", OWN, "2026-01-31", "1.00"],
    ["certificates", "issue", "2025"],
    ["changes", "list"],
    ["check"],
    ["coverage"],
    ["dialect", "list"],
    ["donors", "erase", "1"],
    ["dump"],
    ["identity", "list"],
    ["inf4", "list"],
    ["journal", "2026-01"],
    ["keys", "forget"],
    ["mail", "outbox"],
    ["month", "show", "2026-01"],
    ["organisation", "80000014"],
    ["publish"],
    ["questions"],
    ["report", "gifts"],
    ["thanks", "list"],
    ["token", "list"],
    ["undo", "1"],
    ["user", "add", "Mari Mets", "--role", "admin"],
    ["why", "1"],
    ["watch", ".", "--once"],
    ["worker", "--once"],
]
BEGINNING = {"serve", "demo", "import", "migrate", "account"}
ELSEWHERE = {"verify-public", "config", "readers", "unanswer", "verify", "restore"}
"""The first three ask no books, the fourth is as `answer`, and the others have books in a file of their own."""


def test_each_command_begins_books_or_is_tried_here() -> None:
    assert set(COMMANDS) == BEGINNING | ELSEWHERE | {each[0] for each in READING}


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_without_books_nothing_is_made(outside: Cli, tmp_path: Path, command: list[str]) -> None:
    ended = outside(*command, *([] if command[0] in {"journal", "watch", "worker"} else ["--json"]))
    said = ended.stdout + ended.stderr
    assert (ended.returncode, "no_books" in said, str(tmp_path / "books.sqlite") in said) == (2, True, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [["account", "add", OWN], ["import", str(MONTH), "--add-accounts"], ["migrate"]])
def test_books_are_begun(outside: Cli, command: list[str]) -> None:
    assert outside(*command).returncode == 0
    assert outside("account", "list").returncode == 0


def test_a_try_makes_no_books(outside: Cli, tmp_path: Path) -> None:
    tried = outside("import", MONTH, "--add-accounts", "--dry-run", "--json")
    assert document(tried)["sums"]["gifts"] == 7
    assert list(tmp_path.iterdir()) == []


def test_migrating_says_whether_it_was_needed(outside: Cli) -> None:
    assert [document(outside("migrate", "--json"))["migrated"] for _ in range(2)] == [True, False]


def test_who_migrates_while_somebody_reads_is_told_that_the_file_is_not_swept(
    outside: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "BUSY_MILLISECONDS", 20)
    file = tmp_path / "books.sqlite"
    engine = create_engine(f"sqlite:///{file}")
    make_books(engine, tmp_path, LAST_BOOKS)
    with engine.connect() as connection:
        name = connection.scalars(text("SELECT name FROM donor WHERE id > 1 AND length(name) > 8")).first()
    with closing(sqlite3.connect(file)) as reader:
        reader.execute("PRAGMA journal_mode=WAL")
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM donor").fetchone()
        migrated = outside("migrate", "--json")
        assert str(name).encode() in file.read_bytes()
    assert document(migrated)["migrated"]
    assert "not_swept" in migrated.stderr
    assert outside("keys", "seal").returncode == 0
    assert str(name).encode() not in file.read_bytes()


def test_a_check_says_when_there_is_nothing_to_check(cli: Cli) -> None:
    ended = cli("check", "--json")
    assert (ended.returncode, [note["code"] for note in document(ended)["notes"]]) == (1, ["nothing_to_check"])
    assert "nothing_to_check" in cli("check", "rules_repeatable").stdout
    cli("import", MONTH, "--add-accounts")
    ended = cli("check", "--json")
    assert (ended.returncode, document(ended)["notes"]) == (0, [])


def test_an_empty_folder_is_no_import(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    ended = cli("import", tmp_path / "none", "--json")
    assert (ended.returncode, document(ended)["error"]["code"]) == (1, "no_files")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "newer_books"),
        ("UPDATE alembic_version SET version_num = '0010'", "older_books"),
        ("DROP TABLE alembic_version", "foreign_database"),
        ("DELETE FROM alembic_version", "foreign_database"),
    ],
)
@pytest.mark.parametrize("command", ["questions", "migrate", "import"])
def test_books_of_others_are_told_apart(cli: Cli, tmp_path: Path, change: str, code: str, command: str) -> None:
    if (code, command) == ("older_books", "migrate"):
        pytest.skip("that is what it is for")
    with closing(sqlite3.connect(tmp_path / "books.sqlite")) as opened:
        opened.execute(change)
        opened.commit()
    ended = cli(command, *([MONTH] if command == "import" else []), "--json")
    assert (ended.returncode, document(ended)["error"]["code"]) == (2, code)


def test_a_database_of_another_program_is_left_as_it_is(outside: Cli, tmp_path: Path) -> None:
    file = tmp_path / "books.sqlite"
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("CREATE TABLE payment (id)")
    before = hashlib.sha256(file.read_bytes()).digest()
    for command in (["migrate"], ["check"], ["import", MONTH]):
        ended = outside(*command, "--json")
        assert (ended.returncode, document(ended)["error"]["code"]) == (2, "foreign_database")
    assert hashlib.sha256(file.read_bytes()).digest() == before


@pytest.mark.parametrize("content", [b"no database, but long enough to look like a damaged one " * 9, None])
def test_what_is_no_database_is_told(outside: Cli, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "books.sqlite"
    file.mkdir() if content is None else file.write_bytes(content)
    ended = outside("questions", "--json")
    assert (ended.returncode, document(ended)["error"]["code"]) == (2, "no_database")


def test_a_database_on_postgres_begins_as_a_file_does(
    outside: Cli, fresh_postgres: FreshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fresh_postgres() as engine:
        with engine.begin() as connection:
            connection.execute(text("CREATE SCHEMA empty"))
        url = engine.url.update_query_string("options=-csearch_path%3Dempty", append=True)
        monkeypatch.setenv("DONATIONS_DATABASE_URL", url.render_as_string(hide_password=False))
        ended = outside("check", "--json")
        assert (ended.returncode, document(ended)["error"]["code"]) == (2, "no_books")
        assert outside("migrate").returncode == 0
        assert outside("account", "list").returncode == 0
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA empty CASCADE"))


@pytest.mark.parametrize("full", [["report", "donors", "--json"], ["check"]])
def test_a_full_disk_is_told_in_one_line(cli: Cli, tmp_path: Path, full: list[str]) -> None:
    cli("import", MONTH, "--add-accounts")
    command = [str(Path(sys.executable).with_name("donations")), *full]
    with Path("/dev/full").open("w") as nowhere:
        ended = subprocess.run(
            command, cwd=tmp_path, stdout=nowhere, stderr=subprocess.PIPE, text=True, check=False, env=os.environ
        )
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "(storage_full)" in ended.stderr


def test_an_unforeseen_letter_is_no_reason_to_end(cli: Cli, tmp_path: Path) -> None:
    cli("import", MONTH, "--add-accounts")
    command = [str(Path(sys.executable).with_name("donations")), "report", "donors"]
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    for options in ([], ["--json"]):
        ended = subprocess.run([*command, *options], cwd=tmp_path, capture_output=True, check=False, env=environment)
        assert (ended.returncode, ended.stderr) == (0, b"")
    assert "Näidis" in str(json.loads(ended.stdout))
