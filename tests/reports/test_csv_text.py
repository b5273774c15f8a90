"""What leaves in a CSV is data for every spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.reports.table import CsvValue, csv_bytes


@pytest.mark.parametrize("text", ["=1+1", "+372 5123", "-5", "@SUM(A1)", " =1", "\N{FULLWIDTH EQUALS SIGN}1"])
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert _read(csv_bytes([[text]])) == [[f"'{text}"]]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Mari;=cmd|' /C calc'!A0", "Mari;'=cmd|' /C calc'!A0"),
        ("Mari; -5; +6", "Mari;' -5;' +6"),
        ("two\n=1+1", "two\n'=1+1"),
        ("\t=1", "'\t'=1"),
        ("Mari; Jaan", "Mari; Jaan"),
    ],
)
def test_so_does_one_that_is_a_formula_where_cells_end_with_semicolons(text: str, written: str) -> None:
    assert _read(csv_bytes([[text]])) == [[written]]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("-12.50"), "-12.50"),
        (-3, "-3"),
        (date(2026, 3, 1), "2026-03-01"),
        (None, ""),
        ("Õie Äär", "Õie Äär"),
        ("a = b", "a = b"),
    ],
)
def test_what_is_no_formula_stays_as_it_is(value: CsvValue, written: str) -> None:
    assert _read(csv_bytes([[value, "x"]])) == [[written, "x"]]


def test_it_is_rfc_4180_with_a_byte_order_mark() -> None:
    content = csv_bytes([["a", 'say "õ", twice'], ["two\nlines", 1]])

    assert content == '\ufeffa,"say ""õ"", twice"\r\n"two\nlines",1\r\n'.encode()


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=2)))
def test_no_cell_of_any_texts_begins_a_formula(rows: list[list[str]]) -> None:
    read = _read(csv_bytes(rows))

    assert [[cell.replace("'", "") for cell in row] for row in read] == [
        [cell.replace("'", "") for cell in row] for row in rows
    ]
    parts = [part for row in read for cell in row for part in re.split(r"[;\r\n]", cell)]
    assert not [part for part in parts if part.strip(" ").startswith(("=", "+", "-", "@", "\t="))]


def _read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
