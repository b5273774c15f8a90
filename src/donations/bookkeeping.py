"""The part that importing, undoing and answering share: lines settle into payments, payments are judged and booked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import assert_never

from donations.core.allocation import Allocation, Decision, Purpose
from donations.core.cause import Cause
from donations.core.donor import Claim, DonorId
from donations.core.iban import AccountNumber
from donations.core.money import Amount, MoneyIn, MoneyOut
from donations.core.payment import Payment, PaymentId
from donations.identity.clusters import clusters
from donations.identity.content import merged
from donations.identity.seen import SeenStatement
from donations.identity.settling import Settlement, settle
from donations.ledger.booking import WITHDRAWN, Wanted, live, rebook, reverse_all
from donations.matching.decide import decide
from donations.matching.directory import Directory
from donations.matching.outcome import Ask, Gift, NotAGift, Outcome, Reason, Taught
from donations.matching.payers import Payers, seen_paying
from donations.store.donors import people
from donations.store.donors.own_codes import own_codes
from donations.store.donors.restricted import forgotten_payments
from donations.store.ids import next_ids
from donations.store.months.closings import note_late_payments
from donations.store.payments.allocations import allocations_of, append_allocations
from donations.store.payments.beside import depending_on
from donations.store.payments.directory import directory_of, gifts_directory, payers_from
from donations.store.payments.past import with_paid_out
from donations.store.payments.payments import (
    attested_ids,
    known_payments,
    load_payments,
    write_settlement,
)
from donations.store.session import WriteSession, as_reader
from donations.store.statements.files import Ledger, seen_statements
from donations.store.statements.pairs import line_decisions
from donations.store.tables import AllocationRow, DonorRow, PaymentRow
from donations.touched import Touched, concerned

_BOOKED_AT_ONCE = 5_000

__all__ = ["Judged", "Touched", "judge", "judge_again", "judge_all", "settle_days"]


def settle_days(
    session: WriteSession,
    ledger: Ledger,
    account: AccountNumber,
    days: Collection[date],
    *,
    cause: Cause,
    touched: Touched,
    already: Iterable[SeenStatement] = (),
) -> tuple[Settlement, list[SeenStatement]]:
    """Make the payments of these days again from all active lines, and write what changed."""
    reader = as_reader(session)
    statements = seen_statements(reader, ledger, days, already=already)
    known = known_payments(reader, ledger, days)
    decisions = line_decisions(reader, statements)
    found = clusters(statements, days=days, decided=decisions.pairs, left_out=decisions.left_out)
    settlement = settle(found, known, next_ids(session, PaymentRow))
    regrouped = settlement.changed | settlement.dissolved
    earlier = {payment.id: payment for payment in load_payments(reader, regrouped)}
    write_settlement(session, ledger, settlement)
    note_late_payments(session, settlement, cause)
    lines = {seen.id: seen for statement in statements for seen in statement.lines}
    for payment in settlement.payments:
        if payment.id in settlement.arrived or payment.id in settlement.changed:
            own = [lines[line].line for line in sorted(payment.lines) if lines[line].bucket == payment.bucket]
            told = merged(payment.id, account, own)
            # Most files that overlap say nothing else than those before them: there is nothing to judge anew.
            if earlier.get(payment.id) == told:
                del earlier[payment.id]
            else:
                touched.payments[payment.id] = told
    touched.earlier += earlier.values()
    touched.arrived |= settlement.arrived
    touched.dissolved |= settlement.dissolved
    return settlement, statements


@dataclass(frozen=True, slots=True)
class Judged:
    """What judging came to."""

    questions: frozenset[PaymentId]
    """Payments that arrived now and wait for a person."""
    new_gifts: tuple[Amount, ...]
    """What was booked now on payments that were no gift before, touched or not."""
    lost_answers: int
    """People's answers on payments that nothing attests any more."""


def judge(session: WriteSession, touched: Touched, *, now: datetime) -> Judged:
    """Decide on the touched payments and all whose judgement may depend on them; book what changed.

    The allocations that rules make are a function of the payments and of people's decisions, whatever order the
    files came in. Money in goes first: whether money out is a refund depends on the gifts.
    """
    reader = as_reader(session)
    standing = allocations_of(reader, touched.dissolved)
    append_allocations(session, _withdrawn(session, standing), at=now)
    others = concerned(reader, touched)
    payments = [*touched.payments.values(), *others.payments]
    asked, new_gifts = _decide_and_book(session, payments, directory_of(reader, others.payers), now=now)
    answers = sum(row.decision.person is not None for rows in standing.values() for row in live(rows))
    return Judged(frozenset(asked & touched.arrived), tuple(new_gifts), answers)


