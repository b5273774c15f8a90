"""Values as people read them in their language, and the tellers of sentences that hold some."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

from babel.dates import format_date, format_interval

from donations.core.calendar import TALLINN, Month
from donations.core.iban import UnverifiedAccount, grouped, parse_account
from donations.core.money import Balance, Currency, Minor
from donations.views.language import current_locale, gettext
from donations.views.phrases import PLAIN, Teller
from donations.views.value import written_amount

_NO_BREAK = "\N{NO-BREAK SPACE}"
BEFORE_NAME, AFTER_NAME = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_TURNS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
"""What turns the direction of text."""


def amount(minor: Minor, currency: str = "EUR") -> str:
    """Return minor units as `12 345,60 €`; the spaces do not break and a minus is a minus sign."""
    return written_amount(minor, Currency(currency))


def round_amount(minor: Minor, currency: str = "EUR") -> str:
    """Return an amount without its decimals, for round ones: `20 000 €`."""
    whole, _, sign = amount(minor, currency).rpartition(_NO_BREAK)
    return f"{whole.partition(',')[0]}{_NO_BREAK}{sign}"


def bare_amount(minor: Minor, currency: str = "EUR") -> str:
    """Return an amount without its currency, for tables that say it once: `12 345,60`."""
    return amount(minor, currency).rpartition(_NO_BREAK)[0]


def change(minor: Minor, currency: str = "EUR") -> str:
    """Return a movement with its sign, plus too."""
    return ("+" if minor > 0 else "") + amount(minor, currency)


def day(value: date) -> str:
    """Return a day as `5 January 2026`, as the reader's language writes it."""
    return format_date(value, "long", current_locale()).replace(" ", _NO_BREAK, 1)


def month(value: date) -> str:
    """Return the month of a day as `January 2026`."""
    return format_date(value, "LLLL y", current_locale())


def month_alone(number: int) -> str:
    """Return a month of any year, by its number, as `January`."""
    return format_date(date(2000, number, 1), "LLLL", current_locale())


def month_short(value: date) -> str:
    """Return the month of a day as `Jan`."""
    return format_date(value, "LLL", current_locale())


def days(first: date, last: date) -> str:
    """Return days in a row without saying twice what both ends share: `1–30 Nov 2026`."""
    return day(first) if first == last else format_interval(first, last, "yMMMd", locale=current_locale())


def moment(value: datetime) -> str:
    """Return a time as `5 January 2026, 14:05` in Estonia."""
    local = value.astimezone(TALLINN)
    return f"{day(local.date())}, {local:%H:%M}"


def months(first: date, last: date) -> str:
    """Return a run of months without saying twice what both ends share: `May – June 2026`."""
    if (first.year, first.month) == (last.year, last.month):
        return month(first)
    begin = format_date(first, "LLLL", current_locale()) if first.year == last.year else month(first)
    return f"{begin} – {month(last)}"


def account(number: str) -> str:
    """Return an account number in groups of four where it is a valid IBAN, else as it was written."""
    parsed = parse_account(number)
    return number if parsed is None or isinstance(parsed, UnverifiedAccount) else grouped(parsed)


def plain_days(first: date, last: date) -> str:
    """Return days in a row for programs and the terminal: `2026-03-01 to 2026-03-31`."""
    return f"{first}" if first == last else gettext("{first} to {last}").format(first=first, last=last)


def _isolated(name: str) -> str:
    """Return a name that turns nothing around it, whatever somebody wrote into it."""
    return f"{BEFORE_NAME}{_TURNS.sub('', name)}{AFTER_NAME}"


def _month(value: Month) -> str:
    return month(value.first_day)


def _balance(value: Balance) -> str:
    return amount(value.minor, value.currency)


TELLER = Teller(translate=gettext, day=day, days=days, month=_month, amount=_balance, named=_isolated)
"""Sentences for people on pages and papers."""
PLAIN_TELLER = replace(PLAIN, translate=gettext, days=plain_days)
"""Sentences for programs and the terminal: in the language asked for, with days and amounts as programs write them."""
