"""A question as a page shows it: the bank's line, why it asks, and the answers it offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from donations.core.allocation import Purpose
from donations.core.donor import Appeal, AppealId
from donations.core.iban import UnverifiedAccount
from donations.core.language import N_
from donations.core.money import Minor, MoneyIn
from donations.core.payment import Payment
from donations.matching.explain import ABOUT, BECAUSE, explain
from donations.matching.outcome import Ask, Because, Proposal
from donations.matching.spelling import Spelling, compare
from donations.review import Answer, Question, Review, offered, proposed
from donations.review.alike import QuestionKind
from donations.store.session import ReadSession
from donations.web import formats
from donations.web.language import gettext
from donations.web.treasurer.questions.marked import Piece, marked

KINDS: Mapping[QuestionKind, str] = {
    QuestionKind.NEAR_MISS: N_("nearly the keyword"),
    QuestionKind.NO_KEYWORD: N_("a donor without keyword"),
    QuestionKind.WHICH_DONOR: N_("which donor?"),
    QuestionKind.WHICH_APPEAL: N_("which appeal?"),
    QuestionKind.GOING_BACK: N_("denied or going back"),
    QuestionKind.NO_DONOR: N_("no donor pays"),
    QuestionKind.UNKNOWN: N_("nothing known"),
    QuestionKind.REST: N_("a rest"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One proposal, taken by a single click."""

    number: int
    """As `donations.review.proposed` counts them, from 1."""
    promised: str
    """What the click must still mean when it arrives."""
    purpose: Purpose
    because: str
    donor_name: str = ""
    """Of a known donor, or of the one to be made; empty for the anonymous one."""
    is_new: bool = False
    appeal_name: str = ""
    about: str = ""
    """Which other payment it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """One payment with money that has no purpose yet."""

    payment: Payment
    unallocated: Minor
    text: tuple[Piece, ...]
    spelling: Spelling | None
    """The word that is nearly the keyword beside it, where letters differ."""
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
    return tuple(_view(question, review, appeals) for question in review.questions)


def other_account(payment: Payment) -> str:
    """Return the other side's account number as text, empty where there is none."""
    number = payment.counterparty.account
    return number.text if isinstance(number, UnverifiedAccount) else number or ""


def answer_to(session: ReadSession, payment: Payment, *, number: int, promised: str) -> Answer | None:
    """Return the answer that an offer stands for, or None where it would not be what was shown any more."""
    given = proposed(session, payment.id, number)
    return given if _promise(given) == promised else None


def _promise(given: Answer) -> str:
    """Name what an offer means; a claim only by its kind, for codes and accounts have no place in a page's source."""
    donor = given.donor if isinstance(given.donor, int) else type(given.donor).__name__
    return f"{given.purpose}/{given.reason}/{donor}/{given.appeal}/{given.returns}"


def _view(question: Question, review: Review, appeals: dict[AppealId, Appeal]) -> QuestionView:
    outcome, payment = question.outcome, question.payment
    reason = outcome.reason
    proposals = outcome.proposals if isinstance(outcome, Ask) else ()
    return QuestionView(
        payment=payment,
        unallocated=question.unallocated,
        text=marked(payment.text, reason.evidence),
        spelling=_spelling(payment.text, dict(reason.evidence)),
        why=explain(reason.code, reason.evidence, translate=gettext),
        code=reason.code,
        offers=tuple(
            _offer(number, each, payment, review=review, appeals=appeals)
            for number, each in enumerate(proposals, start=1)
        ),
    )


def _spelling(text: str, seen: Mapping[str, str]) -> Spelling | None:
    if "difference" not in seen:
        return None
    found = compare(text[int(seen["start"]) : int(seen["end"])], seen["keyword"])
    return found if found.missing or found.added else None


def _offer(
    number: int,
    proposal: Proposal,
    payment: Payment,
    *,
    review: Review,
    appeals: dict[AppealId, Appeal],
) -> Offer:
    is_gift = proposal.purpose is Purpose.GIFT
    name = review.donors[proposal.donor].name if proposal.donor is not None else ""
    return Offer(
        number=number,
        promised=_promise(offered(proposal, payment)),
        purpose=proposal.purpose,
        because=gettext(BECAUSE[proposal.because]),
        donor_name=name or (_named_by_bank(payment, proposal.because) if is_gift else ""),
        is_new=proposal.donor is None,
        appeal_name=appeals[proposal.appeal].name if is_gift and proposal.appeal is not None else "",
        about=_about(review, proposal),
    )


def _about(review: Review, proposal: Proposal) -> str:
    other = None if proposal.about is None else review.about.get(proposal.about)
    if other is None:
        return ""
    amount = formats.amount(other.money.signed_minor, other.money.amount.currency)
    return gettext(ABOUT).format(number=other.id, day=formats.day(other.booked_on), amount=amount)


def _named_by_bank(payment: Payment, because: Because) -> str:
    if because is Because.ANONYMOUS:
        return ""
    party = payment.counterparty
    return (party.on_behalf_of if because is Because.ON_BEHALF_OF else party.name).strip()
