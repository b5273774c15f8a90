"""What was ever decided of a payment and why: what stands, what was taken back, and which rules have a say now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from pydantic import Field

from donations.acts.asking import directory_now
from donations.core.payment import Decision, Payment, PaymentId, Purpose
from donations.matching.decide import decide
from donations.matching.explain import explain
from donations.matching.outcome import Ask, Gift, NotAGift, Outcome, Taught
from donations.matching.standing import RuleNumber
from donations.matching.standing import number_of as rule_number
from donations.store.payments.allocations import allocations_of, made_at
from donations.store.payments.rules import rule_rows, rules_of
from donations.store.session import ReadSession
from donations.views.payment import named_appeals, named_donors
from donations.views.reasons import in_words
from donations.views.rule import sentences
from donations.views.telling import Teller
from donations.views.value import Money, Named, View, Written, money


class Evidence(View):
    """What a rule saw; never a name, an account number or a code."""

    name: str
    value: str


class SaidBy(View):
    """Who or what decided, when and why."""

    by: str = Field(description="A person, or a rule with its version.")
    at: datetime
    words: Written = Field(description="The reason as a sentence, in the language asked for.")

    @property
    def rule_number(self) -> RuleNumber | None:
        """The number of a standing rule; None of all others and of people."""
        return rule_number(self.by)


class DecisionView(View):
    """What a payment, or a part of it, was ever said to be for."""

    id: int = Field(description="The allocation's number.")
    purpose: Purpose
    money: Money = Field(description="Without direction: positive.")
    donor: Named | None
    appeal: Named | None
    returns: int | None = Field(description="The payment whose money this gives back: of a refund, the gift's.")
    rule: str | None = Field(description="Name and version of the rule that decided; null where a person did.")
    person: str | None = Field(description="Who decided; null where a rule did.")
    reason: Written = Field(description="A stable code, or the person's words.")
    evidence: list[Evidence]
    made: SaidBy
    taken_back: SaidBy | None = Field(description="Why it counts no longer; null where it stands.")

    @property
    def is_a_persons(self) -> bool:
        """Whether it stands and a person decided it."""
        return self.taken_back is None and self.person is not None


class OutcomeView(View):
    """What a rule says of the payment as things stand now."""

    rule: str = Field(description="Name and version.")
    decides: bool = Field(description="Whether its word counts; a standing rule stands in for a built-in one.")
    outcome: Literal["gift", "refund", "transfer", "income", "cost", "ask"]
    reason: str = Field(description="A stable code.")
    words: str = Field(description="The reason as a sentence, in the language asked for.")
    evidence: list[Evidence]


def decisions(session: ReadSession, payment: PaymentId, teller: Teller) -> list[DecisionView]:
    """Return everything that was ever decided of a payment, in the order it was made, each with what took it back."""
    rows = allocations_of(session, [payment]).get(payment, [])
    moments = made_at(session, [payment])
    donors = named_donors(session, {row.donor for row in rows if row.donor is not None})
    appeals = named_appeals(session)
    rules = _sentences(session, [row.decision for row in rows], teller)
    reversals = {row.reverses: row for row in rows if row.reverses is not None}

    def said_by(decision: Decision, at: datetime) -> SaidBy:
        return SaidBy(by=decision.person or decision.rule or "", at=at, words=_words(decision, rules, teller))

    return [
        DecisionView.made_of(
            row,
            money=money(row.amount.minor, row.amount.currency),
            donor=donors[row.donor],
            appeal=appeals[row.appeal],
            rule=row.decision.rule,
            person=row.decision.person,
            reason=row.decision.reason,
            evidence=evidence_views(row.decision.evidence),
            made=said_by(row.decision, moments[row.id]),
            taken_back=said_by(undone.decision, moments[undone.id]) if (undone := reversals.get(row.id)) else None,
        )
        for row in rows
        if row.reverses is None
    ]


def reasons_of(session: ReadSession, given: Sequence[Decision], teller: Teller) -> list[str]:
    """Return why each was decided so."""
    rules = _sentences(session, given, teller)
    return [_words(each, rules, teller) for each in given]


def outcomes(session: ReadSession, payment: Payment, teller: Teller) -> list[OutcomeView]:
    """Return every rule that has a say on a payment as things stand, the one that decides first."""
    return [
        OutcomeView(
            rule=outcome.reason.rule,
            decides=number == 0,
            outcome=_called(outcome),
            reason=outcome.reason.code,
            words=explain(outcome.reason.code, outcome.reason.evidence, translate=teller.translate),
            evidence=evidence_views(outcome.reason.evidence),
        )
        for number, outcome in enumerate(_rules_on(session, payment))
    ]


def _rules_on(session: ReadSession, payment: Payment) -> tuple[Outcome, ...]:
    """Return what the rules make of a payment: a standing rule's word, and the built-in rule's that it stands in for.

    Built-in rules are asked in a fixed order, and the first that has a say is the only one.
    """
    directory = directory_now(session, [payment])
    decided = decide(payment, directory)
    built_in = decide(payment, replace(directory, standing=()))
    return (decided,) if decided == built_in else (decided, built_in)


def _sentences(session: ReadSession, given: Sequence[Decision], teller: Teller) -> dict[RuleNumber, str]:
    numbers = {number for each in given if (number := rule_number(each.rule)) is not None}
    return sentences(session, rules_of(rule_rows(session, numbers).values()), teller)


def _words(decision: Decision, rules: Mapping[RuleNumber, str], teller: Teller) -> str:
    number = rule_number(decision.rule)
    return in_words(decision, teller.translate) if number is None else rules.get(number, "")


def _called(outcome: Outcome) -> Literal["gift", "refund", "transfer", "income", "cost", "ask"]:
    match outcome:
        case Ask():
            return "ask"
        case Gift():
            return "gift"
        case NotAGift(purpose=purpose) | Taught(purpose=purpose):
            return purpose.value


def evidence_views(pairs: tuple[tuple[str, str], ...]) -> list[Evidence]:
    """Return what a rule saw."""
    return [Evidence(name=name, value=value) for name, value in pairs]
