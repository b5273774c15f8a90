"""Whether what is kept of regular giving is what the gifts say."""

from __future__ import annotations

from collections.abc import Iterator

from donations.ledger.checks import Violation
from donations.store.giving.regular_gifts import wrongly_judged
from donations.store.session import ReadSession


def regular_gifts_current(session: ReadSession) -> Iterator[Violation]:
    """Judging anew who gives regularly would change nothing."""
    for donor in wrongly_judged(session):
        yield Violation(f"donor {donor}", "the gifts say something else of regular giving than what is kept")
