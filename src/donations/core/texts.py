"""Text that people type and programs send: how long each kind may be, and what no database keeps.

SQLite takes anything; PostgreSQL refuses NUL, and in an index all that is longer than 2,704 bytes. Both refuse the same
here, with one refusal.
"""

from __future__ import annotations

import re

from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode

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


def text_refused(field: str, limit: int) -> Refusal:
    """Return the refusal of a text that is too long or cannot be kept; it is not repeated, for it may name somebody."""
    return Refusal(RequestCode.TEXT_REFUSED, field=field, limit=limit)


def bounded(text: str, field: str, limit: int) -> str:
    """Return a text that can be kept, without blanks around it. Raises `Refusal`."""
    text = text.strip()
    if len(text) > limit or UNREADABLE.search(text):
        raise text_refused(field, limit)
    return text
