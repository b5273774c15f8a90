"""Files as they are named in the terminal (paths, folders, standard input): opened to be read, and left as they are."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from sqlalchemy import Engine

from donations.acts.reading_files import ReadFile, Terms, read_new_files
from donations.core.problem import ProblemCode, Refused, refuse
from donations.core.statement import GivenFile
from donations.readers import Limits

STANDARD_INPUT = Path("-")
_BESIDE = frozenset({".expected", ".md"})
"""Endings of what stands beside statements to explain them."""


def is_there(path: Path) -> bool:
    """Whether something can be read of what was named."""
    return path == STANDARD_INPUT or path.is_file() or path.is_dir()


def files_in(paths: Sequence[Path]) -> Iterator[Path]:
    """Return the files named, and those in the folders named, in the order of their names; standard input once."""
    for path in dict.fromkeys(paths):
        if path.is_dir() and path != STANDARD_INPUT:
            yield from files_below(path)
        else:
            yield path


def files_below(folder: Path) -> list[Path]:
    """Return all files of a folder in the order of their names, but for hidden ones and what explains statements."""
    found = []
    for inside, folders, names in os.walk(folder):
        folders[:] = [each for each in folders if not each.startswith(".")]
        found += [Path(inside, name) for name in names if not name.startswith(".")]
    return sorted(each for each in found if each.suffix.lower() not in _BESIDE and each.is_file())


def given_at(path: Path, limits: Limits) -> GivenFile:
    """Open what was named. Raises `Refused` where it cannot be opened, or is too large to be."""
    if path == STANDARD_INPUT:
        return GivenFile(name="stdin", content=_bounded(sys.stdin.buffer, limits))
    try:
        with path.open("rb") as opened:
            return GivenFile(name=path.name, content=_bounded(opened, limits))
    except OSError as error:
        raise refuse(ProblemCode.CANNOT_OPEN) from error


def _bounded(stream: IO[bytes], limits: Limits) -> bytes:
    content = stream.read(limits.file_bytes + 1)
    if len(content) > limits.file_bytes:
        raise refuse(ProblemCode.FILE_TOO_LARGE, limit=limits.file_size)
    return content


def read_named(engine: Engine, path: Path, terms: Terms) -> list[ReadFile]:
    """Open a file and read it, or the files of an archive, unless it is too large to be opened."""
    try:
        given = given_at(path, terms.limits)
    except Refused as refusal:
        return [ReadFile(GivenFile(name=path.name, content=b""), refusal)]
    return read_new_files(engine, given, terms)


def printable(path: Path) -> str:
    """Return a path as text that can be printed: file systems allow names that no encoding has."""
    return os.fsencode(path).decode("utf-8", "replace")
