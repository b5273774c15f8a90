"""Heads of requests that never end: whoever holds connections open holds them for a bounded time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import MagicMock

import h11
import pytest
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from donations.web import connections
from donations.web.connections import http_within

HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


@dataclass
class Timer:
    """What is to be done later."""

    seconds: float
    then: Callable[[], None]
    is_cancelled: bool = False

    def cancel(self) -> None:
        """Do it no more."""
        self.is_cancelled = True


@dataclass
class Loop:
    """A loop in which time passes when a test says so."""

    timers: list[Timer] = field(default_factory=list)
    done: Any = field(default_factory=MagicMock)

    def call_later(self, seconds: float, then: Callable[[], None]) -> Timer:
        """Remember what is to be done."""
        self.timers.append(Timer(seconds, then))
        return self.timers[-1]

    def create_task(self, work: Coroutine[Any, Any, None]) -> Any:
        """Begin nothing: nobody answers here."""
        work.close()
        return self.done

    def pass_seconds(self, seconds: float) -> None:
        """Do all that is due."""
        for timer in self.timers:
            if not timer.is_cancelled and timer.seconds <= seconds:
                timer.then()


@dataclass
class Transport(asyncio.Transport):
    """A connection that goes nowhere."""

    written: bytes = b""
    is_closed: bool = False

    def write(self, data: Any) -> None:
        """Keep what is sent."""
        self.written += data

    def close(self) -> None:
        """Be closed."""
        self.is_closed = True

    def abort(self) -> None:
        """Be closed."""
        self.is_closed = True

    def is_closing(self) -> bool:
        """Whether it is."""
        return self.is_closed

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Know of no peer."""
        return default if name else None

    def pause_reading(self) -> None:
        """Nothing is read here."""

    def resume_reading(self) -> None:
        """Nothing is read here."""


async def nothing(_scope: object, _receive: object, _send: object) -> None:
    """An application that answers nothing."""


def connected(state: ServerState | None = None) -> tuple[H11Protocol, Loop, Transport]:
    config, loop, transport = Config(nothing, log_level="critical"), Loop(), Transport()
    made = http_within(10)(config, state or ServerState(), {}, loop)  # type: ignore[arg-type]
    made.connection_made(transport)
    return made, loop, transport


@pytest.mark.parametrize("sent", [b"", b"GET", HEAD])
def test_who_never_ends_the_head_is_let_go(sent: bytes) -> None:
    protocol, loop, transport = connected()
    for byte in sent:
        protocol.data_received(bytes([byte]))
    loop.pass_seconds(9.9)
    assert not transport.is_closed
    loop.pass_seconds(10)
    assert transport.is_closed
    assert transport.written.startswith(b"HTTP/1.1 408 ")


def test_who_sent_the_whole_head_is_not_hurried() -> None:
    protocol, loop, transport = connected()
    protocol.data_received(HEAD + b"Content-Length: 9\r\n\r\n")
    loop.pass_seconds(1_000)
    protocol.data_received(b"12345")
    loop.pass_seconds(1_000)
    assert not transport.is_closed


def test_half_of_the_next_head_is_not_waited_for_either() -> None:
    protocol, loop, transport = connected()
    protocol.data_received(HEAD + b"\r\n" + HEAD)
    loop.pass_seconds(1_000)
    assert not transport.is_closed, "the first is being answered"
    protocol.cycle.response_complete = True
    protocol.conn.send(h11.Response(status_code=204, headers=[]))
    protocol.conn.send(h11.EndOfMessage())
    protocol.on_response_complete()
    loop.pass_seconds(10)
    assert transport.is_closed


def test_files_are_left_for_the_books(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "getrlimit", lambda _: (connections._KEPT_FOR_BOOKS + 65, 0))
    state = ServerState()
    closed = [connected(state)[2].is_closed for _ in range(66)]
    assert closed == [False] * 65 + [True]
