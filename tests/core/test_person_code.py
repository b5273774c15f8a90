"""Personal and registry codes: checked, unverified, and those believed in free text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.ee import ik, registrikood

from donations.core.person_code import UnverifiedCode, codes_in, parse_code

PERSON, OTHER, COMPANY = "49403136526", "38001085718", "12345678"


@pytest.mark.parametrize("text", [PERSON, OTHER, COMPANY, "80123455", "90012343", "70001202"])
def test_right_check_digits_make_a_code(text: str) -> None:
    assert parse_code(f" {text[:4]} {text[4:]} ") == text


@pytest.mark.parametrize(
    "text", ["49403136527", "49402306526", "12345679", "1234567", "P-77", "４９４０３１３６５２６"]
)
def test_anything_else_identifies_nobody(text: str) -> None:
    assert parse_code(text) == UnverifiedCode(text)


def test_blank_is_no_code() -> None:
    assert parse_code(" ") is None


@given(st.text())
def test_no_text_breaks_the_parser(text: str) -> None:
    assert all(code in text for code in codes_in(text))
    parse_code(text)


@given(st.from_regex(r"[0-9]{10,12}|[1-9][0-9]{2}[01][0-9][0-3][0-9]{5}|[0-9]{7,9}", fullmatch=True))
def test_codes_are_those_of_stdnum(text: str) -> None:
    for end in "0123456789":
        written = text[:-1] + end
        is_code = ik.is_valid(written) or registrikood.is_valid(written)
        assert parse_code(written) == (written if is_code else UnverifiedCode(written))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (f"annetus {PERSON}", (PERSON,)),
        (f"ik{PERSON}", (PERSON,)),
        (f"{PERSON} ja {OTHER}, {PERSON}", (PERSON, OTHER)),
        (f"1{PERSON}", ()),  # part of a longer number
        (f"{PERSON}1", ()),
        ("49403136527", ()),  # wrong check digit
        (f"registrikood {COMPANY}", (COMPANY,)),
        (f"reg.nr: {COMPANY}", (COMPANY,)),
        (f"Rg-kood {COMPANY}", (COMPANY,)),
        (f"äriregistri kood {COMPANY}", (COMPANY,)),
        (f"arve {COMPANY}", ()),  # an invoice number
        (f"Jürgen {COMPANY}", ()),  # a name that holds "rg"
        (f"Margarita arve {COMPANY}", ()),
        (f"reg {COMPANY}9", ()),
        ("", ()),
    ],
)
def test_codes_in_free_text(text: str, codes: tuple[str, ...]) -> None:
    assert codes_in(text) == codes
