"""How large a part of a whole is."""

from __future__ import annotations

from donations.core.money import Minor


def percent_of(part: Minor, whole: Minor) -> int | None:
    """Return a part in whole percent; None where it is none of a positive whole."""
    return None if whole <= 0 or not 0 <= part <= whole else (200 * part + whole) // (2 * whole)
