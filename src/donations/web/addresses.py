"""What addresses name: a month, or no page."""

from __future__ import annotations

from donations.core.calendar import BadMonthError, Month
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode


def month_named(text: str) -> Month:
    """Return the month that an address names as `2026-10`. Raises `Refusal`: `unknown_page`."""
    try:
        return Month.parse(text)
    except BadMonthError as error:
        raise Refusal(RequestCode.UNKNOWN_PAGE) from error
