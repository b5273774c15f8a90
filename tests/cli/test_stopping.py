"""The real command serves, is written through, and is stopped: everything is in the one file then."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.cli.conftest import MONTH, NEAR_MISSES, Cli, document
from tests.conftest import FreshEngine
from tests.examples import in_assurance

from donations.store.opening import close_books
from donations.store.session import reading, writing

BOOKS = "books.sqlite"
SECONDS = 60
"""So long a busy machine may take for what takes one."""


def free_port() -> int:
    """Return a port of this computer that nobody uses."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@contextmanager
def serving() -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Start `donations serve` on a free port, and kill it if the test did not stop it."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("donations")), "serve", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        wait_for(lambda: is_open(port))
        yield process, port
    finally:
        process.kill()
        process.communicate()


def wait_for(come: Callable[[], bool]) -> None:
    """Wait until something is so."""
    until = time.monotonic() + SECONDS
    while not come():
        assert time.monotonic() < until
        time.sleep(0.05)


def is_open(port: int) -> bool:
    """Return whether something answers on the port."""
    with closing(socket.socket()) as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def send(port: int, token: str, file: Path) -> None:
    """Import a file through the API."""
    client = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/octet-stream",
        "Idempotency-Key": file.name,
    }
    client.request("POST", "/api/v1/imports", file.read_bytes(), headers)
    answer = client.getresponse()
    assert answer.status == 201, answer.read()
    client.close()


def begin(port: int, *lines: str) -> socket.socket:
    """Open a connection, send the beginning of a request, and leave it there."""
    opened = socket.create_connection(("127.0.0.1", port))
    opened.sendall("\r\n".join(lines).encode())
    return opened


def bytes_beside(file: Path) -> int:
    """Return how much of the books is in SQLite's log beside their file."""
    log = file.with_name(f"{file.name}-wal")
    return log.stat().st_size if log.exists() else 0


def payments_in(file: Path) -> int:
    """Count the payments in a database file."""
    with closing(sqlite3.connect(file)) as opened:
        found: int = opened.execute("SELECT count(*) FROM payment").fetchone()[0]
    return found


SIGNALS = [signal.SIGTERM, signal.SIGINT, *in_assurance(signal.SIGHUP)]


@pytest.mark.parametrize("stop", SIGNALS)
def test_after_a_stop_everything_is_in_the_one_file(cli: Cli, tmp_path: Path, stop: signal.Signals) -> None:
    cli("import", MONTH, "--add-accounts")
    cli("user", "add", "Tiina Tamm", "--role", "treasurer")
    scopes = ("--scope", "statement:write", "--scope", "donor:read")
    token = document(cli("token", "add", "Tiina Tamm", "--name", "test", *scopes, "--json"))["token"]
    books = tmp_path / BOOKS
    before = payments_in(books)
    with serving() as (process, port):
        send(port, token, NEAR_MISSES)
        question = document(cli("questions", "--json"))["items"][0]["payment"]["id"]
        cli("answer", question, 1)
        bearer = f"Authorization: Bearer {token}"
        left = [
            begin(port, "GET / HTTP/1.1", "Host: local"),
            begin(port, "POST /api/v1/imports HTTP/1.1", "Host: localhost", bearer, "Content-Length: 9000", "", "half"),
            begin(port, "GET /api/v1/reports/gifts.csv HTTP/1.1", "Host: localhost", bearer, "", ""),
        ]
        process.send_signal(stop)
        out, err = process.communicate(timeout=SECONDS)
        for each in left:
            each.close()
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert "Serving on" in out
    assert bytes_beside(books) == 0
    copy = tmp_path / "elsewhere" / BOOKS
    copy.parent.mkdir()
    shutil.copyfile(books, copy)
    assert payments_in(copy) == before + 11
    with closing(sqlite3.connect(copy)) as opened:
        answered = opened.execute("SELECT count(*) FROM decision WHERE person IS NOT NULL").fetchone()[0]
    assert answered == 1


SLOWED = """
import time
from pathlib import Path
from unittest.mock import patch
from donations.cli import run

def slowed(*given, **named):
    done = was(*given, **named)
    Path("in the middle").touch()
    time.sleep(SECONDS)
    return done

module, name = __import__("MODULE", fromlist=["x"]), "NAME"
was = getattr(module, name)
with patch.object(module, name, slowed):
    run()
"""
"""The program, which stays for a while in the middle of what it does."""


