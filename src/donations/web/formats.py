"""Values as people read them: amounts, days and account numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from donations.core.iban import UnverifiedAccount, grouped, parse_account
from donations.core.money import Currency, Minor, decimal_text

TALLINN = ZoneInfo("Europe/Tallinn")
_NO_BREAK = "\N{NO-BREAK SPACE}"
_SIGNS = {"EUR": "€"}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def amount(minor: Minor, currency: str = "EUR") -> str:
    """Return minor units as `12 345,60 €`; the spaces do not break and a minus is a minus sign."""
    whole, mark, fraction = decimal_text(abs(minor), Currency(currency)).partition(".")
    groups = f"{int(whole):,}".replace(",", _NO_BREAK)
    sign = "\N{MINUS SIGN}" if minor < 0 else ""
    return f"{sign}{groups}{mark and ','}{fraction}{_NO_BREAK}{_SIGNS.get(currency, currency)}"


def change(minor: Minor, currency: str = "EUR") -> str:
    """Return a movement with its sign, plus too."""
    return ("+" if minor > 0 else "") + amount(minor, currency)


def day(value: date) -> str:
    """Return a day as `5 January 2026`."""
    return f"{value.day}{_NO_BREAK}{_MONTHS[value.month - 1]} {value.year}"


def month(value: date) -> str:
    """Return the month of a day as `January 2026`."""
    return f"{_MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime) -> str:
    """Return a time as `5 January 2026, 14:05` in Estonia."""
    local = value.astimezone(TALLINN)
    return f"{day(local.date())}, {local:%H:%M}"


def months(first: date, last: date) -> str:
    """Return a run of months without saying twice what both ends share: `May – June 2026`."""
    if (first.year, first.month) == (last.year, last.month):
        return month(first)
    begin = _MONTHS[first.month - 1] if first.year == last.year else month(first)
    return f"{begin} – {month(last)}"


def account(number: str) -> str:
    """Return an account number in groups of four where it is a valid IBAN, else as it was written."""
    parsed = parse_account(number)
    return number if parsed is None or isinstance(parsed, UnverifiedAccount) else grouped(parsed)


FILTERS: dict[str, Callable[..., str]] = {
    "amount": amount,
    "change": change,
    "day": day,
    "month": month,
    "months": months,
    "moment": moment,
    "account": account,
}
