"""Which rules have a say on a payment as things stand, the one that decides first."""

from __future__ import annotations

from dataclasses import replace

from donations.core.payment import Payment
from donations.matching.decide import decide
from donations.matching.outcome import Outcome
from donations.review.asking import directory_now
from donations.store.session import ReadSession


def rules_on(session: ReadSession, payment: Payment) -> tuple[Outcome, ...]:
    """Return what the rules make of a payment: a standing rule's word, and the built-in rule's that it stands in for.

    Built-in rules are asked in a fixed order, and the first that has a say is the only one.
    """
    directory = directory_now(session, [payment])
    decided = decide(payment, directory)
    built_in = decide(payment, replace(directory, standing=()))
    return (decided,) if decided == built_in else (decided, built_in)
