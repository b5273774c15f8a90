"""The journal as Merit takes it: its fields and their lengths, and the same sums that hledger finds in the month."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.book import OTHER_OWN, OWN, Book
from tests.expected import compare
from tests.reports.test_journal import JANUARY, NASTY, NEEDS_HLEDGER, ODD, by_hledger

from donations.core.payment import Purpose
from donations.core.refusal import Refusal
from donations.reports.journal import OTHER_SIDE, hledger, journal, own_account
from donations.reports.merit import merit
from donations.store.organisation import AccountNumbers
from donations.views.phrases import PLAIN

NUMBERS = AccountNumbers(own={OWN: "1020", OTHER_OWN: "1021"})
CALLED = {"1020": own_account(OWN), "1021": own_account(OTHER_OWN)} | {
    number: OTHER_SIDE[None if purpose == "unallocated" else Purpose(purpose)]
    for purpose, number in NUMBERS.purposes.items()
}
"""What hledger calls the accountant's accounts."""


def sums(batches: list[dict[str, Any]]) -> dict[tuple[str, str], str]:
    found: Counter[tuple[str, str]] = Counter()
    for batch in batches:
        for row in batch["EntryRow"]:
            found[CALLED[row["AccountCode"]], batch["CurrencyCode"]] += row["Debit"] - row["Credit"]
    return {key: str(amount) for key, amount in found.items() if amount}


@NEEDS_HLEDGER
def test_accounts_and_amounts_are_those_of_hledger(quarter: Book, tmp_path: Path) -> None:
    with quarter.reading() as session:
        found = journal(session, JANUARY)
    text = merit(found, NUMBERS, {}, PLAIN, with_names=False)
    batches = json.loads(text, parse_float=Decimal)
    assert sums(batches) == by_hledger(hledger(found, with_names=False, with_opening=False), tmp_path)
    for batch in batches:
        assert sum(row["Debit"] for row in batch["EntryRow"]) == sum(row["Credit"] for row in batch["EntryRow"])


def test_a_month_is_written_in_the_published_layout(quarter: Book, *, update_expected: bool) -> None:
    with quarter.reading() as session:
        text = merit(journal(session, JANUARY), NUMBERS, {"General": "P01"}, PLAIN, with_names=False)
    compare(Path(__file__).with_name("merit_2026-01.json"), text, update=update_expected)


def test_no_memo_is_too_long_and_none_names_a_donor_unless_it_is_wanted(quarter: Book) -> None:
    short = replace(ODD, bookings=ODD.bookings[:1])
    [batch] = json.loads(merit(short, NUMBERS, {NASTY: "P1"}, PLAIN, with_names=True))
    assert all(len(row["Memo"]) <= 150 and row["Memo"].isprintable() for row in batch["EntryRow"])
    assert [row.get("ProjectCode") for row in batch["EntryRow"]] == [None, "P1"]
    with quarter.reading() as session:
        found = journal(session, JANUARY)
    assert "Mari Mets" not in merit(found, NUMBERS, {}, PLAIN, with_names=False)
    assert "Mari Mets" in merit(found, NUMBERS, {}, PLAIN, with_names=True)


@pytest.mark.parametrize(
    "numbers",
    [
        AccountNumbers(own={OTHER_OWN: "1021"}),
        AccountNumbers(own=NUMBERS.own | {OWN: "123456789"}),
        AccountNumbers(own=NUMBERS.own, purposes=NUMBERS.purposes | {"gift": ""}),
    ],
    ids=["an own account is called by its IBAN", "nine signs", "no account for gifts"],
)
def test_what_merit_does_not_take_is_refused(quarter: Book, numbers: AccountNumbers) -> None:
    with quarter.reading() as session:
        found = journal(session, JANUARY)
    with pytest.raises(Refusal, match="not_for_merit"):
        merit(found, numbers, {}, PLAIN, with_names=False)


def test_an_appeal_with_a_long_name_needs_a_code() -> None:
    with pytest.raises(Refusal, match="not_for_merit"):
        merit(ODD, NUMBERS, {}, PLAIN, with_names=False)
