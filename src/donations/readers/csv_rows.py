"""CSV text to rows, strictly: quotes that do not fit and a wrong number of columns are told, never mended."""

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
    reader = csv.reader((match[0] for match in LINES.finditer(text)), delimiter=header.separator, strict=True)
    width = len(header.names)
    picked = itemgetter(*(width if place is None else place for place in places))
    guarded = "'" in text
    part = 0
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            what = TOO_LONG if "limit" in str(error) else N_("its quotation marks do not fit together")
            yield Problem.of(ProblemCode.BAD_CSV, line=line, what=what)
            continue
        # The limit of `csv` holds for the whole process, and any library in it may raise it.
        if max(map(len, cells), default=0) > FIELD_MAX:
            yield Problem.of(ProblemCode.BAD_CSV, line=line, what=TOO_LONG)
            continue
        if line <= header.line or not any(cells):
            continue
        if column_name(cells[0]) == header.names[0] and column_names(cells) == header.names:
            part += 1
            continue
        if trailing_separator and len(cells) == width + 1 and not cells[width]:
            del cells[width]
        damage = _damage(cells, header=header, several_lines=reader.line_num > line)
        if damage is None:
            clean = list(map(str.strip, cells))
            if guarded:
                clean = [_GUARD.sub("", cell) for cell in clean]
            clean.append("")  # the cell of every column that the file does not have
            yield Row(line, part, Columns._make(picked(clean)))
        else:
            yield Problem.of(ProblemCode.BAD_CSV, line=line, what=damage)


def _damage(cells: list[str], *, header: Header, several_lines: bool) -> str | None:
    if len(cells) != len(header.names):
        is_longer = len(cells) > len(header.names)
        return N_("it has more columns than the heading") if is_longer else N_("it has fewer columns than the heading")
    # Two stray quotes make one field of all between them. The row may keep its width, but the field then holds a row.
    if several_lines and any(cell.count(header.separator) >= len(header.names) - 1 for cell in cells):
        return N_("a quotation mark swallowed other rows")
    return None
