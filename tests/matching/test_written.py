"""Folded text and the way back to what the bank wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.core.keyword import fold
from donations.matching.written import TextSpan, read


@pytest.mark.parametrize(
    ("text", "piece", "written"),
    [
        ("Tere Õpetaja", "õpetaja", "Õpetaja"),
        ("O\u0303petaja tere", "õpetaja", "O\u0303petaja"),
        ("ﬁrma \u200bannetus", "annetus", "annetus"),
        ("ﬁrma", "fi", "ﬁ"),
        ("Straße 5", "5", "5"),
        ("an\u200bnetus", "annetus", "an\u200bnetus"),
    ],
)
def test_a_piece_is_found_again(text: str, piece: str, written: str) -> None:
    folded = read(text)
    start = folded.folded.index(piece)
    assert text[slice(*folded.span(start, start + len(piece)))] == written


@given(st.text())
def test_text_is_folded_as_keywords_are(text: str) -> None:
    assert read(text).folded == fold(text)


@given(st.text(min_size=1))
def test_each_place_folds_to_at_least_its_piece(text: str) -> None:
    written = read(text)
    for at, letter in enumerate(written.folded):
        place = written.span(at, at + 1)
        assert letter in fold(text[slice(*place)])
    if written.folded:
        start, end = written.span(0, len(written.folded))
        assert TextSpan(0, 0) <= TextSpan(start, end)
        assert fold(text[start:end]) == written.folded
