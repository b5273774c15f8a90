"""The books as a journal: each payment as a booking, and as text that hledger and beancount read.

Accounts are called by what money was for, own accounts by their number at the bank; texts that people wrote cannot
end a line, open a comment or close a quotation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from donations.acts.proving import proofs
from donations.core.calendar import Period
from donations.core.language import N_
from donations.core.money import Currency, Minor, decimal_text, minor_digits
from donations.core.payment import Purpose
from donations.reports.corrections import notes_on
from donations.reports.table import Column, ColumnKind, Table
from donations.reports.words import PURPOSES, WITHOUT_PURPOSE, OwnText, title_with_period
from donations.store.organisation import AccountNumbers
from donations.store.payments.movements import JournalPart, journal_parts
from donations.store.session import ReadSession

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
        said = one_line(_said(booking, with_names=with_names)).replace(";", ",").replace("|", "/")
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
        said = one_line(_said(booking, with_names=with_names)).replace("\\", "\\\\").replace('"', '\\"')
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


def _of_part(part: BookingPart, *, with_names: bool) -> str:
    what = "unallocated" if part.purpose is None else part.purpose.value
    return " ".join(filter(None, (what, part.appeal, part.donor if with_names else "")))


def one_line(text: str) -> str:
    """Return a text on one line, without signs that nobody sees."""
    return " ".join(_UNSAFE.sub(" ", text).split())


def _currencies(found: Journal) -> list[Currency]:
    return sorted({*(each.currency for each in found.bookings), *(each.currency for each in found.balances)})


def _names(found: Journal) -> list[str]:
    numbers = {each.account for each in found.bookings} | {each.account for each in found.balances}
    own = {own_account(each) for each in numbers}
    return [*sorted(own), *OTHER_SIDE.values(), OPENING]


def _openings(found: Journal) -> Iterator[tuple[str, Currency, Minor]]:
    for each in found.balances:
        if each.opening is not None:
            yield own_account(each.account), each.currency, each.opening


def _closings(found: Journal) -> Iterator[tuple[str, Currency, Minor]]:
    for each in found.balances:
        if each.closing is not None:
            yield own_account(each.account), each.currency, each.closing


COLUMNS = (
    Column("day", N_("Day"), ColumnKind.DAY),
    Column("payment", N_("Document"), ColumnKind.COUNT),
    Column("to", N_("To account"), ColumnKind.TEXT),
    Column("from", N_("From account"), ColumnKind.TEXT),
    Column("minor", N_("Amount"), ColumnKind.MINOR),
    Column("currency", N_("Currency"), ColumnKind.CURRENCY),
    Column("purpose", N_("What for"), ColumnKind.TEXT),
    Column("appeal", N_("Appeal"), ColumnKind.TEXT),
)
DONOR = Column("donor", N_("Donor"), ColumnKind.TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingPart:
    """What a part of a booking was for; signed as the payment is."""

    purpose: Purpose | None
    """None: nobody said yet."""
    minor: Minor
    appeal: str = ""
    donor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """One payment; its parts add up to it."""

    payment: int
    day: date
    account: str
    """Number of the own account at the bank."""
    currency: Currency
    minor: Minor
    """Signed: money in is positive."""
    parts: tuple[BookingPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodBalances:
    """What an own account held when the period began and when it was over, brought forward from the bank's balances."""

    account: str
    currency: Currency
    opening: Minor | None
    """None where the bank states no balance."""
    closing: Minor | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """The bookings of some days, in their order."""

    period: Period
    bookings: tuple[Booking, ...]
    balances: tuple[PeriodBalances, ...]


def journal(session: ReadSession, period: Period) -> Journal:
    """Return the payments of the period as bookings."""
    parts = journal_parts(session, first_day=period.first_day, last_day=period.last_day)
    balances = []
    for each in proofs(session):
        before = period.first_day - timedelta(days=1) if period.first_day > date.min else period.first_day
        balances.append(
            PeriodBalances(
                account=each.number,
                currency=each.currency,
                opening=each.balance(before),
                closing=each.balance(period.last_day),
            )
        )
    bookings = tuple(_booking(list(own)) for _, own in groupby(parts, key=lambda part: part.payment_id))
    return Journal(period=period, bookings=bookings, balances=tuple(balances))


def _booking(rows: list[JournalPart]) -> Booking:
    first = rows[0]
    sign = 1 if first.payment_minor > 0 else -1
    parts = [
        BookingPart(purpose=row.purpose, minor=sign * row.minor, appeal=row.appeal, donor=row.donor)
        for row in rows
        if row.purpose is not None
    ]
    rest = first.payment_minor - sum(part.minor for part in parts)
    if rest:
        parts.append(BookingPart(purpose=None, minor=rest))
    return Booking(
        payment=first.payment_id,
        day=first.booked_on,
        account=first.account,
        currency=first.currency,
        minor=first.payment_minor,
        parts=tuple(parts),
    )


def journal_table(session: ReadSession, period: Period, numbers: AccountNumbers, *, with_names: bool) -> Table:
    """Return one row for each part, from one account to another by the accountant's numbers; amounts are positive.

    Names of donors only `with_names`.
    """
    found = journal(session, period)
    return Table(
        title=title_with_period(N_("Journal, {period}"), period),
        columns=(*COLUMNS, DONOR) if with_names else COLUMNS,
        rows=tuple(_rows(found, numbers, with_names=with_names)),
        notes=notes_on(session, period, proofs(session)),
    )


def _rows(
    found: Journal, numbers: AccountNumbers, *, with_names: bool
) -> Iterator[tuple[str | int | date | None, ...]]:
    for booking in found.bookings:
        own = numbers.own.get(booking.account) or booking.account
        for part in booking.parts:
            other = numbers.purposes.get("unallocated" if part.purpose is None else part.purpose.value, "")
            to, since = (own, other) if part.minor > 0 else (other, own)
            said: OwnText = WITHOUT_PURPOSE if part.purpose is None else PURPOSES[part.purpose]
            row = (
                booking.day,
                booking.payment,
                to,
                since,
                abs(part.minor),
                booking.currency,
                said,
                part.appeal or None,
            )
            yield (*row, part.donor or None) if with_names else row
