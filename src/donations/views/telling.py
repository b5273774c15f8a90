"""Sentences of reports whose places hold days, months, amounts and reasons, told as each language writes these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from donations.core.calendar import Month
from donations.core.money import Balance
from donations.core.payment import Cause, Decision
from donations.core.period import Period, spell
from donations.views.reasons import Translate, english, in_words


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence or a part of one: `said` is marked for translation, and `values` fill its places."""

    said: str
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
        said = self.translate(phrase.said)
        return said.format(**{name: self.write(value) for name, value in phrase.values}) if phrase.values else said

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
