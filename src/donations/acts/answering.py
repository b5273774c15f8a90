"""What becomes of a person's answers: booked, several at once or in parts, and taken back as they were given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from donations.acts.judging import judge_again
from donations.acts.offering import Answer, NewDonor, appeal_of_answer, donor_of_answer, new_donor
from donations.acts.refunding import Refunding, follow, refund_to, refunds_among
from donations.core.money import Amount, Minor, MoneyIn
from donations.core.payment import Allocation, AllocationId, Decision, Payment, PaymentId, Purpose
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode
from donations.ledger.booking import WantedAllocation, allocate, live, reverse_all, unallocated
from donations.matching.outcome import Because
from donations.store.payments import allocations
from donations.store.payments.allocations import allocations_of, append_allocations
from donations.store.payments.payments import load_payments
from donations.store.session import ReadSession, WriteSession, as_reader, next_ids
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
    followed = _followed(session, {payment_id: rows}, by=by, now=now)
    judge_again(session, [payment_id, *followed], now=now)
    return len(decided)


def take_back_answer(session: WriteSession, answer_id: int, *, by: str, now: datetime) -> list[PaymentId]:
    """Take one answer back, on all its payments: each is as it was before; returns the payments.

    A payment that somebody answered anew since is left alone. Raises `Refusal` where nothing is left.
    """
    reader = as_reader(session)
    parts = allocations.parts_of_answer(reader, answer_id)
    rows = allocations_of(reader, parts)
    ids = next_ids(session, AllocationRow)
    appended: list[Allocation] = []
    instead: dict[AllocationId, AllocationId] = {}
    payments = []
    made = {each: [row for row in live(rows[each]) if row.id in parts[each]] for each in parts}
    opened = _opened(rows, parts) if any(made.values()) else set[PaymentId]()
    for payment in load_payments(reader, parts):
        if made[payment.id] or payment.id in opened:
            payments.append(payment.id)
            taken = reverse_all(made[payment.id], _taken_back(by), ids)
            again = _as_before(payment, [*rows[payment.id], *taken], parts[payment.id], ids, by=by)
            appended += [*taken, *again.values()]
            instead |= {row.id: before for before, row in again.items()}
    if not payments:
        raise Refusal(AnswerCode.NOTHING_ANSWERED)
    append_allocations(session, appended, at=now)
    allocations.keep_answer_instead(session, instead)
    followed = _followed(session, {each: rows[each] for each in payments}, by=by, now=now)
    judge_again(session, {*payments, *followed}, now=now)
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
    given = _with_donors_made(session, given)
    for payment in payments:
        standing = rows.get(payment.id, [])
        if anew or not unallocated(payment, standing):
            taken = reverse_all(standing, Decision(reason=given[payment.id][0].reason, person=by), ids)
            appended += taken
            standing = [*standing, *taken]
        appended += _appended(session, payment, standing, given[payment.id], ids, refunding, by=by)
    append_allocations(session, appended, at=now)
    followed = follow(reader, given.keys(), ids, known=refunds_among(rows), by=by)
    append_allocations(session, followed.appended, at=now)
    answer_id = allocations.keep_answer(session, [*appended, *followed.appended], by=by, at=now)
    judge_again(session, given.keys() | followed.payments, now=now)
    made = tuple(row for row in appended if row.reverses is None)
    return Answered(id=answer_id, made=made, beyond=refunding.beyond)


def _with_donors_made(
    session: WriteSession, given: Mapping[PaymentId, Sequence[Answer]]
) -> dict[PaymentId, Sequence[Answer]]:
    """Make each new donor once, of however many payments the answer is."""
    new = dict.fromkeys(part.donor for parts in given.values() for part in parts if isinstance(part.donor, NewDonor))
    made = {each: new_donor(session, each.name) for each in new}
    return {
        payment: [replace(part, donor=made[part.donor]) if isinstance(part.donor, NewDonor) else part for part in parts]
        for payment, parts in given.items()
    }


def _opened(
    rows: Mapping[PaymentId, Sequence[Allocation]], parts: Mapping[PaymentId, set[AllocationId]]
) -> set[PaymentId]:
    """Return the payments of an answer that it left open, money that may be a refund come back; they are open still."""
    said = {each for each, known in rows.items() if any(row.id in parts[each] and not row.reverses for row in known)}
    return {each for each in parts if each not in said and not live(rows[each])}


def _followed(
    session: WriteSession, before: Mapping[PaymentId, Sequence[Allocation]], *, by: str, now: datetime
) -> set[PaymentId]:
    """Let what came back of payments follow what they are now; returns what says something else.

    It belongs to the answers that it stands for.
    """
    ids = next_ids(session, AllocationRow)
    followed = follow(as_reader(session), before.keys(), ids, known=refunds_among(before), by=by)
    append_allocations(session, followed.appended, at=now)
    allocations.keep_answer_instead(session, followed.instead)
    return followed.payments


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
    for said in parts:
        part = _as_refund_came_back(as_reader(session), said)
        minor = unallocated(payment, [*rows, *appended]) if part.minor is None else part.minor
        undone = refunding.returned_by(part)
        donor = donor_of_answer(session, part.donor, payment)
        appeal = appeal_of_answer(as_reader(session), part)
        if undone is not None:
            donor, appeal = donor or undone.donor, part.appeal or undone.appeal or appeal
        if part.purpose is Purpose.REFUND and donor is None:
            raise Refusal(AnswerCode.DONOR_NEEDED)
        refunding.hold(payment, part, donor=donor, minor=minor)
        if minor <= 0:
            raise Refusal(AnswerCode.BAD_AMOUNT)
        wanted = WantedAllocation(
            purpose=part.purpose,
            amount=Amount(minor, payment.money.amount.currency),
            decision=Decision(reason=part.reason, person=by),
            donor=donor,
            appeal=appeal,
            returns=part.returns,
        )
        appended.append(allocate(payment, [*rows, *appended], wanted, AllocationId(next(ids))))
    return appended


def _as_refund_came_back(session: ReadSession, given: Answer) -> Answer:
    """Return that the gift stands again where a payment of ours is said to have come back that is a refund now."""
    if given.purpose is not Purpose.INCOME or given.returns is None:
        return given
    refund = refund_to(session, allocations_of(session, [given.returns]).get(given.returns, []))
    if refund is None:
        return given
    reason = Because.REFUND_CAME_BACK if given.reason == Because.CAME_BACK else given.reason
    return replace(given, purpose=Purpose.GIFT, donor=refund.donor, appeal=refund.appeal, reason=reason)


def _as_before(
    payment: Payment, rows: Sequence[Allocation], part_ids: set[AllocationId], ids: Iterator[int], *, by: str
) -> dict[AllocationId, Allocation]:
    """Return anew, by what it was, what people had decided before an answer; what rules had, they say themselves."""
    taken = {row.reverses for row in rows if row.id in part_ids and row.reverses is not None}
    again: dict[AllocationId, Allocation] = {}
    for row in rows:
        if row.id in taken and row.decision.person is not None:
            wanted = WantedAllocation(
                purpose=row.purpose,
                amount=row.amount,
                decision=Decision(reason=row.decision.reason, person=by),
                donor=row.donor,
                appeal=row.appeal,
                returns=row.returns,
            )
            again[row.id] = allocate(payment, [*rows, *again.values()], wanted, AllocationId(next(ids)))
    return again
