"""How closings are chained, so that a later change of any of them shows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from donations.core.month import Month
from donations.ledger.figures import canonical


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
        return hashlib.sha256(canonical(kept).encode()).hexdigest()


def broken_links(chain: Sequence[tuple[Seal, str]]) -> list[int]:
    """Return where, counted from 0, a kept digest is not its closing's own, or the one before is another."""
    expected = ["", *(digest for _, digest in chain)]
    return [at for at, (seal, digest) in enumerate(chain) if seal.digest != digest or seal.before != expected[at]]
