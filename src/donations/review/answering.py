"""What becomes of a person's answers: booked, several at once or in parts, and taken back as they were given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from donations.bookkeeping import judge_again
from donations.core.allocation import Allocation, AllocationId, Decision, Purpose
from donations.core.money import Amount, Minor, MoneyIn
from donations.core.payment import Payment, PaymentId
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode
from donations.ledger.booking import Wanted, allocate, live, reverse_all, unallocated
from donations.review.refunding import Refunding
from donations.review.said import Answer, appeal_said, donor_said
from donations.store.ids import next_ids
from donations.store.payments import answers
from donations.store.payments.allocations import allocations_of, append_allocations
from donations.store.payments.payments import load_payments
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.tables import AllocationRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One act of answering, as it was booked."""

    id: int
    made: tuple[Allocation, ...]
    beyond: Mapping[PaymentId, Minor]
    """Refunds of more than was left of the donor's gifts: by how much, for people to be told."""


def answer(
    session: WriteSession, payment_id: PaymentId, given: Answer, *, by: str, now: datetime, anew: bool = False
) -> Allocation:
    """Book a person's decision on a payment, and return its allocation; otherwise as `answer_alike`.

    With `anew` what stands is reversed first, also where something is left.
    """
    return _book(session, {payment_id: [given]}, by=by, now=now, anew=anew).made[0]


def answer_alike(
    session: WriteSession, payments: Sequence[PaymentId], given: Answer, *, by: str, now: datetime
) -> Answered:
    """Book the same answer for several payments, and judge again what may depend on it.

    An answer is for what is left of each payment, or a part of it; where nothing is left, what stood is reversed
    first. Raises `Refusal`, and has written nothing then.
    """
    if given.minor is not None and len(payments) > 1:
        raise Refusal(AnswerCode.PARTS_OF_SEVERAL)
    return _book(session, {each: [given] for each in payments}, by=by, now=now)


def split(
    session: WriteSession,
    payment_id: PaymentId,
    parts: Sequence[Answer],
    *,
    by: str,
    now: datetime,
    anew: bool = False,
) -> Answered:
    """Book a payment in parts that add up to what is left of it, or to the whole where it was booked before or `anew`.

    Raises `Refusal`, and has written nothing then.
    """
    payment = payment_with_id(as_reader(session), payment_id)
    rows = allocations_of(as_reader(session), [payment_id]).get(payment_id, [])
    left = (0 if anew else unallocated(payment, rows)) or payment.money.amount.minor
    if len(parts) < 2 or sum(part.minor or 0 for part in parts) != left:
        raise Refusal(AnswerCode.PARTS_DO_NOT_ADD_UP)
    return _book(session, {payment_id: parts}, by=by, now=now, anew=anew)


def take_back(session: WriteSession, payment_id: PaymentId, *, by: str, now: datetime) -> int:
    """Take back what people decided of a payment, so that the rules have the word again; returns how many decisions.

    Raises `Refusal`.
    """
    payment_with_id(as_reader(session), payment_id)
    rows = allocations_of(as_reader(session), [payment_id]).get(payment_id, [])
    decided = [row for row in live(rows) if row.decision.person is not None]
    if not decided:
        raise Refusal(AnswerCode.NOTHING_ANSWERED)
    ids = next_ids(session, AllocationRow)
    append_allocations(session, reverse_all(rows, _taken_back(by), ids), at=now)
    judge_again(session, [payment_id], now=now)
    return len(decided)


def take_back_answer(session: WriteSession, answer_id: int, *, by: str, now: datetime) -> list[PaymentId]:
    """Take one answer back, on all its payments: each is as it was before; returns the payments.

    A payment that somebody answered anew since is left alone. Raises `Refusal` where nothing is left.
    """
    reader = as_reader(session)
    parts = answers.parts_of(reader, answer_id)
    rows = allocations_of(reader, parts)
    ids = next_ids(session, AllocationRow)
    appended: list[Allocation] = []
    instead: dict[AllocationId, AllocationId] = {}
    payments = []
    for payment in load_payments(reader, parts):
        made = [row for row in live(rows[payment.id]) if row.id in parts[payment.id]]
        if made:
            payments.append(payment.id)
            taken = reverse_all(made, _taken_back(by), ids)
            again = _as_before(payment, [*rows[payment.id], *taken], parts[payment.id], ids, by=by)
            appended += [*taken, *again.values()]
            instead |= {row.id: before for before, row in again.items()}
    if not payments:
        raise Refusal(AnswerCode.NOTHING_ANSWERED)
    append_allocations(session, appended, at=now)
    answers.keep_instead(session, instead)
    judge_again(session, payments, now=now)
    return payments


