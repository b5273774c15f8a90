"""What a person types where a day or a donor is meant, read in one way by pages and commands."""

from __future__ import annotations

import re
from datetime import date

from donations.core.donor import ANONYMOUS, DonorId

_DAY = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})", re.ASCII)
_ESTONIAN_DAY = re.compile(r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})", re.ASCII)
_DONOR_NUMBER = re.compile(r"(?:№\s*)?(\d{1,9})", re.ASCII)


class BadDayError(ValueError):
    """The text is no day of the calendar, written as `2026-01-31` or `31.01.2026`."""


def typed_day(text: str) -> date:
    """Return a day as browsers send it, or as people in Estonia write it. Raises `BadDayError`."""
    found = _DAY.fullmatch(text.strip()) or _ESTONIAN_DAY.fullmatch(text.strip())
    if found is None:
        raise BadDayError(text)
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError as error:
        raise BadDayError(text) from error


def typed_donor(text: str) -> DonorId | str:
    """Return a donor by number, `anonymous` as the one that has no name, and all else as a name."""
    written = text.strip()
    if written.lower() == "anonymous":
        return ANONYMOUS
    number = _DONOR_NUMBER.fullmatch(written)
    return written if number is None else DonorId(int(number[1]))
