"""Check digits against vectors that were published or computed elsewhere."""

from __future__ import annotations

import pytest
from tests.truth.check_digits import estonian_iban, iban, personal_code, reference_number, registry_code


@pytest.mark.parametrize(("base", "whole"), [("100", "1009"), ("12131295", "121312952"), ("1", "13")])
def test_reference_numbers(base: str, whole: str) -> None:
    assert reference_number(base) == whole


def test_account_numbers() -> None:
    assert estonian_iban("22", 22102014568) == "EE382200221020145685"
    assert iban("DE", "370400440532013000") == "DE89370400440532013000"
    assert iban("LV", "HABA0012345678910") == "LV97HABA0012345678910"


@pytest.mark.parametrize("code", ["38001085718", "49403136526"])
def test_personal_codes(code: str) -> None:
    assert personal_code(code[:10]) == code


@pytest.mark.parametrize("code", ["12345678", "80123455", "90012343"])
def test_registry_codes(code: str) -> None:
    assert registry_code(code[:7]) == code
