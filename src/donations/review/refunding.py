"""Holds refunds to the gifts that they return: which gift a person means, and whether so much is left of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from donations.core.allocation import Allocation, Purpose
from donations.core.donor import DonorId
from donations.core.money import Currency, Minor
from donations.core.payment import Payment, PaymentId
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode
from donations.ledger.booking import live
from donations.matching.outcome import Because
from donations.review.said import Answer
from donations.store.donors import people
from donations.store.payments.allocations import allocations_of
from donations.store.payments.past import given_gifts
from donations.store.session import ReadSession

_CODES = frozenset(map(str, Because))
"""What a proposal gives as its reason: no words of a person's."""


@dataclass(slots=True)
class Refunding:
    """The refunds of one act of answering."""

    session: ReadSession
    beyond: Counter[PaymentId] = field(default_factory=Counter)
    """What payments give back beyond what was left of the gifts, in minor units."""
    _given_back: Counter[tuple[DonorId, Currency]] = field(default_factory=Counter)

    def returned_by(self, given: Answer) -> Allocation | None:
        """Return what stands of the payment that an answer says it undoes; raises `Refusal` for another.

        A refund undoes a gift, money in that is a gift again a refund; both have one donor and appeal.
        """
        wanted = {Purpose.REFUND: Purpose.GIFT, Purpose.GIFT: Purpose.REFUND}.get(given.purpose)
        if given.returns is None or wanted is None:
            return None
        rows = live(allocations_of(self.session, [given.returns]).get(given.returns, []))
        found = [row for row in rows if row.purpose is wanted]
        if not found:
            raise Refusal(AnswerCode.NOTHING_TO_RETURN)
        return found[0]

    def hold(self, payment: Payment, given: Answer, *, donor: DonorId | None, minor: Minor) -> None:
        """Count what goes back to a donor; raises `Refusal` where more goes than is left and nobody says why.

        What this payment gave back before does not count: it is answered anew.
        """
        if given.purpose is not Purpose.REFUND or donor is None:
            return
        standing = people.donors(self.session, [donor])[donor].id
        currency = payment.money.amount.currency
        gifts = [
            gift
            for gift in given_gifts(self.session, {standing}, without=payment.id).get(standing, ())
            if gift.currency == currency and gift.day <= payment.booked_on
        ]
        left = sum(gift.left for gift in gifts) - self._given_back[standing, currency]
        if given.returns is not None:
            left = min(left, sum(gift.left for gift in gifts if gift.payment == given.returns))
        self._given_back[standing, currency] += minor
        if minor > left:
            if given.reason in _CODES:
                raise Refusal(AnswerCode.REFUND_EXCEEDS_GIFTS)
            self.beyond[payment.id] += minor - max(0, left)
