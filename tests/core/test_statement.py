"""What a bank writes in the place of an id, and is none."""

from __future__ import annotations

import pytest

from donations.core.statement import BankId, IdScheme, bank_ids

ENTRY = IdScheme.ENTRY


@pytest.mark.parametrize(
    "text", ["", "  ", "NOTPROVIDED", "NotProvided", "not provided", "NONREF", "-1", "0000", "-", "0-0.0"]
)
def test_placeholders_blanks_zeros_and_dashes_are_no_ids(text: str) -> None:
    assert bank_ids((ENTRY, text)) == ()


def test_ids_are_kept_once_without_the_blanks_around_them() -> None:
    assert bank_ids((ENTRY, " A1 "), (ENTRY, "A1"), (ENTRY, "01")) == (BankId(ENTRY, "A1"), BankId(ENTRY, "01"))
