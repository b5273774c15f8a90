"""The table of targets has every target, and says honestly what came of it; no time is tested."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from benchmarks.__main__ import arguments
from benchmarks.plan import Plan
from benchmarks.programs import ProgramError, run
from benchmarks.table import document, renew
from benchmarks.targets import TARGETS, Figure, Result, Target, Verdict, results
from rich.console import Console

LIMITS = {
    "csv.hledger.sealed": 0.25,
    "csv.beancount.sealed": 0.4,
    "csv.ledger.sealed": 1.6,
    "csv.hledger.unsealed": 0.2,
    "csv.beancount.unsealed": 0.33,
    "csv.ledger.unsealed": 1.3,
    "camt": 1.6,
    "read.camt.053": 3.5,
    "read.ofx": 2,
    "read.lhv-csv": 8,
    "rows": 3.4,
    "bytes": 330,
    "growth": 1.3,
    "again": 20,
    "memory": 80,
    "memory.many": 40,
    "pages.sqlite": 100,
    "pages.postgres": 100,
    "files": 0,
    "postgres.donor": 1.5,
    "public.sqlite": 0.7,
    "public.postgres": 0.7,
    "start.help": 6,
    "start.command": 0.6,
}
"""What was promised."""


def plan(folder: Path) -> Plan:
    return Plan(
        lines=5_000,
        rounds=1,
        payments=1_000,
        repeat=1,
        million=False,
        peers=folder,
        folder=folder,
        books=folder,
        console=Console(),
    )


def test_every_target_is_in_the_table_once() -> None:
    assert {each.key: each.limit for each in TARGETS if each.limit is not None} == LIMITS
    assert len({each.key for each in TARGETS}) == len(TARGETS)
    assert {each.key for each in TARGETS if each.is_least} == {"public.sqlite", "public.postgres"}


@pytest.mark.parametrize(
    ("limit", "is_least", "figure", "verdict"),
    [
        (0.7, False, Figure("it", 0.7), Verdict.MET),
        (0.7, False, Figure("it", 0.71), Verdict.MISSED),
        (0.7, True, Figure("it", 0.7), Verdict.MET),
        (0.7, True, Figure("it", 0.69), Verdict.MISSED),
        (0, False, Figure("it", 0), Verdict.MET),
        (None, False, Figure("it", 9), Verdict.TOLD),
        (0.7, False, Figure("it", None, "not installed"), Verdict.NOT_MEASURED),
        (0.7, False, Figure("it", None, is_built=False), Verdict.NOT_BUILT),
    ],
)
def test_a_figure_meets_its_target_or_misses_it(
    *, limit: float | None, is_least: bool, figure: Figure, verdict: Verdict
) -> None:
    assert Result(Target(key="it", what="it", limit=limit, is_least=is_least), figure).verdict is verdict


def test_what_was_measured_with_less_says_so() -> None:
    large = Target(key="it", what="it", limit=1, size=100_000)
    assert Result(large, Figure("it", 1, size=5_000)).is_small
    assert not Result(large, Figure("it", 1, size=100_000)).is_small
    assert not Result(large, Figure("it", None)).is_small


def test_a_figure_without_a_target_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        results([Figure("unheard of", 1)])


def test_programs_get_every_target(tmp_path: Path) -> None:
    found = document(results([Figure("camt", 1.7, "17 s : 10 s", 5_000)]), plan(tmp_path), "a machine")
    assert [each["key"] for each in found["targets"]] == [each.key for each in TARGETS]
    assert next(each for each in found["targets"] if each["key"] == "camt") == {
        "key": "camt",
        "what": "camt.053 to books, of the LHV CSV",
        "limit": 1.6,
        "is_least": False,
        "unit": "×",
        "measured": 1.7,
        "verdict": "missed",
        "size": 5_000,
        "size_meant": 100_000,
        "note": "17 s : 10 s",
    }
    assert (found["machine"], found["lines"], len(found["work"])) == ("a machine", 5_000, 4)


def test_a_run_renews_its_part_of_the_document_only(tmp_path: Path) -> None:
    file = tmp_path / "performance.md"
    marks = (Path(__file__).parents[1] / "docs" / "performance.md").read_text(encoding="utf-8")
    begin, end = (line for line in marks.splitlines() if line.startswith("<!--"))
    file.write_text(f"before\n{begin}\n{end}\nafter\n", encoding="utf-8")
    for measured in (1.7, 1.5):
        renew(file, results([Figure("camt", measured, size=100_000)]), plan(tmp_path), "a machine")
    lines = file.read_text(encoding="utf-8").splitlines()
    assert (lines[0], lines[-1]) == ("before", "after")
    assert [line for line in lines if line.startswith("| camt")] == [
        "| camt.053 to books, of the LHV CSV | ≤ 1.6 × | 1.50 × | met |  |"
    ]
    assert sum(line.startswith("| ") for line in lines) == len(TARGETS) + 2


def test_a_program_is_measured_with_all_that_it_starts() -> None:
    """What a child holds and takes is seen."""
    holds = "held = bytearray(50_000_000); held[::4096] = b'x' * len(held[::4096])"
    begins = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {holds!r}], check=True)"
    alone, both = run(sys.executable, "-c", "pass"), run(sys.executable, "-c", begins)
    assert both.peak > 50_000_000 > alone.peak
    assert both.cpu > alone.cpu > 0


def test_a_program_that_fails_is_no_measurement() -> None:
    with pytest.raises(ProgramError, match="too bad"):
        run(sys.executable, "-c", "raise SystemExit('too bad')")


def test_without_a_word_everything_is_measured() -> None:
    assert arguments([]).what == ["reading", "starting", "growth", "importing", "pages", "public"]
    assert arguments(["growth", "--lines", "5"]).what == ["growth"]
