"""How long commands take to start: over books of one payment, against Python with argparse."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.plan import Plan, interleaved
from benchmarks.programs import donations, middle, of_file, run, seconds
from benchmarks.statements import FORMATS, payments
from benchmarks.targets import Figure

_FLOOR = (sys.executable, "-c", "import argparse; argparse.ArgumentParser().parse_args(['--help'])")
_COMMANDS = (
    *("config", "organisation", "account list", "user list", "keys", "audit list", "changes list", "donors alike"),
    *("questions", "why 1", "coverage", "check", "dump", "report months", "journal 2024-01", "inf4 list", "migrate"),
    *("serve --help", "worker --help", "demo --help"),
)
"""Some of every kind; those that serve are asked for their help."""


def measure(plan: Plan) -> Iterator[Figure]:
    """Yield how long the help takes, and the slowest command."""
    with TemporaryDirectory(dir=plan.folder) as name:
        url, file = of_file(Path(name) / "books.sqlite"), Path(name) / "one.csv"
        file.write_bytes(FORMATS["lhv-csv"](payments(1)))
        donations("import", "--add-accounts", file, url=url)
        commands = {each: partial(donations, *each.split(), url=url) for each in _COMMANDS}
        cases = {"argparse": partial(run, *_FLOOR), "help": partial(donations, "--help", url=url), **commands}
        uses = {case: middle(each) for case, each in interleaved(plan, cases).items()}
    floor, ours = uses.pop("argparse"), uses.pop("help")
    yield Figure("start.help", ours.cpu / floor.cpu, seconds(ours, floor))
    slowest = sorted(uses, key=lambda case: uses[case].cpu, reverse=True)
    note = ", ".join(f"{case} {uses[case].cpu:.2f} s" for case in slowest[:3])
    yield Figure("start.command", uses[slowest[0]].cpu, f"{note}; of {len(uses)}")
