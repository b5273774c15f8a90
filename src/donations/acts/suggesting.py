"""A keyword that people might add: a word that they keep calling a gift by hand."""

from __future__ import annotations

from donations.matching.suggested import SuggestedKeyword, suggested
from donations.store.donors import people
from donations.store.payments.allocations import gifts_answered
from donations.store.payments.shown import shown_payments
from donations.store.session import ReadSession

LOOKED_THROUGH = 100
"""So many of the newest answers are read."""


def suggested_keyword(session: ReadSession) -> SuggestedKeyword | None:
    """Return the word that most answers of late have; of restricted donors no text is read."""
    given_for = gifts_answered(session, size=LOOKED_THROUGH)
    payments = shown_payments(session, given_for)
    return suggested([(each, given_for[each.id]) for each in payments], people.appeals(session))
