"""Values as people read them: amounts, days and account numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from babel.dates import format_date, format_interval

from donations.core.calendar import TALLINN, Month
from donations.core.iban import UnverifiedAccount, grouped, parse_account
from donations.core.money import Balance, Currency, Minor
from donations.core.statement import Proof
from donations.identity.proof import DayState
from donations.reports.day_words import DAYS, SIGNS
from donations.reports.said import Said
from donations.reports.table import Note
from donations.views.telling import Phrase, Teller
from donations.views.value import written_amount
from donations.web.language import current_locale, gettext

_NO_BREAK = "\N{NO-BREAK SPACE}"


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


def note(given: Note) -> str:
    """Return a report's note in the reader's language."""
    return TELLER.tell(given.phrase)


def said(given: Phrase | Said | None) -> str:
    """Return a sentence or a word of ours in the reader's language; nothing of none."""
    return "" if given is None else TELLER.tell(given.phrase if isinstance(given, Said) else given)


def state(value: str) -> str:
    """Return what is known of days, by its code, as a word."""
    return said(DAYS[_state(value)])


def sign(value: str) -> str:
    """Return the sign of what is known of days, for who does not see colours."""
    return SIGNS[_state(value)]


def _state(value: str) -> DayState:
    """Return the state of a code; what is known of a whole statement has two of its own names."""
    return DayState.CONFLICT if value == Proof.BROKEN else DayState(value)


def _month(value: Month) -> str:
    return month(value.first_day)


def _balance(value: Balance) -> str:
    return amount(value.minor, value.currency)


TELLER = Teller(translate=gettext, day=day, days=days, month=_month, amount=_balance)
"""Sentences of reports in the language of this request."""


FILTERS: dict[str, Callable[..., str]] = {
    "amount": amount,
    "round_amount": round_amount,
    "bare_amount": bare_amount,
    "change": change,
    "day": day,
    "month": month,
    "month_short": month_short,
    "months": months,
    "days": days,
    "moment": moment,
    "account": account,
    "note": note,
    "said": said,
    "state": state,
    "sign": sign,
}
