"""What somebody typed into the one search: it may be an amount, a day, a month or a year, and always is words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from donations.core.calendar import Month, Period
from donations.core.money import MINOR_MAX, Minor

_AMOUNT = re.compile(r"[+-]?(\d{1,3}(?:[ .,'’]\d{3})+|\d{1,10})(?:[.,](\d{1,2}))?", re.ASCII)
"""Thousands may be parted by any mark: nothing is booked by this, it is only looked for."""
_DAYS = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII),
    re.compile(r"(?P<day>\d{1,2})[./]\s?(?P<month>\d{1,2})[./]\s?(?P<year>\d{4})", re.ASCII),
)
_MONTHS = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})", re.ASCII),
    re.compile(r"(?P<month>\d{1,2})[./](?P<year>\d{4})", re.ASCII),
)
_YEAR = re.compile(r"(?:19|20)\d{2}", re.ASCII)
_NAMED = re.compile(r"(?P<name>[^\W\d]+)\.?\s+(?P<year>\d{4})")
_NAMES = (
    *(("jaanuar", "january", "январ"), ("veebruar", "february", "феврал"), ("märts", "march", "март")),
    *(("aprill", "april", "апрел"), ("mai", "may", "май", "мая", "мае"), ("juuni", "june", "июн")),
    *(("juuli", "july", "июл"), ("august", "август"), ("september", "сентябр")),
    *(("oktoober", "october", "октябр"), ("november", "ноябр"), ("detsember", "december", "декабр")),
)
"""As they begin, in Estonian, English and Russian, in whatever case of grammar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """One reading of what was typed beside the others."""

    words: str
    minor: Minor | None
    """Of an amount, unsigned."""
    days: Period | None
    """A day, a month or a year."""

    @property
    def month(self) -> Month | None:
        """The month of these days, where they are not more."""
        if self.days is None:
            return None
        month = Month.of(self.days.first_day)
        return month if self.days.last_day <= month.last_day else None


def sought_from(text: str) -> Sought:
    """Read what was typed."""
    written = " ".join(text.replace("\N{MINUS SIGN}", "-").split())
    return Sought(words=written, minor=_amount(_without_currency(written)), days=_day(written) or _month(written))


def _without_currency(written: str) -> str:
    plain = written.casefold()
    for sign in ("eur", "€"):
        plain = plain.removeprefix(sign).removesuffix(sign)
    return plain.strip()


def _amount(written: str) -> Minor | None:
    found = _AMOUNT.fullmatch(written)
    if found is None:
        return None
    minor = int("".join(filter(str.isdigit, found[1]))) * 100 + int((found[2] or "0").ljust(2, "0"))
    return minor if 0 < minor < MINOR_MAX else None


def _day(written: str) -> Period | None:
    for pattern in _DAYS:
        found = pattern.fullmatch(written)
        if found is not None:
            try:
                day = date(int(found["year"]), int(found["month"]), int(found["day"]))
            except ValueError:
                return None
            return Period(day, day)
    return None


def _month(written: str) -> Period | None:
    for pattern in _MONTHS:
        found = pattern.fullmatch(written)
        if found is not None:
            return _of(int(found["year"]), int(found["month"]))
    named = _NAMED.fullmatch(written.casefold())
    if named is not None:
        numbers = (number for number, names in enumerate(_NAMES, 1) if named["name"].startswith(names))
        return _of(int(named["year"]), next(numbers, 0))
    return Period.of(year=int(written)) if _YEAR.fullmatch(written) else None


def _of(year: int, number: int) -> Period | None:
    return Period.of(year=year, month=number) if 1 <= number <= 12 and year else None
