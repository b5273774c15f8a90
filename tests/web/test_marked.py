"""The bank's text cut at the places that a rule saw."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.web.treasurer.questions.cards import marked

Evidence = list[tuple[str, str]]


def place(start: int, end: int, which: str = "") -> Evidence:
    return [(f"{which}start", str(start)), (f"{which}end", str(end))]


@pytest.mark.parametrize(
    ("text", "evidence", "pieces"),
    [
        ("", [], []),
        ("tere", [], [("tere", "")]),
        ("suur annetus", [("field", "text"), *place(5, 12)], [("suur ", ""), ("annetus", "keyword")]),
        (
            "anetus mets",
            [("field", "text"), *place(0, 6), ("difference", "one_letter")],
            [("anetus", "near"), (" mets", "")],
        ),
        (
            "ei ole annetus",
            [("field", "text"), *place(7, 14), *place(0, 6, "denied_")],
            [("ei ole", "denied"), (" ", ""), ("annetus", "keyword")],
        ),
        ("viide 12", [("field", "reference"), ("appeal", "1")], [("viide 12", "")]),
        (
            "a b c",
            [("field", "text"), *place(4, 5), ("appeal", "2"), ("field", "text"), *place(0, 1)],
            [("a", "keyword"), (" b ", ""), ("c", "keyword")],
        ),
        ("abc", [("field", "text"), *place(1, 99)], [("abc", "")]),
    ],
)
def test_pieces(text: str, evidence: Evidence, pieces: list[tuple[str, str]]) -> None:
    assert [tuple(piece) for piece in marked(text, evidence)] == pieces


@given(st.text(), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30))))
def test_no_character_is_lost_or_moved(text: str, places: list[tuple[int, int]]) -> None:
    evidence = [pair for start, end in places for pair in [("field", "text"), *place(start, end)]]
    assert "".join(piece.text for piece in marked(text, evidence)) == text
