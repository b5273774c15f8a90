"""A near miss beside the keyword: brackets stand around the letters that differ."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.matching.near import Letters, compare


def shown(runs: tuple[Letters, ...]) -> str:
    return "".join(f"[{run.text}]" if run.differs else run.text for run in runs)


@pytest.mark.parametrize(
    ("written", "as_written", "as_keyword"),
    [
        ("anetus", "anetus", "an[n]etus"),
        ("Anetus", "Anetus", "an[n]etus"),
        ("anetuseks", "anetuseks", "an[n]etus"),
        ("annet", "annet", "annet[us]"),
        ("anneetus", "anne[e]tus", "annetus"),
        ("annetsu", "annet[su]", "annet[us]"),  # a swap, not a missing letter
        ("nanetuse", "[na]netuse", "[an]netus"),
        ("annatus", "ann[a]tus", "ann[e]tus"),
        ("an netus", "an[ ]netus", "annetus"),
        ("Аnnetus", "[А]nnetus", "[a]nnetus"),
        ("nnetus", "nnetus", "[a]nnetus"),
        ("aßnetus", "[aßnetus]", "[annetus]"),  # folding makes two letters of one
    ],
)
def test_the_letters_that_differ_are_marked(written: str, as_written: str, as_keyword: str) -> None:
    found = compare(written, "annetus")
    assert (shown(found.written), shown(found.keyword)) == (as_written, as_keyword)


@given(st.text(min_size=1, max_size=12))
def test_no_letter_is_lost_or_moved(written: str) -> None:
    found = compare(written, "annetus")
    assert "".join(run.text for run in found.written) == written
    assert "".join(run.text for run in found.keyword) == "annetus"
    assert all(one.differs != other.differs for one, other in zip(found.written, found.written[1:], strict=False))
