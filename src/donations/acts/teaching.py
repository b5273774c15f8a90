"""Standing rules come and go: played over all payments of all years, with what that changes.

The same code makes the preview, in a transaction that is rolled back, and the change itself (docs/adr/0004).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain

from donations.acts.answering import other_purpose
from donations.acts.asking import Question, review
from donations.acts.judging import judge_again
from donations.acts.offering import Answer, appeal_of_answer, donor_of_answer, offered
from donations.core.donor import ANONYMOUS
from donations.core.iban import UnverifiedAccount
from donations.core.money import Currency, Minor, totals
from donations.core.payment import Allocation, Payment, PaymentId, Purpose
from donations.core.progress import Tell, silent
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode
from donations.ledger.booking import live
from donations.matching.decide import may_be_taught
from donations.matching.outcome import Ask, AskReason
from donations.matching.standing_rules import Condition, Direction, Meaning, RuleNumber, StandingRule, parse_words
from donations.store.payments import rules
from donations.store.payments.allocations import allocations_of, last_allocation_id
from donations.store.payments.payments import load_payments
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.tables.rules import StandingRuleRow

Standing = dict[PaymentId, list[Allocation]]
"""What stands on each payment."""


class Fate(StrEnum):
    """What becomes of a payment that a rule fits."""

    BOOKED = "booked"  # had no purpose, has one now
    CHANGED = "changed"  # had another purpose, donor or appeal by the rules
    SAME = "same"  # keeps what it was; only the rule that says so is another
    OPENED = "opened"  # has no purpose any more: a question
    AGAINST = "against"  # stays, for the payment itself says something else, or another rule does
    DECIDED = "decided"  # stays, for a person decided it


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """The payments that share one fate; their amounts are unsigned, for a rule speaks of one direction."""

    fate: Fate
    payments: tuple[PaymentId, ...]
    totals: tuple[tuple[Currency, Minor], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What a rule that comes or goes does to all payments there are."""

    rule: StandingRule
    fates: tuple[Shared, ...]
    beside: tuple[PaymentId, ...]
    """Money out that the rule does not fit, judged otherwise because of what is given now: it may be a refund."""

    @property
    def changed(self) -> frozenset[PaymentId]:
        """The payments that are something else now."""
        fates = {each.fate: each.payments for each in self.fates}
        moved = (fates.get(each, ()) for each in (Fate.BOOKED, Fate.CHANGED, Fate.OPENED))
        return frozenset(chain(self.beside, *moved))


def first_meaning(session: ReadSession, payment: Payment) -> Answer:
    """Return what a rule made from this payment starts from: what it was answered, else what is proposed first.

    A refund is one gift's and no rule's: what it starts from then is no gift.
    """
    standing = live(allocations_of(session, [payment.id]).get(payment.id, []))
    if len(standing) == 1:
        booked = standing[0]
        first = Answer(purpose=booked.purpose, reason="", donor=booked.donor, appeal=booked.appeal)
    else:
        (question,) = review(session, only=[payment.id]).questions
        offers = question.outcome.proposals if isinstance(question.outcome, Ask) else ()
        proposals = [each for each in offers if each.part is None]
        first = offered(proposals[0], payment) if proposals else Answer(purpose=other_purpose(payment), reason="")
    is_one_off = first.purpose is Purpose.REFUND or (first.purpose is Purpose.GIFT and first.returns is not None)
    return Answer(purpose=other_purpose(payment), reason="") if is_one_off else first


def lesson(question: Question, given: Answer) -> Condition | None:
    """Return of which payments a rule behind an answer would speak; None where people answer each of the like.

    Of the account under its name, else of the name with all that the text says: names repeat.
    """
    outcome, payment = question.outcome, question.payment
    if not isinstance(outcome, Ask) or outcome.why is AskReason.SEVERAL_DONORS or given.minor is not None:
        return None
    if not may_be_taught(outcome.why, given.purpose) or given.purpose is Purpose.REFUND or given.donor == ANONYMOUS:
        return None
    account = payment.counterparty.account
    iban = None if isinstance(account, UnverifiedAccount) else account
    with suppress(Refusal):
        words = () if iban else parse_words(payment.text)
        if iban or (words and payment.counterparty.name):
            name = payment.counterparty.name
            return Condition(direction=Direction.of(payment), iban=iban, name=name, words=words)
    return None


