"""Normal forms in which bank text is compared, and what can be a keyword."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.core.keyword import fold, normal, parse_keyword
from donations.core.refusal import Refusal


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Annetus", "annetus"),
        ("  ANNETUS \t eest\r\n2026 ", "annetus eest 2026"),
        ("an\u200bne\u00adtus\ufeff", "annetus"),  # zero-width space, soft hyphen, byte order mark
        ("\u202eannetus\u2066", "annetus"),  # marks of direction
        ("annetus\ufe0f", "annetus"),  # variation selector
        ("annetus\u00a0eest", "annetus eest"),  # no-break space
        ("õ", "õ"),
        ("O\u0303", "õ"),  # decomposed
        ("ＡＮＮＥＴＵＳ", "annetus"),  # full width
        ("ﬁrma", "firma"),
        ("STRASSE straße", "strasse strasse"),
        ("ПОЖЕРТВОВАНИЕ", "пожертвование"),
        ("DONATION", "donation"),  # not the Turkish dotless ı
        ("", ""),
    ],
)
def test_normal(text: str, expected: str) -> None:
    assert normal(text) == expected


@given(st.text())
def test_normal_text_stays_as_it_is(text: str) -> None:
    assert normal(normal(text)) == normal(text)


@given(st.text())
def test_decomposed_text_is_the_same(text: str) -> None:
    assert normal(unicodedata.normalize("NFD", text)) == normal(text)


def test_every_character_folds_once_and_for_all() -> None:
    """All of the two planes that have letters with case."""
    characters = [chr(at) for at in range(0x20000) if not 0xD800 <= at < 0xE000]
    assert [letter for letter in characters if fold(fold(letter)) != fold(letter)] == []


@pytest.mark.parametrize("text", ["Annetus", " annetus ", "KUNST2026", "anneta targalt", "пожертвование", "2026mets"])
def test_a_keyword_is_in_normal_form(text: str) -> None:
    assert parse_keyword(text) == normal(text)


@pytest.mark.parametrize("text", ["", " ", "\u200b\u00ad", "an", "a1b2", "2026", "---", "#annetus", "\u0301abc"])
def test_too_little_is_no_keyword(text: str) -> None:
    with pytest.raises(Refusal, match="bad_keyword"):
        parse_keyword(text)
