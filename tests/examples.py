"""How often a property over whole books is tried, and on which databases: more in `make assurance` than usually."""

from __future__ import annotations

import os

import pytest

PERCENT = int(os.environ.get("EXAMPLES_PERCENT", "10"))


def examples(number: int) -> int:
    """Return how many of so many examples are tried now."""
    return max(2, number * PERCENT // 100)


def of_rules() -> pytest.MarkDecorator:
    """Mark a property that is tried on one database in `make test`, and on both in `make assurance`.

    What it asks of the database, examples of the same room ask of both.
    """
    databases = ["sqlite", "postgres"] if PERCENT > 100 else ["sqlite"]
    return pytest.mark.parametrize("fresh_engine", databases, indirect=True)
