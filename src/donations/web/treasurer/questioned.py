"""A question as a page shows it: the bank's line, why it asks, and the answers it offers."""

from __future__ import annotations

from dataclasses import dataclass

from donations.core.allocation import Purpose
from donations.core.donor import Appeal, AppealId, Donor, DonorId
from donations.core.iban import UnverifiedAccount
from donations.core.money import Minor, MoneyIn
from donations.core.payment import Payment
from donations.matching.explain import BECAUSE, explain
from donations.matching.outcome import Ask, Because, Gift, NotAGift, Proposal
from donations.review import ANONYMOUS, Question, Review
from donations.web.treasurer.marked import Piece, marked


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One answer that a single click gives."""

    purpose: Purpose
    because: str
    donor_id: DonorId | None = None
    donor_name: str = ""
    """Of a known donor, or of the one to be made."""
    is_new: bool = False
    appeal_id: AppealId | None = None
    appeal_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """One payment with money that has no purpose yet."""

    payment: Payment
    unallocated: Minor
    text: tuple[Piece, ...]
    why: str
    code: str
    offers: tuple[Offer, ...]

    @property
    def is_money_in(self) -> bool:
        """Whether the money came."""
        return isinstance(self.payment.money, MoneyIn)

    @property
    def is_part(self) -> bool:
        """Whether some of the payment has its purpose already."""
        return self.unallocated != self.payment.money.amount.minor


def question_views(review: Review) -> tuple[QuestionView, ...]:
    """Return the questions of a review with their words."""
    appeals = {appeal.id: appeal for appeal in review.appeals}
    return tuple(_view(question, review.donors, appeals) for question in review.questions)


def other_account(payment: Payment) -> str:
    """Return the other side's account number as text, empty where there is none."""
    number = payment.counterparty.account
    return number.text if isinstance(number, UnverifiedAccount) else number or ""


def _view(question: Question, donors: dict[DonorId, Donor], appeals: dict[AppealId, Appeal]) -> QuestionView:
    outcome, payment = question.outcome, question.payment
    reason = outcome.reason
    proposals = outcome.proposals if isinstance(outcome, Ask) else (_as_proposal(outcome),)
    return QuestionView(
        payment=payment,
        unallocated=question.unallocated,
        text=marked(payment.text, reason.evidence),
        why=explain(reason.code, reason.evidence),
        code=reason.code,
        offers=tuple(_offer(each, payment, donors, appeals) for each in proposals),
    )


def _as_proposal(outcome: Gift | NotAGift) -> Proposal:
    """The rules would decide it by now, for instance since an own account was registered; a person confirms."""
    if isinstance(outcome, Gift):
        return Proposal(purpose=Purpose.GIFT, because=Because.KEYWORD, claim=outcome.claim, appeal=outcome.appeal)
    return Proposal(purpose=outcome.purpose, because=Because.NOT_A_GIFT)


def _offer(
    proposal: Proposal, payment: Payment, donors: dict[DonorId, Donor], appeals: dict[AppealId, Appeal]
) -> Offer:
    donor_id, name, is_new = proposal.donor, "", False
    if donor_id is not None:
        name = donors[donor_id].name
    elif proposal.purpose is Purpose.GIFT:
        party = payment.counterparty
        name = (party.on_behalf_of if proposal.because is Because.ON_BEHALF_OF else party.name).strip()
        is_new = bool(name)
        donor_id = None if is_new else ANONYMOUS
    appeal = None if proposal.appeal is None else appeals[proposal.appeal]
    return Offer(
        purpose=proposal.purpose,
        because=BECAUSE[proposal.because],
        donor_id=donor_id,
        donor_name=name,
        is_new=is_new,
        appeal_id=None if appeal is None else appeal.id,
        appeal_name="" if appeal is None else appeal.name,
    )
