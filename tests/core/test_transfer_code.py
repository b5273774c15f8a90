"""The payload of the square code, line by line, and what does not fit."""

from __future__ import annotations

import pytest

from donations.core.iban import ValidIban
from donations.core.reference import CannotEncodeError, transfer_code

IBAN = ValidIban("EE382200221020145685")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Annetus", ["BCD", "002", "1", "SCT", "", "MTÜ Rohutirts", IBAN, "", "", "", "Annetus"]),
        ("", ["BCD", "002", "1", "SCT", "", "MTÜ Rohutirts", IBAN]),
    ],
)
def test_the_lines_are_those_of_the_standard(text: str, lines: list[str]) -> None:
    assert transfer_code(payee="MTÜ Rohutirts", iban=IBAN, text=text).split("\n") == lines


@pytest.mark.parametrize(
    ("payee", "text"),
    [("", "Annetus"), ("M" * 71, "Annetus"), ("MTÜ\nRohutirts", "Annetus"), ("MTÜ", "A" * 141), ("õ" * 70, "õ" * 100)],
    ids=["no payee", "long payee", "two lines", "long text", "too many bytes"],
)
def test_what_does_not_fit_is_no_code(payee: str, text: str) -> None:
    with pytest.raises(CannotEncodeError):
        transfer_code(payee=payee, iban=IBAN, text=text)
