"""Text that people type and programs send: how long each kind may be, and what no database keeps.

SQLite takes anything; PostgreSQL refuses NUL, and in an index all that is longer than 2,704 bytes. Both refuse the same
here, with one refusal.
"""

from __future__ import annotations

import re

from donations.core.refusal import RefusedError

NAME_MAX = 80
"""What something of ours is called: an account, an appeal, a person, a program, the organisation."""
DONOR_NAME_MAX = 140
"""As in a transfer (ISO 20022 Max140Text)."""
REASON_MAX = 1_000
NOTE_MAX = 2_000
LINE_MAX = 500
"""Whatever else is one line: four bytes to a letter, an index holds it."""

UNREADABLE = re.compile(r"[\x00\ud800-\udfff]")
"""NUL, and halves of letters, which no encoding writes."""


class TextRefusedError(RefusedError):
    """A text is too long or holds what cannot be kept; it is not repeated, for it may name somebody."""

    def __init__(self, field: str, limit: int) -> None:
        """Keep where it was given, and how long it may be."""
        self.field, self.limit = field, limit
        super().__init__(
            "text_refused",
            f"“{field}” cannot be kept: at most {limit} characters, and no NUL. Nothing was changed.",
        )


def bounded(text: str, field: str, limit: int) -> str:
    """Return a text that can be kept, without blanks around it. Raises `TextRefusedError`."""
    text = text.strip()
    if len(text) > limit or UNREADABLE.search(text):
        raise TextRefusedError(field, limit)
    return text