def payment_with_id(session: ReadSession, payment_id: PaymentId) -> Payment:
    """Return an attested payment; raises `Refusal` where there is none."""
    found = load_payments(session, [payment_id])
    if not found:
        raise Refusal(AnswerCode.UNKNOWN_PAYMENT)
    return found[0]


def other_purpose(payment: Payment) -> Purpose:
    """Return what neither gift, refund nor transfer is called in the payment's direction."""
    return Purpose.INCOME if isinstance(payment.money, MoneyIn) else Purpose.COST


def _taken_back(by: str) -> Decision:
    return Decision(reason="taken_back", person=by)


def _book(
    session: WriteSession,
    given: Mapping[PaymentId, Sequence[Answer]],
    *,
    by: str,
    now: datetime,
    anew: bool = False,
) -> Answered:
    """Append what people say of each payment, as one answer."""
    reader = as_reader(session)
    payments = [payment_with_id(reader, each) for each in given]
    rows = allocations_of(reader, given)
    ids = next_ids(session, AllocationRow)
    refunding = Refunding(reader)
    appended: list[Allocation] = []
    for payment in payments:
        standing = rows.get(payment.id, [])
        if anew or not unallocated(payment, standing):
            taken = reverse_all(standing, Decision(reason=given[payment.id][0].reason, person=by), ids)
            appended += taken
            standing = [*standing, *taken]
        appended += _appended(session, payment, standing, given[payment.id], ids, refunding, by=by)
    append_allocations(session, appended, at=now)
    answer_id = answers.keep(session, appended, by=by, at=now)
    judge_again(session, given, now=now)
    made = tuple(row for row in appended if row.reverses is None)
    return Answered(id=answer_id, made=made, beyond=refunding.beyond)


def _appended(
    session: WriteSession,
    payment: Payment,
    rows: Sequence[Allocation],
    parts: Sequence[Answer],
    ids: Iterator[int],
    refunding: Refunding,
    *,
    by: str,
) -> list[Allocation]:
    appended: list[Allocation] = []
    for part in parts:
        minor = unallocated(payment, [*rows, *appended]) if part.minor is None else part.minor
        undone = refunding.returned_by(part)
        donor = donor_said(session, part.donor, payment)
        appeal = appeal_said(as_reader(session), part)
        if undone is not None:
            donor, appeal = donor or undone.donor, part.appeal or undone.appeal or appeal
        refunding.hold(payment, part, donor=donor, minor=minor)
        if minor <= 0:
            raise Refusal(AnswerCode.BAD_AMOUNT)
        wanted = Wanted(
            purpose=part.purpose,
            amount=Amount(minor, payment.money.amount.currency),
            decision=Decision(reason=part.reason, person=by),
            donor=donor,
            appeal=appeal,
            returns=part.returns,
        )
        appended.append(allocate(payment, [*rows, *appended], wanted, AllocationId(next(ids))))
    return appended


def _as_before(
    payment: Payment, rows: Sequence[Allocation], part_ids: set[AllocationId], ids: Iterator[int], *, by: str
) -> dict[AllocationId, Allocation]:
    """Return anew, by what it was, what people had decided before an answer; what rules had, they say themselves."""
    taken = {row.reverses for row in rows if row.id in part_ids and row.reverses is not None}
    again: dict[AllocationId, Allocation] = {}
    for row in rows:
        if row.id in taken and row.decision.person is not None:
            wanted = Wanted(
                purpose=row.purpose,
                amount=row.amount,
                decision=Decision(reason=row.decision.reason, person=by),
                donor=row.donor,
                appeal=row.appeal,
                returns=row.returns,
            )
            again[row.id] = allocate(payment, [*rows, *again.values()], wanted, AllocationId(next(ids)))
    return again
