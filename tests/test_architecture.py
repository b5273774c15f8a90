"""House rules that no linter knows; the direction of imports is checked by import-linter (pyproject.toml)."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "donations"
MODULES = sorted(SOURCE.rglob("*.py"))
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
LINES_MAX = 320
FUNCTION_LINES_MAX = 60


def name(path: Path) -> str:
    return str(path.relative_to(SOURCE))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_says_its_job_in_one_sentence(path: Path) -> None:
    first = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").splitlines()
    assert first, "no docstring"
    assert first[0].endswith("."), first[0]


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_has_one_job(path: Path) -> None:
    assert path.stem not in FORBIDDEN_NAMES
    if "migrations" not in path.parts:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES_MAX


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_functions_are_short(path: Path) -> None:
    if "migrations" in path.parts:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < FUNCTION_LINES_MAX, node.name


@pytest.mark.parametrize(
    "path", [path for path in MODULES if "readers" not in path.parts and "migrations" not in path.parts], ids=name
)
def test_a_banks_debit_is_a_treasurers_credit(path: Path) -> None:
    """The words mean both directions: code says money in and money out."""
    names = {
        node.id if isinstance(node, ast.Name) else node.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name | ast.FunctionDef | ast.ClassDef)
    }
    assert not [each for each in names if re.search("debit|credit(?!or)", each, re.IGNORECASE)]


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if path.parent.name in {"core", "readers", "identity", "matching", "ledger"}],
    ids=name,
)
def test_rules_use_no_float(path: Path) -> None:
    """Money is whole minor units: no float literal, no `float(`, no true division in the rules."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float) and path.stem != "encoding")
        assert not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float")
