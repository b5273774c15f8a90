"""The journal loads in the programs that accountants use, whatever people wrote, and its balances are ours."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from beancount import loader
from beancount.core.data import Transaction
from beancount.core.inventory import Inventory
from tests.book import OWN, Book, gift, line, statement

from donations.acts.offering import Answer
from donations.core.calendar import Period
from donations.core.money import decimal_text, parse_currency
from donations.core.payment import Purpose
from donations.reports.journal import (
    OTHER_SIDE,
    Booking,
    BookingPart,
    Journal,
    beancount,
    hledger,
    journal,
    journal_table,
    own_account,
)
from donations.reports.month import months
from donations.store.organisation import AccountNumbers

NEEDS_HLEDGER = pytest.mark.skipif(
    shutil.which("hledger") is None and "CI" not in os.environ, reason="hledger is not installed"
)
JANUARY = Period.of(year=2026, month=1)
NASTY = 'Müür; "MTÜ" | \\ tõend\n2026-01-01 * "x"\n  Assets:Bank  1 EUR\r\u2028 {} = @ * !'
JPY, KWD = parse_currency("JPY"), parse_currency("KWD")

Balances = dict[tuple[str, str], str]
"""By account and currency, as decimal text."""


def by_hledger(text: str, tmp_path: Path) -> Balances:
    path = tmp_path / "month.journal"
    path.write_text(text, encoding="utf-8")
    asked = ["hledger", "-f", str(path), "balance", "--flat", "--no-total", "-O", "json", "--strict"]
    done = subprocess.run(asked, capture_output=True, check=False, text=True, env=os.environ | {"LC_ALL": "C.UTF-8"})
    assert done.returncode == 0, done.stderr
    rows, _ = json.loads(done.stdout)
    found: Balances = {}
    for row in rows:
        for amount in row[3]:
            quantity, places = amount["aquantity"]["decimalMantissa"], amount["aquantity"]["decimalPlaces"]
            currency = parse_currency(amount["acommodity"])
            digits = {"JPY": 0, "KWD": 3}.get(currency, 2)
            found[row[0], currency] = decimal_text(quantity * 10**digits // 10**places, currency)
    return found


def by_beancount(text: str) -> Balances:
    entries, errors, _ = loader.load_string(text)
    assert errors == []
    inventories: dict[str, Inventory] = {}
    for entry in entries:
        if isinstance(entry, Transaction):
            for posting in entry.postings:
                inventories.setdefault(posting.account, Inventory()).add_position(posting)
    return {
        (account, position.units.currency): str(position.units.number)
        for account, inventory in inventories.items()
        for position in inventory
        if position.units.number
    }


def ours(found: Journal) -> Balances:
    """Add the bookings up by hand."""
    sums: Counter[tuple[str, str]] = Counter()
    for booking in found.bookings:
        sums[own_account(booking.account), booking.currency] += booking.minor
        for part in booking.parts:
            sums[OTHER_SIDE[part.purpose], booking.currency] -= part.minor
    return {key: decimal_text(minor, parse_currency(key[1])) for key, minor in sums.items() if minor}


def booking(minor: int, currency: str = "EUR", *parts: BookingPart) -> Booking:
    return Booking(
        payment=7,
        day=date(2026, 1, 5),
        account=OWN,
        currency=parse_currency(currency),
        minor=minor,
        parts=parts or (BookingPart(purpose=Purpose.GIFT, minor=minor, appeal=NASTY, donor=NASTY),),
    )


ODD = Journal(
    period=JANUARY,
    bookings=(
        booking(1_234_567),
        booking(-250, "EUR", BookingPart(purpose=Purpose.COST, minor=-200), BookingPart(purpose=None, minor=-50)),
        booking(500, "JPY"),
        booking(1_234, "KWD"),
    ),
    balances=(),
)


@NEEDS_HLEDGER
def test_hledger_reads_whatever_people_wrote(tmp_path: Path) -> None:
    assert by_hledger(hledger(ODD, with_names=True, with_opening=False), tmp_path) == ours(ODD)


def test_beancount_reads_whatever_people_wrote() -> None:
    assert by_beancount(beancount(ODD, with_names=True, with_opening=False)) == ours(ODD)


@NEEDS_HLEDGER
def test_a_month_in_hledger_ends_with_what_the_bank_says(quarter: Book, tmp_path: Path) -> None:
    with quarter.reading() as session:
        found = journal(session, JANUARY)
        closing = next(row for row in months(session, JANUARY).by_key() if row["account"] == OWN)
    balances = by_hledger(hledger(found, with_names=False, with_opening=True), tmp_path)
    assert balances[own_account(OWN), "EUR"] == decimal_text(closing["bank_closing"], parse_currency("EUR"))
    assert balances["Income:Gifts", "EUR"] == "-45.00"
    assert balances["Equity:Unallocated", "EUR"] == "-7.00"


def test_a_month_in_beancount_ends_with_what_the_bank_says(quarter: Book) -> None:
    with quarter.reading() as session:
        text = beancount(journal(session, JANUARY), with_names=False, with_opening=True)
    assert re.search(rf"2026-02-01 balance {own_account(OWN)}  199\.50 ~ 0 EUR", text)
    assert by_beancount(text)[own_account(OWN), "EUR"] == "199.50"


def test_accounts_that_differ_in_a_sign_stay_two() -> None:
    names = [own_account(each).removeprefix("Assets:Bank:") for each in ("12-3", "123", " 77 õ", "õ")]
    assert names == ["12-3", "123", "77", "Unnamed"]


def test_a_wrong_closing_balance_is_found(quarter: Book) -> None:
    with quarter.reading() as session:
        text = beancount(journal(session, JANUARY), with_names=False, with_opening=True)
    _, errors, _ = loader.load_string(text.replace("199.50 ~", "199.51 ~"))
    assert errors


@pytest.mark.parametrize("write", [hledger, beancount])
def test_no_name_of_a_donor_unless_it_is_wanted(quarter: Book, write: type) -> None:
    with quarter.reading() as session:
        found = journal(session, Period())
    assert "Mari Mets" not in write(found, with_names=False, with_opening=False)
    assert "Mari Mets" in write(found, with_names=True, with_opening=False)


def test_bookings_go_from_account_to_account_by_the_accountants_numbers(book: Book) -> None:
    book.take(
        statement("01-01", "01-31", gift("01-05", 1000), line("01-06", -300, "Pood"), line("01-07", 700, "Keegi"))
    )
    book.answer(book.payment("01-07", 700), Answer(purpose=Purpose.INCOME, reason="a sale", minor=200))
    numbers = AccountNumbers(own={OWN: "1020"})
    with book.reading() as session:
        plain = journal_table(session, JANUARY, numbers, with_names=False)
        named = journal_table(session, JANUARY, numbers, with_names=True)
    assert [row[2:7] for row in plain.rows] == [
        ("1020", "3100", 1000, "EUR", "gift"),
        ("5000", "1020", 300, "EUR", "cost"),
        ("1020", "3900", 200, "EUR", "income"),
        ("1020", "2990", 500, "EUR", "unallocated"),
    ]
    assert named.rows[0][-1] == "Mari Mets"
    assert "Mari Mets" not in plain.to_csv().decode()
