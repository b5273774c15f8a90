"""Sentences told as each language writes days, amounts and reasons: why something was decided, or is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from pydantic import Field

from donations.core.calendar import Month, Period, spell
from donations.core.language import N_
from donations.core.money import Balance, minor_digits, parse_currency
from donations.core.payment import UNSAID, Act, Cause, Decision
from donations.core.problem import CATALOGUE, Problem, ProblemCode
from donations.ledger.booking import FACTS_CHANGED, WITHDRAWN
from donations.matching.explain import BECAUSE, REASONS, explain
from donations.views.value import View

Translate = Callable[[str], str]
"""From English into the reader's language."""

_ACTS = {
    Act.IMPORTED: N_("Import {number} came."),
    Act.UNDONE: N_("Import {number} was taken back."),
    Act.RENEWED: N_("All files were read and judged again by newer rules."),
    Act.DECIDED: N_("A person decided which lines of the bank are one payment, and which are none."),
}
_IN_BOOKS = {
    FACTS_CHANGED.reason: N_("What is known about the payment has changed, or the rules have."),
    WITHDRAWN.reason: N_("The payment left the books."),
    "": N_("The reason was erased with the donor’s data."),
    "taken_back": N_("Somebody took the answer back."),
    UNSAID: N_("A person said so, without a reason."),
}
_TAKEN = N_("A person took the proposal: {because}.")


def english(text: str) -> str:
    """Return a text as it is, for reports and programs."""
    return text


def in_words(why: Cause | Decision, translate: Translate = english) -> str:
    """Return why, in a sentence; what a person wrote stays as it was written."""
    if isinstance(why, Cause):
        return translate(_ACTS[why.act]).format(number=why.file_id)
    if why.reason in _IN_BOOKS:
        return translate(_IN_BOOKS[why.reason])
    if why.person is None:
        return explain(why.reason, why.evidence, translate=translate) if why.reason in REASONS else why.reason
    taken = BECAUSE.get(why.reason)
    return why.reason if taken is None else translate(_TAKEN).format(because=translate(taken))


def by_whom(why: Cause | Decision) -> str:
    """Return the person who did it, or the rule's name."""
    return why.by if isinstance(why, Cause) else why.person or why.rule or ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence or a part of one: `english` is marked for translation, and `values` fill its places."""

    english: str
    values: tuple[tuple[str, Value], ...] = ()


Value: TypeAlias = "str | date | Period | Month | Balance | Cause | Decision | Phrase | tuple[Value, ...]"
"""What fills a place; a text stays as it was written, values in a row are parted by commas."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """How a language writes what stands in sentences."""

    translate: Translate
    day: Callable[[date], str]
    days: Callable[[date, date], str]
    month: Callable[[Month], str]
    amount: Callable[[Balance], str]
    named: Callable[[str], str] = str
    """Keeps somebody's name apart from the sentence around it, whichever way either is written."""

    def tell(self, phrase: Phrase) -> str:
        """Return the phrase with its places filled; one without places may hold braces."""
        said = self.translate(phrase.english)
        if not phrase.values:
            return said
        filled = said.format(**{name: self.write(value) for name, value in phrase.values})
        return filled[:1].upper() + filled[1:] if said.startswith("{month") else filled

    def write(self, value: Value) -> str:
        """Return what fills a place."""
        match value:
            case str():
                said = value
            case date():
                said = self.day(value)
            case Period():
                said = self.days(value.first_day, value.last_day)
            case Month():
                said = self.month(value)
            case Balance():
                said = self.amount(value)
            case Cause() | Decision():
                said = in_words(value, self.translate)
            case Phrase():
                said = self.tell(value)
            case tuple():
                said = ", ".join(map(self.write, value))
        return said


PLAIN = Teller(translate=english, day=str, days=spell, month=str, amount=str)
"""English with days as ISO 8601, for programs."""


class ProblemView(View):
    """Something that is wrong with a file, or worth saying though it was imported."""

    code: ProblemCode
    line: int | None = Field(description="Of the file, counted from 1; null where it is about all of it.")
    what: str
    remedy: str

    @property
    def refuses(self) -> bool:
        """Whether nothing of the file may be imported because of this."""
        return CATALOGUE[self.code].refuses


def problem_views(
    problems: Iterable[Problem], teller: Teller, *, remedies: Mapping[ProblemCode, str] | None = None
) -> list[ProblemView]:
    """Return the problems in words; `remedies` stand in for those of the catalogue, which name commands."""
    return [_view(each, teller, remedies or {}) for each in problems]


def _view(problem: Problem, teller: Teller, remedies: Mapping[ProblemCode, str]) -> ProblemView:
    entry = CATALOGUE[problem.code]
    values = {name: _value(text, teller) for name, text in problem.values}
    return ProblemView(
        code=problem.code,
        line=problem.line,
        what=teller.translate(entry.what).format(**values).strip(),
        remedy=teller.translate(remedies.get(problem.code, entry.remedy)).format(**values).strip(),
    )


def _value(text: str, teller: Teller) -> str:
    """Write days and amounts as the reader's language does; other values are words of the catalogues or names."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return teller.day(date.fromisoformat(text))
    amount = re.fullmatch(r"(-?\d+(?:\.\d+)?) ([A-Z]{3})", text)
    if amount is None:
        return teller.translate(text)
    currency = parse_currency(amount[2])
    return teller.amount(Balance(int(Decimal(amount[1]).scaleb(minor_digits(currency))), currency))
