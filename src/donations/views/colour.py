"""A colour of the association's own, and what of it can be read on a ground (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass

LIGHT_GROUND, DARK_GROUND = "#f7f5f0", "#1d2320"
"""Of the grounds in light and in dark (`web/style/tokens.css`) those that let a colour stand out least."""
LEGIBLE = 4.5
"""How much lighter one is than the other, for text of any size."""
_STEPS = 100


@dataclass(frozen=True, slots=True)
class Colour:
    """Red, green and blue from 0 to 255."""

    red: int
    green: int
    blue: int

    @classmethod
    def read(cls, written: str) -> Colour:
        """Return the colour of `#rrggbb`. Raises `ValueError`."""
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", written):
            raise ValueError(written)
        return cls(*bytes.fromhex(written[1:]))

    def __str__(self) -> str:
        """Write it as `#rrggbb`."""
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def luminance(self) -> float:
        """Relative luminance, from 0 (black) to 1 (white)."""
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in (self.red / 255, self.green / 255, self.blue / 255)
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def towards(self, other: Colour, part: float) -> Colour:
        """Return the mixture with a part (0 to 1) of another colour."""
        pairs = ((self.red, other.red), (self.green, other.green), (self.blue, other.blue))
        return Colour(*(round(own + (its - own) * part) for own, its in pairs))


WHITE, BLACK = Colour(255, 255, 255), Colour(0, 0, 0)


def contrast(one: Colour, other: Colour) -> float:
    """Return how much one stands out from the other: 1 (not at all) to 21."""
    low, high = sorted((one.luminance, other.luminance))
    return (high + 0.05) / (low + 0.05)


def legible(wanted: Colour, ground: Colour, least: float = LEGIBLE) -> Colour:
    """Return the colour, darkened or lightened no more than it must be to be read on the ground."""
    end = max(WHITE, BLACK, key=lambda each: contrast(each, ground))
    mixtures = (wanted.towards(end, step / _STEPS) for step in range(_STEPS + 1))
    return next((each for each in mixtures if contrast(each, ground) >= least), end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shades:
    """What pages draw with one colour, in light or in dark."""

    accent: Colour
    strong: Colour
    soft: Colour
    on_accent: Colour


def shades(wanted: Colour, *, dark: bool) -> Shades:
    """Return the shades: for text and buttons, stronger below the pointer, and soft as a ground of text."""
    ground = Colour.read(DARK_GROUND if dark else LIGHT_GROUND)
    soft = ground.towards(wanted, 0.18 if dark else 0.12)
    accent = legible(legible(wanted, ground), soft)
    end = WHITE if dark else BLACK
    return Shades(
        accent=accent,
        strong=accent.towards(end, 0.25),
        soft=soft,
        on_accent=max(WHITE, BLACK, key=lambda each: contrast(each, accent)),
    )
