"""Texts of ours stay their stable code for programs, and are told to people in their language."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from donations.core.calendar import Month, Period
from donations.reports.table import Column, ColumnKind, Note, Table
from donations.reports.words import TOTAL, OwnText, text_in_language, title_with_period
from donations.views.phrases import PLAIN

WORDS = {"Total": "Kokku", "Day": "Päev", "Gifts, {period}": "Annetused, {period}"}
ESTONIAN = replace(PLAIN, translate=WORDS.__getitem__)


@pytest.mark.parametrize(
    ("period", "title"),
    [
        (Period(), "Gifts, all time"),
        (Period.of(year=2026), "Gifts, 2026"),
        (Period.of(year=2026, month=3), "Gifts, 2026-03"),
        (Period(date(2026, 3, 1), date(2026, 3, 30)), "Gifts, 2026-03-01 to 2026-03-30"),
    ],
)
def test_a_title_says_the_days(period: Period, title: str) -> None:
    assert title_with_period("Gifts, {period}", period) == title


def test_a_word_is_its_code_and_is_told_otherwise() -> None:
    word = OwnText("{month}", ("month", Month(2026, 3)), code="2026-03")
    assert word == "2026-03"
    assert text_in_language(word, replace(PLAIN, month=lambda _: "märts")) == "Märts"
    assert text_in_language("written {by} hand", PLAIN) == "written {by} hand"


def test_a_report_is_told_without_a_change_to_what_others_wrote() -> None:
    columns = (Column("day", "Day", ColumnKind.DAY), Column("name", "Total", ColumnKind.TEXT))
    table = Table(
        title=title_with_period("Gifts, {period}", Period.of(year=2026)),
        columns=columns,
        rows=((date(2026, 1, 5), "Total"), (None, OwnText("Total"))),
        totals=((None, TOTAL),),
        notes=(Note("a", "Total"),),
    )
    estonian = table.translated(ESTONIAN)
    assert estonian.title == "Annetused, 2026"
    assert [each.heading for each in estonian.columns] == ["Päev", "Kokku"]
    assert estonian.rows == ((date(2026, 1, 5), "Total"), (None, "Kokku"))
    assert estonian.totals == ((None, "Kokku"),)
    assert estonian.notes[0].text == "Kokku"
    assert table.by_key()[1]["name"] == "Total"
