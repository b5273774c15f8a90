"""Prints the measurements: a table of cases, the ratios that stay when the machine changes, and the machine."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.sample import Sample

_MIB = 1024 * 1024
_CPU_INFO = Path("/proc/cpuinfo")


def machine() -> str:
    """Name what was measured on."""
    models = _CPU_INFO.read_text().splitlines() if _CPU_INFO.exists() else []
    model = next((line.partition(":")[2].strip() for line in models if line.startswith("model name")), "")
    return (
        f"{model or platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {platform.system()},"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def show(console: Console, medians: Mapping[tuple[str, int], Sample], *, rounds: int) -> None:
    """Print one row for each case; its key is what is done and to how many lines."""
    table = Table(title=f"Medians of {rounds} interleaved rounds, each in a new process")
    for column in ("", "lines", "CPU s", "lines/CPU s", "wall s", "lines/s", "peak MiB", "grown MiB"):
        table.add_column(column, justify="right" if column else "left")
    for (name, lines), sample in medians.items():
        table.add_row(
            name,
            f"{lines:,}",
            f"{sample.cpu:.2f}",
            f"{lines / sample.cpu:,.0f}",
            f"{sample.wall:.2f}",
            f"{lines / sample.wall:,.0f}",
            f"{sample.peak / _MIB:.0f}",
            f"{sample.grown / _MIB:.1f}",
        )
    console.print(table)


def show_ratios(console: Console, ratios: Iterable[tuple[str, float]]) -> None:
    """Print what compares cases of this one run."""
    table = Table(title="Ratios (CPU)", show_header=False)
    for name, ratio in ratios:
        table.add_row(name, f"{ratio:.2f}")
    console.print(table)
