"""Two real servers on one PostgreSQL, one of them of two workers: whatever one of them knows, all of them know."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from zipfile import ZipFile

import httpx2
import pytest
from sqlalchemy import Engine, text
from tests.book import JAAN, NOW, Book, gift, statement
from tests.cli.conftest import MONTH, NEAR_MISSES, Cli, Ended
from tests.cli.test_stopping import FOREVER, SECONDS, free_port, in_the_middle, is_open, wait_for
from tests.conftest import HOST_KEY, FreshEngine
from tests.web.reading_pages import hidden_of, text_of

from donations.access.event import Event, Origin, note
from donations.access.link import add_person
from donations.access.person import Role, sign_in_key
from donations.access.secret import form_token, new_secret
from donations.access.session import Lifetime, begin
from donations.access.turnstile import FROM_ADDRESS_MAX, admission
from donations.acts.closing import close
from donations.acts.issuing import issue, letterhead
from donations.core.calendar import Month
from donations.store.session import as_reader, writing
from donations.store.strangers import counting
from donations.web.browser import LOCAL_COOKIE
from donations.web.forms import TOKEN_HEADER

PAPERS = "/treasurer/certificates/2026/papers"
HERE = "127.0.0.1"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Servers:
    """Two servers, and the treasurer's browser at each."""

    engine: Engine
    one: httpx2.Client
    other: httpx2.Client
    first: subprocess.Popen[str]
    second: subprocess.Popen[str]


@pytest.fixture
def postgres(
    outside: Cli,  # noqa: ARG001 - where there are no books
    fresh_postgres: FreshEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Engine]:
    """Books on PostgreSQL, which the program knows as its own."""
    with fresh_postgres() as engine:
        url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        monkeypatch.setenv("DONATIONS_DATABASE_URL", url)
        monkeypatch.setenv("DONATIONS_SECRET_KEY", HOST_KEY)
        yield engine


