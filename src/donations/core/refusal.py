"""The refusal that every act on the books shares."""

from __future__ import annotations


class RefusedError(ValueError):
    """What was wanted does not fit the books; nothing was changed. `code` is stable."""

    def __init__(self, code: str, message: str = "") -> None:
        """Keep the stable code."""
        self.code = code
        super().__init__(message or code)
