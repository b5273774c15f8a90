"""What a month costs when there are two years before it, beside the same month into empty books."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.plan import Plan, interleaved
from benchmarks.programs import Used, donations, middle, of_file, seconds, without
from benchmarks.statements import FORMATS, months, payments
from benchmarks.targets import Figure

_MONTHS = 25
_FORM = "lhv-csv"


def measure(plan: Plan) -> Iterator[Figure]:
    """Yield how much dearer the last month is; what a command takes to start is taken off both."""
    with TemporaryDirectory(dir=plan.folder) as name:
        folder = Path(name)
        files, lines = _written(folder, plan.lines)
        with plan.console.status(f"{_MONTHS - 1} months before the last one"):
            empty, full = folder / "empty.sqlite", folder / "full.sqlite"
            donations("migrate", url=of_file(empty))
            donations("import", "--add-accounts", *files[:-1], url=of_file(full))
        numbers = count()

        def into(books: Path, file: Path) -> Used:
            target = folder / f"{next(numbers)}"
            target.mkdir()
            copy = target / "books.sqlite"
            shutil.copyfile(books, copy)
            used = donations("import", "--add-accounts", file, url=of_file(copy))
            shutil.rmtree(target)
            return used

        cases = {
            "one line": lambda: into(empty, folder / "one"),
            "into empty books": lambda: into(empty, files[-1]),
            "into full books": lambda: into(full, files[-1]),
        }
        base, fresh, later = map(middle, interleaved(plan, cases).values())
    note = f"{lines:,} lines after {_MONTHS - 1} months: {seconds(later, fresh)}, without {seconds(base)} for one line"
    yield Figure("growth", without(base, later) / without(base, fresh), note, plan.lines)


def _written(folder: Path, lines: int) -> tuple[list[Path], int]:
    """Write a file for each month; the last one has about a thirteenth of the lines that a large import has."""
    (folder / "one").write_bytes(FORMATS[_FORM](payments(1)))
    files = []
    shown = months(_MONTHS, lines=lines // 13)
    for number, each in enumerate(shown, start=1):
        files.append(folder / f"{number:02}.csv")
        files[-1].write_bytes(FORMATS[_FORM](each))
    return files, len(shown[-1].movements)
