"""What is to be measured and how large, and the rounds in which everything that is compared takes turns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from rich.console import Console

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How large and how often."""

    lines: int
    rounds: int
    payments: int
    """In the books behind the pages."""
    repeat: int
    """Requests of each page after a first one."""
    million: bool
    """Whether ten times the lines are imported too, for memory."""
    peers: Path
    """The environment with beancount and beangulp."""
    folder: Path
    """For all that is made on the way."""
    books: Path
    """A folder for the books behind the pages, used again where they are there."""
    only: str = ""
    """Pages whose route contains this."""
    console: Console
    """For what is happening; what came out goes elsewhere."""


def interleaved(plan: Plan, cases: Mapping[str, Callable[[], _T]]) -> dict[str, list[_T]]:
    """Run every case in each round: what else the machine does meets all of them alike."""
    found: dict[str, list[_T]] = {name: [] for name in cases}
    for number in range(1, plan.rounds + 1):
        for name, run in cases.items():
            with plan.console.status(f"round {number} of {plan.rounds}: {name}"):
                found[name].append(run())
    return found
