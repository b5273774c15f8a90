"""Holds refunds to the gifts that they return, and lets what came back follow the refund that it is of.

People may answer the two in any order. Who says of money in that a payment of ours came back says so whatever that
payment is called later: once it is a refund, the money is the gift again; once it is none any more, income. What was
called income without a word of that is asked about again where a refund explains it, for nobody knew of one then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import NamedTuple

from donations.acts.offering import Answer
from donations.core.donor import AppealId, DonorId
from donations.core.money import Currency, Minor, MoneyIn, MoneyOut
from donations.core.payment import UNSAID, Allocation, AllocationId, Decision, Payment, PaymentId, Purpose
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode
from donations.ledger.booking import WantedAllocation, allocate, live, reverse
from donations.matching.directory import went_out_before
from donations.matching.outcome import Because
from donations.store.donors import people
from donations.store.payments.allocations import allocations_of
from donations.store.payments.directory import directory_around, given_gifts, with_paid_out
from donations.store.payments.payers import payments_judged_by
from donations.store.payments.payments import load_payments
from donations.store.session import ReadSession

_CODES = frozenset(map(str, Because)) | {UNSAID}
"""Reasons that are no words of a person's: what a proposal gives, and none."""


@dataclass(slots=True)
class Refunding:
    """The refunds of one act of answering."""

    session: ReadSession
    beyond: Counter[PaymentId] = field(default_factory=Counter)
    """What payments give back beyond what was left of the gifts, in minor units."""
    _given_back: Counter[tuple[DonorId, Currency]] = field(default_factory=Counter)

    def returned_by(self, given: Answer) -> Allocation | None:
        """Return what stands of the payment that an answer says it undoes; raises `Refusal` for another.

        A refund undoes a gift, money in that is a gift again a refund; both have one donor and appeal.
        """
        wanted = {Purpose.REFUND: Purpose.GIFT, Purpose.GIFT: Purpose.REFUND}.get(given.purpose)
        if given.returns is None or wanted is None:
            return None
        rows = live(allocations_of(self.session, [given.returns]).get(given.returns, []))
        found = [row for row in rows if row.purpose is wanted]
        if not found:
            raise Refusal(AnswerCode.NOTHING_TO_RETURN)
        return found[0]

    def hold(self, payment: Payment, given: Answer, *, donor: DonorId | None, minor: Minor) -> None:
        """Count what goes back to a donor; raises `Refusal` where more goes than is left and nobody says why.

        What this payment gave back before does not count: it is answered anew.
        """
        if given.purpose is not Purpose.REFUND or donor is None:
            return
        standing = people.donors(self.session, [donor])[donor].id
        currency = payment.money.amount.currency
        gifts = [
            gift
            for gift in given_gifts(self.session, {standing}, without=payment.id).get(standing, ())
            if gift.currency == currency and gift.day <= payment.booked_on
        ]
        left = sum(gift.left for gift in gifts) - self._given_back[standing, currency]
        if given.returns is not None:
            left = min(left, sum(gift.left for gift in gifts if gift.payment == given.returns))
        self._given_back[standing, currency] += minor
        if minor > left:
            if given.reason in _CODES:
                raise Refusal(AnswerCode.REFUND_EXCEEDS_GIFTS)
            self.beyond[payment.id] += minor - max(0, left)


class RefundTo(NamedTuple):
    """To whom a refund went, and of which appeal; None where nothing tells which."""

    donor: DonorId
    appeal: AppealId | None


@dataclass(slots=True)
class Followed:
    """What to append on money that came back."""

    appended: list[Allocation] = field(default_factory=list)
    instead: dict[AllocationId, AllocationId] = field(default_factory=dict)
    """By each new allocation, the one that it stands for."""

    @property
    def payments(self) -> set[PaymentId]:
        """The payments that say something else now."""
        return {row.payment for row in self.appended}


