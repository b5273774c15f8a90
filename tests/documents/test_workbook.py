"""A workbook holds values: money as numbers, days as dates, texts as texts whatever they begin with."""

from __future__ import annotations

import csv
import shutil
import subprocess
from datetime import date, datetime
from pathlib import Path

import pytest
from tests.documents.papers import sheet_of
from tests.reports.test_table import TABLE

from donations.documents.workbook import workbook
from donations.reports.table import Column, ColumnKind, Note, Table


def test_each_kind_of_cell_is_what_it_is() -> None:
    sheet = sheet_of(workbook(TABLE, notes_name="Notes"))
    assert [cell.value for cell in sheet[1]] == ["Day", "Name", "Amount", "Currency", "Gifts"]
    assert [cell.value for cell in sheet[2]] == [datetime(2026, 3, 1), "=cmd()", -12.5, "EUR", 2]  # noqa: DTZ001
    assert [cell.number_format for cell in sheet["C"][1:4]] == ["#,##0.00", "#,##0", "#,##0.000"]
    assert [cell.value for cell in sheet["C"][1:5]] == [-12.5, 500, 1.234, -12.5]
    assert sheet["B5"].value == "Total"
    assert sheet["B5"].font.bold
    assert sheet.freeze_panes == "A2"


def test_notes_have_a_sheet_of_their_own() -> None:
    sheet = sheet_of(workbook(TABLE, notes_name="Märkused: [1]"), 1)
    assert (sheet.title, sheet["A1"].value, sheet["A3"].value) == ("Märkused   1", "Trial", "Not proven.")


@pytest.mark.parametrize(
    "text", ["=1+1", "+372 5", "-1", "@SUM(A1)", "http://evil.example", "0123", "\tx", "38001085718"]
)
def test_texts_stay_texts(text: str) -> None:
    column = (Column("text", "Text", ColumnKind.TEXT),)
    sheet = sheet_of(workbook(Table(title="T", columns=column, rows=((text,),)), notes_name="N"))
    assert (sheet["A2"].value, sheet["A2"].data_type) == (text, "s")


def test_the_largest_sum_loses_no_cent() -> None:
    columns = (Column("minor", "Sum", ColumnKind.MINOR), Column("currency", "Currency", ColumnKind.CURRENCY))
    table = Table(title="T", columns=columns, rows=((99_999_999_999_999, "EUR"),))
    assert sheet_of(workbook(table, notes_name="N"))["A2"].value == 999_999_999_999.99


def test_equal_reports_are_equal_files() -> None:
    assert workbook(TABLE, notes_name="Notes") == workbook(TABLE, notes_name="Notes")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    table = Table(
        title="T",
        columns=(Column("day", "Day", ColumnKind.DAY), Column("text", "Text", ColumnKind.TEXT)),
        rows=((date(2026, 3, 1), "=1+1"),),
        notes=(Note("a", "b"),),
    )
    path.write_bytes(workbook(table, notes_name="Notes"))
    asked = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/office", "--convert-to", "csv"]
    done = subprocess.run([*asked, "--outdir", str(tmp_path), str(path)], capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    rows = list(csv.reader((tmp_path / "report.csv").read_text(encoding="utf-8").splitlines()))
    assert rows == [["Day", "Text"], ["2026-03-01", "=1+1"]]
