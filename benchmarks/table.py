"""The table of targets: for people, as JSON, and as the part of docs/performance.md that a run renews."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.peers import OURS, peers
from benchmarks.plan import Plan
from benchmarks.targets import NOT_ASKED, Result, Verdict

_CPU_INFO = Path("/proc/cpuinfo")
_BEGIN, _END = "<!-- measured: python -m benchmarks --write -->", "<!-- end of what was measured -->"
_STYLES = {Verdict.MET: "green", Verdict.MISSED: "red"}


def machine() -> str:
    """Name what was measured on."""
    models = _CPU_INFO.read_text().splitlines() if _CPU_INFO.exists() else []
    model = next((line.partition(":")[2].strip() for line in models if line.startswith("model name")), "")
    return (
        f"{model or platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {platform.system()},"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def show(console: Console, results: Sequence[Result], plan: Plan, where: str) -> None:
    """Print every target with what came of it, and what each program did for that."""
    table = Table(title=f"{where}; {_sizes(plan)}")
    for column in ("what", "target", "measured", "", "of"):
        table.add_column(column, justify="right" if column in {"target", "measured"} else "left", overflow="fold")
    for each in (each for each in results if each.figure.note != NOT_ASKED):
        style = _STYLES.get(each.verdict, "dim")
        table.add_row(*_cells(each), style=style)
    console.print(table)
    for line in _work(plan):
        console.print(line)


def document(results: Sequence[Result], plan: Plan, where: str) -> dict[str, Any]:
    """Return all of it for programs."""
    return {
        "machine": where,
        "lines": plan.lines,
        "rounds": plan.rounds,
        "payments": plan.payments,
        "targets": [
            {
                "key": each.target.key,
                "what": each.target.what,
                "limit": each.target.limit,
                "is_least": each.target.is_least,
                "unit": each.target.unit,
                "measured": each.figure.value,
                "verdict": each.verdict.value,
                "size": each.figure.size,
                "size_meant": each.target.size,
                "note": each.figure.note,
            }
            for each in results
        ],
        "work": list(_work(plan)),
    }


def renew(path: Path, results: Sequence[Result], plan: Plan, where: str) -> None:
    """Put the table between the marks of a document."""
    before, _, rest = path.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    rows = ["| what | target | measured | | of |", "| --- | ---: | ---: | --- | --- |"]
    rows += [f"| {' | '.join(_cells(each))} |" for each in results]
    block = (f"{where}; {_sizes(plan)}.", "\n".join(rows), "\n".join(f"- {line}" for line in _work(plan)))
    path.write_text(before + "\n\n".join((_BEGIN, *block, _END)) + after, encoding="utf-8")


def _sizes(plan: Plan) -> str:
    return f"{plan.lines:,} lines, medians of {plan.rounds} interleaved rounds; {plan.payments:,} payments behind pages"


def _cells(result: Result) -> tuple[str, str, str, str, str]:
    target, figure = result.target, result.figure
    limit = "" if target.limit is None else f"{'≥' if target.is_least else '≤'} {target.limit:g} {target.unit}"
    measured = "" if figure.value is None else f"{_rounded(figure.value)} {target.unit}"
    small = f", with {figure.size:,}" if result.is_small else ""
    return target.what, limit, measured, f"{result.verdict}{small}", figure.note


def _rounded(value: float) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def _work(plan: Plan) -> Iterator[str]:
    yield f"donations {OURS}."
    for each in peers(plan.peers).values():
        yield f"{each.name} {each.does}; it does not {each.does_not}."