def make_rule(
    session: WriteSession,
    when: Condition,
    meant: Answer,
    *,
    label: str,
    payment: Payment,
    by: str,
    now: datetime,
    tell: Tell = silent,
) -> Replay:
    """Keep a rule and book what it says; the donor that it names is made where there is none.

    Raises `Refusal` where the rule would book what nobody means, or its donor or appeal are not known.
    """
    is_gift = meant.purpose is Purpose.GIFT
    then = Meaning(
        purpose=meant.purpose,
        donor=donor_of_answer(session, meant.donor, payment) if is_gift else None,
        appeal=appeal_of_answer(as_reader(session), meant),
    )
    rule = StandingRule(number=rules.next_number(session), when=when, then=then, label=label)
    fitting = _fitting(session, rule)
    before = _rules_in_force(session, fitting)
    rules.add_rule(session, rule, at=now, by=by)
    return _replayed(session, rule, fitting, before, now=now, tell=tell)


def switch_rule(
    session: WriteSession, number: RuleNumber, *, on: bool, by: str, now: datetime, tell: Tell = silent
) -> Replay:
    """Switch a rule off or on again, and judge anew what it booked or would book. Raises `Refusal`."""
    row = session.get(StandingRuleRow, number)
    if row is None:
        raise Refusal(AnswerCode.UNKNOWN_RULE)
    if (row.switched_off_at is None) is on:
        raise Refusal(AnswerCode.RULE_SWITCHED)
    rule = rules.rule_of(row)
    reader = as_reader(session)
    concerned = _fitting(session, rule) if on else load_payments(reader, rules.booked_by(reader, number))
    before = _rules_in_force(session, concerned)
    rules.switch(session, row, off_by=None if on else by, at=now)
    return _replayed(session, rule, concerned, before, now=now, tell=tell)


def _fitting(session: WriteSession, rule: StandingRule) -> list[Payment]:
    reader = as_reader(session)
    payments = load_payments(reader, rules.payments_that_may_fit(reader, rule.when))
    return [payment for payment in payments if rule.when.fits(payment)]


def _rules_in_force(session: WriteSession, payments: Iterable[Payment]) -> Standing:
    known = allocations_of(as_reader(session), [payment.id for payment in payments])
    return {payment: live(rows) for payment, rows in known.items()}


def _replayed(
    session: WriteSession,
    rule: StandingRule,
    payments: Sequence[Payment],
    before: Standing,
    *,
    now: datetime,
    tell: Tell,
) -> Replay:
    reader = as_reader(session)
    last = last_allocation_id(reader)
    judge_again(session, [payment.id for payment in payments], now=now, tell=tell)
    after = _rules_in_force(session, payments)
    groups: dict[Fate, list[Payment]] = {}
    for payment in payments:
        fate = _fate(rule, before.get(payment.id, []), after.get(payment.id, []))
        groups.setdefault(fate, []).append(payment)
    return Replay(
        rule=rule,
        fates=tuple(
            Shared(
                fate=fate,
                payments=tuple(each.id for each in groups[fate]),
                totals=totals(each.money.amount for each in groups[fate]),
            )
            for fate in Fate
            if fate in groups
        ),
        beside=tuple(sorted(rules.payments_booked_since(reader, last) - {payment.id for payment in payments})),
    )


def _fate(rule: StandingRule, before: list[Allocation], after: list[Allocation]) -> Fate:
    if any(row.decision.person is not None for row in after):
        return Fate.DECIDED
    if not after:
        return Fate.OPENED if before else Fate.AGAINST
    if _said(before) != _said(after):
        return Fate.CHANGED if before else Fate.BOOKED
    return Fate.SAME if rule.name in {row.decision.rule for row in (*before, *after)} else Fate.AGAINST


def _said(rows: list[Allocation]) -> list[tuple[object, ...]]:
    return [(row.purpose, row.amount, row.donor, row.appeal) for row in rows]
