"""A table of unknown layout to rows of cells: how it is cut, and where its heading stands below what precedes it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from donations.core.language import N_
from donations.core.money import BadAmountError
from donations.core.problem import Problem, ProblemCode, Refused, refuse
from donations.core.table_layout import COLUMNS_MAX, SEPARATORS
from donations.readers.csv_rows import LINES, Header, column_name, column_names, made_rows
from donations.readers.encoding import decode
from donations.readers.spreadsheet import is_spreadsheet, sheet_rows
from donations.readers.table_cells import amount_of, days_of

_HEAD_LINES, _HEAD_CHARACTERS = 60, 64 * 1024
"""Where a heading is looked for: banks write some twenty lines about the account before it."""


@dataclass(frozen=True, slots=True)
class Cells:
    """One row below the heading."""

    line: int
    cells: tuple[str, ...]


def table_rows(content: bytes, *, heading: tuple[str, ...], separator: str) -> Iterator[Cells | Problem]:
    """Yield the rows of a table with this heading; raises `Refused` where it has another: `unknown_csv_layout`."""
    if not separator:
        yield from _below(content, heading)
        return
    text = decode(content)[0]
    header = next((each for each in _headers(text, (separator,)) if each.names == heading), None)
    if header is None:
        raise refuse(ProblemCode.UNKNOWN_CSV_LAYOUT, known="")
    yield from _rows(text, header)


def found_table(content: bytes) -> tuple[Header, tuple[str, ...], Iterator[Cells | Problem]]:
    """Return how a file is cut into columns, its heading as it is written, and its rows; raises `Refused`.

    Of all ways to cut it that counts in which the most lines are rows: as many cells as the heading, among them a date
    and an amount.
    """
    if is_spreadsheet(content):
        return _found_in_sheet(content)
    text = decode(content)[0]
    found = [(_count_of_rows(text, each), each) for each in _headers(text, SEPARATORS)]
    count, header = max(found, key=lambda pair: (pair[0], len(pair[1].names), -pair[1].line), default=(0, None))
    if header is None or not count:
        raise _no_table()
    names = tuple("" for _ in header.names)
    if any(header.names):
        names = tuple(cell.strip() for cell in _cut(_lines(text)[header.line - 1], header.separator))[: len(names)]
    return header, names, _rows(text, header)


def _found_in_sheet(content: bytes) -> tuple[Header, tuple[str, ...], Iterator[Cells | Problem]]:
    """Return the row with the most names that stands before all rows with a date and an amount."""
    head = [*islice(sheet_rows(content), _HEAD_LINES)]
    first = next((at for at, (_, cells) in enumerate(head) if is_row(cells)), None)
    if first is None:
        raise _no_table()
    before = [(number, cells) for number, cells in head[:first] if len(list(filter(None, cells))) > 1]
    line, cells = max(
        before, key=lambda row: (len(list(filter(None, row[1]))), row[0]), default=(0, [""] * len(head[first][1]))
    )
    header = Header(line=line, encoding="", separator="", names=tuple(map(column_name, cells)))
    return header, tuple(cells), _below(content, header.names)


def _below(content: bytes, heading: tuple[str, ...]) -> Iterator[Cells | Problem]:
    """Yield the rows of a sheet below its heading; without one from the first with a date and an amount on."""
    is_below, wide = False, len(heading)
    for number, cells in sheet_rows(content):
        if not is_below and any(heading):
            is_below = tuple(map(column_name, cells)) == heading
        elif is_below or is_row(cells):
            is_below = True
            if len(cells) > wide:
                yield Problem.of(ProblemCode.BAD_CSV, line=number, what=N_("it has more columns than the heading"))
            else:
                yield Cells(number, (*cells, *[""] * (wide - len(cells))))
    if not is_below:
        raise refuse(ProblemCode.UNKNOWN_CSV_LAYOUT, known="")


def _no_table() -> Refused:
    return refuse(ProblemCode.NOT_A_STATEMENT, kind=N_("a text without a table of dates and amounts"), hint="")


def _rows(text: str, header: Header) -> Iterator[Cells | Problem]:
    def made(line: int, _part: int, cells: list[str]) -> Cells:
        return Cells(line, tuple(map(str.strip, cells)))

    return made_rows(text, header=header, make=made, trailing_separator=True)


def _lines(text: str) -> list[str]:
    return [each.strip("\r\n") for each in islice(LINES.findall(text[:_HEAD_CHARACTERS]), _HEAD_LINES)]


def _cut(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def _headers(text: str, separators: tuple[str, ...]) -> Iterator[Header]:
    """Yield each line as a heading where it can be one, and the line before the first row where there is none."""
    lines = _lines(text)
    for separator in separators:
        for number, line in enumerate(lines, 1):
            cells = _cut(line, separator)
            names = column_names(cells)
            if not 2 <= len(names) <= COLUMNS_MAX:
                continue
            if not is_row(cells) and sum(map(bool, names)) >= 2:
                yield Header(line=number, encoding="", separator=separator, names=names)
            elif is_row(cells):
                width = len(cells) - (not cells[-1])
                yield Header(line=number - 1, encoding="", separator=separator, names=("",) * width)
                break


def is_row(cells: list[str]) -> bool:
    """Whether a date and an amount are among the cells."""
    clean = [each.strip() for each in cells]
    return any(days_of(each) for each in clean) and any(_is_amount(each) for each in clean if not days_of(each))


def _is_amount(text: str) -> bool:
    for mark in (",", "."):
        try:
            amount_of(text, currency="EUR", mark=mark)
        except BadAmountError:
            continue
        return True
    return False


def _count_of_rows(text: str, header: Header) -> int:
    """Return how many of the first lines below are rows as wide as the heading."""
    below = [_cut(line, header.separator) for line in _lines(text)[header.line :]]
    wide = len(header.names)
    return sum(is_row(cells) and (len(cells) == wide or (len(cells) == wide + 1 and not cells[-1])) for cells in below)
