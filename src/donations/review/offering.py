"""A proposal as it is offered: what taking it books, in fact and in words; the same wherever it is shown."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from donations.core.allocation import Purpose
from donations.core.donor import ANONYMOUS, Claim, Donor
from donations.core.language import N_
from donations.core.name import name_key
from donations.core.payment import Payment, PaymentId
from donations.matching.explain import BECAUSE
from donations.matching.outcome import Ask, Because, Proposal
from donations.review.asking import Question, Review, review
from donations.review.said import Answer, CannotAnswerError, name_claimed
from donations.store.session import ReadSession

_GIFT = N_("Gift of %(donor)s")
_REFUND = N_("Refund to %(donor)s")
_NEW = N_("a new donor")
_NOBODY = N_("an anonymous donor")
_BECAUSE = N_("because %(because)s")
_PURPOSES = {
    Purpose.GIFT: N_("Gift"),
    Purpose.REFUND: N_("Refund"),
    Purpose.TRANSFER: N_("Own transfer"),
    Purpose.INCOME: N_("Other income"),
    Purpose.COST: N_("Cost"),
}

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One proposal, which may be taken by its number."""

    number: int
    """Counted from 1, the best first."""
    promised: str
    """What taking it must still mean when it arrives: says nothing by itself."""
    given: Answer
    """What it answers."""
    because: Because
    donor: Donor | None = None
    """Where one is known."""
    donor_name: str = ""
    """Of the known donor, or of the one that is made; empty for the anonymous one."""
    is_new: bool = False
    """Whether taking it makes a donor."""
    appeal_name: str = ""

    def what(self, translate: Translate = str, *, named: Callable[[str], str] = str) -> str:
        """Return what is booked; `named` marks what is somebody's name."""
        purpose = self.given.purpose
        who = named(self.donor_name) if self.donor_name else translate(_NOBODY)
        if self.is_new:
            who += f" ({translate(_NEW)})"
        said = translate(_PURPOSES[purpose])
        if purpose is Purpose.GIFT or (purpose is Purpose.REFUND and self.donor_name):
            said = translate(_GIFT if purpose is Purpose.GIFT else _REFUND) % {"donor": who}
        return said + f" · {self.appeal_name}" if self.appeal_name else said

    def why(self, translate: Translate = str) -> str:
        """Return why it is offered."""
        return translate(_BECAUSE) % {"because": translate(BECAUSE[self.because])}

    def words(self, translate: Translate = str) -> str:
        """Return both."""
        return f"{self.what(translate)}, {self.why(translate)}"


def offers(question: Question, found: Review) -> tuple[Offer, ...]:
    """Return what can be taken of a question that was asked with others."""
    outcome = question.outcome
    proposals = outcome.proposals if isinstance(outcome, Ask) else ()
    known = {name_key(found.donors[each.donor].name) for each in proposals if each.donor is not None}
    appeals = {each.id: each.name for each in found.appeals}
    made = []
    for number, each in enumerate(proposals, 1):
        donor = None if each.donor is None else found.donors[each.donor]
        given = offered(each, question.payment)
        name = donor.name if donor is not None else _new_name(given, question.payment)
        is_gift = each.purpose is Purpose.GIFT
        made.append(
            Offer(
                number=number,
                promised=_promise(question, each),
                given=given,
                because=each.because,
                donor=donor,
                donor_name=name,
                is_new=donor is None and bool(name) and (each.claim is not None or name_key(name) not in known),
                appeal_name=appeals[each.appeal] if is_gift and each.appeal is not None else "",
            )
        )
    return tuple(made)


def taken(session: ReadSession, payment_id: PaymentId, number: int, *, promised: str | None = None) -> Answer:
    """Return what taking an offer answers, if the payment still waits and the offer is what was promised.

    Raises `CannotAnswerError`: `proposal_outdated`, `no_such_proposal`.
    """
    found = review(session, only=[payment_id])
    if not any(each.unallocated for each in found.questions):
        told = f"Payment {payment_id} waits for no answer any more: donations why {payment_id}"
        raise CannotAnswerError("proposal_outdated", told)
    offer = _numbered(found, number)
    if offer is None:
        raise CannotAnswerError("no_such_proposal", f"Payment {payment_id} has no proposal {number}.")
    if promised not in {None, offer.promised}:
        raise CannotAnswerError("proposal_outdated", f"Proposal {number} of payment {payment_id} is another one now.")
    return offer.given


def offered_now(session: ReadSession, payment_id: PaymentId, number: int) -> Answer | None:
    """Return what an offer of that number would answer, though the payment may wait for none any more."""
    offer = _numbered(review(session, only=[payment_id]), number)
    return None if offer is None else offer.given


def _numbered(found: Review, number: int) -> Offer | None:
    return next(
        (each for question in found.questions for each in offers(question, found) if each.number == number), None
    )


def offered(chosen: Proposal, payment: Payment) -> Answer:
    """Return the answer that a proposal for a payment stands for."""
    donor = chosen.donor or chosen.claim or None
    if chosen.purpose is not Purpose.GIFT or donor is not None:
        return Answer(purpose=chosen.purpose, reason=chosen.because.value, donor=donor, appeal=chosen.appeal)
    party = payment.counterparty
    name = (party.on_behalf_of if chosen.because is Because.ON_BEHALF_OF else party.name).strip()
    return Answer(purpose=Purpose.GIFT, reason=chosen.because.value, donor=name or ANONYMOUS, appeal=chosen.appeal)


def _new_name(given: Answer, payment: Payment) -> str:
    """Return the name of the donor that an answer makes, empty where it makes none."""
    if given.purpose is not Purpose.GIFT or given.donor is None or isinstance(given.donor, int):
        return ""
    return given.donor if isinstance(given.donor, str) else name_claimed(given.donor, payment)


def _promise(question: Question, proposal: Proposal) -> str:
    """Name what an offer means and what it rests on; of a claim only its kind, for codes could be guessed."""
    who: object = proposal.donor
    if isinstance(proposal.claim, Claim):
        who = type(proposal.claim).__name__
    meant = (question.payment.id, proposal.purpose, proposal.because, who, proposal.appeal)
    return hashlib.sha256(repr((meant, question.unallocated, question.standing)).encode()).hexdigest()[:32]
