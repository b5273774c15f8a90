"""A word that donors keep writing is found, and none that says nothing of what a payment is for."""

from __future__ import annotations

import pytest
from tests.matching.sample import GENERAL, ROOF, payment

from donations.matching.suggested import suggested


@pytest.mark.parametrize(
    ("texts", "word"),
    [
        (["Toetus", "toetus juuli", "TOETUSEKS"], "toetus"),
        (["Toetan", "toetan teie tööd", "Toetan!", "toetus"], "toetan"),
        (["Toetus", "toetus"], None),
        (["Tere", "tere", "tere, tere"], None),
        (["Suur tänu", "Suur tänu", "suur tänu"], None),
        (["juuli", "Juuli", "juuli"], None),
        (["arve 1", "arve 2", "arve 3"], None),
        (["annetus, toetus", "annetus, toetus", "toetus: annetus"], None),
        (["Mari", "mari", "Mari"], None),
    ],
)
def test_what_is_suggested(texts: list[str], word: str | None) -> None:
    found = suggested([(payment(text), GENERAL.id) for text in texts], (GENERAL, ROOF))
    assert (None if found is None else found.word) == word


def test_it_is_for_what_most_were_given_for() -> None:
    given = [(payment("Toetus"), appeal.id) for appeal in (ROOF, GENERAL, ROOF, ROOF)]
    found = suggested(given, (GENERAL, ROOF))
    assert found is not None
    assert (found.answers, found.appeal) == (4, ROOF.id)
