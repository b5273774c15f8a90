"""A report on paper: tagged, in its language, always the same bytes, and nothing in it is run."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.documents.papers import accessible, text_of
from tests.reports.test_table import COLUMNS, TABLE

from donations.core.language import Language
from donations.core.refusal import Refusal
from donations.documents.printed import ROWS_MAX, Imprint, printed
from donations.reports.table import Row, Table
from donations.views.phrases import PLAIN

IMPRINT = Imprint(organisation="MTÜ Rohutirts", language=Language.ESTONIAN, teller=PLAIN, made_on=date(2026, 7, 5))


def test_it_can_be_read_without_being_seen() -> None:
    paper = accessible(printed(TABLE, IMPRINT))
    assert paper == {"ua": "1", "title": "Trial", "language": "et", "shows_title": True}


def test_it_says_what_the_report_says() -> None:
    said = text_of(printed(TABLE, IMPRINT))
    assert "Day Name Amount Gifts" in said
    assert "2026-03-01 =cmd() -12.50 EUR 2" in said
    assert "Not proven." in said
    assert "MTÜ Rohutirts · Created on 2026-07-05 1 / 1" in said


@pytest.mark.parametrize(
    "text",
    [
        '#read("/etc/passwd")',
        "*bold* _x_ $1+1$",
        "= Heading",
        "Мария Ķ õ €",
        "\\ \" ' ` <a> @b",
        "https://evil.example",
    ],
)
def test_what_people_wrote_is_set_as_they_wrote_it(text: str) -> None:
    row: Row = (None, text, None, None, None)
    said = text_of(printed(replace(TABLE, rows=(row,), notes=()), IMPRINT))
    assert " ".join(text.split()) in said


@pytest.mark.parametrize(
    ("text", "said"),
    [("李明 ja Õie", "LiMing ja Õie"), ("Tamm\x07\x00Jaan", "Tamm Jaan"), ("\ufeffKask 日 €", "Kask Ri €")],
)
def test_a_letter_that_no_font_has_is_no_reason_for_no_paper(text: str, said: str) -> None:
    row: Row = (None, text, None, None, None)
    assert said in text_of(printed(replace(TABLE, rows=(row,), notes=()), IMPRINT))


def test_equal_reports_are_equal_files() -> None:
    assert printed(TABLE, IMPRINT) == printed(TABLE, IMPRINT)


def test_nothing_to_report_is_said() -> None:
    assert "Nothing to report for these days." in text_of(printed(Table(title="T", columns=COLUMNS, rows=()), IMPRINT))


def test_too_long_a_report_is_refused() -> None:
    with pytest.raises(Refusal, match="too_long_for_paper"):
        printed(replace(TABLE, rows=TABLE.rows[:1] * (ROWS_MAX + 1)), IMPRINT)
