"""The part that importing, undoing and answering share: payments are judged and booked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from typing import assert_never

from donations.acts.settling import ChangedPayments, Concerned, concerned, depending_on
from donations.core.donor import Claim, DonorId
from donations.core.money import Amount, MoneyIn, MoneyOut
from donations.core.payment import Allocation, Decision, Payment, PaymentId, Purpose
from donations.core.progress import Tell, silent
from donations.identity.donors import claim_key
from donations.ledger.booking import WITHDRAWN, WantedAllocation, live, rebook, reverse_all
from donations.matching.directory import Directory, Payers, seen_paying
from donations.matching.judge import Judge
from donations.matching.outcome import Ask, Gift, NotAGift, Outcome, Reason, Taught
from donations.store.donors import people
from donations.store.donors.grouping import (
    JoinedDonors,
    Surroundings,
    claims_of,
    surroundings_now,
    surroundings_of,
    unite,
)
from donations.store.donors.names import renew_names
from donations.store.donors.restricted import (
    count_restricted,
    forgotten_payments,
    hold_legally_like,
    payments_of_restricted,
)
from donations.store.organisation import own_codes
from donations.store.payments.allocations import allocations_of, append_allocations, gifts_again
from donations.store.payments.directory import (
    directory_around,
    directory_of,
    gifts_directory,
    with_paid_out,
)
from donations.store.payments.payers import payers_from, payments_judged_by, sighted
from donations.store.payments.payments import attested_ids, load_payments
from donations.store.session import ReadSession, WriteSession, as_reader, next_ids
from donations.store.tables import AllocationRow, DonorRow

_BOOKED_AT_ONCE = 5_000

__all__ = ["ChangedPayments", "Judged", "judge", "judge_again", "judge_all"]


@dataclass(frozen=True, slots=True)
class Judged:
    """What judging came to."""

    questions: frozenset[PaymentId]
    """Payments that arrived now and wait for a person."""
    new_gifts: tuple[Amount, ...]
    """What was booked now on payments that were no gift before, touched or not."""
    lost_answers: int
    """People's answers on payments that nothing attests any more."""
    united: JoinedDonors
    """Donors who turned out to be one, or two."""
    parted: int
    """Donors who stand for themselves now, for no line says any more that they are one with another."""
    again: int
    """Gifts booked now for donors who asked to be forgotten before."""


def judge(session: WriteSession, touched: ChangedPayments, *, now: datetime, tell: Tell = silent) -> Judged:
    """Decide on the touched payments and all whose judgement may depend on them; book what changed.

    Who is one donor and what rules allocate are a function of the payments and of people's decisions, whatever order
    the files came in. Money in goes first: whether money out is a refund depends on the gifts.
    """
    reader = as_reader(session)
    standing = _in_force_on(reader, touched.dissolved)
    append_allocations(session, _withdrawn(session, standing), at=now)
    others = concerned(reader, touched)
    before = _claims_of_hidden(reader, touched, others.around.registered)
    united = unite(session, others.around, now=now)
    after = (
        _claims_of_hidden(reader, touched, people.donors_claimed(reader, others.around.registered)) if before else {}
    )
    known = [*touched.payments.values(), *others.payments]
    further = depending_on(reader, united.changed, without={payment.id for payment in known})
    payments = [*known, *further]
    payers, here = others.payers, others.around
    if further:  # whose claims are has changed, and others' payments are to be judged
        payers, here = _around(reader, others, known=known, further=further)
    elif united.changed:
        here = surroundings_now(reader, here, united)
    withdrawn = {row.donor for rows in standing.values() for row in rows if row.donor is not None}
    booked = _decide_and_book(
        session,
        payments,
        directory_of(reader, payers, here),
        _Booked(freed=united.freed, tell=tell),
        touched=touched,
        gone={payment: claims - after.get(payment, set()) for payment, claims in before.items()},
        named=withdrawn | united.donors,
        now=now,
    )
    answers = sum(row.decision.person is not None for rows in standing.values() for row in live(rows))
    return Judged(
        questions=frozenset(booked.asked & (touched.arrived | booked.changed)),
        new_gifts=tuple(row.amount for row in booked.new_gifts),
        lost_answers=answers,
        united=united,
        parted=united.parted + booked.parted,
        again=count_restricted(reader, booked.new_gifts),
    )


