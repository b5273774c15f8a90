"""How fast files are read and imported: every case in turn, round after round, each in a new process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from benchmarks import work
from benchmarks.report import show, show_ratios
from benchmarks.sample import Sample, in_new_process, median_of
from benchmarks.statements import FORMATS, payments

Case = tuple[str, int]
"""What is done, and to how many lines."""

_OTHER_READERS_LINES = 2_000
"""Stock ofxparse needs quadratic time: 100,000 lines would take it half an hour."""
_AFTER_CAMT = ("lhv-csv", "ofx")
"""The first has ids in common with camt.053, the second shows the same payments by their content alone."""


def measure(console: Console, *, lines: int, rounds: int) -> None:
    """Measure, and print what came of it."""
    with TemporaryDirectory() as name:
        directory = Path(name)
        for count in (lines, lines // 10, _OTHER_READERS_LINES):
            written = payments(count)
            for form, write in FORMATS.items():
                (directory / f"{count}.{form}").write_bytes(write(written))
        books = directory / "books.sqlite"
        in_new_process(partial(work.import_fresh, directory / f"{lines}.camt.053", books=books))
        cases = dict(_cases(directory, books, lines))
        samples: dict[Case, list[Sample]] = {case: [] for case in cases}
        for _ in range(rounds):
            for case, run in cases.items():
                samples[case].append(in_new_process(run))
    medians = {case: median_of(each) for case, each in samples.items()}
    show(console, medians, rounds=rounds)
    show_ratios(console, _ratios(medians, lines))


def _cases(directory: Path, books: Path, lines: int) -> Iterator[tuple[Case, Callable[[], Sample]]]:
    for form in FORMATS:
        for count in (lines // 10, lines):
            yield (f"read {form}", count), partial(work.read, directory / f"{count}.{form}")
    for form in FORMATS:
        for count in (lines // 10, lines):
            yield (f"import {form}", count), partial(work.import_fresh, directory / f"{count}.{form}")
    for form in _AFTER_CAMT:
        again = partial(work.import_again, directory / f"{lines}.{form}", books=books)
        yield (f"import {form} after camt.053", lines), again
    yield ("floor: expat without callbacks", lines), partial(work.parse_only, directory / f"{lines}.camt.053")
    yield ("floor: insert the same rows", lines), partial(work.insert_only, books)
    few = directory / f"{_OTHER_READERS_LINES}.ofx"
    yield ("read ofx", _OTHER_READERS_LINES), partial(work.read, few)
    yield ("read ofx with stock ofxparse", _OTHER_READERS_LINES), partial(work.read_by_ofxparse, few)


def _ratios(medians: Mapping[Case, Sample], lines: int) -> Iterator[tuple[str, float]]:
    """Yield figures that mean the same on a slower machine."""
    cpu = {case: sample.cpu for case, sample in medians.items()}
    parse, insert = cpu["floor: expat without callbacks", lines], cpu["floor: insert the same rows", lines]
    yield "read camt.053 / expat without callbacks", cpu["read camt.053", lines] / parse
    yield "import camt.053 / (expat without callbacks + insert)", cpu["import camt.053", lines] / (parse + insert)
    for form in _AFTER_CAMT:
        again, fresh = cpu[f"import {form} after camt.053", lines], cpu[f"import {form}", lines]
        yield f"import {form} after camt.053 / into an empty database", again / fresh
    for form in FORMATS:
        few, many = (cpu[f"import {form}", count] / count for count in (lines // 10, lines))
        yield f"import {form}: one line of {lines:,} / one of {lines // 10:,}", many / few
    stock, ours = (cpu[name, _OTHER_READERS_LINES] for name in ("read ofx with stock ofxparse", "read ofx"))
    yield f"stock ofxparse / read ofx, {_OTHER_READERS_LINES:,} lines", stock / ours
