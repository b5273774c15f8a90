"""Whole programs, ours and others: processor seconds of a program and of all that it started, wall time, memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_LAUNCHER = Path(__file__).with_name("launch.py")
_OURS = (sys.executable, "-c", "from donations.cli import start; start()")
KEY = "of the host that is measured, long enough"
_SETTINGS = {
    "DONATIONS_SECRET_KEY": KEY,
    "DONATIONS_USER": "bench",
    "DONATIONS_LANGUAGE": "en",
    "DONATIONS_MAX_FILE_BYTES": str(2 * 1024**3),
    "DONATIONS_MAX_LINES": "10000000",
    "PYTHONDONTWRITEBYTECODE": "",
}
"""The files that are measured are larger than those of an association."""


class ProgramError(Exception):
    """What was measured did not do what it should."""


@dataclass(frozen=True, slots=True)
class Used:
    """What a program took: seconds of the processors and of the clock, bytes of memory at most."""

    cpu: float
    wall: float
    peak: int

    def __add__(self, after: Used) -> Used:
        """Return what one program after another took."""
        return Used(self.cpu + after.cpu, self.wall + after.wall, max(self.peak, after.peak))


def middle(uses: Iterable[Used]) -> Used:
    """Return the median of each figure."""
    uses = list(uses)
    return Used(*(median(getattr(each, name) for each in uses) for name in Used.__slots__))


def run(
    *program: str | Path,
    into: Path | None = None,
    within: Path | None = None,
    settings: Mapping[str, str] | None = None,
) -> Used:
    """Run a program in a folder, its output into a file. Raises `ProgramError` with its last words where it fails."""
    launch = (sys.executable, "-I", "-S", _LAUNCHER, into or os.devnull, *program)
    done = subprocess.run(  # noqa: S603 - ourselves
        launch, env={**os.environ, **(settings or {})}, cwd=within, capture_output=True, text=True, check=False
    )
    said = json.loads(done.stdout) if done.returncode == 0 else {"status": "not started"}
    if said.pop("status") != 0:
        raise ProgramError(f"{program[0]}: {done.stderr[-2000:]}")
    return Used(**said)


def donations(
    *arguments: str | Path, url: str, settings: Mapping[str, str] | None = None, into: Path | None = None
) -> Used:
    """Run one of our commands on the books at an address."""
    return run(*_OURS, *arguments, into=into, settings={**_SETTINGS, "DONATIONS_DATABASE_URL": url, **(settings or {})})


def of_file(books: Path) -> str:
    """Return the address of SQLite's books."""
    return f"sqlite:///{books}"


def seconds(*uses: Used) -> str:
    """Write processor seconds down, each beside what it is compared with."""
    return " : ".join(f"{each.cpu:.2f} s" for each in uses)


def costs(*uses: Used) -> str:
    """Write processor seconds and memory down, each beside what it is compared with."""
    return " : ".join(f"{each.cpu:.2f} s, {each.peak / 1_000_000:.0f} MB" for each in uses)


def without(base: Used, use: Used) -> float:
    """Return the processor seconds that are not those of the start."""
    return use.cpu - base.cpu
