"""A question as a page shows it: the bank's line, why it asks, and the answers it offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from donations.core.language import N_
from donations.core.money import Minor, MoneyIn
from donations.core.payment import Payment
from donations.matching.explain import explain
from donations.matching.spelling import Spelling, compare
from donations.review import Offer, Question, Review, offers
from donations.review.alike import QuestionKind
from donations.web.language import gettext
from donations.web.treasurer.questions.answer_form import Kind
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
    seen: str
    """The numbers of what stands, for a form: an answer is booked only if they are still the same."""

    @property
    def is_money_in(self) -> bool:
        """Whether the money came."""
        return isinstance(self.payment.money, MoneyIn)

    @property
    def likely_kind(self) -> Kind:
        """What is proposed first, for the form of another answer."""
        purpose = self.offers[0].given.purpose if self.offers else None
        if purpose is None:
            return Kind.GIFT if self.is_money_in else Kind.REFUND
        return Kind.of(purpose)

    @property
    def is_part(self) -> bool:
        """Whether some of the payment has its purpose already."""
        return self.unallocated != self.payment.money.amount.minor


def question_views(review: Review) -> tuple[QuestionView, ...]:
    """Return the questions of a review with their words."""
    return tuple(_view(question, review) for question in review.questions)


def numbers_of(question: Question) -> str:
    """Return the numbers of what stands on a payment, for a form."""
    return " ".join(map(str, question.standing))


def _view(question: Question, found: Review) -> QuestionView:
    payment, reason = question.payment, question.outcome.reason
    return QuestionView(
        payment=payment,
        unallocated=question.unallocated,
        text=marked(payment.text, reason.evidence),
        spelling=_spelling(payment.text, dict(reason.evidence)),
        why=explain(reason.code, reason.evidence, translate=gettext),
        code=reason.code,
        offers=offers(question, found),
        seen=numbers_of(question),
    )


def _spelling(text: str, seen: Mapping[str, str]) -> Spelling | None:
    if "difference" not in seen:
        return None
    found = compare(text[int(seen["start"]) : int(seen["end"])], seen["keyword"])
    return found if found.missing or found.added else None
