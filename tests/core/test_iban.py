"""Account numbers: what is a valid IBAN, what is not, and what is only a hint."""

from __future__ import annotations

import re
from itertools import product
from random import Random
from string import ascii_uppercase

import pytest
import schwifty  # noqa: TID251 - the definition of what is an IBAN
from hypothesis import given
from hypothesis import strategies as st
from schwifty.exceptions import SchwiftyException  # noqa: TID251
from schwifty.registry import get_iban_spec  # noqa: TID251

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


@pytest.mark.parametrize(("text", "name"), [(SWEDBANK, "Swedbank"), (LUMINOR, "Luminor Bank")])
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


LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def has_ibans(country: str) -> bool:
    try:
        return bool(get_iban_spec(country))
    except SchwiftyException:
        return False


COUNTRIES = [country for country in map("".join, product(ascii_uppercase, repeat=2)) if has_ibans(country)]


def accepted(text: str) -> str | None:
    """Return what schwifty itself makes of a text."""
    try:
        return str(schwifty.IBAN(text))
    except SchwiftyException:
        return None


@given(st.sampled_from(COUNTRIES), st.integers(0, 2**32), st.data())
def test_it_is_an_iban_if_schwifty_says_so(country: str, seed: int, data: st.DataObject) -> None:
    number = str(schwifty.IBAN.random(country, random=Random(seed), use_registry=False))
    assert parse_iban(number) == number == accepted(number)
    at = data.draw(st.integers(0, len(number)))
    instead = data.draw(st.text(LETTERS, max_size=2))
    changed = number[:at] + instead + number[at + data.draw(st.integers(0, 2)) :]
    assert parse_iban(changed) == accepted(changed)


@given(st.sampled_from(COUNTRIES), st.text(LETTERS, min_size=11, max_size=30))
def test_other_check_digits_of_the_same_rest_are_wrong(country: str, bban: str) -> None:
    for digits in ("00", "01", "99", *(f"{each:02}" for each in range(2, 99, 24))):
        assert parse_iban(f"{country}{digits}{bban}") == accepted(f"{country}{digits}{bban}")


@given(st.from_regex(r"[0-9]{16}", fullmatch=True))
def test_hints_are_those_of_schwifty(bban: str) -> None:
    number = schwifty.IBAN.from_bban("EE", bban)
    assert national_check_fails(iban(number)) != national_check_holds(number)
    if bank_name(iban(number)) != "Luminor Bank":
        assert bank_name(iban(number)) == (number.bank_name and re.sub("^AS | AS$", "", number.bank_name))


def national_check_holds(number: schwifty.IBAN) -> bool:
    try:
        return number.bban.validate_national_checksum()
    except SchwiftyException:
        return False
