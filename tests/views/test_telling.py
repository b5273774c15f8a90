"""One sentence with typed places is told to programs in English, and to people as their language writes it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from donations.core.calendar import Month, Period
from donations.core.money import EUR, Balance
from donations.core.payment import Act, Cause
from donations.views.phrases import PLAIN, Phrase, Teller, Value

OTHER = Teller(
    translate=lambda said: f"<{said}>",
    day=lambda day: f"day {day.day}",
    days=lambda first, last: f"days {first.day} to {last.day}",
    month=lambda month: f"month {month.number}",
    amount=lambda balance: f"{balance.minor} cents",
)
"""A made-up language that shows what it translated."""
CAME = Cause(act=Act.IMPORTED, by="mari", at=datetime(2026, 5, 5, tzinfo=UTC), file_id=7)


@pytest.mark.parametrize(
    ("value", "plain", "other"),
    [
        ("Gift {x}", "Gift {x}", "Gift {x}"),
        (Phrase("Gift"), "Gift", "<Gift>"),
        (Phrase("{kept} as it is"), "{kept} as it is", "<{kept} as it is>"),
        (date(2026, 3, 5), "2026-03-05", "day 5"),
        (Period.of(year=2026, month=3), "2026-03-01 to 2026-03-31", "days 1 to 31"),
        (Month(2026, 3), "2026-03", "month 3"),
        (Balance(-700, EUR), "-7.00 EUR", "-700 cents"),
        (CAME, "Import 7 came.", "<Import 7 came.>"),
        ((Month(2026, 3), "Gift", Phrase("Gift")), "2026-03, Gift, Gift", "month 3, Gift, <Gift>"),
    ],
)
def test_each_kind_of_value_is_written_by_its_language(value: Value, plain: str, other: str) -> None:
    phrase = Phrase("It is: {value}", (("value", value),))
    assert PLAIN.tell(phrase) == f"It is: {plain}"
    assert OTHER.tell(phrase) == f"<It is: {other}>"
