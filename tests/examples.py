"""How often a property over whole books is tried, and with what: more in `make assurance` than usually."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import product
from typing import Any, TypeVar

import pytest

T = TypeVar("T")

PERCENT = int(os.environ.get("EXAMPLES_PERCENT", "10"))
ALL = "ALL_ON_BOTH" in os.environ
"""Whether everything is tried with everything, as in `make assurance`."""


def each_with_each(*axes: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return every combination in `make assurance`, else so many that each value of each axis is in one of them."""
    if ALL:
        return [*product(*axes)]
    return [tuple(axis[number % len(axis)] for axis in axes) for number in range(max(map(len, axes)))]


def in_assurance(*values: T) -> Sequence[T]:
    """Return what `make assurance` tries besides."""
    return values if ALL else ()


def examples(number: int) -> int:
    """Return how many of so many examples are tried now."""
    return max(2, number * PERCENT // 100)


def of_rules() -> pytest.MarkDecorator:
    """Mark a property that is tried on one database in `make test`, and on both in `make assurance`.

    What it asks of the database, examples of the same room ask of both.
    """
    databases = ["sqlite", "postgres"] if ALL else ["sqlite"]
    return pytest.mark.parametrize("fresh_engine", databases, indirect=True)
