"""What a rule that comes or goes would do, as a page shows it: sums, and the first payments of each fate."""

from __future__ import annotations

from dataclasses import dataclass

from donations.core.language import N_
from donations.core.money import Currency, Minor
from donations.core.payment import Payment
from donations.review.teaching import Fate, Replay
from donations.store.payments.shown import shown_payments
from donations.store.session import ReadSession
from donations.views.rule_words import sentences
from donations.web.formats import TELLER

SHOWN_MAX = 50
"""Of each fate; the counts and sums are of all."""

_HEADINGS = {
    Fate.BOOKED: N_("Booked anew: they had no purpose until now"),
    Fate.CHANGED: N_("Changed: the rules booked them otherwise until now"),
    Fate.OPENED: N_("Become questions again"),
    Fate.SAME: N_("Stay what they are; only the rule that says so changes"),
    Fate.AGAINST: N_("Not touched: the payment itself, or another rule, says something else"),
    Fate.DECIDED: N_("Not touched: a person decided them"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FateView:
    """The payments that share a fate."""

    heading: str
    """English; translated where it is shown."""
    count: int
    totals: tuple[tuple[Currency, Minor], ...]
    first: tuple[Payment, ...]
    """The newest ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayView:
    """A rule with all that it would change."""

    number: int
    sentence: str
    fates: tuple[FateView, ...]
    beside: tuple[Payment, ...]
    promised: str


def replay_view(session: ReadSession, replay: Replay) -> ReplayView:
    """Return the replay with its words; to be asked inside the transaction that made it."""
    return ReplayView(
        number=replay.rule.number,
        sentence=sentences(session, [replay.rule], TELLER)[replay.rule.number],
        fates=tuple(
            FateView(
                heading=_HEADINGS[shared.fate],
                count=len(shared.payments),
                totals=shared.totals,
                first=_newest(shown_payments(session, shared.payments[-SHOWN_MAX:])),
            )
            for shared in replay.fates
        ),
        beside=_newest(shown_payments(session, replay.beside[:SHOWN_MAX])),
        promised=replay.digest,
    )


def _newest(payments: list[Payment]) -> tuple[Payment, ...]:
    return tuple(sorted(payments, key=lambda each: (each.booked_on, each.id), reverse=True))
