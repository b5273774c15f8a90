"""Words that ordinary transfers carry are told from words that only donors write."""

from __future__ import annotations

import pytest

from donations.core.keyword import parse_keyword
from donations.matching.wordlist import is_ordinary


@pytest.mark.parametrize("word", ["Arve", "ÜLEKANNE", "invoice", "Оплата", "счёт", "liikmemaks"])
def test_ordinary_words(word: str) -> None:
    assert is_ordinary(parse_keyword(word))


@pytest.mark.parametrize("word", ["Annetus", "katus", "toetus", "arve annetus", "пожертвование"])
def test_words_of_donors(word: str) -> None:
    assert not is_ordinary(parse_keyword(word))
