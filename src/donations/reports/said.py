"""Texts of ours in reports: programs get them as they are, people as their language says them."""

from __future__ import annotations

from datetime import date
from typing import Self

from donations.core.calendar import Month
from donations.core.language import N_
from donations.core.period import Period
from donations.views.telling import PLAIN, Phrase, Teller, Value


class Said(str):
    """A title, a sentence or a word of ours; as a text it is its stable code, or English."""

    __slots__ = ("phrase",)
    phrase: Phrase

    def __new__(cls, said: str, *values: tuple[str, Value], code: str | None = None) -> Self:
        """Make it of a text marked for translation and what fills its places."""
        phrase = Phrase(said, values)
        made = super().__new__(cls, PLAIN.tell(phrase) if code is None else code)
        made.phrase = phrase
        return made


TOTAL = Said(N_("Total"))


def titled(said: str, period: Period) -> Said:
    """Return a title with the place `{period}` filled: a year, a month, some days, or all time."""
    return Said(said, ("period", _spoken(period)))


def told(text: str, teller: Teller) -> str:
    """Return a text of ours in a language; what others wrote stays as they wrote it."""
    return teller.tell(text.phrase) if isinstance(text, Said) else text


def _spoken(period: Period) -> Value:
    first, last = period.first_day, period.last_day
    if (first, last) == (date.min, date.max):
        return Phrase(N_("all time"))
    if period == Period.of(year=first.year, month=first.month):
        return Month.of(first)
    if period == Period.of(year=first.year):
        return f"{first.year}"
    return period
