"""`make mutants`: small errors put into a copy of the pure rooms, one at a time; who survives the tests of its room?

An error that no test of its room notices is a test that is missing, or code that changes nothing: what is known to
change nothing stands with its reason in `mutants_explained.tsv`. A seed takes the same sample of the same source.
"""

from __future__ import annotations

import argparse
import ast
import csv
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).parents[1]
EXPLAINED = Path(__file__).with_name("mutants_explained.tsv")
ROOMS = ("core", "identity", "matching", "ledger", "published")
CPU_SECONDS = 300
"""What still runs then goes round in circles, which a test would notice by never ending."""
_PAIRS: list[tuple[type[ast.AST], type[ast.AST]]] = [
    *((ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.Eq, ast.NotEq), (ast.Is, ast.IsNot), (ast.In, ast.NotIn)),
    *((ast.And, ast.Or), (ast.Add, ast.Sub), (ast.Mult, ast.FloorDiv), (ast.BitAnd, ast.BitOr)),
]
_SWAPPED = {one: other for pair in _PAIRS for one, other in (pair, pair[::-1])}
_CALLED = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One error in one module."""

    path: Path
    """Of the module, from the root of the package."""
    line: int
    code: str
    """The line as it is right."""
    before: str
    after: str
    text: str
    """The whole module with the error in it."""

    @property
    def key(self) -> tuple[str, ...]:
        """What it is known by, wherever its line has moved to."""
        return (self.path.as_posix(), self.code, self.before, self.after)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.before}  →  {self.after}  in  {self.code}"


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    EXPLAINED = "survives, explained"
    SURVIVED = "SURVIVES"


def mutants(path: Path, source: str) -> list[Mutant]:
    """Return every error that can be put into a module."""
    lines = source.splitlines()
    return [
        Mutant(path, old.lineno, lines[old.lineno - 1].strip(), ast.unparse(old), new, _spliced(source, old, new))
        for old, new in _errors(ast.parse(source))
    ]


def _spliced(source: str, old: ast.expr | ast.stmt, new: str) -> str:
    lines = [line.encode() for line in source.splitlines(keepends=True)]  # columns are counted in bytes
    first, last = old.lineno - 1, (old.end_lineno or 0) - 1
    kept = (b"".join(lines[:first]) + lines[first][: old.col_offset], lines[last][old.end_col_offset :])
    return (kept[0] + new.encode() + kept[1] + b"".join(lines[last + 1 :])).decode()


def _errors(tree: ast.Module) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """Yield what can be replaced in functions, each with what replaces it."""
    for node in _doing(tree):
        if isinstance(node, ast.expr):
            yield from ((node, f"({ast.unparse(new)})") for new in _wrong_expressions(node))
        if isinstance(node, ast.AugAssign) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
            yield node, "pass"
        if isinstance(node, ast.Continue):
            yield node, "break"
        if isinstance(node, ast.If | ast.While | ast.IfExp):
            yield node.test, f"(not ({ast.unparse(node.test)}))"


def _doing(node: ast.AST, *, inside: bool = False) -> Iterator[ast.AST]:
    """Yield what is done: no annotations, decorators, docstrings, patterns, or insides of f-strings."""
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "type_comment", "pattern"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, ast.JoinedStr | ast.Raise):
                continue
            within = inside or isinstance(child, ast.FunctionDef)
            if within:
                yield child
            yield from _doing(child, inside=within)


def _wrong_expressions(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Compare(left=left, ops=[operator], comparators=others) if type(operator) in _SWAPPED:
            yield ast.Compare(left, [_swapped(operator)], others)
        case ast.BoolOp(op=operator, values=values):
            yield ast.BoolOp(_swapped(operator), values)
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _SWAPPED:
            yield ast.BinOp(left, _swapped(operator), right)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=keywords) if name in _CALLED:
            yield ast.Call(ast.Name(_CALLED[name]), arguments, keywords)
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() as value):
            yield ast.Constant(value + 1)
        case _:
            pass


def _swapped(operator: ast.AST) -> Any:
    return _SWAPPED[type(operator)]()


def sample(rooms: Sequence[str], count: int, seed: int) -> list[Mutant]:
    """Return so many mutants, as many of each room."""
    random, package = Random(seed), ROOT / "src" / "donations"
    found: list[Mutant] = []
    for number, room in enumerate(rooms):
        of_room = [
            mutant
            for path in sorted((package / room).rglob("*.py"))
            for mutant in mutants(path.relative_to(package), path.read_text(encoding="utf-8"))
        ]
        size = count // len(rooms) + (number < count % len(rooms))
        found += sorted(random.sample(of_room, min(size, len(of_room))), key=str)
    return found


class Laboratory:
    """A copy of the source, in which one module at a time is wrong."""

    def __init__(self, folder: Path) -> None:
        self._source = folder / "src"
        shutil.copytree(ROOT / "src", self._source, ignore=shutil.ignore_patterns("__pycache__"))
        self._environment = {**os.environ, "PYTHONPATH": str(self._source), "CI": "true"}  # the same examples each time
        self._environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self._environment["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
        self._ticks = 0

    def notices(self, mutant: Mutant) -> bool:
        """Return whether a test of the mutant's room fails; those that mirror its module are asked first."""
        path = self._source / "donations" / mutant.path
        right = path.read_text(encoding="utf-8")
        self._write(path, mutant.text)
        try:
            room = ROOT / "tests" / mutant.path.parts[0]
            mirrors = sorted(room.glob(f"test_{mutant.path.stem}*.py"))
            return (bool(mirrors) and not self.passes(*mirrors)) or not self.passes(room, without=mirrors)
        finally:
            self._write(path, right)

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text, encoding="utf-8")
        self._ticks += (
            2  # of two versions as long as each other, made in one second, the older one's bytecode would run
        )
        os.utime(path, (self._ticks, self._ticks))

    def passes(self, *paths: Path, without: Sequence[Path] = ()) -> bool:
        """Return whether all tests there pass."""
        options = ("-x", "-q", "-p", "no:cacheprovider", *(f"--ignore={each}" for each in without))
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", *options, *map(str, paths)],
            cwd=ROOT,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            preexec_fn=_bound,
        )
        return ended.returncode == 0


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


def explained() -> set[tuple[str, ...]]:
    """Return the mutants that are known to change nothing."""
    with EXPLAINED.open(encoding="utf-8", newline="") as file:
        _heading, *rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    return {tuple(row[:-1]) for row in rows}


def main() -> int:
    """Try a sample; 1 where one survives unexplained."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--count", type=int, default=60, help="how many, as many of each room")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--room", action="append", choices=ROOMS, help="only this room; may be repeated")
    asked = parser.parse_args()
    known, fates = explained(), list[Fate]()
    with tempfile.TemporaryDirectory(prefix="mutants") as folder:
        laboratory = Laboratory(Path(folder))
        for mutant in sample(asked.room or ROOMS, asked.count, asked.seed):
            survives = not laboratory.notices(mutant)
            fate = (Fate.EXPLAINED if mutant.key in known else Fate.SURVIVED) if survives else Fate.KILLED
            fates.append(fate)
            print(f"{fate:20}{mutant}", flush=True)  # noqa: T201 - what it is for
    print(", ".join(f"{fates.count(each)} {each}" for each in Fate))  # noqa: T201
    return int(Fate.SURVIVED in fates)


if __name__ == "__main__":
    sys.exit(main())
