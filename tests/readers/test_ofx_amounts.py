"""Amounts of OFX: most decide for themselves; the others are read only as the rest of the file proves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.core.money import EUR
from donations.core.problem import Refused
from donations.readers.ofx import OfxConvention


def read(text: str, *others: str) -> int | str:
    document = "".join(f"<TRNAMT>{other}</TRNAMT>" for other in (text, *others))
    try:
        return OfxConvention(document).read(text, currency=EUR, line=7)
    except Refused as refused:
        (problem,) = refused.problems
        assert problem.line == 7
        return problem.code.value


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("12", 1_200),
        ("-12.5", -1_250),
        ("+12,50", 1_250),
        ("-3.77000", -377),
        ("00012.5000", 1_250),
        ("1.234,56", 123_456),
        ("1,234.56", 123_456),
        ("-12.345.678,90", -1_234_567_890),
        ("12,345,678", 1_234_567_800),
        ("0,500", 50),
        ("1234.500", 123_450),
    ],
)
@pytest.mark.parametrize("other", ["1.00", "1,00"])
def test_an_amount_with_one_meaning_is_read_whatever_the_others_are(text: str, minor: int, other: str) -> None:
    assert read(text, other) == minor


@pytest.mark.parametrize(
    ("text", "others", "expected"),
    [
        ("10,000", [], "ambiguous_amount"),
        ("30.000", ["7", "40.000"], "ambiguous_amount"),
        ("30.000", ["3.77000"], 3_000),
        ("30.000", ["1.234,56"], 3_000_000),
        ("30.000", ["1.234,56", "1.50"], "ambiguous_amount"),
        ("10,000", ["1,50"], 1_000),
        ("10,000", ["1.50"], "ambiguous_amount"),
        ("10,000", ["1.50", "2,345.50"], 1_000_000),
        ("12.345", ["1.50"], "bad_amount"),
    ],
)
def test_three_digits_behind_one_mark_mean_what_the_file_proves(
    text: str, others: list[str], expected: int | str
) -> None:
    assert read(text, *others) == expected


@pytest.mark.parametrize(
    "text", ["1,23,456", "1.234.56", "1.2345,67", "01.234,56", "1.234,567", "1,234,567,89", "1.234.567,8,9"]
)
def test_crooked_groups_are_no_amounts(text: str) -> None:
    assert read(text) == "bad_amount"


@given(st.integers(-(10**9), 10**9), st.sampled_from([(",", "."), (".", ","), ("", "."), ("", ",")]))
def test_what_any_convention_writes_with_cents_is_read_back(minor: int, marks: tuple[str, str]) -> None:
    thousands, decimal = marks
    whole, cents = divmod(abs(minor), 100)
    text = f"{'-' if minor < 0 else ''}{f'{whole:,}'.replace(',', thousands)}{decimal}{cents:02}"
    assert read(text) == minor
