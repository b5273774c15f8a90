"""Amounts are whole minor units, read one way only, and never repaired."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.core.money import (
    EUR,
    MINOR_MAX,
    Amount,
    AmountOutOfRangeError,
    BadAmountError,
    BadCurrencyError,
    Balance,
    DecimalMark,
    MoneyIn,
    MoneyOut,
    decimal_text,
    minor_digits,
    money_of,
    parse_currency,
    parse_minor,
    totals,
)

JPY, KWD = parse_currency("JPY"), parse_currency("KWD")
MINOR = st.integers(-MINOR_MAX, MINOR_MAX)


@pytest.mark.parametrize(
    ("text", "mark", "minor"),
    [
        ("12.34", ".", 1234),
        ("12,34", ",", 1234),
        ("-12.34", ".", -1234),
        ("+12.34", ".", 1234),
        ("12", ".", 1200),
        ("12.3", ".", 1230),
        ("0012.34", ".", 1234),
        ("12.34000", ".", 1234),  # ISO 20022 allows five decimals
        ("-0.00", ".", 0),
        ("10000000000.00", ".", MINOR_MAX),
    ],
)
def test_an_amount_is_read_in_its_files_convention(text: str, mark: DecimalMark, minor: int) -> None:
    assert parse_minor(text, currency=EUR, mark=mark) == minor


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "-",
            "+",
            ".",
            "1.",
            ".5",
            "--1",
            "+-1",
            "1-",
            "1e3",
            "1E3",
            "NaN",
            "inf",
            "Infinity",
            "null",
            "0x1F",
        ),
        *("1 000.00", "1'000.00", "1,000.00", "1.000.00", "12,34", "12.345", "1_000", " 1.00", "1.00 ", "1.00\n"),
        *("١٢.٣٤", "１２.３４", "²", "−5.00", "12.34 EUR", "€12.34", "=1+1"),
    ],
)
def test_anything_else_is_no_amount(text: str) -> None:
    with pytest.raises(BadAmountError):
        parse_minor(text, currency=EUR, mark=".")


def test_too_much_is_said_to_be_so() -> None:
    with pytest.raises(AmountOutOfRangeError):
        parse_minor("10000000000.01", currency=EUR, mark=".")


@pytest.mark.parametrize(("currency", "text", "minor"), [(JPY, "150", 150), (JPY, "150.00", 150), (KWD, "1.234", 1234)])
def test_a_currency_has_its_own_digits(currency: object, text: str, minor: int) -> None:
    code = parse_currency(str(currency))
    assert parse_minor(text, currency=code, mark=".") == minor


@given(MINOR, st.sampled_from([EUR, JPY, KWD]), st.sampled_from([".", ","]))
def test_written_amounts_are_read_back(minor: int, currency: str, mark: DecimalMark) -> None:
    code = parse_currency(currency)
    text = decimal_text(minor, code).replace(".", mark)
    assert parse_minor(text, currency=code, mark=mark) == minor
    assert len(text.partition(mark)[2]) == minor_digits(code)


@pytest.mark.parametrize(("text", "code"), [("EUR", "EUR"), (" eur ", "EUR"), ("XBT", "XBT")])
def test_a_currency_is_three_letters(text: str, code: str) -> None:
    assert parse_currency(text) == code


@pytest.mark.parametrize("text", ["", "EU", "EURO", "E R", "€", "978", "ЕUR", "EÜR"])
def test_anything_else_is_no_currency(text: str) -> None:
    with pytest.raises(BadCurrencyError):
        parse_currency(text)


@pytest.mark.parametrize("minor", [0, -1, MINOR_MAX + 1])
def test_an_amount_is_positive_and_in_range(minor: int) -> None:
    with pytest.raises(BadAmountError):
        Amount(minor, EUR)


@given(MINOR.filter(bool))
def test_no_sign_is_lost(minor: int) -> None:
    money = money_of(minor, EUR)
    assert isinstance(money, MoneyIn if minor > 0 else MoneyOut)
    assert (money.signed_minor, money.amount.minor) == (minor, abs(minor))


def test_zero_moves_no_money() -> None:
    with pytest.raises(BadAmountError):
        money_of(0, EUR)


@pytest.mark.parametrize(
    ("shown", "text"),
    [(Amount(5, EUR), "0.05 EUR"), (Balance(-123450, EUR), "-1234.50 EUR"), (Balance(7, JPY), "7 JPY")],
)
def test_money_is_shown_as_plain_decimals(shown: object, text: str) -> None:
    assert str(shown) == text


def test_currencies_are_never_added_and_what_went_back_is_taken_off() -> None:
    parts = [Balance(500, JPY), Balance(300, EUR), Balance(-1_000, EUR), Balance(20, JPY)]
    assert totals(parts) == ((EUR, -700), (JPY, 520))
    assert totals([]) == ()
