"""CSV text to rows, strictly: encoding, separator, heading, quotes, and how the file writes its amounts."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from donations.core.language import N_
from donations.core.money import AmountOutOfRangeError, BadAmountError, Currency, DecimalMark, Minor, parse_minor
from donations.core.problem import Problem, ProblemCode, refuse
from donations.core.statement import Flow
from donations.readers.sniffer import HEAD_BYTES

T = TypeVar("T")

# Banks and Excel guard digits and signs with an apostrophe, so that a spreadsheet takes the cell for text. Before a
# letter it belongs to a name ('t Hooft).
_GUARD = re.compile(r"\A'(?=[0-9=+@-])")

FIELD_MAX = 131_072
"""Characters; the default of Python's `csv`. A quotation mark that is never closed swallows more."""
TOO_LONG = N_("a field is too long")
BLANK_ROWS_MAX = 100_000
"""A spreadsheet may write some behind the last row; each costs as much as a row."""
SEPARATORS_MAX = 10_000
"""In one line of a file. A statement has some twenty columns, and texts of a thousand characters."""
_HEADING_MAX = 200
"""Characters; no column has a longer name, and longer ones are not kept in memory."""


class Columns(NamedTuple, Generic[T]):
    """Something for each column a ledger needs: the names banks give it, or its place in a file.

    They stand as in a `Row`.
    """

    own_account: T
    currency: T
    row_type: T
    flow: T
    booked_on: T
    amount: T
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


class RowHead(NamedTuple):
    """Cells that say what a row is about; a file has few different ones."""

    own_account: str
    currency: str
    row_type: str
    flow: str


class RowWords(NamedTuple):
    """Cells that say who gave and what for; they repeat with the payer."""

    name: str
    account: str
    code: str
    bic: str
    on_behalf_of: str
    reference: str
    text: str
    kind: str


class RowIds(NamedTuple):
    """Cells with numbers of the row."""

    archive_id: str
    servicer_id: str
    document_number: str


class Row(NamedTuple):
    """One row below a header. `part` counts the exports that were glued together, each with its own header.

    Cells are without blanks around them and without a spreadsheet's guard; empty where the file has no such column.
    """

    line: int
    part: int
    head: RowHead
    booked_on: str
    amount: str
    words: RowWords
    ids: RowIds


_HEAD, _BOOKED_ON, _AMOUNT = slice(0, 4), 4, 5
_WORDS, _IDS = slice(6, 14), slice(14, 17)


def rows(
    text: str, *, header: Header, places: Columns[int | None], trailing_separator: bool
) -> Iterator[Row | Problem]:
    """Yield the rows below the header, or `bad_csv` with the line on which a damaged row begins.

    With `trailing_separator` a row may end in one, whether the header does or not.
    """
    maker = _RowMaker(places, width=len(header.names), guarded="'" in text)
    return made_rows(text, maker.row, header=header, trailing_separator=trailing_separator)


def made_rows(
    text: str, make: Callable[[int, int, list[str]], T], *, header: Header, trailing_separator: bool
) -> Iterator[T | Problem]:
    """Yield what is made of each row's line, part and cells, else as `rows` does."""
    lines = _Lines(text, header.separator)
    reader = csv.reader(lines, delimiter=header.separator, strict=True)
    width = len(header.names)
    part = blank = 0
    while True:
        line = lines.begun = reader.line_num + 1
        try:
            cells, damage = next(reader), None
        except StopIteration:
            return
        except csv.Error as error:
            cells = lines.taken(reader.line_num)
            damage = TOO_LONG if "limit" in str(error) else N_("its quotation marks do not fit together")
        if line <= header.line or not any(cells):
            blank += 1
            if blank > BLANK_ROWS_MAX:
                raise refuse(ProblemCode.FILE_TOO_COMPLEX, line=line, what=N_("too many blank rows"))
            continue
        if column_name(cells[0][:_HEADING_MAX]) == header.names[0] and column_names(cells) == header.names:
            part += 1  # several exports were glued together
            continue
        if trailing_separator and len(cells) == width + 1 and not cells[width]:
            del cells[width]
        if damage is None:
            damage = _damage(cells, header=header, several_lines=reader.line_num > line)
        found = [cells] if damage is None else _with_bare_quotes(lines.taken(reader.line_num), header=header)
        if found is None:
            yield Problem.of(ProblemCode.BAD_CSV, line=line, what=damage)
            continue
        for row in found:
            yield make(line, part, row)
            line += 1


class _RowMaker:
    """Makes rows of cells; those that repeat are held once."""

    def __init__(self, places: Columns[int | None], *, width: int, guarded: bool) -> None:
        self._picked = itemgetter(*(width if place is None else place for place in places))
        self._guarded = guarded
        self._known: dict[Any, Any] = {}

    def row(self, line: int, part: int, cells: list[str]) -> Row:
        clean = list(map(str.strip, cells))
        if self._guarded:
            clean = [_GUARD.sub("", cell) if cell[:1] == "'" else cell for cell in clean]
        clean.append("")  # the cell of every column that the file does not have
        cut, known = self._picked(clean), self._known
        head, words, day, amount = cut[_HEAD], cut[_WORDS], cut[_BOOKED_ON], cut[_AMOUNT]
        return Row(
            line,
            part,
            known.get(head) or known.setdefault(head, RowHead._make(head)),
            known.setdefault(day, day),
            known.setdefault(amount, amount),
            known.get(words) or known.setdefault(words, RowWords._make(words)),
            RowIds._make(cut[_IDS]),
        )


