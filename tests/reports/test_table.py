"""A report refuses what does not fit, and says the same in JSON and CSV."""

from __future__ import annotations

import json
from datetime import date

import pytest

from donations.reports.table import Column, ColumnKind, Note, Row, Table

COLUMNS = (
    Column("day", "Day", ColumnKind.DAY),
    Column("name", "Name", ColumnKind.TEXT),
    Column("minor", "Amount", ColumnKind.MINOR),
    Column("currency", "Currency", ColumnKind.CURRENCY),
    Column("gifts", "Gifts", ColumnKind.COUNT),
)
ROWS: tuple[Row, ...] = (
    (date(2026, 3, 1), "=cmd()", -1250, "EUR", 2),
    (date(2026, 3, 2), "Mari", 500, "JPY", 1),
    (None, None, 1234, "KWD", None),
)
TABLE = Table(
    title="Trial",
    columns=COLUMNS,
    rows=ROWS,
    totals=((None, "Total", -1250, "EUR", 2),),
    notes=(Note("days_unproven", "Not proven."),),
)


def test_json_has_whole_minor_units_by_the_keys_of_the_columns() -> None:
    document = json.loads(TABLE.to_json())

    assert document["columns"][2] == {"key": "minor", "heading": "Amount", "kind": "minor"}
    assert document["rows"][0] == {
        "day": "2026-03-01",
        "name": "=cmd()",
        "minor": {"minor": -1250, "currency": "EUR"},
        "currency": "EUR",
        "gifts": 2,
    }
    total = {"day": None, "name": "Total", "minor": {"minor": -1250, "currency": "EUR"}, "currency": "EUR", "gifts": 2}
    assert document["totals"] == [total]
    assert document["notes"] == [{"code": "days_unproven", "text": "Not proven."}]


def test_csv_has_decimals_as_the_currency_has_them_and_as_many_fields_in_every_line() -> None:
    assert TABLE.to_csv().decode("utf-8-sig").splitlines() == [
        "Day,Name,Amount,Currency,Gifts",
        "2026-03-01,'=cmd(),-12.50,EUR,2",
        "2026-03-02,Mari,500,JPY,1",
        ",,1.234,KWD,",
        ",Total,-12.50,EUR,2",
        "Not proven.,,,,",
    ]


@pytest.mark.parametrize(
    "row",
    [
        (date(2026, 3, 1), "Mari", 12.5, "EUR", 1),
        (date(2026, 3, 1), "Mari", True, "EUR", 1),
        (date(2026, 3, 1), "Mari", 1250, None, 1),
        ("2026-03-01", "Mari", 1250, "EUR", 1),
        (date(2026, 3, 1), "Mari", 1250, "EUR"),
    ],
    ids=["float", "truth", "no currency", "day as text", "too short"],
)
def test_a_row_that_does_not_fit_is_refused(row: Row) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Table(title="Trial", columns=COLUMNS, rows=(row,))
