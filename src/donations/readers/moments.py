"""Moments that a file states about itself, and which of them are moments: banks write a mere day as one too."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone

from donations.core.day import TALLINN, names_a_day

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,12})?)?(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
_OFX = re.compile(
    r"(\d{8})(\d{4}(?:\d{2})?)?(?:\.\d{1,6})?\s*(?:\[([+-]?\d{1,2})(?:\.(\d{1,2}))?(?::[A-Z]{1,5})?\])?", re.ASCII
)


def iso_moment(text: str) -> datetime | None:
    """Return the moment that ISO 8601 text states, in Estonian time where it names no zone; None where it is none."""
    if _ISO.fullmatch(text) is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=TALLINN)


def ofx_moment(text: str) -> datetime | None:
    """Return the moment that OFX text states (`20260331120405.000[+2:EET]`), in GMT where it names no zone.

    A day alone is its first second (OFX 1.6, 3.2.8.2); None where it is no moment.
    """
    found = _OFX.fullmatch(text.strip())
    if found is None:
        return None
    hours, hundredths = int(found[3] or 0), int((found[4] or "0").ljust(2, "0"))
    sign = -1 if (found[3] or "").startswith("-") else 1
    try:
        zone = timezone(timedelta(hours=hours, minutes=sign * (hundredths * 60 // 100)))
        return datetime.strptime(found[1] + (found[2] or "").ljust(6, "0"), "%Y%m%d%H%M%S").replace(tzinfo=zone)
    except ValueError:
        return None


def made_at(stated: Iterable[datetime | None], *, last_day: date | None) -> datetime | None:
    """Return when a statement was made: the first that is a moment, where the nearest to the statement comes first.

    One that only names a day counts if that day lies behind the statement's last one: earlier it was not made. Of a
    day inside the period nobody knows at what time of it.
    """
    known = [moment for moment in stated if moment is not None]
    for moment in known:
        if not names_a_day(moment):
            return moment
    return next((moment for moment in known if last_day is not None and moment.date() > last_day), None)
