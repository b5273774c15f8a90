"""A payment's allocations with their decisions in words: what stands, and what was taken back by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from donations.core.allocation import Allocation, Decision
from donations.core.payment import PaymentId
from donations.matching.standing import RuleNumber, number_of
from donations.store.donors import people
from donations.store.payments.allocations import allocations_of, made_at
from donations.store.payments.rules import rule_rows, rules_of
from donations.store.session import ReadSession
from donations.views.reasons import in_words
from donations.web.language import gettext
from donations.web.treasurer.questions.rule_words import sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Who or what decided, when and why."""

    words: str
    by: str
    """A person, or a rule's name."""
    at: datetime
    rule: RuleNumber | None = None
    """The number of a standing rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """One allocation."""

    allocation: Allocation
    donor_name: str
    appeal_name: str
    made: Said
    undone: Said | None
    """None where it stands."""

    @property
    def is_a_persons(self) -> bool:
        """Whether it stands and a person decided it."""
        return self.undone is None and self.allocation.decision.person is not None


def decided(session: ReadSession, payment: PaymentId) -> list[DecisionView]:
    """Return the allocations in the order they were made, each with what took it back."""
    allocations = allocations_of(session, [payment]).get(payment, [])
    moments = made_at(session, [payment])
    donors = people.donors(session, [row.donor for row in allocations if row.donor is not None])
    appeals = {appeal.id: appeal.name for appeal in people.appeals(session)}
    numbers = {number for row in allocations if (number := number_of(row.decision.rule)) is not None}
    rules = sentences(session, rules_of(rule_rows(session, numbers).values()))
    reversals = {row.reverses: row for row in allocations if row.reverses is not None}
    return [
        DecisionView(
            allocation=row,
            donor_name="" if row.donor is None else donors[row.donor].name,
            appeal_name="" if row.appeal is None else appeals[row.appeal],
            made=_said(row.decision, moments[row.id], rules),
            undone=_said(undone.decision, moments[undone.id], rules) if (undone := reversals.get(row.id)) else None,
        )
        for row in allocations
        if row.reverses is None
    ]


def reasons_of(session: ReadSession, decisions: Sequence[Decision]) -> list[str]:
    """Return why each was decided so."""
    numbers = {number for each in decisions if (number := number_of(each.rule)) is not None}
    rules = sentences(session, rules_of(rule_rows(session, numbers).values()))
    named = ((number_of(each.rule), each) for each in decisions)
    return [in_words(each, gettext) if number is None else rules[number] for number, each in named]


def _said(decision: Decision, at: datetime, rules: Mapping[RuleNumber, str]) -> Said:
    number = number_of(decision.rule)
    return Said(
        words=rules.get(number, "") if number is not None else in_words(decision, gettext),
        by=decision.person or decision.rule or "",
        at=at,
        rule=number,
    )
