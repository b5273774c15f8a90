"""What somebody types into the one search is read as an amount or as days, in whatever spelling is usual."""

from __future__ import annotations

from datetime import date

import pytest

from donations.core.calendar import Period
from donations.core.sought import sought_from

DAY = Period(date(2026, 3, 5), date(2026, 3, 5))
MARCH = Period.of(year=2026, month=3)


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        *(("25", 25_00), ("25,5", 25_50), ("25.50", 25_50), ("25,50 €", 25_50), ("€25", 25_00), ("EUR 25", 25_00)),
        *(("-25,00", 25_00), ("\N{MINUS SIGN}25", 25_00), ("1 234,56", 1_234_56), ("1.234,56", 1_234_56)),
        *(("1,234.56", 1_234_56), ("1.234", 1_234_00), ("1\N{NO-BREAK SPACE}234,56\N{NO-BREAK SPACE}€", 1_234_56)),
        *(("0", None), ("25,555.1.", None), ("25 tamm", None), ("", None), ("9" * 11, None), ("12.3.4", None)),
    ],
)
def test_amounts(typed: str, minor: int | None) -> None:
    assert sought_from(typed).minor == minor


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        *(("5.3.2026", DAY), ("05.03.2026", DAY), ("2026-03-05", DAY), ("5/3/2026", DAY), ("5. 3. 2026", DAY)),
        *(("3.2026", MARCH), ("2026-03", MARCH), ("märts 2026", MARCH), ("March 2026", MARCH), ("Марте 2026", MARCH)),
        *(("maist 2026", Period.of(year=2026, month=5)), ("2026", Period.of(year=2026))),
        *(("31.2.2026", None), ("13.2026", None), ("tamm 2026", None), ("märts", None), ("0000-03", None)),
    ],
)
def test_days(typed: str, days: Period | None) -> None:
    assert sought_from(typed).days == days
