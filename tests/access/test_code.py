"""Codes of the app are taken once and near their time; recovery codes are read as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from donations.access.second_step import (
    RECOVERY_CODES,
    STEP_SECONDS,
    new_recovery_codes,
    new_totp_secret,
    recovery_digest,
    totp_address,
    totp_step,
)

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - of nobody
NOW = datetime(2026, 7, 1, 12, 0, 15, tzinfo=UTC)
STEP = int(NOW.timestamp()) // STEP_SECONDS


def code(*, steps: int = 0) -> str:
    return pyotp.TOTP(SECRET).at(NOW + timedelta(seconds=STEP_SECONDS * steps))


@pytest.mark.parametrize(("steps", "found"), [(-2, None), (-1, STEP - 1), (0, STEP), (1, STEP + 1), (2, None)])
def test_clocks_may_differ_by_one_step(steps: int, found: int | None) -> None:
    assert totp_step(SECRET, code(steps=steps), now=NOW, last_step=None) == found


@pytest.mark.parametrize(("last", "found"), [(STEP - 1, STEP), (STEP, None), (STEP + 1, None)])
def test_no_code_is_taken_twice(last: int, found: int | None) -> None:
    assert totp_step(SECRET, code(), now=NOW, last_step=last) == found


@pytest.mark.parametrize("written", ["", "000", "abcdef", "١٢٣٤٥٦", "0" * 100])
def test_what_is_no_code(written: str) -> None:
    assert totp_step(SECRET, written, now=NOW, last_step=None) is None


def test_blanks_in_a_code_do_not_matter() -> None:
    assert totp_step(SECRET, f" {code()[:3]} {code()[3:]} ", now=NOW, last_step=None) == STEP


def test_the_app_is_told_whose_code_it_is() -> None:
    address = totp_address(SECRET, person="Mari Mets", organisation="MTÜ Rohutirts")
    assert address.startswith("otpauth://totp/")
    assert "Mari" in address
    assert f"secret={SECRET}" in address
    assert len({new_totp_secret() for _ in range(10)}) == 10


def test_recovery_codes_are_read_as_people_write_them() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == RECOVERY_CODES
    first = codes[0]
    kept = recovery_digest(first, person_id=1)
    assert recovery_digest(f" {first.upper().replace('-', ' ')} ", person_id=1) == kept
    assert recovery_digest(first, person_id=2) != kept
    assert recovery_digest(codes[1], person_id=1) != kept
