"""Months of gifts for the dashboards: whole statements of any year, made in one line."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zlib import crc32

from stdnum.ee import ik
from tests.book import MARI, OTHER_OWN, Book, line, statement

from donations.core.calendar import Month
from donations.core.donor import DonorId
from donations.core.money import EUR, Currency
from donations.core.statement import Statement
from donations.reports.exceptions import DonorNotice, Exceptions, exceptions_of
from donations.store.donors import people

ANOTHER_ACCOUNT = OTHER_OWN


@dataclass(frozen=True, slots=True)
class Given:
    """One gift: who, on which day of the month, how many euros, from which account."""

    who: str
    day: int
    euros: int
    account: str = MARI


def code_of(who: str) -> str:
    """Return a valid code of somebody born in the first years of the 20th century: nobody who lives has it."""
    number = crc32(who.encode())
    born = date(1900, 1, 1) + timedelta(days=number % 3_650)
    stem = f"3{born:%y%m%d}{number // 3_650 % 1_000:03}"
    return stem + ik.calc_check_digit(f"{stem}0")


def month_of(month: str, *gifts: Given, until: int | None = None, currency: Currency = EUR) -> Statement:
    """Return the statement of a month, such as `2025-03`, or of its first days."""
    year, number = int(month[:4]), int(month[5:])
    lines = (
        replace(
            line(
                "01-01", each.euros * 100, each.who, each.account, "Annetus", code=code_of(each.who), currency=currency
            ),
            booked_on=date(year, number, each.day),
        )
        for each in gifts
    )
    return replace(
        statement("01-01", "01-31", currency=currency),
        first_day=date(year, number, 1),
        last_day=date(year, number, until or monthrange(year, number)[1]),
        lines=tuple(lines),
    )


def take_months(book: Book, *months: Statement) -> Book:
    """Import each month as a file of its own."""
    for each in months:
        book.take(each, name=f"{each.first_day}.xml")
    return book


def exceptions(book: Book, month: str) -> Exceptions:
    """Return what is not as expected in a month."""
    with book.reading() as session:
        return exceptions_of(session, Month.parse(month))


def noticed(book: Book, month: str) -> dict[DonorNotice, list[str]]:
    """Return who is noticed in a month, and for what; nothing that is empty."""
    found = exceptions(book, month)
    with book.reading() as session:
        names = {donor: each.name for donor, each in people.donors(session, found.donors).items()}
    return {notice: [names[DonorId(each.donor)] for each in many] for notice, many in found.noticed.items() if many}
