"""The refusal that all acts on donors share."""

from __future__ import annotations


class CannotKnowError(ValueError):
    """What was said of a donor does not fit what is known; nothing was changed. `code` is stable."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the stable code."""
        self.code = code
        super().__init__(message)
