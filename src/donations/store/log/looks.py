"""What was looked at, on its way into the audit log: nobody who only looks waits for the writer's lock."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from donations.ledger.audit import Noted
from donations.store.log.audit import note_look
from donations.store.session import writing


@dataclass(frozen=True, slots=True)
class Looks:
    """Waits here while an import holds the lock; one thread at most waits with it."""

    _waiting: deque[Noted] = field(default_factory=deque)
    _one_writes: Any = field(default_factory=Lock)

    @property
    def is_writing(self) -> bool:
        """Whether a thread writes, or waits for the writer's lock, just now."""
        return bool(self._one_writes.locked())

    def note(self, engine: Engine, noted: Noted) -> None:
        """Write it down now, or leave it to the thread that is writing already."""
        self._waiting.append(noted)
        self.write_waiting(engine)

    def write_waiting(self, engine: Engine) -> None:
        """Write down what waits, so that nothing is lost when serving ends."""
        # Asked again after letting go of the lock: another thread may have left something meanwhile.
        while self._waiting and self._one_writes.acquire(blocking=False):
            try:
                self._write_all(engine)
            except OperationalError:  # somebody writes for longer than anybody waits: it is written with the next look
                return
            finally:
                self._one_writes.release()

    def _write_all(self, engine: Engine) -> None:
        looked = list(self._waiting)
        with writing(engine) as session:
            note_look(session, looked)
        for _ in looked:
            self._waiting.popleft()
