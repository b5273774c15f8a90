"""Where an answer leads: back to where it was given, or to the next question; and what is said of it there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from donations.acts.asking import QuestionKind, place_of
from donations.core.donor import DonorId
from donations.core.language import N_
from donations.core.payment import Payment
from donations.store.donors import people
from donations.store.payments import answers
from donations.store.session import ReadSession
from donations.web.pages import Site

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


def notice(session: ReadSession, *, answered: int | None, done: StepDone | None) -> StepNotice:
    """Return what to say: an answer that was taken back meanwhile is no news."""
    answer = None if answered is None else _answer_view(session, answered)
    code = "proposal_outdated" if done is StepDone.OUTDATED else ""
    is_news = done is not None and (answer is None or done is StepDone.BEYOND)
    return StepNotice(answer=answer, done=DONE[done] if done is not None and is_news else "", code=code)


def last_answer(session: ReadSession, site: Site, *, by: str) -> AnswerView | None:
    """Return the last answer of this evening that a person can take back."""
    last = answers.last_standing(session, by=by, since=site.clock() - EVENING)
    return None if last is None else _answer_view(session, last)


def _answer_view(session: ReadSession, answer_id: int) -> AnswerView | None:
    given = answers.given(session, answer_id)
    if given is None:
        return None
    donor = None if given.donor_id is None else DonorId(given.donor_id)
    name = "" if donor is None else people.donors(session, [donor])[donor].name
    return AnswerView(id=given.id, payments=given.payments, purpose=given.purpose, donor_name=name)


def onward(
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