def _around(
    session: ReadSession, others: Concerned, *, known: Iterable[Payment], further: Iterable[Payment]
) -> tuple[Payers, Surroundings]:
    """Return what `payers_around` says of known and further payments: who pays from their accounts was seen already."""
    own = own_codes(session)
    mine, theirs = set(seen_paying(known, own_codes=own)), sighted(session, further, own_codes=own)
    accounts, more = ({str(each.iban) for each in some if each.iban is not None} for some in (mine, theirs))
    seen = others.payers.ways | theirs | payers_from(session, accounts=more - accounts, own_codes=own)
    return Payers.of(seen), surroundings_of(session, claims_of(mine | theirs), known=seen, accounts=accounts | more)


def judge_again(session: WriteSession, decided: Iterable[PaymentId], *, now: datetime, tell: Tell = silent) -> None:
    """Judge payments of which people's answers or rules say something else now, and what may go or come back of them.

    People decide what was given, never who pays: nothing else depends on it, however many payments share an account
    with these.
    """
    reader = as_reader(session)
    payments = load_payments(reader, decided)
    known = {payment.id for payment in payments}
    payments += load_payments(reader, payments_judged_by(reader, payments) - known)
    _decide_and_book(session, payments, directory_around(reader, payments), _Booked(tell=tell), now=now)


@dataclass(slots=True)
class _Booked:
    """What was booked."""

    tell: Tell
    """Is told how many payments are booked, of those that are to be."""
    asked: set[PaymentId] = field(default_factory=set)
    new_gifts: list[Allocation] = field(default_factory=list)
    """On payments that were no gift before."""
    changed: set[PaymentId] = field(default_factory=set)
    """Booked otherwise now."""
    donors: set[DonorId] = field(default_factory=set)
    """Who has other gifts now."""
    claimed: dict[Claim, DonorId] = field(default_factory=dict)
    """Whose claims are, as far as it was asked: who gives each month is asked for once."""
    freed: Mapping[Claim, DonorId] = field(default_factory=dict)
    """Claims that were these donors' before."""
    parted: int = 0
    """Donors made for such claims."""


def _decide_and_book(
    session: WriteSession,
    payments: Sequence[Payment],
    directory: Directory,
    booked: _Booked,
    *,
    touched: ChangedPayments | None = None,
    gone: Mapping[PaymentId, AbstractSet[Claim]] | None = None,
    named: AbstractSet[DonorId] = frozenset(),
    now: datetime,
) -> _Booked:
    """Book what the rules make of payments, those that a file says something else of (`touched`) among them.

    What went out to the givers of gifts that come or go with it is judged too, once it is known what these givers and
    the other donors that changed (`named`) are called. What is booked for a donor out of sight stays so, whatever a
    file says of it; only where it comes by a claim that was that donor's and is no more (`gone`) does it go along.
    """
    reader = as_reader(session)
    seen = touched.payments.keys() if touched else set[PaymentId]()
    done, total = 0, len(payments)
    booked.tell(done, total)
    for direction in (MoneyIn, MoneyOut):
        decided = [each for each in payments if isinstance(each.money, direction)]
        if direction is MoneyOut:
            renew_names(session, booked.donors | named)
            decided += _refunds_to_judge(
                reader, booked.changed - seen, payments
            )  # what is beside those seen is here already
        ids = [payment.id for payment in decided]
        forgotten, hidden = forgotten_payments(reader, ids), payments_of_restricted(reader, ids)
        decided = [each for each in decided if each.id not in forgotten]
        if decided:
            add = with_paid_out if direction is MoneyIn else gifts_directory
            directory = add(reader, decided, directory)
        judge_by = Judge(directory)
        # What is decided of years of payments need not be in memory all at once.
        for start in range(0, len(decided), _BOOKED_AT_ONCE):
            batch = decided[start : start + _BOOKED_AT_ONCE]
            outcomes = {payment.id: judge_by.judge(payment) for payment in batch}
            for payment in hidden & outcomes.keys():
                claims = (gone or {}).get(payment, frozenset()) if payment in seen else None
                if _stays(outcomes[payment], claims):
                    del outcomes[payment]
            judged = [payment for payment in batch if payment.id in outcomes]
            _book(session, judged, outcomes, directory, booked, now=now)
            booked.asked.update(each for each, outcome in outcomes.items() if isinstance(outcome, Ask))
            done += len(batch)
            booked.tell(min(done, total), total)
    return booked