def judge_again(session: WriteSession, decided: Iterable[PaymentId], *, now: datetime) -> None:
    """Judge payments of which people's answers or rules say something else now, and what may go or come back of them.

    People decide what was given, never who pays: nothing else depends on it, however many payments share an account
    with these.
    """
    reader = as_reader(session)
    payments = load_payments(reader, decided)
    known = {payment.id for payment in payments}
    payments += load_payments(reader, depending_on(reader, payments) - known)
    own = own_codes(reader)
    seen = {*seen_paying(payments, own_codes=own)}
    payers = Payers.of(seen | payers_from(reader, {each.iban for each in seen}, own_codes=own))
    _decide_and_book(session, payments, directory_of(reader, payers), now=now)


def _decide_and_book(
    session: WriteSession, payments: Sequence[Payment], directory: Directory, *, now: datetime
) -> tuple[set[PaymentId], list[Amount]]:
    """Book what the rules make of payments; return which they ask about, and the gifts that were no gift before."""
    reader = as_reader(session)
    forgotten = forgotten_payments(reader, [payment.id for payment in payments])
    asked: set[PaymentId] = set()
    new_gifts: list[Amount] = []
    for direction in (MoneyIn, MoneyOut):
        decided = [each for each in payments if isinstance(each.money, direction) and each.id not in forgotten]
        if decided:
            add = with_paid_out if direction is MoneyIn else gifts_directory
            directory = add(reader, decided, directory)
        # What is decided of years of payments need not be in memory all at once.
        for start in range(0, len(decided), _BOOKED_AT_ONCE):
            batch = decided[start : start + _BOOKED_AT_ONCE]
            outcomes = {payment.id: decide(payment, directory) for payment in batch}
            new_gifts += _book(session, batch, outcomes, now=now)
            asked.update(each for each, outcome in outcomes.items() if isinstance(outcome, Ask))
    return asked, new_gifts


def _withdrawn(session: WriteSession, standing: dict[PaymentId, list[Allocation]]) -> list[Allocation]:
    ids = next_ids(session, AllocationRow)
    return [row for payment in sorted(standing) for row in reverse_all(standing[payment], WITHDRAWN, ids)]


def _book(
    session: WriteSession,
    payments: Sequence[Payment],
    outcomes: dict[PaymentId, Outcome],
    *,
    now: datetime,
) -> list[Amount]:
    donors = _donors_for(session, payments, outcomes)
    standing = allocations_of(as_reader(session), outcomes)
    ids = next_ids(session, AllocationRow)
    appended = list(
        chain.from_iterable(
            rebook(payment, standing.get(payment.id, []), _wanted(payment, outcomes[payment.id], donors), ids)
            for payment in payments
        )
    )
    append_allocations(session, appended, at=now)
    gifts_before = {payment for payment, rows in standing.items() for row in live(rows) if row.purpose is Purpose.GIFT}
    new = (row for row in live(appended) if row.purpose is Purpose.GIFT and row.payment not in gifts_before)
    return [row.amount for row in new]


def _wanted(payment: Payment, outcome: Outcome, donors: dict[Claim, DonorId]) -> Wanted | None:
    match outcome:
        case Ask():
            return None
        case Gift():
            return Wanted(
                purpose=Purpose.GIFT,
                amount=payment.money.amount,
                decision=_decision(outcome.reason),
                donor=donors[outcome.claim],
                appeal=outcome.appeal,
            )
        case NotAGift():
            return Wanted(purpose=outcome.purpose, amount=payment.money.amount, decision=_decision(outcome.reason))
        case Taught():
            return Wanted(
                purpose=outcome.purpose,
                amount=payment.money.amount,
                decision=_decision(outcome.reason),
                donor=outcome.donor,
                appeal=outcome.appeal,
            )
        case _:
            assert_never(outcome)


def _decision(reason: Reason) -> Decision:
    return Decision(reason=reason.code, rule=reason.rule, evidence=reason.evidence)


def _donors_for(
    session: WriteSession, payments: Iterable[Payment], outcomes: dict[PaymentId, Outcome]
) -> dict[Claim, DonorId]:
    """Return the donor of each claim, made where none exists: one donor for each claim, whatever came before."""
    first: dict[Claim, Payment] = {}
    for payment in payments:
        outcome = outcomes[payment.id]
        if isinstance(outcome, Gift):
            first.setdefault(outcome.claim, payment)
    donors = people.donors_claimed(as_reader(session), first)
    ids = next_ids(session, DonorRow)
    new = {claim: DonorId(next(ids)) for claim in first if claim not in donors}
    people.add_donors(session, {donor: first[claim].counterparty.name for claim, donor in new.items()})
    people.add_claims(session, new)
    return donors | new


def judge_all(session: WriteSession, *, now: datetime) -> Judged:
    """Judge every payment again, after something changed that all may depend on (an own account, an appeal)."""
    payments = load_payments(as_reader(session), attested_ids(as_reader(session)))
    return judge(session, Touched(payments={payment.id: payment for payment in payments}), now=now)
