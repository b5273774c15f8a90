"""The journal as text that hledger and beancount read (https://hledger.org/1.50/hledger.html, beancount v3).

Accounts are called by what money was for, own accounts by their number at the bank; texts that people wrote cannot
end a line, open a comment or close a quotation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from donations.core.allocation import Purpose
from donations.core.money import Currency, Minor, decimal_text, minor_digits
from donations.reports.journal import Booking, Journal, Part

OTHER_SIDE = {
    Purpose.GIFT: "Income:Gifts",
    Purpose.REFUND: "Income:Refunds",
    Purpose.TRANSFER: "Equity:Transfers",
    Purpose.INCOME: "Income:Other",
    Purpose.COST: "Expenses:Costs",
    None: "Equity:Unallocated",
}
"""By purpose; names that both programs take."""
OPENING = "Equity:Opening-Balances"
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def own_account(number: str) -> str:
    """Return the name of an own account; whatever the programs do not take in a name is a hyphen there."""
    return f"Assets:Bank:{re.sub(r'[^A-Z0-9]+', '-', number.upper()).strip('-') or 'Unnamed'}"


def hledger(found: Journal, *, with_names: bool, with_opening: bool) -> str:
    """Return the journal for hledger, with closing balances to check it by where it begins with the opening ones."""
    lines = ["decimal-mark ."]
    lines += [f"commodity {_example(each)} {each}" for each in _currencies(found)]
    lines += [f"account {name}" for name in _names(found)]
    if with_opening:
        for account, currency, minor in _openings(found):
            lines += ["", f"{found.period.first_day} * opening balance"]
            lines += _postings([(account, minor), (OPENING, -minor)], currency)
    for booking in found.bookings:
        said = _one_line(_said(booking, with_names=with_names)).replace(";", ",").replace("|", "/")
        lines += ["", f"{booking.day} * ({booking.payment}) {said}".rstrip()]
        lines += _postings(_sides(booking), booking.currency)
    if with_opening:
        for account, currency, minor in _closings(found):
            lines += ["", f"{found.period.last_day} * closing balance"]
            lines.append(f"    {account}  0 {currency} = {decimal_text(minor, currency)} {currency}")
    return "\n".join(lines) + "\n"


def beancount(found: Journal, *, with_names: bool, with_opening: bool) -> str:
    """Return the journal for beancount, with closing balances to check it by where it begins with the opening ones."""
    opened = min([found.period.first_day, *(booking.day for booking in found.bookings)])
    opened = max(opened, date(1970, 1, 1))
    lines = [f'option "operating_currency" "{each}"' for each in _currencies(found)]
    lines += ["", *(f"{opened} open {name}" for name in _names(found))]
    if with_opening:
        for account, currency, minor in _openings(found):
            lines += ["", f'{found.period.first_day} * "opening balance"']
            lines += _postings([(account, minor), (OPENING, -minor)], currency)
    for booking in found.bookings:
        said = _one_line(_said(booking, with_names=with_names)).replace("\\", "\\\\").replace('"', '\\"')
        lines += ["", f'{booking.day} * "{said}" ^payment-{booking.payment}']
        lines += _postings(_sides(booking), booking.currency)
    if with_opening:
        # beancount compares at the beginning of a day, and to the cent only with `~ 0`.
        after = found.period.last_day + timedelta(days=1)
        lines.append("")
        for account, currency, minor in _closings(found):
            lines.append(f"{after} balance {account}  {decimal_text(minor, currency)} ~ 0 {currency}")
    return "\n".join(lines) + "\n"


WRITERS: dict[str, Callable[..., str]] = {"hledger": hledger, "beancount": beancount}
"""By the name of the program that reads it."""


def _example(currency: Currency) -> str:
    """Return an amount that shows how many digits the currency has; hledger wants its decimal mark in any case."""
    return decimal_text(100_000, currency) + ("" if minor_digits(currency) else ".")


def _sides(booking: Booking) -> list[tuple[str, Minor]]:
    own = (own_account(booking.account), booking.minor)
    return [own, *((OTHER_SIDE[part.purpose], -part.minor) for part in booking.parts)]


def _postings(sides: list[tuple[str, Minor]], currency: Currency) -> list[str]:
    return [f"    {account}  {decimal_text(minor, currency)} {currency}" for account, minor in sides]


def _said(booking: Booking, *, with_names: bool) -> str:
    return ", ".join(dict.fromkeys(filter(None, (_of_part(part, with_names=with_names) for part in booking.parts))))


def _of_part(part: Part, *, with_names: bool) -> str:
    what = "unallocated" if part.purpose is None else part.purpose.value
    return " ".join(filter(None, (what, part.appeal, part.donor if with_names else "")))


def _one_line(text: str) -> str:
    return " ".join(_UNSAFE.sub(" ", text).split())


def _currencies(found: Journal) -> list[Currency]:
    return sorted({*(each.currency for each in found.bookings), *(each.currency for each in found.held)})


def _names(found: Journal) -> list[str]:
    numbers = {each.account for each in found.bookings} | {each.account for each in found.held}
    own = {own_account(each) for each in numbers}
    return [*sorted(own), *OTHER_SIDE.values(), OPENING]


def _openings(found: Journal) -> Iterator[tuple[str, Currency, Minor]]:
    for each in found.held:
        if each.opening is not None:
            yield own_account(each.account), each.currency, each.opening


def _closings(found: Journal) -> Iterator[tuple[str, Currency, Minor]]:
    for each in found.held:
        if each.closing is not None:
            yield own_account(each.account), each.currency, each.closing
