"""Amounts, days and account numbers as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.core.money import MINOR_MAX
from donations.views import formats

_ = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [
        (0, "EUR", f"0,00{_}€"),
        (5, "EUR", f"0,05{_}€"),
        (1234560, "EUR", f"12{_}345,60{_}€"),
        (-100, "EUR", f"\N{MINUS SIGN}1,00{_}€"),
        (123456789, "USD", f"1{_}234{_}567,89{_}USD"),
        (1234, "JPY", f"1{_}234{_}JPY"),
        (1234, "BHD", f"1,234{_}BHD"),
    ],
)
def test_amounts(minor: int, currency: str, written: str) -> None:
    assert formats.amount(minor, currency) == written


@given(st.integers(min_value=-MINOR_MAX, max_value=MINOR_MAX))
def test_no_digit_of_an_amount_is_lost(minor: int) -> None:
    digits = "".join(letter for letter in formats.amount(minor, "EUR") if letter.isdigit())
    assert int(digits) == abs(minor)


def test_a_movement_says_its_direction() -> None:
    assert formats.change(500, "EUR") == f"+5,00{_}€"
    assert formats.change(-500, "EUR") == f"\N{MINUS SIGN}5,00{_}€"


def test_days_and_months() -> None:
    assert formats.day(date(2026, 1, 5)) == f"5{_}January 2026"
    assert formats.months(date(2026, 5, 1), date(2026, 6, 30)) == "May – June 2026"
    assert formats.months(date(2025, 12, 1), date(2026, 1, 31)) == "December 2025 – January 2026"
    assert formats.months(date(2026, 5, 1), date(2026, 5, 31)) == "May 2026"


def test_moments_are_told_in_estonian_time() -> None:
    assert formats.moment(datetime(2026, 6, 30, 21, 5, tzinfo=UTC)) == f"1{_}July 2026, 00:05"


def test_only_a_valid_iban_is_grouped() -> None:
    assert formats.account("EE307700771000000012") == "EE30 7700 7710 0000 0012"
    assert formats.account("EE007700771000000012") == "EE007700771000000012"
    assert formats.account("10220012345678") == "10220012345678"
