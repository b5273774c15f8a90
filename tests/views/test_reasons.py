"""Why something was decided, in words: rules and people share some codes, and mean different things by them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from donations.core.payment import Act, Cause, Decision
from donations.views.phrases import in_words


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (
            Decision(reason="keyword", rule="keyword+iban/1", evidence=(("keyword", "annetus"),)),
            "A gift: the text has the keyword “annetus”, and the account number is valid.",
        ),
        (Decision(reason="keyword", person="mari"), "A person took the proposal: the text has the keyword."),
        (Decision(reason="She told me", person="mari"), "She told me"),
        (Decision(reason="taken_back", person="mari"), "Somebody took the answer back."),
        (Cause(act=Act.UNDONE, by="mari", at=datetime(2026, 5, 5, tzinfo=UTC), file_id=7), "Import 7 was taken back."),
    ],
)
def test_a_reason_in_words(why: Cause | Decision, words: str) -> None:
    assert in_words(why) == words
