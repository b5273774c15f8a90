"""How often a property over whole books is tried, and on which databases: more in `make assurance` than usually."""

from __future__ import annotations

import os

import pytest

PERCENT = int(os.environ.get("EXAMPLES_PERCENT", "50"))


def examples(number: int) -> int:
    """Return how many of so many examples are tried now."""
    return max(2, number * PERCENT // 100)


def of_rules() -> pytest.MarkDecorator:
    """Mark a property of pure rules, which books are only the way to try: one database is enough in `make test`."""
    databases = ["sqlite", "postgres"] if PERCENT > 100 else ["sqlite"]
    return pytest.mark.parametrize("fresh_engine", databases, indirect=True)
