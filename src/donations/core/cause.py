"""What brings payments into the books or takes them out, and who did it when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Act(StrEnum):
    """What was done."""

    IMPORTED = "imported"
    UNDONE = "undone"
    DECIDED = "decided"
    """A person's word on which lines are one payment, and which are none."""
    RENEWED = "renewed"
    """All files were read and judged again, by newer rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """An act, who did it, and when."""

    act: Act
    by: str
    at: datetime
    file_id: int | None = None
    """The import that came or was undone."""
