"""A payment with all that it rests on: the bank's lines, every decision ever made, and which rules have a say now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Literal

from pydantic import Field

from donations.acts.answering import payment_with_id
from donations.acts.asking import directory_now
from donations.core.payment import Decision, Payment, PaymentId, Purpose
from donations.matching.decide import decide
from donations.matching.explain import explain
from donations.matching.outcome import Ask, Gift, NotAGift, Outcome, Taught
from donations.matching.standing_rules import RuleNumber
from donations.matching.standing_rules import number_of as rule_number
from donations.store.payments.allocations import allocations_of, made_at
from donations.store.payments.rules import rule_rows, rules_of
from donations.store.payments.shown import attesting_lines
from donations.store.session import ReadSession
from donations.views.payment import OtherSide, PaymentView, named_appeals, named_donors, other_side, payment_view
from donations.views.phrases import Teller, in_words
from donations.views.rule import sentences
from donations.views.value import Money, Named, View, Written, money


class Evidence(View):
    """What a rule saw; never a name, an account number or a code."""

    name: str
    value: str


class DecidedBy(View):
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
    made: DecidedBy
    taken_back: DecidedBy | None = Field(description="Why it counts no longer; null where it stands.")

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

    def said_by(decision: Decision, at: datetime) -> DecidedBy:
        return DecidedBy(by=decision.person or decision.rule or "", at=at, words=_words(decision, rules, teller))

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


class LineView(View):
    """One row of one statement, as the bank wrote it."""

    import_id: int
    file: str
    format: str
    line: int = Field(description="Counted from 1 in the file as text.")
    booked_on: date
    money: Money = Field(description="Money in is positive, money out negative.")
    is_total: bool = Field(description="Whether it is the batch entry whose part the payment is.")
    counterparty: OtherSide
    text: Written


class ExplainedPayment(PaymentView):
    """A payment with all that it rests on."""

    lines: list[LineView] = Field(description="The statement lines that attest it, in the order they were imported.")
    history: list[DecisionView] = Field(description="Everything ever decided, in the order it was made.")
    why: list[OutcomeView] = Field(description="Every rule that had a say, as things stand now.")


def explained(session: ReadSession, payment: PaymentId, teller: Teller) -> ExplainedPayment:
    """Return a payment explained. Raises `CannotAnswerError` where no line attests it."""
    known = payment_with_id(session, payment)
    return ExplainedPayment(
        **dict(payment_view(session, payment)),
        lines=line_views(session, payment),
        history=decisions(session, payment, teller),
        why=outcomes(session, known, teller),
    )


def line_views(session: ReadSession, payment: PaymentId) -> list[LineView]:
    """Return the lines that attest a payment, in the order they were imported."""
    return [
        LineView(
            import_id=each.file_id,
            file=each.file_name,
            format=each.format,
            line=each.line.row,
            booked_on=each.line.booked_on,
            money=money(each.line.money.signed_minor, each.line.money.amount.currency),
            is_total=each.is_total,
            counterparty=other_side(each.line.counterparty),
            text=each.line.text,
        )
        for each in attesting_lines(session, payment)
    ]
