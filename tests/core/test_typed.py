"""What people type is read in one way: amounts with a comma or a point, months as 2026-10, days, donors."""

from __future__ import annotations

from datetime import date

import pytest

from donations.core.calendar import Month
from donations.core.donor import ANONYMOUS
from donations.core.money import EUR, parse_currency
from donations.core.refusal import Refusal
from donations.core.typed import (
    typed_amount,
    typed_balance,
    typed_currency,
    typed_day,
    typed_donor,
    typed_month,
    typed_reference,
)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("12", 1_200),
        ("5,00", 500),
        ("1,5", 150),
        ("20382,94", 2_038_294),
        ("20382.94", 2_038_294),
        ("1 234,56", 123_456),
        ("1\u00a0234,56 €", 123_456),
        (" 7.5 € ", 750),
        ("0,01", 1),
    ],
)
def test_amounts(text: str, minor: int) -> None:
    assert typed_amount(text, EUR) == minor
    assert typed_balance(text, EUR) == minor


@pytest.mark.parametrize(
    "text",
    ["", "0", "0,00", "-5", "+5", "1.234", "1,234", "1.234,56", "12 50", "1e3", "NaN", "١٢", "5,", ",5"],
)
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(Refusal, match="bad_amount"):
        typed_amount(text, EUR)


def test_balances_are_below_nothing_too() -> None:
    assert [typed_balance(text, EUR) for text in ("-12,00", "\u22121 234,5", "+3", "0")] == [-1_200, -123_450, 300, 0]
    for text in ("", "1.234", "12 50", "--5"):
        with pytest.raises(Refusal, match="bad_balance"):
            typed_balance(text, EUR)


def test_a_currency_without_cents_takes_none() -> None:
    yen = parse_currency("JPY")
    assert typed_amount("500", yen) == 500
    with pytest.raises(Refusal, match="bad_amount"):
        typed_amount("500,50", yen)


def test_months_currencies_and_references() -> None:
    assert typed_month(" 2026-10 ") == Month(2026, 10)
    assert typed_currency("eur") == EUR
    assert typed_reference("12344") == "12344"
    for read, text, code in (
        (typed_month, "2026-13", "bad_month"),
        (typed_month, "10/2026", "bad_month"),
        (typed_currency, "EURO", "bad_currency"),
        (typed_reference, "12345", "bad_reference"),
    ):
        with pytest.raises(Refusal, match=code):
            read(text)


@pytest.mark.parametrize("text", ["2026-01-31", " 31.01.2026 ", "31.1.2026", "31. 1. 2026"])
def test_a_day(text: str) -> None:
    assert typed_day(text) == date(2026, 1, 31)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-02-30",
        "20260131",
        "2026-W05-6",
        "31.01.26",
        "31/01/2026",
        "2026-01-31T00:00",
        "0000-01-01",
        "٣١.01.2026",
    ],
)
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(Refusal, match="bad_day"):
        typed_day(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", 12),
        ("№ 12", 12),
        (" №12 ", 12),
        ("Anonymous", ANONYMOUS),
        (" Mari Mets ", "Mari Mets"),
        ("1234567890", "1234567890"),
        ("12 apostlit", "12 apostlit"),
        ("", ""),
    ],
)
def test_a_donor(text: str, expected: object) -> None:
    assert typed_donor(text) == expected
