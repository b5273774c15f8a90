"""Programs elsewhere are told at least once, signed, with a stable id; nothing of one's own network is reached."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import Engine
from tests.book import Book, gift, statement
from tests.conftest import FreshEngine
from tests.written_once import written_once

from donations.acts.closing import close
from donations.core.calendar import Month
from donations.core.hook import HookEvent, is_public_address, signature, target_of
from donations.jobs import hook_wire
from donations.jobs.running import do_all
from donations.jobs.telling import TELLING
from donations.store.hooks import add_webhook, deliveries, drop_webhook
from donations.store.session import reading, writing

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
URL = "https://hooks.example.ee/in?a=1"


class Program:
    """One that is told, on loopback, and keeps what it heard."""

    def __init__(self) -> None:
        """Listen."""
        self.heard: list[tuple[str, dict[str, str], bytes]] = []
        self.answers = "HTTP/1.1 204 No Content\r\n\r\n"
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as lines:
                first, headers = lines.readline().decode().strip(), dict[str, str]()
                while (line := lines.readline().decode().strip()) != "":
                    name, _, value = line.partition(": ")
                    headers[name.lower()] = value
                self.heard.append((first, headers, lines.read(int(headers["content-length"]))))
                connection.sendall(self.answers.encode())

    def close(self) -> None:
        """Listen no more."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    """Loopback is reached by this hook of the tests alone."""
    made = Program()
    monkeypatch.setattr(hook_wire, "connected", lambda _: socket.create_connection(("127.0.0.1", made.port)))
    yield made
    made.close()


@pytest.fixture
@written_once
def written(book: Book) -> Book:
    """A program is told from now on; then a file is imported and its month closed."""
    book.take(statement("01-01", "01-31", gift("01-05", 1_000), opening=0), name="before.xml")
    with writing(book.engine) as session:
        add_webhook(session, URL, SECRET, by="treasurer", at=NOW)
        close(session, Month(2026, 1), by="treasurer", now=NOW, today=NOW.date(), reasons=lambda _: "no matter")
    return book


def tell(engine: Engine, now: datetime = NOW) -> None:
    do_all(engine, {TELLING.name: TELLING}, lambda: now, once=True, stop=Event())


def test_a_month_is_told_once_signed_and_without_names(written: Book, program: Program) -> None:
    tell(written.engine)
    tell(written.engine, NOW + timedelta(days=2))
    told = {json.loads(body)["type"]: (first, headers, body) for first, headers, body in program.heard}
    assert len(program.heard) == len(told)
    first, headers, body = told[HookEvent.MONTH_CLOSED.value]
    assert first == "POST /in?a=1 HTTP/1.1"
    assert headers["host"] == "hooks.example.ee"
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(b"k" * 32, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert json.loads(body)["data"] == {"month": "2026-01", "gifts": 1, "questions": 0}
    assert b"Mari" not in b"".join(each[2] for each in program.heard)


def test_who_does_not_take_it_is_told_again_with_the_same_id(written: Book, program: Program) -> None:
    program.answers = "HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1/\r\n\r\n"
    tell(written.engine)
    heard = len(program.heard)
    tell(written.engine, NOW + timedelta(seconds=59))
    assert len(program.heard) == heard
    program.answers = "HTTP/1.1 200 OK\r\n\r\n"
    tell(written.engine, NOW + timedelta(minutes=1))
    ids = [headers["webhook-id"] for _, headers, _ in program.heard]
    assert sorted(ids[:heard]) == sorted(ids[heard:])
    with reading(written.engine) as session:
        assert {each.state for each in deliveries(session, limit=9)} == {"done"}


def test_who_never_takes_it_has_failed_and_is_forgotten_when_dropped(written: Book, program: Program) -> None:
    program.answers = "HTTP/1.1 500 Oops\r\n\r\n"
    for hours in range(0, 24 * 5, 4):
        tell(written.engine, NOW + timedelta(hours=hours))
    with reading(written.engine) as session:
        assert {(each.state, each.answer) for each in deliveries(session, limit=9)} == {("failed", "500")}
    with writing(written.engine) as session:
        drop_webhook(session, 1)
        assert deliveries(session, limit=9) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.1.2.3",
            "192.168.1.1",
            "172.16.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",  # noqa: S104 - an address to refuse
            "224.0.0.1",
        ),
        *("::1", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "255.255.255.255"),
    ],
)
def test_no_network_of_ones_own_is_reached(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Not even where another of its addresses is public."""
    found = [(0, 0, 0, "", (each, 443)) for each in ("193.40.0.1", address)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    target = target_of(URL)
    assert target is not None
    with pytest.raises(hook_wire.NotToldError, match="no public address"):
        hook_wire.connected(target)
    assert not is_public_address(address)
    assert is_public_address("193.40.0.1")
    assert is_public_address("2a00:1450:4001::1")


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.ee/", "https://", "https://a@example.ee/", "https://example.ee/#x", "https://exa mple.ee/"),
        *("https://example.ee:99999/", "https://example.ee/\r\nX: y", "ftp://example.ee", "https://a..b/", "õ"),
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    assert target_of(url) is None


def test_the_signature_is_that_of_the_standard() -> None:
    """The example of its reference libraries."""
    body = b'{"test": 2432232314}'
    signed = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=body,
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_books_without_programs_tell_nothing(fresh_sqlite: FreshEngine, program: Program) -> None:
    with fresh_sqlite() as engine:
        tell(engine)
    assert program.heard == []
