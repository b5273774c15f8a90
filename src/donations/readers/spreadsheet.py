"""The first sheet of a workbook (XLSX, ECMA-376) as rows of text, as it stands: nothing is worked out, nothing fetched.

A cell with a formula is what the program that saved it had worked out. A number has fifteen digits, which is all that
spreadsheets hold exactly; one that is formatted as a date is that date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from lxml import etree

from donations.core.language import N_
from donations.core.problem import ProblemCode, refuse
from donations.core.table_layout import COLUMNS_MAX
from donations.readers.archive import members
from donations.readers.protocol import ZIP_BEGINS

_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")
_DATE_FORMATS = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})
"""Numbers of formats that every program knows for dates (ECMA-376 18.8.30)."""
_NO_DATE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_DAY_ZERO, _DAY_ZERO_1904 = date(1899, 12, 30), date(1904, 1, 1)
_DIGITS = 15
_LINK_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ROWS_MAX = 1_048_576
"""Of one sheet, by the standard."""


def is_spreadsheet(content: bytes) -> bool:
    """Whether these can be the bytes of a workbook."""
    return content.startswith(ZIP_BEGINS) and b"xl/" in content


def sheet_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that has cells, with its number; raises `Refused`: `spreadsheet_damaged`, those of archives."""
    files = dict(members(content))
    if _BOOK not in files or any(b"<!DOCTYPE" in each for each in files.values()):
        raise refuse(ProblemCode.SPREADSHEET_DAMAGED)
    try:
        yield from _rows(files)
    except (etree.XMLSyntaxError, KeyError, IndexError, ValueError, OverflowError) as error:
        raise refuse(ProblemCode.SPREADSHEET_DAMAGED) from error


def _rows(files: Mapping[str, bytes]) -> Iterator[tuple[int, list[str]]]:
    book = _parsed(files[_BOOK])
    is_1904 = any(each.get("date1904") in {"1", "true"} for each in book.iter("{*}workbookPr"))
    zero = _DAY_ZERO_1904 if is_1904 else _DAY_ZERO
    words = _words(files)
    dates = _date_styles(files)
    for at, row in enumerate(_parsed(files[_first_sheet(book, files)]).iter("{*}row"), 1):
        if at > _ROWS_MAX:
            raise refuse(ProblemCode.FILE_TOO_COMPLEX, what=N_("too many rows"))
        cells: list[str] = []
        for cell in row.iter("{*}c"):
            place = _place(cell.get("r"), default=len(cells))
            if place >= 2 * COLUMNS_MAX:
                raise refuse(ProblemCode.FILE_TOO_COMPLEX, what=N_("too many columns"))
            cells += [""] * (place + 1 - len(cells))
            cells[place] = _text(cell, words=words, dates=dates, zero=zero)
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield int(row.get("r") or at), cells


def _parsed(content: bytes) -> etree._Element:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _first_sheet(book: etree._Element, files: Mapping[str, bytes]) -> str:
    link = next(book.iter("{*}sheet")).get(_LINK_ID)
    targets = {each.get("Id"): each.get("Target") or "" for each in _parsed(files[_LINKS]).iter("{*}Relationship")}
    target = targets[link]
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _words(files: Mapping[str, bytes]) -> list[str]:
    """Return the texts that cells name by number, without what is only said how to pronounce."""
    if "xl/sharedStrings.xml" not in files:
        return []
    return [_said(each) for each in _parsed(files["xl/sharedStrings.xml"]).iter("{*}si")]


def _said(element: etree._Element) -> str:
    said = (each for each in element.iter("{*}t") if not str(each.getparent().tag).endswith("}rPh"))
    return "".join(each.text or "" for each in said)


def _date_styles(files: Mapping[str, bytes]) -> list[bool]:
    """Return for each style of cells whether it shows numbers as dates."""
    if "xl/styles.xml" not in files:
        return []
    styles = _parsed(files["xl/styles.xml"])
    own = {int(each.get("numFmtId") or 0): each.get("formatCode") or "" for each in styles.iter("{*}numFmt")}
    of_cells = next(styles.iter("{*}cellXfs"), None)
    formats = [] if of_cells is None else [int(each.get("numFmtId") or 0) for each in of_cells.iter("{*}xf")]
    return [each in _DATE_FORMATS or _shows_date(own.get(each, "")) for each in formats]


def _shows_date(code: str) -> bool:
    plain = _NO_DATE.sub("", code).casefold()
    return "y" in plain and ("d" in plain or "m" in plain)


def _place(reference: str | None, *, default: int) -> int:
    if reference is None:
        return default
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError
    place = 0
    for letter in found[1]:
        place = 26 * place + ord(letter) - ord("A") + 1
    return place - 1


def _text(cell: etree._Element, *, words: list[str], dates: list[bool], zero: date) -> str:
    kind = cell.get("t") or "n"
    if kind == "inlineStr":
        return _said(cell).strip()
    value = next((each.text or "" for each in cell if str(each.tag).endswith("}v")), "").strip()
    if kind == "s":
        return words[int(value)].strip() if value else ""
    if kind != "n" or not value:
        return value
    style = int(cell.get("s") or 0)
    return _number(value, zero=zero if style < len(dates) and dates[style] else None)


def _number(value: str, *, zero: date | None) -> str:
    """Return a number in figures, or the day that it counts from the calendar's beginning."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError from None
    if not number.is_finite():
        raise ValueError
    if zero is not None:
        return (zero + timedelta(days=int(number))).isoformat()
    return f"{_exact(number):f}"


def _exact(number: Decimal) -> Decimal:
    if not number:
        return Decimal(0)
    exact = number.quantize(Decimal(1).scaleb(number.adjusted() - _DIGITS + 1))
    whole = exact.to_integral_value()
    return whole if whole == exact else exact.normalize()
