"""The first sheet of a workbook is read as it stands, cell by cell; what is broken or hostile is refused."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter

from donations.core.problem import ProblemCode, Refused
from donations.core.table_layout import ColumnMeaning, DayOrder, TableLayout, said_of
from donations.readers import Limits, door
from donations.readers.registry import read
from donations.readers.spreadsheet import sheet_rows
from donations.readers.table_look import look_at

TODAY = date(2026, 11, 22)
OWN = "EE382200221020145685"


def workbook(write: Callable[[Any, Any], None], **options: Any) -> bytes:
    into = io.BytesIO()
    with xlsxwriter.Workbook(into, {"in_memory": True, **options}) as book:
        write(book, book.add_worksheet())
    return into.getvalue()


def statement_of(book: Any, sheet: Any) -> None:
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    sheet.write_row(0, 0, ["Konto", OWN])
    sheet.write_row(2, 0, ["Kuupäev", "Saaja/maksja", "Selgitus", "Summa", "Jääk"])
    sheet.write_datetime(3, 0, date(2026, 3, 5), day)
    sheet.write_row(3, 1, ["Mari Mets", "Annetus", 10.5, 110.5])
    sheet.write_datetime(4, 0, date(2026, 3, 6), day)
    sheet.write_row(4, 1, ["Trükikoda", "Arve", -30.1])
    sheet.write_formula(4, 4, "=E4+D5", None, 80.4)


def layout(content: bytes) -> TableLayout:
    seen = look_at(content)
    meanings = tuple(each.proposed for each in seen.columns)
    return TableLayout(
        heading=seen.heading, separator="", meanings=meanings, days=DayOrder.YEAR_FIRST, mark=".", currency="EUR"
    )


def changed(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    with ZipFile(io.BytesIO(content)) as old, ZipFile(into := io.BytesIO(), "w", ZIP_DEFLATED) as new:
        for each in old.namelist():
            new.writestr(each, change(old.read(each)) if each == name else old.read(each))
    return into.getvalue()


@pytest.mark.parametrize(
    "options", [{}, {"date_1904": True}, {"strings_to_numbers": False, "use_zip64": True}], ids=str
)
def test_a_statement_of_a_bank(options: dict[str, Any]) -> None:
    content = workbook(statement_of, **options)
    said = layout(content)
    assert said.meanings == (
        ColumnMeaning.DAY,
        ColumnMeaning.NAME,
        ColumnMeaning.TEXT,
        ColumnMeaning.AMOUNT,
        ColumnMeaning.BALANCE,
    )
    (found,) = read(said_of(content, said, account=OWN), today=TODAY).statements
    assert [(each.on, str(each.balance)) for each in found.balances] == [(date(2026, 3, 5), "110.50 EUR")]
    assert [(each.booked_on.day, each.money.signed_minor) for each in found.lines] == [(5, 1_050), (6, -3_010)]
    assert door.look(content, Limits()) == look_at(content)


def test_numbers_have_the_figures_that_spreadsheets_hold() -> None:
    numbers = [0.1 + 0.2, 1e6, 1e-3, -0.0, 123456789.12, 12, 100.10]

    def write(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, numbers)
        sheet.write_row(1, 0, ["012", True])

    rows = [cells for _, cells in sheet_rows(workbook(write))]
    assert rows == [["0.3", "1000000", "0.001", "0", "123456789.12", "12", "100.1"], ["012", "1"]]


def test_without_a_layout_it_is_asked_for() -> None:
    with pytest.raises(Refused) as refused:
        read(workbook(statement_of), today=TODAY)
    assert [each.code for each in refused.value.problems] == [ProblemCode.SPREADSHEET]


SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (SHEET, lambda xml: xml[:-40]),
        (SHEET, lambda xml: xml.replace(b"<worksheet", b"<!DOCTYPE a [<!ENTITY x 'y'>]><worksheet", 1)),
        (SHEET, lambda xml: xml.replace(b"<v>0</v>", b"<v>99</v>")),
        (SHEET, lambda xml: xml.replace(b'r="A1"', b'r="1A"')),
        (SHEET, lambda xml: xml.replace(b'r="A1"', b'r="ZZZ1"')),
        (SHEET, lambda xml: xml.replace(b"<v>10.5</v>", b"<v>NaN</v>")),
        (SHEET, lambda xml: xml.replace(b"<v>46086</v>", b"<v>9e99</v>")),
        (BOOK, lambda xml: xml.replace(b'r:id="rId1"', b'r:id="rId9"')),
        (BOOK, lambda _: b""),
    ],
    ids=["cut", "entity", "no such text", "no place", "too far", "no number", "no day", "no such sheet", "empty"],
)
def test_what_is_broken_or_hostile_is_refused(name: str, change: Callable[[bytes], bytes]) -> None:
    content = workbook(statement_of)
    broken = changed(content, name, change)
    assert broken != content
    with pytest.raises(Refused) as refused:
        read(said_of(broken, layout(content), account=OWN), today=TODAY)
    found = {each.code for each in refused.value.problems}
    assert found <= {ProblemCode.SPREADSHEET_DAMAGED, ProblemCode.FILE_TOO_COMPLEX}


def test_every_cut_of_a_workbook_is_refused() -> None:
    content = workbook(statement_of)
    said = layout(content)
    for length in range(0, len(content), 97):
        with pytest.raises(Refused):
            read(said_of(content[:length], said, account=OWN), today=TODAY)
