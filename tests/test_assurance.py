"""What docs/assurance.md says is held is held by a test that exists, and nothing is left out or counted wrong."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "assurance.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([TIB]\d+) \| [^|]+ \| ([^|]+) \|$", TEXT, re.MULTILINE)
NUMBERS = [
    *(f"T{number:02}" for number in range(1, 43)),
    *(f"I{number}" for number in range(28)),
    *(f"B{number:02}" for number in range(1, 73)),
]
NOT_YET = "**Not held yet**"


@cache
def names_in(path: str) -> frozenset[str]:
    """Return the names of the tests in a file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_every_number_stands_there_once_in_its_order() -> None:
    assert [number for number, _ in ROWS] == NUMBERS
    assert len(re.findall(r"^\| ", TEXT, re.MULTILINE)) == len(NUMBERS) + 6, "no row is of another form"


def test_every_test_that_is_named_exists() -> None:
    named = re.findall(r"`([^`\s]+)::([^`\s]+)`", TEXT)
    assert len(named) > len(NUMBERS)
    assert all(path.startswith("tests/") for path, _ in named)
    assert [f"{path}::{name}" for path, name in named if name not in names_in(path)] == []


def test_every_row_has_a_test_or_says_why_not() -> None:
    starts = (NOT_YET, "Does not apply: ")
    assert [number for number, held in ROWS if "::test_" not in held and not held.startswith(starts)] == []


def test_every_sample_that_is_named_exists() -> None:
    for names in re.findall(r"Samples? ((?:`[^`]+`(?:, )?)+)", TEXT):
        for name in re.findall(r"`([^`]+)`", names):
            found = [each for folder in ("refused", "noticed") for each in (ROOT / "tests" / folder).glob(f"{name}.*")]
            assert found, name


def test_what_is_not_held_yet_is_counted() -> None:
    said = re.search(r"Of (\d+) rows, (\d+) are not held yet\.", TEXT)
    assert said is not None
    left = [number for number, held in ROWS if NOT_YET in held]
    assert (int(said[1]), int(said[2])) == (len(NUMBERS), len(left)), left
    assert [number for number, held in ROWS if (NOT_YET in held) != held.startswith(NOT_YET)] == []