def refund_to(session: ReadSession, rows: Sequence[Allocation]) -> RefundTo | None:
    """Return to whom a payment went, of all its allocations; None unless it is one refund of somebody's, whole."""
    standing = live(rows)
    if len(standing) != 1 or standing[0].purpose is not Purpose.REFUND or standing[0].donor is None:
        return None
    appeals = people.appeals(session)
    only = appeals[0].id if len(appeals) == 1 else None
    return RefundTo(standing[0].donor, standing[0].appeal or only)


def refunds_among(rows: Mapping[PaymentId, Sequence[Allocation]]) -> frozenset[PaymentId]:
    """Return the payments of which something is booked as a refund."""
    return frozenset(each for each, known in rows.items() if any(row.purpose is Purpose.REFUND for row in live(known)))


def follow(
    session: ReadSession,
    decided: AbstractSet[PaymentId],
    ids: Iterator[int],
    *,
    known: AbstractSet[PaymentId],
    by: str,
) -> Followed:
    """Return what to append so that people's answers on what came back of these payments fit what these are booked for.

    Of refunds that were such before (`known`) people knew when they said what came in since.
    """
    went = [each for each in load_payments(session, decided) if isinstance(each.money, MoneyOut)]
    if not went:
        return Followed()
    beside = load_payments(session, payments_judged_by(session, went) - decided)
    rows = allocations_of(session, {each.id for each in beside} | decided)
    came = [each for each in beside if isinstance(each.money, MoneyIn) and _answered(rows.get(each.id, ()))]
    if not came:
        return Followed()
    explained = _explained(session, came)
    new = refunds_among({each: rows.get(each, []) for each in decided}) - known
    followed = Followed()
    for payment in came:
        for row in _answered(rows[payment.id]):
            if row.returns is not None and row.returns in decided:
                again = _again(session, row, rows.get(row.returns, []), by=by)
            elif row.purpose is Purpose.INCOME and row.returns is None and explained.get(payment.id) in new:
                again = None
            else:
                continue
            _append(followed, payment, (rows[payment.id], row), again, ids, by=by)
    return followed


def _answered(rows: Sequence[Allocation]) -> list[Allocation]:
    return [row for row in live(rows) if row.decision.person is not None]


def _explained(session: ReadSession, came: Sequence[Payment]) -> dict[PaymentId, PaymentId]:
    """Return the payment of ours that may have come back with each of these."""
    directory = with_paid_out(session, came, directory_around(session, came))
    found = ((each.id, went_out_before(each, directory.paid_out)) for each in came)
    return {payment: out.payment for payment, out in found if out is not None}


def _again(session: ReadSession, row: Allocation, went: Sequence[Allocation], *, by: str) -> WantedAllocation | None:
    """Return what money in is that came back of this payment of ours; None where only a person can say."""
    refund = refund_to(session, went)
    if refund is None:
        if any(each.purpose is Purpose.REFUND and each.donor is not None for each in live(went)):
            return None
        decision = Decision(reason=Because.CAME_BACK, person=by)
        return WantedAllocation(purpose=Purpose.INCOME, amount=row.amount, decision=decision, returns=row.returns)
    if refund.appeal is None:
        return None
    return WantedAllocation(
        purpose=Purpose.GIFT,
        amount=row.amount,
        decision=Decision(reason=Because.REFUND_CAME_BACK, person=by),
        donor=refund.donor,
        appeal=refund.appeal,
        returns=row.returns,
    )


def _append(
    followed: Followed,
    payment: Payment,
    standing: tuple[Sequence[Allocation], Allocation],
    again: WantedAllocation | None,
    ids: Iterator[int],
    *,
    by: str,
) -> None:
    rows, row = standing
    if again is not None and (row.purpose, row.donor, row.appeal) == (again.purpose, again.donor, again.appeal):
        return
    decision = Decision(reason=row.decision.reason, person=by) if again is None else again.decision
    followed.appended.append(reverse(row, decision, AllocationId(next(ids))))
    if again is not None:
        theirs = [each for each in followed.appended if each.payment == payment.id]
        made = allocate(payment, [*rows, *theirs], again, AllocationId(next(ids)))
        followed.appended.append(made)
        followed.instead[made.id] = row.id