def _claims_of_hidden(
    session: ReadSession, touched: ChangedPayments, registered: Mapping[Claim, DonorId]
) -> dict[PaymentId, set[Claim]]:
    """Return, of touched payments that are booked for donors out of sight, the claims of all who are one with these."""
    hidden = payments_of_restricted(session, touched.payments)
    if not hidden:
        return {}
    booked = {
        payment: {row.donor for row in live(rows) if row.donor is not None}
        for payment, rows in allocations_of(session, hidden).items()
    }
    known = people.donors(session, {*registered.values(), *chain.from_iterable(booked.values())})
    claims: defaultdict[DonorId, set[Claim]] = defaultdict(set)
    for claim, donor in registered.items():
        claims[known[donor].id].add(claim)
    return {payment: set().union(*(claims[known[donor].id] for donor in donors)) for payment, donors in booked.items()}


def _stays(outcome: Outcome, gone: AbstractSet[Claim] | None) -> bool:
    """Whether what is booked for a donor out of sight stays so.

    `gone` are claims that were the donor's until now, where a file says something else of the payment than before.
    """
    return not isinstance(outcome, Gift) or (gone is not None and outcome.claim not in gone)


def _refunds_to_judge(session: ReadSession, changed: AbstractSet[PaymentId], known: Sequence[Payment]) -> list[Payment]:
    """Return the money out that may return gifts which are booked otherwise now, besides what is judged already."""
    if not changed:
        return []
    beside = payments_judged_by(session, [payment for payment in known if payment.id in changed])
    others = load_payments(session, beside - {payment.id for payment in known})
    return [payment for payment in others if isinstance(payment.money, MoneyOut)]


def _in_force_on(session: ReadSession, dissolved: AbstractSet[PaymentId]) -> dict[PaymentId, list[Allocation]]:
    """Return all allocations of payments that are no more, and of gifts that stand again for a refund among them."""
    rows = allocations_of(session, dissolved)
    refunds = {each for each, known in rows.items() if any(row.purpose is Purpose.REFUND for row in live(known))}
    return {**rows, **allocations_of(session, gifts_again(session, refunds))} if refunds else rows


def _withdrawn(session: WriteSession, standing: dict[PaymentId, list[Allocation]]) -> list[Allocation]:
    ids = next_ids(session, AllocationRow)
    return [row for payment in sorted(standing) for row in reverse_all(standing[payment], WITHDRAWN, ids)]


def _book(
    session: WriteSession,
    payments: Sequence[Payment],
    outcomes: dict[PaymentId, Outcome],
    directory: Directory,
    booked: _Booked,
    *,
    now: datetime,
) -> None:
    donors = _donors_for(session, payments, outcomes, directory, booked)
    standing = allocations_of(as_reader(session), outcomes)
    same = _Same(session, donors.values() if standing else (), standing.values())
    wanted = _Wanted(donors)
    ids = next_ids(session, AllocationRow)
    appended: list[Allocation] = []
    for payment in payments:
        rows, meant = standing.get(payment.id, []), wanted.of(payment, outcomes[payment.id])
        appended += rebook(payment, rows, same.settled(meant, rows), ids)
    append_allocations(session, appended, at=now)
    gifts_before = {payment for payment, rows in standing.items() for row in live(rows) if row.purpose is Purpose.GIFT}
    new = (row for row in live(appended) if row.purpose is Purpose.GIFT and row.payment not in gifts_before)
    booked.new_gifts += new
    booked.donors |= {row.donor for row in appended if row.donor is not None}
    booked.changed |= {row.payment for row in appended}


