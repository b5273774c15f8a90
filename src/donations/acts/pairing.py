"""A person decides which lines are one payment, which are not, and which are left out; all of it can be taken back."""

from __future__ import annotations

from datetime import datetime
from itertools import combinations, product

from donations.acts.judging import ChangedPayments, judge
from donations.acts.settling import settle_days
from donations.core.iban import parse_account
from donations.core.money import Currency
from donations.core.payment import Act, Cause, PaymentId
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode
from donations.identity.content import LineId
from donations.ledger.booking import live
from donations.store.payments.allocations import allocations_of
from donations.store.payments.payments import known_payments
from donations.store.session import WriteSession, as_reader
from donations.store.statements import pairs
from donations.store.statements.files import Ledger, seen_statements
from donations.store.tables import AccountRow, LeftOutLineRow, PaymentRow


def same(session: WriteSession, one: PaymentId, other: PaymentId, *, by: str, now: datetime) -> None:
    """Let two payments of one day and amount be one. Raises `Refusal`."""
    first, second = _Attested(session, one), _Attested(session, other)
    if first.row.id == second.row.id or first.bucket != second.bucket:
        raise Refusal(AnswerCode.DIFFERENT_DAY_OR_AMOUNT)
    if first.is_answered or second.is_answered:
        raise Refusal(AnswerCode.ANSWERED)
    if first.statements & second.statements:
        raise Refusal(AnswerCode.BOTH_SHOWN)
    pairs.decide_pairs(session, product(first.places, second.places), same=True, at=now, by=by)
    first.settle(by=by, now=now)


def apart(session: WriteSession, payment: PaymentId, *, by: str, now: datetime) -> None:
    """Let each line of a payment be a payment of its own. Raises `Refusal`."""
    attested = _Attested(session, payment)
    if len(attested.places) < 2:
        raise Refusal(AnswerCode.ONE_LINE)
    pairs.decide_pairs(session, combinations(attested.places, 2), same=False, at=now, by=by)
    attested.settle(by=by, now=now)


def differ(session: WriteSession, one: PaymentId, other: PaymentId, *, by: str, now: datetime) -> None:
    """Let two payments be two, whatever their lines share: nobody is asked again. Raises `Refusal`."""
    first, second = _two(session, one, other)
    pairs.decide_pairs(session, product(first.places, second.places), same=False, at=now, by=by)
    first.settle(by=by, now=now)


def ask_again(session: WriteSession, one: PaymentId, other: PaymentId, *, by: str, now: datetime) -> None:
    """Take back that two payments are two. Raises `Refusal`."""
    first, second = _two(session, one, other)
    if not pairs.undecide_pairs(session, product(first.places, second.places)):
        raise Refusal(AnswerCode.NOT_DECIDED)
    first.settle(by=by, now=now)


def redated(session: WriteSession, one: PaymentId, other: PaymentId, *, by: str, now: datetime) -> PaymentId:
    """Let two payments be one that the bank gave another date: what the older statements show is left out.

    Returns the payment that is left out. Raises `Refusal`.
    """
    first, second = _two(session, one, other)
    if first.amount != second.amount:
        raise Refusal(AnswerCode.DIFFERENT_AMOUNT)
    if first.statements & second.statements:
        raise Refusal(AnswerCode.BOTH_SHOWN)
    older, newer = sorted((first, second), key=lambda each: each.made)
    reason = f"payment {newer.row.id} with another date"
    leave_out(session, PaymentId(older.row.id), reason=reason, by=by, now=now)
    return PaymentId(older.row.id)


def leave_out(session: WriteSession, payment: PaymentId, *, reason: str, by: str, now: datetime) -> None:
    """Let the lines of a payment attest nothing: it is reversed. Raises `Refusal`."""
    attested = _Attested(session, payment)
    if attested.is_part:
        raise Refusal(AnswerCode.PART_OF_BATCH)
    pairs.leave_out(session, payment, attested.places, reason=reason, at=now, by=by)
    attested.settle(by=by, now=now)


def bring_back(session: WriteSession, number: int, *, by: str, now: datetime) -> None:
    """Let a line that was left out attest again. Raises `Refusal`."""
    row = session.get(LeftOutLineRow, number)
    if row is None:
        raise Refusal(AnswerCode.UNKNOWN_LINE)
    payment = session.get_one(PaymentRow, row.payment_id)
    pairs.bring_back(session, row)
    _settle_day(session, payment, by=by, now=now)


def _two(session: WriteSession, one: PaymentId, other: PaymentId) -> tuple[_Attested, _Attested]:
    first, second = _Attested(session, one), _Attested(session, other)
    if first.row.id == second.row.id:
        raise Refusal(AnswerCode.ONE_PAYMENT)
    return first, second


class _Attested:
    """A payment with the places of the lines that attest it."""

    def __init__(self, session: WriteSession, payment: PaymentId) -> None:
        row = session.get(PaymentRow, payment)
        known = [] if row is None else known_payments(as_reader(session), _ledger(row), {row.booked_on})
        lines = next((each.lines for each in known if each.id == payment), frozenset[LineId]())
        if row is None or not lines:
            raise Refusal(AnswerCode.UNKNOWN_PAYMENT)
        self._session, self.row = session, row
        self.amount = (row.account_id, row.currency, row.minor)
        self.bucket = (*self.amount, row.booked_on)
        shown, self.is_part, made = [], False, []
        for statement in seen_statements(as_reader(session), _ledger(row), {row.booked_on}):
            for seen in statement.lines:
                if seen.id not in lines:
                    continue
                self.is_part |= seen.batch is not None or seen.is_batch_total
                if seen.bucket == (row.booked_on, row.minor):
                    shown.append((statement.id, pairs.place(statement, seen.id)))
                    made.append(statement.made)
        booked = allocations_of(as_reader(session), [payment]).get(payment, [])
        self.is_answered = any(each.decision.person is not None for each in live(booked))
        self.statements = {statement for statement, _ in shown}
        self.places = [place for _, place in shown]
        self.made = max(made)

    def settle(self, *, by: str, now: datetime) -> None:
        """Make the payments of the day again."""
        _settle_day(self._session, self.row, by=by, now=now)


def _ledger(row: PaymentRow) -> Ledger:
    return Ledger(account_id=row.account_id, currency=Currency(row.currency))


def _settle_day(session: WriteSession, row: PaymentRow, *, by: str, now: datetime) -> None:
    account = parse_account(session.get_one(AccountRow, row.account_id).number)
    if account is None:
        raise AssertionError
    touched = ChangedPayments()
    cause = Cause(act=Act.DECIDED, by=by, at=now)
    settle_days(session, _ledger(row), account, {row.booked_on}, cause=cause, touched=touched)
    judge(session, touched, now=now)
