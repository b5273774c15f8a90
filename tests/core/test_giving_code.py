"""The giver's own code: how it may be written, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.core.giving_code import (
    DIGITS,
    GROUP,
    LETTERS,
    GivingCode,
    giving_codes,
    grouped,
    is_group,
    without_giving_codes,
)
from donations.core.keyword import fold

CODE = GivingCode("K7QM3TZP")
GROUPS = st.text(DIGITS + LETTERS, min_size=GROUP, max_size=GROUP).filter(is_group)
CODES = st.builds(lambda one, two: GivingCode(one + two), GROUPS, GROUPS)


@pytest.mark.parametrize(
    "text",
    [
        "Annetus K7QM-3TZP",
        "annetus k7qm3tzp",
        "annetus K7QM 3TZP",
        "annetus k7qm - 3tzp.",
        "annetus\u00a0K7QM\u20113TZP",
        "annetus K7QM\u20133TZP aitäh",
        "annetus K7QM\n3TZP",
        "annetus K7Q\nM-3TZP",
        "annetus K7Q\r\nM-3\nTZP",
        "K7QM-3TZP annetus",
        "annetus:K7QM-3TZP",
        "annetus_K7QM-3TZP_",
        "annetus K7QM\u200b-3TZP",
        "annetus ５ab ﹣ K7QM-3TZP",
    ],
)
def test_a_code_is_found_however_it_is_written(text: str) -> None:
    assert giving_codes(text) == (CODE,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "annetus",
        "annetus Mari Kask",
        "annetus LIIS KOIT",
        "annetus MARI 2026",
        "annetus 2345 6789",
        "annetus KASS K7QM",
        "annetus K7QM",
        "annetus K7QM-3TZPX",
        "annetus xK7QM-3TZP",
        "annetus K7QM----3TZP",
        "annetus K0QM-3TZP",
        "annetus K1QM-3TZP",
        "annetus KIQM-3TZP",
        "EE382200221020145685",
        "RF18539007547034",
        "viitenumber 2345678, arve 26/117",
        "49403136526",
    ],
)
def test_what_people_write_besides_is_no_code(text: str) -> None:
    assert giving_codes(text) == ()
    assert without_giving_codes(fold(text)) == fold(text)


def test_of_three_groups_in_a_row_every_pair_may_be_it() -> None:
    assert giving_codes("annetus 5tkX K7QM 3TZP") == (GivingCode("5TKXK7QM"), CODE)
    assert without_giving_codes("annetus 5tkx k7qm 3tzp aitäh") == f"annetus {' ' * 14} aitäh"


def test_a_code_said_twice_is_one() -> None:
    assert giving_codes("K7QM-3TZP, k7qm3tzp") == (CODE,)


@given(code=CODES, before=st.sampled_from(["Annetus ", "", "annetus:", "для "]), small=st.booleans())
def test_every_code_is_read_as_people_see_it(code: GivingCode, before: str, *, small: bool) -> None:
    shown = grouped(code)
    text = before + (shown.lower() if small else shown)
    assert giving_codes(text) == (code,)
    assert without_giving_codes(fold(text)) == fold(before) + " " * len(shown)


@given(text=st.text(DIGITS + LETTERS + "ILO01aeu \n-.,", max_size=60))
def test_a_text_without_its_codes_has_none_and_keeps_its_places(text: str) -> None:
    folded = fold(text)
    left = without_giving_codes(folded)
    assert len(left) == len(folded)
    assert giving_codes(left) == ()
    assert all(one in {other, " "} for one, other in zip(left, folded, strict=True))
