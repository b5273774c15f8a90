"""A treasurer who knows the truth: answers questions, merges and erases the right people, and never guesses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.truth.judge.donors import donors_of
from tests.truth.judge.payments import Matched
from tests.truth.product import Product
from tests.truth.told import Asked, Booked, ProductRefused
from tests.truth.values import Clarity, Movement, Purpose


@dataclass(slots=True)
class Treasurer:
    """Acts on the books as they are, by what is true."""

    product: Product
    matched: Matched
    ledger: Sequence[Booked]
    erased: set[int]

    def answer(self, most: int) -> list[str]:
        """Answer so many open questions, the oldest first; returns what was said, or why it was refused."""
        said: list[str] = []
        for asked in self.product.questions():
            one = self.matched.movement(asked.payment)
            if len(said) < most and one is not None:
                for question in self.product.questions(only=asked.payment):  # each answer may change what is offered
                    said += self._answer(question, one)
        return said

    def _answer(self, question: Asked, one: Movement) -> list[str]:
        try:
            offer = self._right_offer(question, one)
            if offer is not None:
                self.product.take_offer(question.payment, offer)
                return [f"payment {question.payment}: proposal {offer}"]
            whom = self._whom(one)
            if one.meaning.giver is not None and whom is None:
                return []
            self.product.answer(question.payment, one.meaning.purpose.value, whom)
        except ProductRefused as refused:
            return [f"payment {question.payment}: refused, {refused.code}"]
        return [f"payment {question.payment}: {one.meaning.purpose.value} {whom or ''}"]

    def _right_offer(self, question: Asked, one: Movement) -> int | None:
        """Return the proposal that says what is true, and of whom."""
        giver = one.meaning.giver
        is_bounce = one.meaning.purpose is Purpose.INCOME and giver is not None
        known = [] if giver is None else donors_of(self.matched, self.ledger, giver)
        for offer in question.offers:
            if is_bounce:
                if "back" in offer.because or "returned" in offer.because:
                    return offer.number
            elif offer.purpose == one.meaning.purpose.value and (
                giver is None
                or offer.donor in known
                or (
                    offer.donor is None
                    and one.meaning.clarity is Clarity.PLAIN
                    and not known
                    and giver not in self.erased
                )
            ):
                return offer.number
        return None

    def _whom(self, one: Movement) -> int | str | None:
        """Return the giver's donor, or the name to make one by; None where it must not be said."""
        giver = one.meaning.giver
        if giver is None or giver in self.erased or one.meaning.purpose is Purpose.INCOME:
            return None
        known = donors_of(self.matched, self.ledger, giver)
        if known:
            return known[0]
        name = self.matched.known.world.person(giver).names[-1]
        others = {part.donor_name for payment in self.ledger for part in payment.parts}
        is_taken = any(other.casefold().startswith(name.casefold()) for other in others)
        if one.meaning.purpose is Purpose.REFUND:
            return None
        return f"{name} noorem" if is_taken else name
