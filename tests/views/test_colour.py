"""A colour of the association's own can be read wherever pages put it, in light and in dark."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.views.colour import BLACK, DARK_GROUND, LEGIBLE, LIGHT_GROUND, WHITE, Colour, contrast, legible, shades

colours = st.builds(Colour, *[st.integers(0, 255)] * 3)


def test_contrast_is_as_the_guidelines_reckon() -> None:
    assert contrast(WHITE, BLACK) == pytest.approx(21)
    assert contrast(Colour.read("#777777"), WHITE) == pytest.approx(4.48, abs=0.01)


@given(wanted=colours, dark=st.booleans())
def test_whatever_the_colour_text_in_it_and_on_it_can_be_read(wanted: Colour, *, dark: bool) -> None:
    found = shades(wanted, dark=dark)
    grounds = ("#141816", DARK_GROUND) if dark else ("#ffffff", LIGHT_GROUND)
    for text in (found.accent, found.strong):
        for ground in (*map(Colour.read, grounds), found.soft):
            assert contrast(text, ground) >= LEGIBLE - 0.05  # rounding to 255 steps
    assert contrast(found.on_accent, found.accent) >= LEGIBLE
    assert contrast(found.on_accent, found.strong) >= LEGIBLE - 0.05


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    own = Colour.read("#1c6b50")
    assert legible(own, WHITE) == own
    assert str(shades(own, dark=False).accent) == "#1c6b50"
    assert shades(own, dark=True).accent != own


@pytest.mark.parametrize("written", ["1c6b50", "#1c6b5", "#1c6b5g", "red", "#1c6b50;}body{", ""])
def test_nothing_else_is_a_colour(written: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Colour.read(written)
