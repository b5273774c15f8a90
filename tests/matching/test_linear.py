"""What payers write takes time by its length, whatever it is: the worst texts of so many letters."""

from __future__ import annotations

from time import process_time

import pytest
from tests.examples import ALL
from tests.matching.sample import KNOWN, payment

from donations.matching.decide import decide

LETTERS, SECONDS = (100_000, 4.0) if ALL else (30_000, 1.0)
"""Of CPU: the dearest linear text takes 0.5 or 0.15 s, on a busy machine twice as long; a quadratic one 30 or 3."""


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "annetus ",
            "annetus",
            "annetuse",
            "anetus ",
            "ei ",
            "ei ole annetus, ",
            "mitte arve ",
            "tagasi ",
            "t ",
            "tagas ",
        ),
        *(
            "0 eur ",
            "1 000 000 ",
            "1.000,",
            "0",
            "0 ",
            "€",
            "20 e",
            "eur ",
            "@",
            "a@",
            "a.",
            "www.",
            "x.ee ",
            "v.a ",
            "a",
        ),
        *(
            "EE38 ",
            "EE382200221020145685",
            "2026 ",
            "ref ",
            "viide 1 ",
            "rf18 ",
            "arve 1 ",
            "instead of ",
            "r-",
            "no 1 ",
        ),
        *("\n", "a\n", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", " ", "\u200b", "e\u0301", "İ", "пожертвование ", "не "),
        *("-", "- ", "('", "a'b'", "\u3300", "49403136526 ", "reg 1", "t-särk ", "m", "ümber "),
    ],
)
def test_no_text_takes_longer_than_its_length(piece: str) -> None:
    text = (piece * (LETTERS // len(piece) + 1))[:LETTERS]
    for one in (payment(text), payment(f"annetus {text}")):
        begun = process_time()
        decide(one, KNOWN)
        assert process_time() - begun < SECONDS
