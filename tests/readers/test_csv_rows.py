"""Rows come out as they were written, or are told with the line on which they begin."""

from __future__ import annotations

import csv

import pytest

from donations.core.problem import Problem
from donations.readers.csv_rows import Columns, Header, Row, rows

HEADER = Header(line=1, encoding="utf-8", separator=";", names=("name", "text", "amount"))
PLACES = Columns[int | None]._make([None] * 17)._replace(name=0, text=1, amount=2)


def read(text: str, *, trailing_separator: bool = False) -> list[Row | Problem]:
    return list(rows(f"Name;Text;Amount\n{text}", header=HEADER, places=PLACES, trailing_separator=trailing_separator))


def cells(text: str) -> list[tuple[str, str, str]]:
    return [(row.words.name, row.words.text, row.amount) for row in read(text) if isinstance(row, Row)]


def damage(text: str, *, trailing_separator: bool = False) -> list[tuple[int | None, str]]:
    found = read(text, trailing_separator=trailing_separator)
    return [(row.line, dict(row.values)["what"]) for row in found if isinstance(row, Problem)]


QUOTES = "its quotation marks do not fit together"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mari;gift;5", ("Mari", "gift", "5")),
        ('"Mari";"gift; thanks";"5"', ("Mari", "gift; thanks", "5")),
        ('"Mari";"for ""cats""";5', ("Mari", 'for "cats"', "5")),
        ('Mari;OÜ "Kass";5', ("Mari", 'OÜ "Kass"', "5")),
        (" Mari ; gift\u00a0;5 ", ("Mari", "gift", "5")),
        ("'123;'+372;5", ("123", "+372", "5")),
        ("'t Hooft;it's;5", ("'t Hooft", "it's", "5")),
    ],
)
def test_cells_are_what_was_written(text: str, expected: tuple[str, str, str]) -> None:
    assert cells(text) == [expected]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_ends_a_row_and_none_inside_quotes_does(end: str) -> None:
    found = read(f'Mari;"one{end}two";5{end}{end};;{end}Jüri;gift;6{end}')
    assert [(row.line, row.words.text) for row in found if isinstance(row, Row)] == [(2, f"one{end}two"), (6, "gift")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Mari;"OÜ "Kass"";5\nJüri;gift;6', [(2, QUOTES)]),
        ('Mari;gift;5\nJüri;"gift;6\nMari;gift;7', [(3, QUOTES)]),
        (
            "Mari;gift;5;\nJüri;gift\nMari;gift;5",
            [(2, "it has more columns than the heading"), (3, "it has fewer columns than the heading")],
        ),
        (f"Mari;{'x' * 140_000};5", [(2, "a field is too long")]),
        ('Mari;"gift;5\nJüri;gift";6', [(2, "a quotation mark swallowed other rows")]),
    ],
)
def test_a_damaged_row_is_told_with_its_line(text: str, expected: list[tuple[int, str]]) -> None:
    assert damage(text) == expected


def test_another_library_that_raises_the_limit_of_the_process_changes_nothing() -> None:
    before = csv.field_size_limit(1_000_000)
    try:
        assert damage(f"Mari;{'x' * 140_000};5") == [(2, "a field is too long")]
    finally:
        csv.field_size_limit(before)


def test_reading_goes_on_after_a_damaged_row() -> None:
    assert cells('Mari;"OÜ "Kass"";5\nJüri;gift;6') == [("Jüri", "gift", "6")]


def test_some_rows_may_end_in_a_separator_where_the_bank_does_that() -> None:
    assert damage("Mari;gift;5;\nJüri;gift;6", trailing_separator=True) == []
    assert damage("Mari;gift;5;more", trailing_separator=True) == [(2, "it has more columns than the heading")]


def test_a_second_header_begins_a_new_part() -> None:
    found = read('Mari;gift;5\n\ufeff"name";TEXT;Amount;\nJüri;gift;6')
    assert [(row.part, row.words.name) for row in found if isinstance(row, Row)] == [(0, "Mari"), (1, "Jüri")]


WIDE = Header(line=1, encoding="utf-8", separator=",", names=("name", "text", "amount"))


def bare(text: str, *, trailing_separator: bool = False) -> list[tuple[int, str, str, str] | str]:
    """Return what comes of rows below an English heading: each with its line, or what is wrong with it."""
    found = rows(f'"Name","Text","Amount"\n{text}', header=WIDE, places=PLACES, trailing_separator=trailing_separator)
    return [
        (row.line, row.words.name, row.words.text, row.amount) if isinstance(row, Row) else dict(row.values)["what"]
        for row in found
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"UAB "Katinas"","auka","5"', [(2, 'UAB "Katinas"', "auka", "5")]),
        ('"a "b" c","auka","5",', [(2, 'a "b" c', "auka", "5")]),
        ('"Mari","5" toru","5"', [(2, "Mari", '5" toru', "5")]),
        ('"Mari","annetus ", aitäh","5"', [(2, "Mari", 'annetus ", aitäh', "5")]),
        ('"Mari"x","auka","5"\r\n"Jüri","auka","6"', [(2, 'Mari"x', "auka", "5"), (3, "Jüri", "auka", "6")]),
        # A mark at the end of a cell swallows the next row, which is whole by itself.
        ('"Mari","auka"","5"\n"Jüri","auka","6"', [(2, "Mari", 'auka"', "5"), (3, "Jüri", "auka", "6")]),
        ('"Mari","auka","5""\n"Jüri","auka","6"\n', [(2, "Mari", "auka", '5"'), (3, "Jüri", "auka", "6")]),
        # Where a cell ends is a guess.
        ('"Mari","annetus","aitäh"","5"', [QUOTES]),
        ('"Mari "M"","5"', [QUOTES]),
        ('"Mari "M"",auka,"5"', [QUOTES]),
        ('Mari,"auka "x"","5"', [QUOTES]),
        ('"Mari "M"","one\ntwo","5"', [QUOTES, "it has fewer columns than the heading"]),
    ],
)
def test_quotation_marks_as_they_are_have_one_reading_or_none(text: str, expected: list[object]) -> None:
    assert bare(text, trailing_separator=True) == expected
