"""What a person answers to a question: the form, where an answer leads, and what the next page says of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import RedirectResponse, Response

from donations.acts.answering import other_purpose
from donations.acts.asking import QuestionKind, place_of
from donations.acts.offering import Answer
from donations.core.donor import ANONYMOUS, AppealId, DonorId
from donations.core.language import N_
from donations.core.money import Minor
from donations.core.payment import UNSAID, Payment, PaymentId, Purpose
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.core.typed import typed_amount, typed_donor
from donations.matching.standing_rules import RuleNumber
from donations.store.donors import people
from donations.store.payments import allocations
from donations.store.payments.rules import RuleUse, rule_rows, rules_of, uses
from donations.store.session import ReadSession
from donations.views.formats import TELLER
from donations.views.rule import sentences
from donations.web.filters import donor_name
from donations.web.pages import Site

_NUMBER = re.compile(r"[0-9]{1,9}")


class AnswerKind(StrEnum):
    """What a person may call a payment; `OTHER` is income or a cost by its direction."""

    GIFT = "gift"
    REFUND = "refund"
    TRANSFER = "transfer"
    OTHER = "other"

    @classmethod
    def of(cls, purpose: Purpose) -> AnswerKind:
        """Return what a person calls a purpose."""
        return cls.OTHER if purpose in {Purpose.INCOME, Purpose.COST} else cls(purpose.value)

    def purpose_of(self, payment: Payment) -> Purpose:
        """Return the purpose that is meant."""
        return other_purpose(payment) if self is AnswerKind.OTHER else Purpose(self.value)


class AnswerForm(BaseModel):
    """What a person filled in."""

    model_config = ConfigDict(str_strip_whitespace=True)

    kind: AnswerKind
    reason: str = Field(default="", max_length=1_000)
    donor: str = Field(default="", max_length=140)
    anonymous: bool = False
    appeal: int | None = None
    returns: str = Field(default="", max_length=12)
    """Of a refund: the number of the gift's payment."""
    part: str = Field(default="", max_length=20)

    def answer_to(self, payment: Payment) -> Answer:
        """Return the answer; raises `Refusal` where the part of the payment cannot be read."""
        purpose = self.kind.purpose_of(payment)
        return Answer(
            purpose=purpose,
            reason=self.reason or UNSAID,
            donor=donor_written(purpose, self.donor, anonymous=self.anonymous),
            appeal=None if self.appeal is None else AppealId(self.appeal),
            returns=_gift_written(self.returns) if purpose is Purpose.REFUND else None,
            minor=_part(self.part, payment),
        )


def donor_written(purpose: Purpose, text: str, *, anonymous: bool = False) -> DonorId | str | None:
    """Return who is meant: a donor's number, or a name; a refund may be to nobody known, and all else is nobody's."""
    if purpose not in {Purpose.GIFT, Purpose.REFUND}:
        return None
    if anonymous:
        return ANONYMOUS
    return typed_donor(text) if text or purpose is Purpose.GIFT else None


def _gift_written(text: str) -> PaymentId | None:
    """Read a payment's number, None where none is written; raises `Refusal` where it is no number."""
    if not text:
        return None
    if _NUMBER.fullmatch(text) is None:
        raise Refusal(RequestCode.BAD_FORM)
    return PaymentId(int(text))


def minor_written(text: str, payment: Payment) -> Minor | None:
    """Read a part of a payment, in its currency; None where it is none."""
    with suppress(Refusal):
        minor = typed_amount(text, payment.money.amount.currency)
        return minor if minor <= payment.money.amount.minor else None
    return None


def _part(text: str, payment: Payment) -> Minor | None:
    """Read a part of the payment, None for all of it. Raises `Refusal`."""
    return typed_amount(text, payment.money.amount.currency) if text.strip() else None


KINDS: Mapping[QuestionKind, str] = {
    QuestionKind.NEAR_MISS: N_("nearly the keyword"),
    QuestionKind.NO_KEYWORD: N_("a donor without keyword"),
    QuestionKind.WHICH_DONOR: N_("which donor?"),
    QuestionKind.WHICH_APPEAL: N_("which appeal?"),
    QuestionKind.GOING_BACK: N_("denied or going back"),
    QuestionKind.NO_DONOR: N_("no donor pays"),
    QuestionKind.UNKNOWN: N_("nothing known"),
    QuestionKind.REST: N_("remaining amount"),
}


EVENING = timedelta(hours=12)
"""How long "the last answer" is meant by its key; older ones are taken back on the payment's page."""


class Back(StrEnum):
    """Where something was decided and leads back to."""

    QUESTIONS = "questions"
    QUESTION = "question"
    """One at a time: the next one comes."""
    PAYMENT = "payment"


class Whence(BaseModel):
    """Where an answer was given."""

    back: Back = Back.PAYMENT
    of_kind: QuestionKind | None = None
    """Only questions of this kind are walked through."""
    then: int | None = None
    """The question that stood behind it in the list."""