class _Lines:
    """The lines of a text, some at once; those that the row being read has taken can be had again."""

    def __init__(self, text: str, separator: str) -> None:
        self._text = text
        self._separator = separator
        self._held: list[str] = []
        self._first = 1
        """The number of the first line that is held."""
        self.begun = 1
        """The number of the line on which the row being read begins."""

    def __iter__(self) -> Iterator[str]:
        at = 0
        while at < len(self._text):
            end = _LINE_END.search(self._text, at + _CHUNK)
            more = LINES.findall(self._text, at, len(self._text) if end is None else end.end())
            at += sum(map(len, more))
            del self._held[: self.begun - self._first]
            self._first = self.begun
            number = self._first + len(self._held)
            self._held += more
            whole = next((count for count, line in enumerate(more) if self._is_too_long(line)), None)
            yield from more[:whole]
            if whole is not None:
                raise refuse(ProblemCode.FILE_TOO_COMPLEX, line=number + whole, what=N_("too many columns"))

    def _is_too_long(self, line: str) -> bool:
        return len(line) > SEPARATORS_MAX < line.count(self._separator)

    def taken(self, last: int) -> list[str]:
        """Return the lines from the one on which the row begins to this one."""
        return self._held[self.begun - self._first : last + 1 - self._first]


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
    if csv.field_size_limit() > FIELD_MAX < max(map(len, cells), default=0):
        return TOO_LONG
    if len(cells) != len(header.names):
        is_longer = len(cells) > len(header.names)
        return N_("it has more columns than the heading") if is_longer else N_("it has fewer columns than the heading")
    # Two stray quotes make one field of all between them. The row may keep its width, but the field then holds a row.
    if several_lines and any(cell.count(header.separator) >= len(header.names) - 1 for cell in cells):
        return N_("a quotation mark swallowed other rows")
    return None


LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
"""The lines of a text with their ends. `str.splitlines` would also split at form feeds and other characters."""

_LINE_END = re.compile(r"\r\n?|\n")
_CHUNK = 64 * 1024
"""Characters of whole lines that are looked at together."""

# A header that reads as a known one in an encoding is strong evidence for that encoding. cp775 (old DOS exports) is
# the one code page that has Estonian letters at places of its own; the Baltic and Western ones agree on õ ä ö ü.
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1257", "cp775")
_SEPARATORS = ";,\t"

# Swedbank's Russian header has Latin letters among the Cyrillic ones (Счëт клиентa), so such letters are one letter.
_LOOK_ALIKES = str.maketrans("аеёорсухкмтнвë", "aeeopcyxkmthbe")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """One way to read the first row; `names` leaves out the empty cell behind a trailing separator."""

    line: int
    encoding: str
    separator: str
    names: tuple[str, ...]


@lru_cache(maxsize=10_000)
def column_name(text: str) -> str:
    """Return a column's name without what differs between exports: case, quotes, blanks, look-alike letters."""
    plain = unicodedata.normalize("NFKC", text).replace("\ufeff", "").casefold().translate(_LOOK_ALIKES)
    return " ".join(plain.strip("\"' ").split())


def column_names(cells: list[str]) -> tuple[str, ...]:
    """Return the names of a header row, without the empty cell behind a trailing separator."""
    names = tuple(column_name(cell) for cell in cells)
    return names[:-1] if names and not names[-1] else names


def possible_headers(content: bytes) -> Iterator[Header]:
    """Yield every way to read the first row; a `sep=;` line (a hint to Excel) and blank lines may stand before it."""
    for encoding in _ENCODINGS:
        head = content[:HEAD_BYTES].decode(encoding, errors="ignore").lstrip("\ufeff")
        for number, match in enumerate(LINES.finditer(head), start=1):
            line = match[0].strip("\r\n")
            if line.strip() and not line.lower().startswith("sep="):
                for separator in _SEPARATORS:
                    cells = next(csv.reader([line], delimiter=separator))
                    yield Header(line=number, encoding=encoding, separator=separator, names=column_names(cells))
                break


Direction = Literal[Flow.IN, Flow.OUT]

_TWO_MEANINGS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_POINT = re.compile(r"[+-]?[0-9]+\.[0-9]+")
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")


@dataclass(slots=True)
class CsvConvention:
    """The convention of one whole file. `learn` every amount first, then `read` them: one that differs is refused."""

    may_sign_money_out: bool
    """Whether this bank may put a minus before money out, beside the letter that says the same."""
    mark: DecimalMark | None = None
    signs_money_out: bool = False

    def learn(self, text: str, *, flow: Direction | None) -> None:
        """Take note of what one amount shows; the first amount with one possible meaning decides the mark."""
        if self.mark is None and not _TWO_MEANINGS.fullmatch(text):
            if _COMMA.fullmatch(text):
                self.mark = ","
            elif _POINT.fullmatch(text):
                self.mark = "."
        if self.may_sign_money_out and flow is Flow.OUT and text.startswith("-"):
            self.signs_money_out = True

    def read(self, text: str, *, flow: Direction, currency: Currency, line: int) -> Minor:
        """Return unsigned minor units.

        Raises `Refused` with `ambiguous_amount` (`1.000` where no amount of the file decides), `bad_amount` (the other
        mark, thousands marks, anything else), `amount_out_of_range`, or `sign_conflict`.
        """
        if self.mark is None and _TWO_MEANINGS.fullmatch(text):
            raise refuse(ProblemCode.AMBIGUOUS_AMOUNT, line=line, text=text)
        try:
            minor = parse_minor(text, currency=currency, mark=self.mark or ".")
        except AmountOutOfRangeError:
            raise refuse(ProblemCode.AMOUNT_OUT_OF_RANGE, line=line) from None
        except BadAmountError:
            raise refuse(ProblemCode.BAD_AMOUNT, line=line) from None
        if minor and (minor < 0) != (self.signs_money_out and flow is Flow.OUT):
            raise refuse(ProblemCode.SIGN_CONFLICT, line=line)
        return abs(minor)
