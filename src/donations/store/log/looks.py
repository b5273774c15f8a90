"""Looks are written into the log at once, or, while somebody writes for long, into files that survive a stop.

Nobody who only looks waits for an import, and what is taken along leaves once the disk has what is to be told of it.
Beside sealed books the files are sealed by the key of the host, and open by the one before it too.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock
from time import time_ns
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from donations.core.refusal import Refusal
from donations.core.refusals import RunningCode
from donations.ledger.audit import About, Action, Noted
from donations.store.log.audit import note_access
from donations.store.place import foreseen, looks_folder_of
from donations.store.session import reading, writing
from donations.store.short_lived import closed, reopened

_SECONDS = 0.25
"""How long a look waits for who writes to the books."""
_SUFFIX = ".look"
_SHUT = ".shut"
"""What neither key of the books opens is put aside under this name: it is of other books, or was changed."""
_BOUND = "look that waits"


@dataclass(frozen=True, slots=True)
class AccessNotes:
    """Writes looks down; safe for several threads and programs."""

    _one_writes: Any = field(default_factory=Lock)

    def note(self, engine: Engine, noted: Noted) -> None:
        """Write it down; when this returns, no stop and no power cut loses it.

        Raises `Refusal` or `OperationalError`, both busy, where neither the books nor a file could take it.
        """
        try:
            _write(engine, [noted], seconds=_SECONDS)
        except (Refusal, OperationalError) as error:
            if not _is_busy(error):
                raise
            folder = looks_folder_of(engine.url)
            if folder is None:
                raise
            content = _as_kept(engine, noted)
            try:
                _keep(folder, content)
            except OSError:
                _write(engine, [noted], seconds=None)
            return
        self.write_waiting(engine)

    def write_waiting(self, engine: Engine) -> None:
        """Write down what waits, unless somebody writes just now: then it goes on waiting.

        A look may be told twice, where the program is ended between the log and the file, but never not at all.
        """
        folder = looks_folder_of(engine.url)
        if folder is None or not folder.exists() or not self._one_writes.acquire(blocking=False):
            return
        try:
            waiting = sorted(folder.glob(f"*{_SUFFIX}"))
            shut = _write_files(engine, waiting) if waiting else ()
            for each in waiting:
                with suppress(FileNotFoundError):
                    each.rename(each.with_suffix(_SHUT)) if each in shut else each.unlink()
            with suppress(OSError):  # one more came
                folder.rmdir()
        except (Refusal, OperationalError) as error:
            if not _is_busy(error):
                raise
        finally:
            self._one_writes.release()


def _is_busy(error: Exception) -> bool:
    code = error.code if isinstance(error, Refusal) else foreseen(error)
    return code is RunningCode.BUSY


def _write(engine: Engine, looked: Iterable[Noted], *, seconds: float | None) -> None:
    with writing(engine, seconds=seconds) as session:
        note_access(session, looked)


def _write_files(engine: Engine, files: Iterable[Path]) -> list[Path]:
    """Write the looks in files down that no other program wrote meanwhile; returns which could not be read."""
    with writing(engine, seconds=_SECONDS) as session:
        found, shut = list[Noted](), list[Path]()
        for each in files:
            with suppress(FileNotFoundError):
                noted = _kept(each, session.connection())
                if noted is None:
                    shut.append(each)
                else:
                    found.append(noted)
        note_access(session, found)
    return shut


def _as_kept(engine: Engine, noted: Noted) -> str:
    """Return what a file may hold of a look. Raises `Refusal` where the key of sealed books is not here."""
    content = json.dumps(asdict(noted) | {"at": noted.at.isoformat()}, ensure_ascii=False)
    with reading(engine) as session:
        return closed(session.connection(), content, bound_to=_BOUND)


def _keep(folder: Path, content: str) -> None:
    """Write a look into a file of its own, which has its name once it is whole and on the disk."""
    folder.mkdir(mode=0o700, exist_ok=True)
    name = f"{time_ns()}-{os.getpid()}-{os.urandom(4).hex()}"
    half = folder / f"{name}.half"
    with open(half, "x", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.rename(half.with_suffix(_SUFFIX))
    here = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(here)
    finally:
        os.close(here)


def _kept(file: Path, connection: Connection) -> Noted | None:
    """Return the look in a file; None where it cannot be read. Raises `FileNotFoundError`, `Refusal` as `key_of`."""
    try:
        said = json.loads(reopened(connection, file.read_text("utf-8"), bound_to=_BOUND) or "")
        known = {"action": Action(said["action"]), "about": About(said["about"])}
        return Noted(**said | known | {"at": datetime.fromisoformat(said["at"])})
    except (ValueError, KeyError, TypeError):
        return None
