"""A proposal as it is offered: what taking it books, in fact and in words; the same wherever it is shown."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from donations.core.allocation import Purpose
from donations.core.donor import ANONYMOUS, Claim, Donor, DonorId
from donations.core.language import N_
from donations.core.money import decimal_text
from donations.core.payment import Payment, PaymentId
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode
from donations.matching.explain import ABOUT, BECAUSE
from donations.matching.outcome import Ask, Because, Proposal
from donations.review.asking import Question, Review, review
from donations.review.said import Answer, NewDonor, name_claimed
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
Told = tuple[str, str]
"""A payment's day and signed amount, as they are written somewhere."""


def in_plain_words(payment: Payment) -> Told:
    """Write a payment's day and amount as programs do."""
    amount = payment.money.amount
    return str(payment.booked_on), f"{decimal_text(payment.money.signed_minor, amount.currency)} {amount.currency}"


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
    about: Payment | None = None
    """The payment that it undoes (the gift that goes back, ours that came back), or the other side of a transfer."""

    def what(self, translate: Translate = str, *, named: Callable[[str], str] = str) -> str:
        """Return what is booked; `named` marks what is somebody's name."""
        purpose = self.given.purpose
        who = named(self.donor_name) if self.donor_name else translate(_NOBODY)
        if self.is_new:
            who += f" ({translate(_NEW)})"
        elif self.because is Because.SAME_NAME and self.donor is not None:  # there may be several of one name
            who += f" (№ {self.donor.id})"
        said = translate(_PURPOSES[purpose])
        if purpose is Purpose.GIFT or (purpose is Purpose.REFUND and self.donor_name):
            said = translate(_GIFT if purpose is Purpose.GIFT else _REFUND) % {"donor": who}
        return said + f" · {self.appeal_name}" if self.appeal_name else said

    def why(self, translate: Translate = str, *, told: Callable[[Payment], Told] = in_plain_words) -> str:
        """Return why it is offered, and which other payment it is about; `told` writes that one's day and amount."""
        because = translate(BECAUSE[self.because])
        if self.about is not None:
            day, amount = told(self.about)
            because += " (" + translate(ABOUT).format(number=self.about.id, day=day, amount=amount) + ")"
        return translate(_BECAUSE) % {"because": because}

    def words(self, translate: Translate = str, *, told: Callable[[Payment], Told] = in_plain_words) -> str:
        """Return both."""
        return f"{self.what(translate)}, {self.why(translate, told=told)}"


def offers(question: Question, found: Review) -> tuple[Offer, ...]:
    """Return what can be taken of a question that was asked with others."""
    outcome = question.outcome
    proposals = outcome.proposals if isinstance(outcome, Ask) else ()
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
                is_new=donor is None and bool(name),
                appeal_name=appeals[each.appeal] if is_gift and each.appeal is not None else "",
                about=None if each.about is None else found.about.get(each.about),
            )
        )
    return tuple(made)


def taken(session: ReadSession, payment_id: PaymentId, number: int, *, promised: str | None = None) -> Answer:
    """Return what taking an offer answers, if the payment still waits and the offer is what was promised.

    Raises `Refusal`: `proposal_outdated`, `no_such_proposal`.
    """
    found = review(session, only=[payment_id])
    if not any(each.unallocated for each in found.questions):
        raise Refusal(AnswerCode.PROPOSAL_OUTDATED)
    offer = _numbered(found, number)
    if offer is None:
        raise Refusal(AnswerCode.NO_SUCH_PROPOSAL)
    if promised not in {None, offer.promised}:
        raise Refusal(AnswerCode.PROPOSAL_OUTDATED)
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
    """Return the answer that a proposal for a payment stands for; who is new is called as the bank does."""
    donor: DonorId | Claim | NewDonor | None = chosen.donor or chosen.claim
    if chosen.purpose is Purpose.GIFT and donor is None:
        party = payment.counterparty
        name = (party.on_behalf_of if chosen.because is Because.ON_BEHALF_OF else party.name).strip()
        donor = ANONYMOUS if chosen.because is Because.ANONYMOUS or not name else NewDonor(name)
    return Answer(
        purpose=chosen.purpose,
        reason=chosen.because.value,
        donor=donor,
        appeal=chosen.appeal,
        returns=None if chosen.purpose is Purpose.TRANSFER else chosen.about,
    )


def _new_name(given: Answer, payment: Payment) -> str:
    """Return the name of the donor that an answer makes, empty where it makes none."""
    if given.purpose is not Purpose.GIFT or given.donor is None or isinstance(given.donor, int):
        return ""
    match given.donor:
        case NewDonor(name) | str(name):
            return name
        case claim:
            return name_claimed(claim, payment)


def _promise(question: Question, proposal: Proposal) -> str:
    """Name what an offer means and what it rests on; of a claim only its kind, for codes could be guessed."""
    who: object = proposal.donor
    if isinstance(proposal.claim, Claim):
        who = type(proposal.claim).__name__
    meant = (question.payment.id, proposal.purpose, proposal.because, who, proposal.appeal, proposal.about)
    return hashlib.sha256(repr((meant, question.unallocated, question.standing)).encode()).hexdigest()[:32]
