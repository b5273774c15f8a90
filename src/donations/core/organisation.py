"""What stands where the organisation's name was never said."""

from __future__ import annotations

PLACEHOLDER = "Our association"
"""For pages that nobody is given; a paper or a publication under it would be nobody's."""


def is_placeholder(name: str) -> bool:
    """Whether this is no name."""
    return name.strip().casefold() in {"", PLACEHOLDER.casefold()}
