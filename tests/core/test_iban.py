"""Account numbers: what is a valid IBAN, what is not, and what is only a hint."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.core.iban import (
    UnverifiedAccount,
    ValidIban,
    bank_name,
    grouped,
    ibans_in,
    masked,
    national_check_fails,
    parse_account,
    parse_iban,
)

SWEDBANK, LHV, LUMINOR = "EE782200221020001114", "EE377700771000555017", "EE931700017005550001"


def iban(text: str) -> ValidIban:
    found = parse_iban(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "text", [SWEDBANK, "ee78 2200 2210 2000 1114", f"\t{SWEDBANK}\n", "EE78\u00a02200221020001114"]
)
def test_an_iban_is_compact_capitals(text: str) -> None:
    assert parse_iban(text) == SWEDBANK


@pytest.mark.parametrize(
    "text",
    [
        *("", "EE", "EE78220022102000111", "EE7822002210200011140", "XX782200221020001114", "12345678"),
        *("EE782200221020001115", "EE00220022102000111A", "ЕЕ782200221020001114", "EE78220022102000111４", "O'Neill"),
    ],
)
def test_anything_else_is_no_iban(text: str) -> None:
    assert parse_iban(text) is None


@given(st.integers(4, 19), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_noticed(at: int, digit: str) -> None:
    changed = SWEDBANK[:at] + digit + SWEDBANK[at + 1 :]
    assert (parse_iban(changed) is not None) == (changed == SWEDBANK)


@given(st.integers(4, 18))
def test_two_swapped_digits_are_always_noticed(at: int) -> None:
    changed = SWEDBANK[:at] + SWEDBANK[at + 1] + SWEDBANK[at] + SWEDBANK[at + 2 :]
    assert (parse_iban(changed) is not None) == (changed == SWEDBANK)


@given(st.text())
def test_no_text_breaks_the_parser(text: str) -> None:
    account = parse_account(text)
    assert (account is None) == (not text.strip())


@pytest.mark.parametrize(
    ("text", "account", "is_failed_iban"),
    [
        (SWEDBANK, SWEDBANK, None),
        (" ", None, None),
        ("EE78 2200 2210 2000 1115", UnverifiedAccount("EE782200221020001115"), True),
        ("1234 5678", UnverifiedAccount("12345678"), False),
    ],
)
def test_what_a_file_wrote_is_kept(text: str, account: object, is_failed_iban: object) -> None:
    found = parse_account(text)
    assert found == account
    assert (found.is_failed_iban if isinstance(found, UnverifiedAccount) else None) is is_failed_iban


@pytest.mark.parametrize(("text", "fails"), [(SWEDBANK, False), (LUMINOR, False), ("EE512200221020001115", True)])
def test_the_national_check_is_a_hint(text: str, fails: object) -> None:
    assert national_check_fails(iban(text)) is fails


@pytest.mark.parametrize(("text", "name"), [(SWEDBANK, "Swedbank AS"), (LUMINOR, "Luminor Bank")])
def test_the_banks_name(text: str, name: str) -> None:
    assert bank_name(iban(text)) == name


def test_a_masked_number_cannot_be_used() -> None:
    assert masked(iban(SWEDBANK)) == "EE78…1114"
    assert masked(UnverifiedAccount("12345678")) == "…78"
    assert grouped(iban(SWEDBANK)) == "EE78 2200 2210 2000 1114"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"from {SWEDBANK}.", (SWEDBANK,)),
        ("EE78 2200 2210 2000 1114 Mari", (SWEDBANK,)),
        (f"{LHV}, {SWEDBANK}, {LHV}", (LHV, SWEDBANK)),
        (f"{LHV} {SWEDBANK}", (LHV, SWEDBANK)),
        (f"X{SWEDBANK}", ()),
        ("EE782200221020001115", ()),
        ("", ()),
    ],
)
def test_ibans_in_free_text(text: str, found: tuple[str, ...]) -> None:
    assert ibans_in(text) == found
