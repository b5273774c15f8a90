"""Personal codes in a text are made unreadable, however they are written; other numbers stay."""

from __future__ import annotations

import pytest

from donations.views.value import without_codes


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Annetus 49403136526", "Annetus •••••••••••"),
        ("49403136526", "•••••••••••"),
        ("kood:49403136526, 38001085718.", "kood:•••••••••••, •••••••••••."),
        ("Annetus 494031\n36526", "Annetus ••••••\n•••••"),
        ("Annetus 4 9403136526", "Annetus • ••••••••••"),
        ("7 49403136526", "7 •••••••••••"),
        ("４９４０３１３６５２６", "•••••••••••"),
        ("arve 49403136527", "arve 49403136527"),  # wrong check digit
        ("viide 494031365260", "viide 494031365260"),
        ("reg 12345678", "reg 12345678"),
        ("", ""),
    ],
)
def test_codes_are_made_unreadable(text: str, shown: str) -> None:
    assert without_codes(text) == shown