class _Same:
    """Which donors are one: what is booked for one of them is not booked anew for another."""

    def __init__(self, session: WriteSession, donors: Iterable[DonorId], standing: Iterable[list[Allocation]]) -> None:
        booked = {row.donor for rows in standing for row in live(rows) if row.donor is not None}
        known = people.donors(as_reader(session), {*donors, *booked})
        self._top = {donor: each.id for donor, each in known.items()}

    def settled(self, wanted: WantedAllocation | None, rows: Sequence[Allocation]) -> WantedAllocation | None:
        """Return what is wanted, for the donor for whom it stands already where the two are one."""
        if wanted is None or wanted.donor is None or not rows:
            return wanted
        top = self._top.get(wanted.donor, wanted.donor)
        for row in live(rows):
            if row.donor is not None and self._top.get(row.donor, row.donor) == top:
                return replace(wanted, donor=row.donor)
        return wanted


class _Wanted:
    """What outcomes mean for payments; those of one verdict share their decision."""

    def __init__(self, donors: Mapping[Claim, DonorId]) -> None:
        self._donors = donors
        self._decisions: dict[Reason, Decision] = {}

    def of(self, payment: Payment, outcome: Outcome) -> WantedAllocation | None:
        """Return what a payment should be booked as; None where a person is asked."""
        if isinstance(outcome, Ask):
            return None
        purpose, donor, appeal = Purpose.GIFT, None, None
        match outcome:
            case Gift():
                donor, appeal = self._donors[outcome.claim], outcome.appeal
            case NotAGift():
                purpose = outcome.purpose
            case Taught():
                purpose, donor, appeal = outcome.purpose, outcome.donor, outcome.appeal
            case _:
                assert_never(outcome)
        decision = self._decision(outcome.reason)
        return WantedAllocation(
            purpose=purpose, amount=payment.money.amount, decision=decision, donor=donor, appeal=appeal
        )

    def _decision(self, reason: Reason) -> Decision:
        known = self._decisions.get(reason)
        if known is None:
            known = Decision(reason=reason.code, rule=reason.rule, evidence=reason.evidence)
            self._decisions[reason] = known
        return known


def _donors_for(
    session: WriteSession,
    payments: Iterable[Payment],
    outcomes: dict[PaymentId, Outcome],
    directory: Directory,
    booked: _Booked,
) -> dict[Claim, DonorId]:
    """Return the donor of each claim, made where none exists: one for all claims that are together.

    Who was part of a donor on hold is on hold.
    """
    first: dict[Claim, Payment] = {}
    for payment in payments:
        outcome = outcomes[payment.id]
        if isinstance(outcome, Gift):
            first.setdefault(outcome.claim, payment)
    together = {claim: directory.together.get(claim, frozenset({claim})) for claim in first}
    wanted, donors = set[Claim]().union(*together.values()), booked.claimed
    donors |= people.donors_claimed(as_reader(session), wanted - donors.keys())
    ids = next_ids(session, DonorRow)
    names: dict[DonorId, str] = {}
    claims: dict[Claim, DonorId] = {}
    for claim, payment in first.items():
        if claim in donors:
            continue
        known = [donors[each] for each in sorted(together[claim], key=claim_key) if each in donors]
        donor = known[0] if known else DonorId(next(ids))
        if not known:
            names[donor] = payment.counterparty.name
        own = {each: donor for each in sorted(together[claim], key=claim_key) if each not in donors}
        donors |= own
        claims |= own
    people.add_donors(session, names)
    people.add_claims(session, claims)
    before = {donors[claim]: donor for claim, donor in booked.freed.items() if donors.get(claim) in names}
    booked.parted += len(before)
    for donor, like in before.items():
        hold_legally_like(session, donor, like=like)
    return {claim: donors[claim] for claim in wanted}


def judge_all(session: WriteSession, *, now: datetime, tell: Tell = silent) -> Judged:
    """Judge every payment again, after something changed that all may depend on (an own account, an appeal)."""
    payments = load_payments(as_reader(session), attested_ids(as_reader(session)))
    touched = ChangedPayments(payments={payment.id: payment for payment in payments})
    return judge(session, touched, now=now, tell=tell)
