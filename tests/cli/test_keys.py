"""`donations keys`, what `serve` says of a wrong key, and whose the files are that commands make."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.book import NOW
from tests.cli.conftest import MONTH, Cli, document
from tests.cli.test_stopping import SECONDS, serving
from tests.conftest import HOST_KEY

from donations.ledger.audit import About, Action, Noted
from donations.store.host_key import seal_of, word_in, write_word
from donations.store.log.looks import _as_kept, _keep
from donations.store.migrate import migrate
from donations.store.opening import open_engine
from donations.store.place import looks_folder_of
from donations.store.session import writing

OTHER = "2" * 43
PERSON = (
    "INSERT INTO person (id, name, name_key, email, roles, sees_names, made_at, totp_confirmed, totp_secret)"
    " VALUES (1, 'Mari', 'mari', '', 'admin', false, '2026-01-01', true, :sealed)"
)


@pytest.fixture
def key(cli: Cli, tmp_path: Path) -> Path:
    """The key of books in which it has sealed something."""
    del cli
    file = tmp_path / "books.key"
    engine = open_engine(f"sqlite:///{tmp_path}/books.sqlite")
    with writing(engine) as session:
        session.execute(text(PERSON), {"sealed": seal_of(session).sealed("JBSWY3DPEHPK3PXP", person_id=1)})
    engine.dispose()
    return file


def look_that_waits(folder: Path) -> None:
    """Let a server have been stopped while somebody wrote."""
    engine = open_engine(f"sqlite:///{folder}/books.sqlite")
    beside = looks_folder_of(engine.url)
    assert beside is not None
    _keep(beside, _as_kept(engine, Noted(action=Action.DONOR_VIEWED, about=About.DONOR, id="7", by="Mari", at=NOW)))
    engine.dispose()


def answered(port: int) -> None:
    """Wait until a server answers: its port is taken before it opens the books."""
    client = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    client.request("GET", "/healthz")
    assert client.getresponse().status == 200
    client.close()


def test_where_the_key_is_and_whether_it_opens(cli: Cli, key: Path) -> None:
    said = cli("keys")
    assert (said.returncode, str(key) in said.stdout, "opens these books" in said.stdout) == (0, True, True)
    assert HOST_KEY not in said.stdout + said.stderr
    key.rename(key.with_suffix(".kept"))
    assert document(cli("keys", "--json")) == {"key": str(key), "state": "missing"}
    write_word(key, OTHER)
    said = cli("keys")
    assert (said.returncode, "not the one of these books" in said.stdout) == (1, True)
    assert OTHER not in said.stdout + said.stderr


@pytest.mark.usefixtures("serving_nothing")
def test_serve_refuses_a_wrong_key_and_a_missing_one(cli: Cli, key: Path) -> None:
    key.rename(key.with_suffix(".kept"))
    missing = cli("serve")
    assert (missing.returncode, "(no_key)" in missing.stderr, key.exists()) == (1, True, False)
    write_word(key, OTHER)
    wrong = cli("serve")
    assert (wrong.returncode, "(wrong_key)" in wrong.stderr, wrong.stdout) == (1, True, "")
    assert "donations keys forget" in wrong.stderr
    assert "(wrong_key)" in cli("import", MONTH, "--add-accounts").stderr


def test_what_is_sealed_is_shut_without_the_key_and_sums_are_there(cli: Cli, key: Path, tmp_path: Path) -> None:
    cli("import", MONTH, "--add-accounts")
    accounts = cli("account", "list").stdout
    assert "EE" in accounts
    key.unlink()
    assert cli("account", "list").stdout == accounts
    with closing(sqlite3.connect(tmp_path / "books.sqlite")) as books:
        assert books.execute("SELECT sum(minor) FROM allocation WHERE purpose = 'gift'").fetchone() == (17_500,)
    for named in (("report", "donors"), ("dump",), ("donors", "show", "2"), ("questions",), ("backup", "copy")):
        assert "(no_key)" in cli(*named).stderr, named
    assert "(lost_for_good)" in cli("keys", "forget", "--yes").stderr
    assert not key.exists()


def test_a_rotated_key_and_a_lost_one(cli: Cli, key: Path) -> None:
    assert cli("keys", "unseal").returncode == 0
    told = document(cli("keys", "rotate", "--json"))
    assert (told["secrets"], told["lost"], word_in(Path(told["before"]))) == (1, [], HOST_KEY)
    assert word_in(key) != HOST_KEY
    assert document(cli("keys", "--json"))["state"] == "opens"
    assert "(key_is_here)" in cli("keys", "forget").stderr
    key.unlink()
    told = cli("keys", "forget").stdout
    assert "Mari" in told
    assert "--yes" in told
    assert not key.exists()
    assert cli("keys", "forget", "--yes").returncode == 0
    assert document(cli("keys", "--json"))["state"] == "opens"
    log = cli("audit", "list", "--json").stdout
    assert "key_changed" in log
    assert "key_forgotten" in log


def test_a_key_of_the_host_is_changed_with_the_old_one_in_a_file(
    cli: Cli, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_that_waits(tmp_path)
    (tmp_path / "secret").write_text(f"{OTHER}\n")
    monkeypatch.setenv("DONATIONS_SECRET_KEY_FILE", str(tmp_path / "secret"))
    state = document(cli("keys", "--json"))
    assert state == {"key": f"DONATIONS_SECRET_KEY_FILE={tmp_path}/secret", "state": "wrong"}
    assert cli("keys", "rotate").returncode == 1
    assert cli("keys", "rotate", "--old-key-file", key).returncode == 0
    assert document(cli("keys", "--json"))["state"] == "opens"
    assert "donor_viewed" in cli("audit", "list", "--json").stdout


def test_what_is_restored_says_whether_the_key_opens_it(
    cli: Cli, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("import", MONTH, "--add-accounts")
    cli("backup", tmp_path / "copy")
    monkeypatch.setenv("DONATIONS_DATABASE_URL", f"sqlite:///{tmp_path}/other.sqlite")
    assert "(no_key)" in cli("restore", tmp_path / "copy").stderr
    write_word(tmp_path / "other.key", OTHER)
    for command in ("restore", "verify"):
        assert "(wrong_key)" in cli(command, tmp_path / "copy").stderr
    assert not (tmp_path / "other.sqlite").exists()
    (tmp_path / "other.key").unlink()
    key.rename(tmp_path / "other.key")
    assert "It opens these books" in cli("restore", tmp_path / "copy").stdout


@pytest.mark.usefixtures("serving_nothing")
def test_of_two_servers_on_one_database_the_one_with_another_key_does_not_start(
    postgres_url: Callable[[str], str], outside: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = open_engine(postgres_url("postgres")).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS two_servers"))
        connection.execute(text("CREATE DATABASE two_servers"))
    admin.dispose()
    url = postgres_url("two_servers")
    monkeypatch.setenv("DONATIONS_DATABASE_URL", url)
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "one")
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    with serving() as (_, port):
        answered(port)
        monkeypatch.chdir(tmp_path / "other")
        without = outside("serve")
        assert (without.returncode, "(no_key)" in without.stderr) == (1, True)
        assert not (tmp_path / "other" / "donations.key").exists()
        (tmp_path / "secret").write_text(OTHER)
        monkeypatch.setenv("DONATIONS_SECRET_KEY_FILE", str(tmp_path / "secret"))
        wrong = outside("serve")
        assert (wrong.returncode, "(wrong_key)" in wrong.stderr) == (1, True)
        monkeypatch.setenv("DONATIONS_SECRET_KEY_FILE", str(tmp_path / "one" / "donations.key"))
        with serving() as (_, other):
            answered(other)


def _others(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode) & 0o077


@pytest.mark.usefixtures("short_demo")
def test_whatever_commands_make_is_their_users_alone(outside: Cli, tmp_path: Path) -> None:
    """Under the most generous mask; the logs beside the books too, while they are served."""
    before = os.umask(0)
    try:
        for arguments in (
            ("import", MONTH, "--add-accounts"),
            ("report", "gifts", "--csv", "gifts.csv"),
            ("backup", "copy"),
            ("demo", "--no-serve", "--donors", "1"),
            ("restore", "copy", "--replace"),
        ):
            os.umask(0)
            ended = outside(*arguments)
            assert ended.returncode == 0, ended.stderr
        os.umask(0)
        with serving() as (_, port):
            answered(port)
            made = [each for each in tmp_path.rglob("*") if each.is_file()]
            assert {each.suffix for each in made} >= {".key", ".csv", ".sqlite", ".sqlite-wal", ".sqlite-shm", ".xml"}
            assert [each for each in made if _others(each)] == []
        os.umask(0)
        assert outside("keys", "rotate").returncode == 0
    finally:
        os.umask(before)
    assert [each for each in tmp_path.rglob("*") if each.is_file() and _others(each)] == []


def test_books_that_others_can_read_are_told_of_once(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "books.sqlite").chmod(0o644)
    cli("import", MONTH, "--add-accounts")
    said = cli("check").stderr
    assert said.count("(open_to_others)") == 1
    assert f"chmod 600 {tmp_path}/books.sqlite" in said
    assert stat.S_IMODE((tmp_path / "books.sqlite").stat().st_mode) == 0o644, "whose they are is not ours to change"
    (tmp_path / "books.sqlite").chmod(0o600)
    assert cli("check").stderr == ""
