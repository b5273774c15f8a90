"""House rules that no linter knows; the direction of imports is checked by import-linter (pyproject.toml)."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "donations"
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
PURE = {"core", "readers", "identity", "matching", "ledger", "published"}
LINES_MAX = 400
FUNCTION_LINES_MAX = 60


@cache
def parsed() -> dict[Path, tuple[str, ast.Module]]:
    """Return every module's text and tree, parsed when the first rule asks and not by every worker."""
    texts = {path.relative_to(SOURCE): path.read_text(encoding="utf-8") for path in sorted(SOURCE.rglob("*.py"))}
    return {path: (text, ast.parse(text)) for path, text in texts.items()}


def own(*, without: frozenset[str] = frozenset({"migrations"})) -> Iterator[tuple[Path, str, ast.Module]]:
    return ((path, *found) for path, found in parsed().items() if not without & {*path.parts})


def test_a_module_says_its_job_in_one_sentence() -> None:
    first = {path: (ast.get_docstring(tree) or "").splitlines()[:1] for path, (_, tree) in parsed().items()}
    assert [path for path, line in first.items() if not line or not line[0].endswith(".")] == []


def test_a_module_has_one_job() -> None:
    assert [path for path in parsed() if path.stem in FORBIDDEN_NAMES] == []
    assert [path for path, text, _ in own() if len(text.splitlines()) > LINES_MAX] == []


def test_a_public_class_has_a_name_of_its_own() -> None:
    defined = Counter(
        node.name
        for _, _, tree in own()
        for node in tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert {name for name, times in defined.items() if times > 1} == set()


def test_functions_are_short() -> None:
    functions = (
        (path, node) for path, _, tree in own() for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
    )
    long = [f"{path}:{f.name}" for path, f in functions if (f.end_lineno or 0) - f.lineno >= FUNCTION_LINES_MAX]
    assert long == []


def test_a_banks_debit_is_a_treasurers_credit() -> None:
    """The words mean both directions: code says money in and money out."""
    names = [
        f"{path}:{node.id if isinstance(node, ast.Name) else node.name}"
        for path, _, tree in own(without=frozenset({"migrations", "readers"}))
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.FunctionDef | ast.ClassDef)
    ]
    assert [each for each in names if re.search("debit|credit(?!or)", each.partition(":")[2], re.IGNORECASE)] == []


def test_rules_use_no_float() -> None:
    """Money is whole minor units: no float literal, no `float(`, no true division in the rules."""
    rules = [(path, node) for path, _, tree in own() if path.parts[0] in PURE for node in ast.walk(tree)]
    literals = {path for path, node in rules if isinstance(node, ast.Constant) and isinstance(node.value, float)}
    calls = {path for path, node in rules if isinstance(node, ast.Name) and node.id == "float"}
    divisions = {path for path, node in rules if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)}
    assert {path for path in literals if path.stem != "encoding"} | calls | divisions == set()
