"""Who asks in this request or command, and when: for what does not say by itself who did it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import NamedTuple


class Acting(NamedTuple):
    """Who asks, and when."""

    by: str
    at: datetime


_current: ContextVar[Acting | None] = ContextVar("acting", default=None)


def let_act(by: str, *, at: datetime) -> None:
    """Let somebody be who asks for the rest of this request, which has a context of its own."""
    _current.set(Acting(by, at))


@contextmanager
def acting_as(by: str, *, at: datetime) -> Iterator[None]:
    """Let somebody be who asks, for a while."""
    before = _current.set(Acting(by, at))
    try:
        yield
    finally:
        _current.reset(before)


def acting() -> Acting:
    """Return who asks; nobody where nobody said so."""
    return _current.get() or Acting("", datetime.now(UTC))
