"""Declared fields of donors: phone numbers as they are written and as they are kept, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.core.donor_field import DONOR_FIELDS, donor_fields, phone_number
from donations.core.refusal import Refusal

PHONE = donor_fields()["phone"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+37255501234", "+37255501234"),
        (" +372 5550 1234 ", "+37255501234"),
        ("00372 5550123", "+3725550123"),
        ("5550 1234", "+37255501234"),
        ("(+372) 601-0000", "+3726010000"),
        ("601\N{NO-BREAK SPACE}0000", "+3726010000"),
        ("+358 40\N{EN DASH}123.4567", "+358401234567"),
    ],
)
def test_numbers_are_kept_in_one_spelling(typed: str, kept: str) -> None:
    assert PHONE.checked(typed) == kept
    assert PHONE.checked(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "+", "mari@example.org", "ask her son", "123", "0401234567", "+0372555012", "5550 12345"),
        *("+3725550123 ext 4", "+3725550123456789", "+٣٧٢٥٥٥٠١٢٣", "++3725550123", "37255501234", "5" * 1_000),
    ],
)
def test_what_is_no_number_is_refused_and_not_repeated(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        PHONE.checked(typed)
    said = str(refused.value.translated())
    assert "This is not a phone number." in said
    assert len(typed.strip()) < 4 or typed not in said


@given(typed=st.text())
def test_whatever_is_typed_is_kept_as_e164_or_refused(typed: str) -> None:
    kept = phone_number(typed)
    assert kept is None or (kept[0] == "+" and kept[1:].isdecimal() and kept.isascii() and len(kept) <= 16)


def test_every_field_has_its_own_key_that_fits_an_address() -> None:
    assert len(donor_fields()) == len(DONOR_FIELDS)
    assert [key for key in donor_fields() if not (key.isascii() and key.isidentifier() and len(key) <= 40)] == []
