"""Standing rules as values: what a payment must be, and what it is then. Rules too wide to be meant are refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import NewType

from donations.core.donor import AppealId, DonorId
from donations.core.iban import ValidIban
from donations.core.keyword import normal
from donations.core.money import Amount, MoneyIn
from donations.core.name import NameKey, name_key
from donations.core.payment import Payment, Purpose
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode
from donations.matching.written import TextSpan, read, spelled

RuleNumber = NewType("RuleNumber", int)
PREFIX = "standing/"
"""Before the rule's number, as decisions name it: `standing/7`."""
LETTERS_MIN = 3
"""Shorter words begin too many others."""


class Direction(StrEnum):
    """Which way the money moves."""

    IN = "in"
    OUT = "out"

    @classmethod
    def of(cls, payment: Payment) -> Direction:
        """Return which way a payment moves."""
        return cls.IN if isinstance(payment.money, MoneyIn) else cls.OUT


_FITTING = {
    Direction.IN: frozenset({Purpose.GIFT, Purpose.TRANSFER, Purpose.INCOME}),
    Direction.OUT: frozenset({Purpose.TRANSFER, Purpose.COST}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a payment must be for a rule to speak of it: all that is given here."""

    direction: Direction
    iban: ValidIban | None = None
    name: str = ""
    """The other side's name; spelling, case and order do not matter."""
    words: tuple[str, ...] = ()
    """Each begins a word of the text; in their normal form."""
    amount: Amount | None = None
    last_day: date | None = None

    def __post_init__(self) -> None:
        """Refuse what would fit payments of just anybody."""
        if not (self.iban or self.name_key or self.words):
            raise Refusal(AnswerCode.RULE_TOO_WIDE)
        if any(sum(letter.isalnum() for letter in word) < LETTERS_MIN for word in self.words):
            raise Refusal(AnswerCode.RULE_WORD_TOO_SHORT)

    @property
    def name_key(self) -> NameKey:
        """The name as it is compared."""
        return name_key(self.name)

    @property
    def narrowness(self) -> int:
        """How much is asked for: of two rules the narrower one speaks."""
        return bool(self.iban) + bool(self.name_key) + len(self.words) + (self.amount is not None)

    def fits(self, payment: Payment) -> bool:
        """Whether the payment is all that is asked for."""
        party = payment.counterparty
        return (
            Direction.of(payment) is self.direction
            and (self.iban is None or party.account == self.iban)
            and (self.amount is None or payment.money.amount == self.amount)
            and (self.last_day is None or payment.booked_on <= self.last_day)
            and (not self.name_key or name_key(party.name) == self.name_key)
            and (not self.words or len(self.places(payment.text)) == len(self.words))
        )

    def nearly_fits(self, name: str, text: str) -> bool:
        """Whether one line of a payment may make it fit: the name or the words may stand in another line."""
        if self.name_key:
            return name_key(name) == self.name_key
        return bool(self.places(text))

    def places(self, text: str) -> list[TextSpan]:
        """Return where the words stand in the text as written, each where it is found first."""
        written = read(text)
        found = (_pattern(word).search(written.folded) for word in self.words)
        return [written.span(*match.span()) for match in found if match is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a payment is, once a rule speaks of it."""

    purpose: Purpose
    donor: DonorId | None = None
    appeal: AppealId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingRule:
    """A rule that a person made."""

    number: RuleNumber
    when: Condition
    then: Meaning
    label: str = ""
    """What it is called beyond its purpose: `rent`."""

    def __post_init__(self) -> None:
        """Refuse meanings that do not fit; a gift takes an account, or both a name and words, for names repeat."""
        when, then = self.when, self.then
        if then.purpose not in _FITTING[when.direction]:
            raise Refusal(AnswerCode.RULE_DOES_NOT_FIT)
        if (then.purpose is Purpose.GIFT) != (then.donor is not None and then.appeal is not None):
            raise Refusal(AnswerCode.RULE_NEEDS_DONOR)
        if then.purpose is Purpose.GIFT and when.iban is None and not (when.name_key and when.words):
            raise Refusal(AnswerCode.RULE_NAME_ALONE)

    @property
    def name(self) -> str:
        """The rule's name as decisions keep it."""
        return f"{PREFIX}{self.number}"


def parse_words(text: str) -> tuple[str, ...]:
    """Return the words or phrases that commas part, in their normal form, each once."""
    return tuple(dict.fromkeys(word for word in map(normal, text.split(",")) if word))


def number_of(rule: str | None) -> RuleNumber | None:
    """Return the number of the standing rule that a decision names; None for a built-in rule or a person."""
    number = (rule or "").removeprefix(PREFIX)
    return RuleNumber(int(number)) if rule != number and number.isdecimal() else None


@cache
def _pattern(word: str) -> re.Pattern[str]:
    start = r"(?<![^\W_])" if word[0].isalnum() else ""
    return re.compile(start + spelled(word))