@contextmanager
def in_the_middle(place: str, seconds: float, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Run a command that waits behind a function of ours, and kill it if the test did not end it."""
    module, _, name = place.rpartition(".")
    code = SLOWED.replace("MODULE", module).replace("NAME", name).replace("SECONDS", str(seconds))
    command = [sys.executable, "-c", code, *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


FOREVER = 3600


@pytest.mark.usefixtures("cli")
def test_told_to_end_while_the_servers_loop_is_made_it_ends(tmp_path: Path) -> None:
    with in_the_middle("selectors.DefaultSelector", 1, "serve", "--port", free_port()) as process:
        wait_for((tmp_path / "in the middle").exists)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, "Traceback" in err) == (0, False), err
    assert bytes_beside(tmp_path / BOOKS) == 0


@pytest.mark.parametrize(("seconds", "more", "status"), [(1, 11, 0), (FOREVER, 0, 1)])
def test_an_import_that_runs_at_a_stop_is_finished_or_taken_back(
    cli: Cli, tmp_path: Path, seconds: int, more: int, status: int
) -> None:
    cli("import", MONTH, "--add-accounts")
    cli("user", "add", "Tiina Tamm", "--role", "treasurer")
    token = document(cli("token", "add", "Tiina Tamm", "--name", "test", "--scope", "statement:write", "--json"))
    books, port = tmp_path / BOOKS, free_port()
    before = payments_in(books)
    with in_the_middle("donations.acts.importing.judge", seconds, "serve", "--port", port) as process:
        wait_for(lambda: is_open(port))
        content, bearer = NEAR_MISSES.read_bytes(), f"Authorization: Bearer {token['token']}"
        about = ("Content-Type: application/octet-stream", "Idempotency-Key: 1", f"Content-Length: {len(content)}")
        with begin(port, "POST /api/v1/imports HTTP/1.1", "Host: localhost", bearer, *about, "", "") as asking:
            asking.sendall(content)
            wait_for((tmp_path / "in the middle").exists)
            process.send_signal(signal.SIGTERM)
            _, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, "Traceback" in err, "(broken_off)" in err) == (status, False, status == 1)
    assert cli("check").returncode == 0
    assert payments_in(books) == before + more


@pytest.mark.parametrize(
    ("place", "arguments", "stop"),
    [
        ("donations.acts.importing.judge", ("import", NEAR_MISSES), signal.SIGTERM),
        ("donations.acts.backing_up.write_copy", ("backup", "kept", "--keep", "3"), signal.SIGTERM),
    ],
    ids=["import", "backup"],
)
def test_a_command_that_is_stopped_leaves_nothing_half_done(
    cli: Cli, tmp_path: Path, place: str, arguments: tuple[object, ...], stop: signal.Signals
) -> None:
    """Of a backup above all no copy that is not encrypted yet."""
    cli("import", MONTH, "--add-accounts")
    before = payments_in(tmp_path / BOOKS)
    with in_the_middle(place, FOREVER, *arguments) as process:
        wait_for((tmp_path / "in the middle").exists)
        process.send_signal(stop)
        out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, "Traceback" in out + err) == (128 + stop, False)
    left = {each.name for each in tmp_path.rglob("*")} - {"in the middle", "kept"}
    assert left == {BOOKS, "books.key"}
    assert payments_in(tmp_path / BOOKS) == before


def test_who_stops_it_before_it_serves_leaves_one_file_too(cli: Cli, tmp_path: Path) -> None:
    cli("account", "list")
    command = [str(Path(sys.executable).with_name("donations")), "serve", "--port", str(free_port())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "Nobody has an account yet" in process.stdout.readline()  # it has written, and makes its pages now
        process.terminate()
        out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, "Traceback" in out + err) == (0, False)
    assert bytes_beside(tmp_path / BOOKS) == 0


def test_who_reads_for_a_while_is_waited_for(fresh_sqlite: FreshEngine) -> None:
    with fresh_sqlite() as engine:
        file = Path(str(engine.url.database))
        with reading(engine) as session:
            session.execute(text("SELECT count(*) FROM payment"))
            with writing(engine) as writer:
                writer.execute(text("UPDATE appeal SET name = 'Kevad'"))
            assert not close_books(engine, seconds=0.2)
        assert close_books(engine, seconds=0.2)
        assert bytes_beside(file) == 0
        with closing(sqlite3.connect(f"file:{file}?immutable=1", uri=True)) as opened:
            assert opened.execute("SELECT name FROM appeal").fetchone() == ("Kevad",)


def test_a_command_leaves_one_file(cli: Cli, tmp_path: Path) -> None:
    cli("import", MONTH, "--add-accounts", "--json")  # not as other tests begin, for which books are copied
    assert [each.name for each in tmp_path.iterdir()] == [BOOKS, "books.key"]
    assert json.loads(cli("check", "--json").stdout)


def test_a_port_that_is_taken_is_told_before_a_link_is_given_away(cli: Cli) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = cli("serve", "--port", taken.getsockname()[1])
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "(cannot_serve)" in ended.stderr
