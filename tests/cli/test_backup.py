"""`donations backup`, `verify`, `restore`, and a copied file whose log is missing; as a treasurer types them."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli.conftest import MONTH, NEAR_MISSES, Cli, document

BOOKS = "books.sqlite"
WORDS = "neli sõna ja koer"


def dumped(cli: Cli) -> str:
    ended = cli("dump")
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_a_backup_travels(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cli("import", MONTH, "--add-accounts")
    ledger = dumped(cli)
    made = cli("backup", tmp_path / "copy")
    assert made.returncode == 0, made.stderr
    assert "11 payments" in made.stdout
    assert f"sealed by the key: {tmp_path}/books.key" in made.stdout
    assert cli("verify", tmp_path / "copy").returncode == 0
    assert cli("backup", tmp_path / "copy").returncode == 1
    again = cli("restore", tmp_path / "copy")
    assert "(books_are_there)" in again.stderr
    monkeypatch.setenv("DONATIONS_DATABASE_URL", f"sqlite:///{tmp_path}/other.sqlite")
    shutil.copyfile(tmp_path / "books.key", tmp_path / "other.key")
    told = document(cli("restore", tmp_path / "copy", "--json"))
    assert (told["payments"], told["put_aside"]) == (11, None)
    assert dumped(cli) == ledger
    assert "restored" in cli("audit", "list", "--json").stdout
    assert cli("audit", "verify").returncode == 0


def test_a_scheduled_series_is_encrypted_and_bounded(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cli("import", MONTH, "--add-accounts")
    monkeypatch.setenv("DONATIONS_BACKUP_PASSPHRASE", WORDS)
    folder = tmp_path / "series"
    made = [Path(document(cli("backup", folder, "--keep", 2, "--json"))["file"])]
    for lock in ([], ["--passphrase"]):  # which takes a second
        older = folder / f"2020-{made[-1].name}"
        made[-1].rename(older)  # as if it had been made long ago: names are of whole seconds
        made.append(Path(document(cli("backup", folder, "--keep", 2, *lock, "--json"))["file"]))
    assert len(list(folder.iterdir())) == 2
    assert made[-1].exists()
    assert not made[-1].read_bytes().startswith(b"SQLite")
    assert document(cli("verify", made[-1], "--json"))["wrong"] == []
    monkeypatch.setenv("DONATIONS_BACKUP_PASSPHRASE", WORDS[::-1])
    assert "(backup_not_opened)" in cli("verify", made[-1]).stderr


def test_a_file_that_was_copied_without_its_log_is_refused(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("import", MONTH, "--add-accounts")
    copy = tmp_path / "copied" / BOOKS
    copy.parent.mkdir()
    with closing(sqlite3.connect(tmp_path / BOOKS)) as somebody:
        assert somebody.execute("PRAGMA journal_mode=WAL").fetchone() == ("wal",)
        somebody.execute("PRAGMA user_version=2")  # as a server marks it
        somebody.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        somebody.execute("BEGIN")
        somebody.execute("SELECT count(*) FROM payment").fetchone()
        cli("import", NEAR_MISSES)
        shutil.copyfile(tmp_path / BOOKS, copy)
        whole = tmp_path / "whole" / BOOKS
        whole.parent.mkdir()
        for beside in ("", "-wal"):
            shutil.copyfile(f"{tmp_path / BOOKS}{beside}", f"{whole}{beside}")
        for folder in (copy.parent, whole.parent):
            shutil.copyfile(tmp_path / "books.key", folder / "books.key")
        ledger = dumped(cli)
    monkeypatch.setenv("DONATIONS_DATABASE_URL", f"sqlite:///{whole}")
    assert dumped(cli) == ledger
    monkeypatch.setenv("DONATIONS_DATABASE_URL", f"sqlite:///{copy}")
    content = copy.read_bytes()
    for command in (["check"], ["import", NEAR_MISSES], ["migrate"], ["backup", tmp_path / "x"]):
        refused = cli(*command)
        assert "(without_log)" in refused.stderr, command
        assert copy.read_bytes() == content
    assert cli("migrate", "--accept-copy").returncode == 0
    assert dumped(cli) != ledger
    assert cli("import", NEAR_MISSES).returncode == 0
    assert dumped(cli) == ledger
