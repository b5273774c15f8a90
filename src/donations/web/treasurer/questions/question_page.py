"""A question as a page shows it: why it asks, the answers it offers, their form, and where an answer leads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import RedirectResponse, Response

from donations.acts.answering import other_purpose
from donations.acts.asking import QuestionKind, Review, place_of
from donations.acts.offering import Answer
from donations.core.donor import ANONYMOUS, AppealId, DonorId
from donations.core.language import N_
from donations.core.money import Minor
from donations.core.payment import Payment, PaymentId, Purpose
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.core.typed import typed_amount, typed_donor
from donations.matching.near import Spelling, compare
from donations.store.donors import people
from donations.store.payments import allocations
from donations.store.session import ReadSession
from donations.views.formats import TELLER
from donations.views.question import QuestionView, review_views
from donations.web.filters import donor_name
from donations.web.pages import Site


class Piece(NamedTuple):
    """A run of characters as the bank wrote them."""

    text: str
    mark: str
    """`keyword`, `near` (nearly a keyword), `denied` (takes the keyword back), or empty."""


def marked(text: str, evidence: Iterable[tuple[str, str]]) -> tuple[Piece, ...]:
    """Cut the text at the places that the evidence names; a place outside the text or inside another is passed over."""
    pieces: list[Piece] = []
    at = 0
    for start, end, mark in sorted(_places(tuple(evidence))):
        if at <= start < end <= len(text):
            pieces += [Piece(text[at:start], ""), Piece(text[start:end], mark)]
            at = end
    pieces.append(Piece(text[at:], ""))
    return tuple(piece for piece in pieces if piece.text)


def _places(evidence: tuple[tuple[str, str], ...]) -> Iterator[tuple[int, int, str]]:
    keyword = "near" if any(name == "difference" for name, _ in evidence) else "keyword"
    in_text, starts = True, dict[str, int]()
    for name, value in evidence:
        if name == "field":
            in_text = value == "text"
        elif name in {"start", "denied_start"}:
            starts[name] = int(value)
        elif name == "end" and in_text:
            yield starts["start"], int(value), keyword
        elif name == "denied_end":
            yield starts["denied_start"], int(value), "denied"


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
    reason: str = Field(min_length=1, max_length=1_000)
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
            reason=self.reason,
            donor=ANONYMOUS if self.anonymous else donor_written(purpose, self.donor),
            appeal=None if self.appeal is None else AppealId(self.appeal),
            returns=_gift_written(self.returns) if purpose is Purpose.REFUND else None,
            minor=_part(self.part, payment),
        )


def donor_written(purpose: Purpose, text: str) -> DonorId | str | None:
    """Return who is meant: a donor's number, or a name; a refund may be to nobody known."""
    if purpose not in {Purpose.GIFT, Purpose.REFUND} or (not text and purpose is Purpose.REFUND):
        return None
    return typed_donor(text)


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
    QuestionKind.REST: N_("a rest"),
}


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """A question with what only a page needs: its text in pieces, and the form of another answer."""

    shown: QuestionView

    @property
    def text(self) -> tuple[Piece, ...]:
        """The bank's text, cut where the rule saw something."""
        return marked(self.shown.payment.text, self._evidence)

    @property
    def spelling(self) -> Spelling | None:
        """The word that is nearly the keyword beside it, where letters differ."""
        seen = dict(self._evidence)
        if "difference" not in seen:
            return None
        found = compare(self.shown.payment.text[int(seen["start"]) : int(seen["end"])], seen["keyword"])
        return found if found.missing or found.added else None

    @property
    def seen(self) -> str:
        """The numbers of what stands, for a form: an answer is booked only if they are still the same."""
        return " ".join(str(part.id) for part in self.shown.payment.parts)

    @property
    def likely_kind(self) -> AnswerKind:
        """What is proposed first, for the form of another answer."""
        if self.shown.proposals:
            return AnswerKind.of(self.shown.proposals[0].purpose)
        return AnswerKind.GIFT if self.shown.payment.money.minor > 0 else AnswerKind.REFUND

    @property
    def _evidence(self) -> tuple[tuple[str, str], ...]:
        return tuple((each.name, each.value) for each in self.shown.evidence)


def question_cards(session: ReadSession, found: Review) -> list[QuestionCard]:
    """Return the questions of a review as pages show them."""
    return list(map(QuestionCard, review_views(session, found, TELLER)))


EVENING = timedelta(hours=12)
"""How long "the last answer" is meant by its key; older ones are taken back on the payment's page."""


class Back(StrEnum):
    """Where something was decided and leads back to."""

    QUESTIONS = "questions"
    QUESTION = "question"
    """One at a time: the next one comes."""
    PAYMENT = "payment"


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
    StepDone.CATEGORISED: N_("Kept. Only the spending by category changes by that, nothing in the books."),
    StepDone.DECIDED: N_("Decided. The books were made again with it."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """An answer that stands and can be taken back with one click."""

    id: int
    payments: int
    purpose: str
    donor_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepNotice:
    """What a page says of the step that led to it."""

    answer: AnswerView | None
    done: str
    """English; translated where it is shown."""
    code: str = ""
    """Of why nothing was booked."""


def notice_of_step(session: ReadSession, *, answered: int | None, done: StepDone | None) -> StepNotice:
    """Return what to say: an answer that was taken back meanwhile is no news."""
    answer = None if answered is None else _answer_view(session, answered)
    code = "proposal_outdated" if done is StepDone.OUTDATED else ""
    is_news = done is not None and (answer is None or done is StepDone.BEYOND)
    return StepNotice(answer=answer, done=DONE[done] if done is not None and is_news else "", code=code)


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
        id=given.id, payments=given.payments, purpose=given.purpose, donor_name=donor_name(name, donor or 0)
    )


def go_on(
    session: ReadSession,
    site: Site,
    payment: Payment,
    back: Back,
    *,
    kind: QuestionKind | None = None,
    answered: int | None = None,
    done: StepDone | None = None,
) -> Response:
    """Go back to where it was decided; from one question to the next that waits, or to the list where none does."""
    said = {"answered": answered, "done": done, "kind": kind}
    query = urlencode({name: str(value) for name, value in said.items() if value is not None})
    path = f"/treasurer/payments/{payment.id}"
    if back is not Back.PAYMENT:
        place = place_of(session, payment, today=site.today, kind=kind) if back is Back.QUESTION else None
        following = None if place is None else place.behind or place.before
        path = "/treasurer/questions" if following is None else f"/treasurer/questions/{following}"
    return RedirectResponse(f"{path}?{query}" if query else path, status_code=303)
