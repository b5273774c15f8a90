"""A person's answers: a proposal, another answer, the same for all alike, in parts; each taken back with one click."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.acts.alike import asked
from donations.acts.answering import answer_alike, payment_with_id, split, take_back, take_back_answer
from donations.acts.asking import Question, review
from donations.acts.offering import Answer, is_left, refuse_unseen, taken
from donations.core.donor import AppealId
from donations.core.money import Minor, MoneyIn, decimal_text
from donations.core.payment import UNSAID, Payment, PaymentId, Purpose
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode, RequestCode
from donations.core.statement import Detail
from donations.store.payments.shown import shown_details
from donations.store.session import ReadSession, WriteSession, as_reader, reading, writing
from donations.web.access import VisitorHere, needs
from donations.web.pages import Site, SiteHere, page
from donations.web.treasurer.payments import payment_page
from donations.web.treasurer.questions.cards import question_cards
from donations.web.treasurer.questions.question_page import (
    AcceptedProposalForm,
    AnswerForm,
    AnswerKind,
    Back,
    StepDone,
    StepTaken,
    Whence,
    donor_written,
    go_on,
    minor_written,
)

router = APIRouter()


class SeenAllocations(BaseModel):
    """What stood on the payment when the form was shown: numbers parted by blanks, none where it was open."""

    seen: str = Field(default="", max_length=2_000, pattern=r"^[0-9 ]*$")

    @property
    def numbers(self) -> list[int]:
        """As numbers."""
        return list(map(int, self.seen.split()))


class OneForm(AnswerForm, Whence, SeenAllocations):
    """An answer to one payment."""


class AlikeForm(Whence):
    """The payments that a person left ticked, and the proposal for all of them."""

    also: list[int] = Field(default=[], max_length=200)
    taken: str = Field(max_length=200)
    """Number and promise of the proposal, parted by a blank."""


@router.post("/payments/{payment_id}/take")
@needs(Permission.DECIDE)
def take_proposal(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    payment_id: int,
    form: Annotated[AcceptedProposalForm, Form()],
) -> Response:
    """Book a proposal, unless it has become another one since it was shown."""
    wanted = PaymentId(payment_id)

    def book(session: WriteSession) -> Response:
        reader = as_reader(session)
        given = taken(reader, wanted, form.number, promised=form.promised)
        payments = answered_together(reader, site, wanted, form.also)
        return _book(session, site, payments, given, form, by=visitor.name)

    return booked_as_seen(request, site, wanted, book)


def answered_together(session: ReadSession, site: Site, first: PaymentId, also: Sequence[int]) -> list[Payment]:
    """Return a payment and the others that were shown with it; raises `Refusal` where they say the same no longer."""
    payment = payment_with_id(session, first)
    if not also:
        return [payment]
    others = {each.payment.id: each.payment for each in asked(session, payment, today=site.today).group.others}
    return [payment, *_among(others, also)]


def _among(others: Mapping[PaymentId, Payment], also: Sequence[int]) -> list[Payment]:
    if not others.keys() >= set(also):
        raise Refusal(AnswerCode.PROPOSAL_OUTDATED)
    return [others[PaymentId(each)] for each in dict.fromkeys(also)]


@router.post("/payments/{payment_id}/answer")
@needs(Permission.DECIDE)
def give_answer(
    request: Request, site: SiteHere, visitor: VisitorHere, payment_id: int, said: Annotated[OneForm, Form()]
) -> Response:
    """Book what a person says in place of what the person saw, and go on from where it was asked."""
    wanted = PaymentId(payment_id)

    def book(session: WriteSession) -> Response:
        payment = payment_with_id(as_reader(session), wanted)
        refuse_unseen(as_reader(session), wanted, said.numbers)
        if not said.reason and not is_left(as_reader(session), payment):
            raise Refusal(AnswerCode.REASON_MISSING)
        return _book(session, site, [payment], said.answer_to(payment), said, by=visitor.name)

    return booked_as_seen(request, site, wanted, book)


@router.get("/payments/{payment_id}/alike")
@needs(Permission.DECIDE)
def show_alike(request: Request, site: SiteHere, payment_id: int) -> Response:
    """Show the questions alike, to be answered together; what has its purpose is no question."""
    with reading(site.engine) as session:
        found = asked(session, payment_with_id(session, PaymentId(payment_id)), today=site.today)
        if not found.question.unallocated:
            return RedirectResponse(f"/treasurer/payments/{payment_id}", status_code=303)
        return page(
            request, "treasurer/questions/alike.html", question=question_cards(session, found.own)[0], alike=found.alike
        )


@router.post("/payments/{payment_id}/alike")
@needs(Permission.DECIDE)
def answer_together(
    request: Request, site: SiteHere, visitor: VisitorHere, payment_id: int, said: Annotated[AlikeForm, Form()]
) -> Response:
    """Book one proposal for the payments that a person left ticked, in one transaction."""
    wanted = PaymentId(payment_id)
    number, _, promised = said.taken.partition(" ")

    def book(session: WriteSession) -> Response:
        reader = as_reader(session)
        first = payment_with_id(reader, wanted)
        given = taken(reader, wanted, int(number) if number.isdecimal() else 0, promised=promised)
        others = {each.payment.id: each.payment for each in asked(reader, first, today=site.today).alike}
        return _book(session, site, [first, *_among(others, said.also)], given, said, by=visitor.name)

    return booked_as_seen(request, site, wanted, book)


@router.post("/answers/{answer_id}/take-back")
@needs(Permission.DECIDE)
def take_answer_back(
    site: SiteHere, visitor: VisitorHere, answer_id: int, back: Annotated[Back, Form()] = Back.PAYMENT
) -> Response:
    """Take one answer back on all its payments, and show the first of them as a question again."""
    with writing(site.engine) as session:
        first = take_back_answer(session, answer_id, by=visitor.name, now=site.clock())[0]
    place = {Back.QUESTIONS: "questions", Back.QUESTION: f"questions/{first}", Back.PAYMENT: f"payments/{first}"}[back]
    current = f"&current={first}" if back is Back.QUESTIONS else ""
    return RedirectResponse(f"/treasurer/{place}?done={StepDone.TAKEN_BACK}{current}", status_code=303)


@router.post("/payments/{payment_id}/take-back")
@needs(Permission.DECIDE)
def take_all_back(
    request: Request, site: SiteHere, visitor: VisitorHere, payment_id: int, said: Annotated[SeenAllocations, Form()]
) -> Response:
    """Take back whatever people decided of a payment, however long ago."""
    wanted = PaymentId(payment_id)

    def back(session: WriteSession) -> Response:
        refuse_unseen(as_reader(session), wanted, said.numbers)
        take_back(session, wanted, by=visitor.name, now=site.clock())
        return RedirectResponse(f"/treasurer/payments/{wanted}?done={StepDone.TAKEN_BACK}", status_code=303)

    return booked_as_seen(request, site, wanted, back)


def booked_as_seen(
    request: Request, site: Site, payment: PaymentId, book: Callable[[WriteSession], Response]
) -> Response:
    """Book it; where something else stands than was seen, show how it stands, and nothing is booked."""
    try:
        with writing(site.engine) as session:
            return book(session)
    except Refusal as refusal:
        if refusal.code not in {AnswerCode.PROPOSAL_OUTDATED, AnswerCode.NO_SUCH_PROPOSAL}:
            raise
    return payment_page(request, site, payment, StepTaken(done=StepDone.OUTDATED), status=409)


def _book(
    session: WriteSession, site: Site, payments: Sequence[Payment], given: Answer, whence: Whence, *, by: str
) -> Response:
    made = answer_alike(session, [each.id for each in payments], given, by=by, now=site.clock())
    done = StepDone.BEYOND if made.beyond else None
    return go_on(as_reader(session), site, payments[0], whence, answered=made.id, done=done)


splitting_router = APIRouter(prefix="/payments/{payment_id}/split")
PARTS_MIN, PARTS_MAX = 2, 20


class Press(StrEnum):
    """Which button was pressed."""

    CHECK = "check"
    ADD = "add"
    BOOK = "book"


class SplitForm(SeenAllocations):
    """The rows as they were filled in, column by column."""

    model_config = ConfigDict(str_strip_whitespace=True)

    press: Press
    kind: list[AnswerKind] = Field(max_length=PARTS_MAX)
    donor: list[Annotated[str, Field(max_length=140)]]
    appeal: list[int]
    amount: list[Annotated[str, Field(max_length=20)]]
    reason: str = Field(default="", max_length=1_000)
    back: Back = Back.PAYMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    """One row of the form; an empty amount is no part yet."""

    kind: AnswerKind
    donor: str = ""
    appeal: int | None = None
    amount: str = ""
    minor: Minor | None = None

    @property
    def is_unreadable(self) -> bool:
        """Whether something is written that is no amount."""
        return bool(self.amount) and self.minor is None


@splitting_router.get("")
@needs(Permission.DECIDE)
def split_form(request: Request, site: SiteHere, payment_id: int, back: Back = Back.PAYMENT) -> Response:
    """Show what the bank shows of its parts, else two empty rows."""
    with reading(site.engine) as session:
        asked = _asked(review(session, only=[PaymentId(payment_id)]).questions)
        rows = _rows_of(asked.payment, shown_details(session, asked.payment))
    is_left = sum(row.minor or 0 for row in rows) != _open(asked)
    rows += [PartRow(kind=AnswerKind.OTHER)] * max(PARTS_MIN - len(rows), is_left)
    return _page(request, site, payment_id, rows=rows, reason="", back=back)


@splitting_router.post("")
@needs(Permission.DECIDE)
def take_split(
    request: Request, site: SiteHere, visitor: VisitorHere, payment_id: int, said: Annotated[SplitForm, Form()]
) -> Response:
    """Book the parts where they add up; else, or where only checking or one more row is wanted, show the form again."""
    if not len(said.kind) == len(said.donor) == len(said.appeal) == len(said.amount):
        raise Refusal(RequestCode.BAD_FORM)
    wanted = PaymentId(payment_id)
    with reading(site.engine) as session:
        asked = _asked(review(session, only=[wanted]).questions)
    rows = _rows(asked.payment, said)
    parts = [row for row in rows if row.amount]
    adds_up = sum(row.minor or 0 for row in parts) == _open(asked) and len(parts) >= PARTS_MIN

    def book(session: WriteSession) -> Response:
        refuse_unseen(as_reader(session), wanted, said.numbers)
        answers = [_answer(asked.payment, row, said.reason or UNSAID) for row in parts]
        made = split(session, wanted, answers, by=visitor.name, now=site.clock())
        return go_on(as_reader(session), site, asked.payment, Whence(back=said.back), answered=made.id)

    has_reason = said.reason or asked.unallocated
    if said.press is Press.BOOK and adds_up and has_reason and not any(row.is_unreadable for row in parts):
        return booked_as_seen(request, site, wanted, book)
    if said.press is Press.ADD and len(rows) < PARTS_MAX:
        rows.append(PartRow(kind=AnswerKind.OTHER))
    status = 422 if said.press is Press.BOOK else 200
    return _page(
        request, site, payment_id, rows=rows, reason=said.reason, back=said.back, status=status, seen=said.seen
    )


def _rows_of(payment: Payment, details: Sequence[Detail]) -> list[PartRow]:
    """Return the parts that the bank shows, to be looked at; money in from somebody named is most often a gift."""
    currency, is_in = payment.money.amount.currency, isinstance(payment.money, MoneyIn)
    rows: list[PartRow] = []
    for each, share in [*zip(details, payment.shares, strict=True)][: PARTS_MAX - 1]:
        name = each.counterparty.on_behalf_of or each.counterparty.name
        minor = None if share is None else share.minor
        written = "" if minor is None else decimal_text(minor, currency).replace(".", ",")
        kind = AnswerKind.GIFT if is_in and name else AnswerKind.OTHER
        rows.append(PartRow(kind=kind, donor=name if kind is AnswerKind.GIFT else "", amount=written, minor=minor))
    return rows


def _asked(questions: Sequence[Question]) -> Question:
    if not questions:
        raise Refusal(AnswerCode.UNKNOWN_PAYMENT)
    return questions[0]


def _open(asked: Question) -> Minor:
    """Return what is split: what is left, or the whole where it was booked before."""
    return asked.unallocated or asked.payment.money.amount.minor


def _rows(payment: Payment, said: SplitForm) -> list[PartRow]:
    columns = zip(said.kind, said.donor, said.appeal, said.amount, strict=True)
    return [
        PartRow(kind=kind, donor=donor, appeal=appeal, amount=amount, minor=minor_written(amount, payment))
        for kind, donor, appeal, amount in columns
    ]


def _answer(payment: Payment, row: PartRow, reason: str) -> Answer:
    purpose = row.kind.purpose_of(payment)
    return Answer(
        purpose=purpose,
        reason=reason,
        donor=donor_written(purpose, row.donor),
        appeal=AppealId(row.appeal) if purpose is Purpose.GIFT and row.appeal is not None else None,
        minor=row.minor,
    )


def _page(
    request: Request,
    site: SiteHere,
    payment_id: int,
    *,
    rows: Sequence[PartRow],
    reason: str,
    back: Back,
    status: int = 200,
    seen: str | None = None,
) -> Response:
    with reading(site.engine) as session:
        found = review(session, only=[PaymentId(payment_id)])
        asked = _asked(found.questions)
        rest = _open(asked) - sum(row.minor or 0 for row in rows)
        return page(
            request,
            "treasurer/questions/split.html",
            status=status,
            payment=asked.payment,
            rows=rows,
            whole=_open(asked),
            rest=rest,
            over=max(0, -rest),
            was_booked=not asked.unallocated,
            seen=" ".join(map(str, asked.standing)) if seen is None else seen,
            reason=reason,
            back=back,
            is_refused=status != 200,
            appeals=found.appeals,
        )
