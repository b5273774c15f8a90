"""A payment split into parts that must add up; script only shows what is left over as one types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.acts.answering import split
from donations.acts.asking import Question, review
from donations.acts.offering import Answer, refuse_unseen
from donations.core.donor import AppealId
from donations.core.money import Minor, MoneyIn, decimal_text
from donations.core.payment import Payment, PaymentId, Purpose
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode, RequestCode
from donations.core.statement import Detail
from donations.store.payments.shown import shown_details
from donations.store.session import WriteSession, as_reader, reading
from donations.web.access import VisitorHere, needs
from donations.web.pages import SiteHere, page
from donations.web.treasurer.questions.answers import SeenAllocations, booked_as_seen
from donations.web.treasurer.questions.onward import Back, onward
from donations.web.treasurer.questions.questioned import AnswerKind, donor_written, minor_written

router = APIRouter(prefix="/payments/{payment_id}/split")
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


@router.get("")
@needs(Permission.SEE_NAMES)
def form(request: Request, site: SiteHere, payment_id: int, back: Back = Back.PAYMENT) -> Response:
    """Show what the bank shows of its parts, else two empty rows."""
    with reading(site.engine) as session:
        asked = _asked(review(session, only=[PaymentId(payment_id)]).questions)
        rows = _rows_of(asked.payment, shown_details(session, asked.payment))
    is_left = sum(row.minor or 0 for row in rows) != _open(asked)
    rows += [PartRow(kind=AnswerKind.OTHER)] * max(PARTS_MIN - len(rows), is_left)
    return _page(request, site, payment_id, rows=rows, reason="", back=back)


@router.post("")
@needs(Permission.DECIDE)
def take(
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
        answers = [_answer(asked.payment, row, said.reason) for row in parts]
        made = split(session, wanted, answers, by=visitor.name, now=site.clock())
        return onward(as_reader(session), site, asked.payment, said.back, answered=made.id)

    if said.press is Press.BOOK and adds_up and said.reason and not any(row.is_unreadable for row in parts):
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
    for each in details[: PARTS_MAX - 1]:
        name = each.counterparty.on_behalf_of or each.counterparty.name
        minor = each.amount.minor if each.amount is not None and each.amount.currency == currency else None
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
