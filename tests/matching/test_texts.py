r"""What people write beside a keyword: gifts are booked, and all else is asked about, in three languages.

`texts.tsv` holds the text (a line break as `\n`), what must come of it, the payer's name and what was paid in euros.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.matching.sample import GENERAL, NOBODY, payment

from donations.matching.decide import decide
from donations.matching.directory import Directory
from donations.matching.outcome import Ask, Gift

HERE = Path(__file__).parent
KNOWN = Directory(own_accounts=NOBODY.own_accounts, own_codes=NOBODY.own_codes, appeals=(GENERAL,))


class Row(NamedTuple):
    """A text, and what comes of it."""

    text: str
    expected: str
    name: str
    euros: str


def rows(file: str) -> list[Row]:
    """Return the rows of a table beside this file."""
    with (HERE / file).open(encoding="utf-8", newline="") as table:
        return [Row(*row) for row in csv.reader(table, delimiter="\t", quoting=csv.QUOTE_NONE)][1:]


ROWS = rows("texts.tsv")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.expected}: {row.text}")
def test_a_text_is_a_gift_or_asked_about(row: Row) -> None:
    outcome = decide(
        payment(row.text.replace("\\n", "\n"), name=row.name or "Mari Tamm", minor=int(float(row.euros or "20") * 100)),
        KNOWN,
    )
    assert isinstance(outcome, Gift if row.expected == "gift" else Ask), outcome


def test_the_table_holds_enough_of_both() -> None:
    texts = [row.text for row in ROWS]
    assert len(set(texts)) == len(texts)
    assert min(sum(row.expected == each for row in ROWS) for each in ("gift", "ask")) > 250