def run(*arguments: object) -> subprocess.Popen[str]:
    """Start the program."""
    command = [str(Path(sys.executable).with_name("donations")), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@contextmanager
def serving(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Servers]:
    """The first stops in the middle of the first certificate that it sets; the second leaves jobs to others."""
    ports = [free_port(), free_port()]
    with ExitStack() as until_end:
        place = "donations.documents.certificate.paper"
        first = until_end.enter_context(in_the_middle(place, FOREVER, "serve", "--port", ports[0]))
        monkeypatch.setenv("DONATIONS_JOBS_HERE", "false")
        second = until_end.enter_context(run("serve", "--port", ports[1], "--workers", 2))
        until_end.callback(second.kill)  # its workers end with it
        for port in ports:
            wait_for(partial(is_open, port))
            httpx2.get(f"http://{HERE}:{port}/healthz", timeout=SECONDS)  # the port is taken first
        secret = signed_in(engine)
        clients = [until_end.enter_context(browser(f"http://{HERE}:{port}", secret)) for port in ports]
        yield Servers(engine, clients[0], clients[1], first, second)


def browser(address: str, secret: str) -> httpx2.Client:
    """Return a browser that holds a secret and sends forms from our own pages."""
    headers = {"sec-fetch-site": "same-origin", "accept-language": "en", TOKEN_HEADER: form_token(secret)}
    held = {LOCAL_COOKIE: secret}
    return httpx2.Client(base_url=address, headers=headers, cookies=held, follow_redirects=True, timeout=SECONDS)


def signed_in(engine: Engine) -> str:
    """Return what the treasurer's browser holds."""
    origin = Origin(address=HERE, browser="a test", at=datetime.now(UTC))
    with writing(engine) as session:
        row = add_person(session, name="treasurer", email="", roles=frozenset({Role.TREASURER}), origin=origin)
        return begin(session, row.id, origin, lifetime=Lifetime(idle=DAY, absolute=DAY)).secret


def issued(engine: Engine) -> None:
    """Issue two certificates for 2026, as somebody does in the year after."""
    book, today = Book(engine), date(2027, 1, 10)
    book.take(statement("01-01", "01-31", gift("01-05", 1_000), gift("01-06", 2_000, "Jaan Tamm", JAAN), opening=0))
    with writing(engine) as session:
        close(session, Month(2026, 1), by="treasurer", now=NOW, today=today, reasons=lambda _: "no matter what")
    with writing(engine) as session:
        issuer = letterhead(as_reader(session), organisation="MTÜ Rohutirts")
        issue(session, 2026, donors=None, issuer=issuer, by="treasurer", now=NOW, today=today)


def let_lease_run_out(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE job SET leased_until = 1"))


def test_what_one_server_knows_all_know(
    outside: Cli, postgres: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued(postgres)
    assert outside("import", MONTH, "--add-accounts").returncode == 0
    with serving(postgres, monkeypatch) as servers:
        a_session_is_one_everywhere(servers)
        attempts_are_counted_together(servers)
        strangers_are_counted_together(servers)
        what_one_shows_another_keeps_to(servers)
        servers.one.post("/treasurer/association", data={"name": "MTÜ Vikerkaar"})
        a_job_outlives_its_server(servers, outside, tmp_path)
        wait_for(lambda: "MTÜ Vikerkaar" in servers.other.get("/treasurer").text)
        a_worker_that_dies_is_replaced_and_all_stop_in_peace(servers)


def stranger(at: httpx2.Client, path: str, **form: str) -> int:
    """Send a form to the server of a browser as somebody without a session; returns the status."""
    with browser(str(at.base_url), new_secret()) as client:
        return client.post(path, data=form).status_code


def a_session_is_one_everywhere(servers: Servers) -> None:
    for each in (servers.one, servers.other):
        assert "This is what is next" in text_of(each.get("/treasurer").text)


def attempts_are_counted_together(servers: Servers) -> None:
    def attempt(at: httpx2.Client) -> int:
        return stranger(at, "/sign-in", name="Jaan Tamm", password="wrong")  # noqa: S106

    before = Origin(address="192.0.2.1", browser="", at=datetime.now(UTC) - timedelta(minutes=3))
    with writing(servers.engine) as session:
        for _ in range(9):  # after which one waits for a minute, and after one more for two
            note(session, Event.FAILED, before, person_id=None, name=sign_in_key("Jaan Tamm"))
    assert [attempt(servers.one), attempt(servers.other)] == [401, 429]


def strangers_are_counted_together(servers: Servers) -> None:
    def ask(at: httpx2.Client) -> int:
        return stranger(at, "/find-my-gift", code="X9YZ-8WVU")

    for _ in range(FROM_ADDRESS_MAX - 2):
        with counting(servers.engine) as count:
            admission(count, address=HERE, account=None, now=datetime.now(UTC))
    assert [ask(each) for each in (servers.one, servers.other, servers.one, servers.other)] == [200, 200, 429, 429]


def what_one_shows_another_keeps_to(servers: Servers) -> None:
    before = Book(servers.engine).ledger()
    given = ("files", (NEAR_MISSES.name, NEAR_MISSES.read_bytes()))
    preview = servers.one.post("/treasurer/upload", files=[given]).url.path
    form = hidden_of(servers.one.get(preview).text, action="/commit")
    assert "11 new lines" in text_of(servers.other.get(preview).text)
    done = servers.other.post(f"{preview}/commit", data=form)
    assert done.status_code == 200, text_of(done.text)
    assert Book(servers.engine).ledger() != before


def a_job_outlives_its_server(servers: Servers, outside: Cli, tmp_path: Path) -> None:
    assert "The PDFs are being made" in text_of(servers.one.post(PAPERS).text)
    wait_for((tmp_path / "in the middle").exists)
    assert "0 of 2 are ready" in text_of(servers.other.get(PAPERS).text)
    nothing: Ended = outside("worker", "--once")
    assert (nothing.returncode, "0 of 2 are ready" in servers.other.get(PAPERS).text) == (0, True), nothing.stderr
    servers.first.kill()
    let_lease_run_out(servers.engine)
    assert outside("worker", "--once").returncode == 0
    assert "2 PDFs in one file" in text_of(servers.other.get(PAPERS).text)
    with ZipFile(io.BytesIO(servers.other.get(f"{PAPERS}.zip").content)) as archive:
        assert [each[:9] for each in archive.namelist()] == ["2026-0001", "2026-0002", "list.xlsx", "list.csv"]
        assert archive.testzip() is None
    with servers.engine.connect() as connection:
        assert connection.execute(text("SELECT tries, done, total FROM job")).all() == [(2, 2, 2)]


def workers_of(process: subprocess.Popen[str]) -> set[int]:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii")
    return set(map(int, children.split()))


def a_worker_that_dies_is_replaced_and_all_stop_in_peace(servers: Servers) -> None:
    before = workers_of(servers.second)
    assert len(before) == 2
    os.kill(min(before), signal.SIGKILL)
    wait_for(lambda: len(workers_of(servers.second) - {min(before)}) == 2)
    wait_for(lambda: servers.other.get("/healthz").status_code == 200)
    servers.second.terminate()
    out, err = servers.second.communicate(timeout=SECONDS)
    assert (servers.second.returncode, "Traceback" in err) == (0, False), err
    assert len(re.findall(r"/link/\S+", out)) == 1, "nobody had an account when it began"
    assert "(worker_died)" in err


def test_of_several_workers_on_sqlite_none_begins(cli: Cli) -> None:
    ended = cli("serve", "--workers", 2, "--port", free_port())
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "(one_worker)" in ended.stderr
