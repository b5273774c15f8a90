"""What a payment rests on: the bank's lines, the decisions ever made, and the rules that have a say."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from donations.core.allocation import Purpose
from donations.core.payment import Payment, PaymentId
from donations.matching.explain import explain
from donations.matching.outcome import Ask, Gift, NotAGift, Outcome, Taught
from donations.reports.why import rules_on
from donations.store.payments.attesting import attesting_lines
from donations.store.session import ReadSession
from donations.web.api.values import Money, Shown, money, without_codes
from donations.web.language import gettext
from donations.web.treasurer.questions.decided import Said, decided


class LineOut(Shown):
    """One row of one statement."""

    import_id: int
    file: str
    format: str
    line: int = Field(description="Counted from 1 in the file as text.")
    booked_on: date
    money: Money = Field(description="Money in is positive, money out negative.")
    text: str


class Evidence(Shown):
    """What a rule saw; never a name, an account number or a code."""

    name: str
    value: str


class SaidOut(Shown):
    """Who or what decided, when and why."""

    by: str = Field(description="A person, or a rule with its version.")
    at: datetime
    words: str = Field(description="The reason as a sentence, in the language asked for.")


class DecisionOut(Shown):
    """What a payment, or a part of it, was ever said to be for."""

    id: int = Field(description="The allocation's number.")
    purpose: Purpose
    money: Money = Field(description="Without direction: positive.")
    rule: str | None = Field(description="Name and version of the rule that decided; null where a person did.")
    person: str | None = Field(description="Who decided; null where a rule did.")
    reason: str = Field(description="A stable code, or the person's words.")
    evidence: list[Evidence]
    made: SaidOut
    taken_back: SaidOut | None = Field(description="Why it counts no longer; null where it stands.")


class WhyOut(Shown):
    """What a rule says of the payment as things stand now."""

    rule: str = Field(description="Name and version.")
    decides: bool = Field(description="Whether its word counts; a standing rule stands in for a built-in one.")
    outcome: Literal["gift", "refund", "transfer", "income", "cost", "ask"]
    reason: str = Field(description="A stable code.")
    words: str = Field(description="The reason as a sentence, in the language asked for.")
    evidence: list[Evidence]


def lines_out(session: ReadSession, payment: PaymentId) -> list[LineOut]:
    """Return the lines that attest a payment, in the order they were imported."""
    return [
        LineOut(
            import_id=each.file_id,
            file=each.file_name,
            format=each.format,
            line=each.line.row,
            booked_on=each.line.booked_on,
            money=money(each.line.money.signed_minor, each.line.money.amount.currency),
            text=without_codes(each.line.text),
        )
        for each in attesting_lines(session, payment)
    ]


def history_of(session: ReadSession, payment: PaymentId) -> list[DecisionOut]:
    """Return everything that was ever decided of a payment, in the order it was made."""
    return [
        DecisionOut(
            id=each.allocation.id,
            purpose=each.allocation.purpose,
            money=money(each.allocation.amount.minor, each.allocation.amount.currency),
            rule=each.allocation.decision.rule,
            person=each.allocation.decision.person,
            reason=without_codes(each.allocation.decision.reason),
            evidence=_evidence(each.allocation.decision.evidence),
            made=_said(each.made),
            taken_back=None if each.undone is None else _said(each.undone),
        )
        for each in decided(session, payment)
    ]


def why(session: ReadSession, payment: Payment) -> list[WhyOut]:
    """Return every rule that has a say, the one that decides first."""
    return [
        WhyOut(
            rule=outcome.reason.rule,
            decides=number == 0,
            outcome=_called(outcome),
            reason=outcome.reason.code,
            words=explain(outcome.reason.code, outcome.reason.evidence, translate=gettext),
            evidence=_evidence(outcome.reason.evidence),
        )
        for number, outcome in enumerate(rules_on(session, payment))
    ]


def _said(said: Said) -> SaidOut:
    return SaidOut(by=said.by, at=said.at, words=without_codes(said.words))


def _called(outcome: Outcome) -> Literal["gift", "refund", "transfer", "income", "cost", "ask"]:
    match outcome:
        case Ask():
            return "ask"
        case Gift():
            return "gift"
        case NotAGift(purpose=purpose) | Taught(purpose=purpose):
            return purpose.value


def _evidence(pairs: tuple[tuple[str, str], ...]) -> list[Evidence]:
    return [Evidence(name=name, value=value) for name, value in pairs]
