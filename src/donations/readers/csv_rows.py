"""CSV text to rows, strictly: what does not fit the heading is told, and quotes are read in the one way that does."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from operator import itemgetter
from typing import Generic, NamedTuple, TypeVar

from donations.core.language import N_
from donations.core.problem import Problem, ProblemCode
from donations.readers.csv_header import LINES, Header, column_name, column_names

T = TypeVar("T")

# Banks and Excel guard digits and signs with an apostrophe, so that a spreadsheet takes the cell for text. Before a
# letter it belongs to a name ('t Hooft).
_GUARD = re.compile(r"\A'(?=[0-9=+@-])")

FIELD_MAX = 131_072
"""Characters; the default of Python's `csv`. A quotation mark that is never closed swallows more."""
TOO_LONG = N_("a field is too long")
_HEADING_MAX = 200
"""Characters; no column has a longer name, and longer ones are not kept in memory."""


class Columns(NamedTuple, Generic[T]):
    """Something for each column a ledger needs: the names banks give it, its place in a file, or a row's cell."""

    own_account: T
    row_type: T
    booked_on: T
    flow: T
    amount: T
    currency: T
    name: T
    account: T
    code: T
    bic: T
    on_behalf_of: T
    reference: T
    text: T
    kind: T
    archive_id: T
    servicer_id: T
    document_number: T


class Row(NamedTuple):
    """One row below a header. `part` counts the exports that were glued together, each with its own header."""

    line: int
    part: int
    cells: Columns[str]
    """Without blanks around them and without a spreadsheet's guard; empty where the file has no such column."""


def rows(
    text: str, *, header: Header, places: Columns[int | None], trailing_separator: bool
) -> Iterator[Row | Problem]:
    """Yield the rows below the header, or `bad_csv` with the line on which a damaged row begins.

    With `trailing_separator` a row may end in one, whether the header does or not.
    """
    taken: list[str] = []
    reader = csv.reader(_lines(text, taken), delimiter=header.separator, strict=True)
    width = len(header.names)
    picked = itemgetter(*(width if place is None else place for place in places))
    guarded = "'" in text
    part = 0
    while True:
        line = reader.line_num + 1
        taken.clear()
        try:
            cells, damage = next(reader), None
        except StopIteration:
            return
        except csv.Error as error:
            cells, damage = taken, TOO_LONG if "limit" in str(error) else N_("its quotation marks do not fit together")
        if line <= header.line or not any(cells):
            continue
        if column_name(cells[0][:_HEADING_MAX]) == header.names[0] and column_names(cells) == header.names:
            part += 1  # several exports were glued together
            continue
        if trailing_separator and len(cells) == width + 1 and not cells[width]:
            del cells[width]
        damage = damage or _damage(cells, header=header, several_lines=reader.line_num > line)
        found = [cells] if damage is None else _with_bare_quotes(taken, header=header)
        if found is None:
            yield Problem.of(ProblemCode.BAD_CSV, line=line, what=damage)
            continue
        for at, row in enumerate(found, start=line):
            clean = list(map(str.strip, row))
            if guarded:
                clean = [_GUARD.sub("", cell) for cell in clean]
            clean.append("")  # the cell of every column that the file does not have
            yield Row(at, part, Columns._make(picked(clean)))


def _lines(text: str, taken: list[str]) -> Iterator[str]:
    """Yield the lines, and note those that the row being read has taken."""
    for match in LINES.finditer(text):
        taken.append(match[0])
        yield match[0]


def _with_bare_quotes(lines: list[str], *, header: Header) -> list[list[str]] | None:
    """Return the rows in which a bank left quotation marks inside its texts as they are: `"UAB "Katinas""`.

    There is one way to read them: all cells of a line are in quotation marks, and exactly as many as the heading has
    come out. Then these marks cannot be the ends of others. None where any of the lines is not so.
    """
    rows = []
    for line in lines:
        body = line.rstrip("\r\n").removesuffix(header.separator)
        cells = body[1:-1].split(f'"{header.separator}"')
        is_quoted = len(body) > 1 and body[0] == body[-1] == '"'
        if not is_quoted or len(cells) != len(header.names) or max(map(len, cells)) > FIELD_MAX:
            return None
        rows.append(cells)
    return rows


def _damage(cells: list[str], *, header: Header, several_lines: bool) -> str | None:
    # The limit of `csv` holds for the whole process, and any library in it may raise it.
    if max(map(len, cells), default=0) > FIELD_MAX:
        return TOO_LONG
    if len(cells) != len(header.names):
        is_longer = len(cells) > len(header.names)
        return N_("it has more columns than the heading") if is_longer else N_("it has fewer columns than the heading")
    # Two stray quotes make one field of all between them. The row may keep its width, but the field then holds a row.
    if several_lines and any(cell.count(header.separator) >= len(header.names) - 1 for cell in cells):
        return N_("a quotation mark swallowed other rows")
    return None
