"""Viitenumber (7-3-1) and creditor reference RF are one value; check digits decide."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso11649

from donations.core.reference import is_viitenumber, parse_reference, split_remittance, viitenumber

# The first is the example of Pangaliit's description of the viitenumber.
EXAMPLES = ["121312952", "1009", "2008", "10016", "20260011", "13", "356", "1000200030004000503"]
BASES = st.from_regex(r"[1-9][0-9]{0,18}", fullmatch=True)


@pytest.mark.parametrize("number", EXAMPLES)
def test_the_check_digit(number: str) -> None:
    assert viitenumber(number[:-1]) == number
    assert parse_reference(number) == number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1213 1295 2", "121312952"),
        ("00121312952", "121312952"),
        ("RF31121312952", "121312952"),
        ("rf31 1213 1295 2", "121312952"),
        ("RF5220260011", "20260011"),
        ("RF18539007547034", "RF18539007547034"),  # valid, but wraps no viitenumber
    ],
)
def test_every_form_of_one_reference_is_one_value(text: str, value: str) -> None:
    assert parse_reference(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "0",
        "000",
        "1",
        "121312953",
        "RF",
        "RF00",
        "RF32121312952",
        "12A",
        "1213-12952",
        "１２１３１２９５２",
        "1" * 21,
    ],
)
def test_anything_else_is_no_reference(text: str) -> None:
    assert parse_reference(text) is None


@given(BASES)
def test_a_made_reference_is_right_in_either_form(base: str) -> None:
    number = viitenumber(base)
    assert is_viitenumber(number)
    assert parse_reference(iso11649.format(f"RF{_check(number)}{number}")) == parse_reference(number) == number


def _check(number: str) -> str:
    return f"{98 - int(number + '271500') % 97:02}"


@given(BASES, st.data())
def test_one_wrong_digit_is_always_noticed(base: str, data: st.DataObject) -> None:
    number = viitenumber(base)
    at = data.draw(st.integers(0, len(number) - 1))
    digit = data.draw(st.sampled_from("0123456789").filter(lambda digit: digit != number[at]))
    assert not is_viitenumber(number[:at] + digit + number[at + 1 :])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("/RFB/121312952/TXT/annetus", ("121312952", "annetus")),
        (" /RFB/121312952/TXT/a/b\nc ", ("121312952", "a/b\nc")),
        ("/RFB/121312952", ("121312952", "")),
        ("/RFB//TXT/annetus", ("", "annetus")),
        ("annetus /RFB/1", ("", "annetus /RFB/1")),
        ("annetus", ("", "annetus")),
        ("", ("", "")),
    ],
)
def test_reference_and_text_sent_together_are_parted(text: str, parts: tuple[str, str]) -> None:
    assert split_remittance(text) == parts
