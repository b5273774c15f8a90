"""What statements disagree on, ready to be shown, with what a person can do about it at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from donations.core.payment import Payment, PaymentId
from donations.reports.disagreement_words import said, to_do
from donations.store.payments.shown import shown_payments
from donations.store.reporting.reporting_proof import Source, sources
from donations.store.session import ReadSession
from donations.store.statements.findings import Disagreed, Disagreement, parted_payments
from donations.views.telling import Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class DisagreedView:
    """One thing that statements disagree on."""

    kind: Disagreement
    payment: Payment
    other: Payment | None
    said: tuple[Phrase, ...]
    to_do: Phrase
    source: Source | None
    """The import whose statement does not show the payment."""

    @property
    def may_be_two(self) -> bool:
        """Whether a person can say that both happened."""
        return self.other is not None and self.kind in {Disagreement.CONFLICT, Disagreement.REPEATED}

    @property
    def may_be_redated(self) -> bool:
        """Whether it may be one payment that the bank gave another date."""
        other = self.other
        if other is None or other.booked_on == self.payment.booked_on:
            return False
        return other.money == self.payment.money and self.kind in {Disagreement.CONFLICT, Disagreement.ORPHAN}


def disagreed_views(session: ReadSession, found: Sequence[Disagreed]) -> list[DisagreedView]:
    """Return what statements disagree on with its payments as they may be shown."""
    payments = _shown(session, (each for one in found for each in (one.payment, one.other)))
    files = sources(session) if any(each.statement is not None for each in found) else {}
    return [
        DisagreedView(
            kind=each.kind,
            payment=payments[each.payment],
            other=None if each.other is None else payments[each.other],
            said=said(each),
            to_do=to_do(each),
            source=None if each.statement is None else files.get(each.statement),
        )
        for each in found
    ]


def parted_views(session: ReadSession) -> list[tuple[Payment, Payment]]:
    """Return the pairs of payments of which a person said that they are two."""
    pairs = sorted(sorted(pair) for pair in parted_payments(session))
    payments = _shown(session, (each for pair in pairs for each in pair))
    return [(payments[one], payments[other]) for one, other in pairs]


def _shown(session: ReadSession, ids: Iterable[PaymentId | None]) -> Mapping[PaymentId, Payment]:
    return {payment.id: payment for payment in shown_payments(session, {each for each in ids if each is not None})}
