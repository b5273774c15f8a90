"""How much strangers may ask whether a gift arrived: of an address and in all on a day, about an account in a year.

Guesses at codes: 180 a day against 10,000 codes in the books, of 4.1 × 10¹¹, hit once in a year with 0.16 %.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from donations.core.calendar import Month, day_of
from donations.core.iban import ValidIban
from donations.store.strangers import Counting

FROM_ADDRESS_MAX = 10
IN_ALL_MAX = 180
ABOUT_ACCOUNT_MONTH_MAX = 3
ABOUT_ACCOUNT_YEAR_MAX = 6
"""In twelve calendar months, the present one among them; of whatever addresses, and known to the books or not."""
_MONTHS = 12


class Admission(StrEnum):
    """Whether a question is looked at, or what there was too much of."""

    ADMITTED = "admitted"
    TODAY = "today"
    ABOUT_ACCOUNT = "about_account"


def admission(count: Counting, *, address: str, account: ValidIban | None, now: datetime) -> Admission:
    """Count a question, and say whether it is looked at; who is not let through is not counted.

    `account` is None where a code was asked for. Raises `sqlalchemy.exc.OperationalError` where it cannot be counted.
    """
    today = day_of(now)
    months = [Month.of(today)]
    while len(months) < _MONTHS:
        months.append(months[-1].before)
    firsts = [each.first_day for each in months]
    if count.on_day(today) > IN_ALL_MAX or count.on_day(today, address) > FROM_ADDRESS_MAX:
        return Admission.TODAY
    if account is not None:
        in_month, in_year = count.in_month(account, firsts)
        if in_month > ABOUT_ACCOUNT_MONTH_MAX or in_year > ABOUT_ACCOUNT_YEAR_MAX:
            return Admission.ABOUT_ACCOUNT
    count.forget(days_before=today, months_before=firsts[-1])
    count.keep()
    return Admission.ADMITTED
