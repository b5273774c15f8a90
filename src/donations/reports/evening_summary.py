"""What this evening came to, for the board: counts, sums and months, and nobody's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from donations.core.calendar import Month, Period
from donations.ledger.thread import evening_began
from donations.store.evening import (
    FilesRead,
    GiftsBooked,
    answered_since,
    closed_since,
    disclosed_since,
    files_since,
    gifts_since,
)
from donations.store.session import ReadSession


@dataclass(frozen=True, slots=True, kw_only=True)
class EveningSummary:
    """What was done since the evening began, and stands."""

    since: datetime
    read: FilesRead
    booked: GiftsBooked
    answered: int
    """Payments."""
    closed: tuple[Month, ...]
    disclosed: Period | None
    """The months that were published."""


def evening_summary(session: ReadSession, *, now: datetime) -> EveningSummary:
    """Return what was done by everybody since this evening began."""
    since = evening_began(now)
    return EveningSummary(
        since=since,
        read=files_since(session, since),
        booked=gifts_since(session, since),
        answered=answered_since(session, since),
        closed=tuple(closed_since(session, since)),
        disclosed=disclosed_since(session, since),
    )
