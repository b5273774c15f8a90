"""What is kept of a closing, and the digest that the next one names (`ledger/chain.py`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from donations.core.canonical import digest
from donations.core.month import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """Everything that is kept of a closing."""

    month: Month
    by: str
    at: datetime
    reason: str | None
    """Why the month was closed although something was in the way."""
    figures: str
    """As canonical text."""
    last_allocation: int
    """The number of the last allocation that the figures know."""
    before: str
    """Digest of the closing before this one; empty for the first."""

    @property
    def digest(self) -> str:
        """SHA-256 over all of it, in hexadecimal."""
        kept = {
            "month": str(self.month),
            "by": self.by,
            "at": self.at.astimezone(UTC).isoformat(),
            "reason": self.reason,
            "figures": self.figures,
            "last_allocation": self.last_allocation,
            "before": self.before,
        }
        return digest(kept)