class AcceptedProposalForm(Whence):
    """Which proposal was taken, what it was shown as, and for which other payments that say the same."""

    number: int
    promised: str = Field(max_length=200)
    also: list[int] = Field(default=[], max_length=200)


class StepDone(StrEnum):
    """What was done, to be said on the next page."""

    TAKEN_BACK = "taken_back"
    HELD = "held"
    RELEASED = "released"
    NOTED = "noted"
    ERASED = "erased"
    DECIDED = "decided"
    BEYOND = "beyond"
    CATEGORISED = "categorised"
    OUTDATED = "outdated"


DONE = {
    StepDone.TAKEN_BACK: N_("Taken back. The books are as they were before that answer."),
    StepDone.BEYOND: N_("More went back than was left of this donor’s gifts. Your reason is kept with it."),
    StepDone.HELD: N_("Put aside. It waits under “On hold”, and nothing was booked."),
    StepDone.RELEASED: N_("It is among the questions again."),
    StepDone.NOTED: N_("Noted."),
    StepDone.OUTDATED: N_(
        "Somebody decided about this payment since you looked, or the rules see it otherwise now. Nothing of yours was"
        " booked; this is how it stands."
    ),
    StepDone.ERASED: N_("The note’s text is erased."),
    StepDone.CATEGORISED: N_("Saved. Only the spending by category changes by that, nothing in the books."),
    StepDone.DECIDED: N_("Decided. The books were made again with it."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """An answer that stands and can be taken back with one click."""

    id: int
    payments: int
    payment: int
    """The first of them."""
    purpose: str
    donor_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRuleView:
    """A rule that was kept behind an answer, with what it booked."""

    number: RuleNumber
    sentence: str
    uses: tuple[RuleUse, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepNotice:
    """What a page says of the step that led to it."""

    answer: AnswerView | None
    rule: KeptRuleView | None
    done: str
    """English; translated where it is shown."""
    code: str = ""
    """Of why nothing was booked."""


@dataclass(frozen=True, slots=True)
class StepTaken:
    """The step that led to a page, as its address tells."""

    answered: int | None = None
    taught: int | None = None
    done: StepDone | None = None


StepHere = Annotated[StepTaken, Depends()]


def notice_of_step(session: ReadSession, step: StepTaken) -> StepNotice:
    """Return what to say: an answer that was taken back meanwhile is no news."""
    answered, taught, done = step.answered, step.taught, step.done
    answer = None if answered is None else _answer_view(session, answered)
    code = "proposal_outdated" if done is StepDone.OUTDATED else ""
    is_news = done is not None and (answer is None or done is StepDone.BEYOND)
    rule = None if taught is None else _rule_view(session, RuleNumber(taught))
    return StepNotice(answer=answer, rule=rule, done=DONE[done] if done is not None and is_news else "", code=code)


def _rule_view(session: ReadSession, number: RuleNumber) -> KeptRuleView | None:
    row = rule_rows(session, {number}).get(number)
    if row is None or row.switched_off_at is not None:
        return None
    sentence = sentences(session, rules_of([row]), TELLER).get(number, "")
    return KeptRuleView(number=number, sentence=sentence, uses=tuple(uses(session).get(number, ())))


def last_answer(session: ReadSession, site: Site, *, by: str) -> AnswerView | None:
    """Return the last answer of this evening that a person can take back."""
    last = allocations.last_answer_in_force(session, by=by, since=site.clock() - EVENING)
    return None if last is None else _answer_view(session, last)


def _answer_view(session: ReadSession, answer_id: int) -> AnswerView | None:
    given = allocations.answer_with_id(session, answer_id)
    if given is None:
        return None
    donor = None if given.donor_id is None else DonorId(given.donor_id)
    name = "" if donor is None else people.donors(session, [donor])[donor].name
    return AnswerView(
        id=given.id,
        payments=given.payments,
        payment=given.payment_id,
        purpose=given.purpose,
        donor_name=donor_name(name, donor or 0),
    )


def go_on(
    session: ReadSession,
    site: Site,
    payment: Payment,
    whence: Whence,
    *,
    answered: int | None = None,
    taught: int | None = None,
    done: StepDone | None = None,
) -> Response:
    """Go back to where it was decided; from a question to the next that waits, or to the list where none does."""
    said = {"answered": answered, "taught": taught, "done": done, "kind": whence.of_kind}
    path = f"/treasurer/payments/{payment.id}"
    if whence.back is not Back.PAYMENT:
        place = place_of(session, payment, today=site.today, kind=whence.of_kind)
        following = whence.then or place.behind or place.before
        is_list = whence.back is Back.QUESTIONS or following is None
        path = "/treasurer/questions" if is_list else f"/treasurer/questions/{following}"
        said["current"] = following if is_list else None
    query = urlencode({name: str(value) for name, value in said.items() if value is not None})
    return RedirectResponse(f"{path}?{query}" if query else path, status_code=303)
