"""How many examples a property over whole books is tried with: half in `make test`, more in `make assurance`."""

from __future__ import annotations

import os

PERCENT = int(os.environ.get("EXAMPLES_PERCENT", "50"))


def examples(number: int) -> int:
    """Return how many of so many examples are tried now."""
    return max(2, number * PERCENT // 100)
