"""The refusal that all acts on donors share."""

from __future__ import annotations

from donations.core.refusal import RefusedError


class CannotKnowError(RefusedError):
    """What was said of a donor does not fit what is known."""
