"""The books as a journal: each payment as a booking between an own account and what its parts were for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from donations.core.allocation import Purpose
from donations.core.language import N_
from donations.core.money import Currency, Minor
from donations.core.period import Period
from donations.reports.notes import notes_on
from donations.reports.proofs import proofs
from donations.reports.said import Said, titled
from donations.reports.table import Column, Kind, Table
from donations.reports.words import PURPOSES, WITHOUT_PURPOSE
from donations.store.papers.paper_settings import AccountNumbers
from donations.store.payments.movements import JournalPart, journal_parts
from donations.store.session import ReadSession

COLUMNS = (
    Column("day", N_("Day"), Kind.DAY),
    Column("payment", N_("Document"), Kind.COUNT),
    Column("to", N_("To account"), Kind.TEXT),
    Column("from", N_("From account"), Kind.TEXT),
    Column("minor", N_("Amount"), Kind.MINOR),
    Column("currency", N_("Currency"), Kind.CURRENCY),
    Column("purpose", N_("What for"), Kind.TEXT),
    Column("appeal", N_("Appeal"), Kind.TEXT),
)
DONOR = Column("donor", N_("Donor"), Kind.TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
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
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
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
    held: tuple[Held, ...]


def journal(session: ReadSession, period: Period) -> Journal:
    """Return the payments of the period as bookings."""
    parts = journal_parts(session, first_day=period.first_day, last_day=period.last_day)
    held = []
    for each in proofs(session):
        before = period.first_day - timedelta(days=1) if period.first_day > date.min else period.first_day
        held.append(
            Held(
                account=each.number,
                currency=each.currency,
                opening=each.balance(before),
                closing=each.balance(period.last_day),
            )
        )
    bookings = tuple(_booking(list(own)) for _, own in groupby(parts, key=lambda part: part.payment_id))
    return Journal(period=period, bookings=bookings, held=tuple(held))


def _booking(rows: list[JournalPart]) -> Booking:
    first = rows[0]
    sign = 1 if first.payment_minor > 0 else -1
    parts = [
        Part(purpose=row.purpose, minor=sign * row.minor, appeal=row.appeal, donor=row.donor)
        for row in rows
        if row.purpose is not None
    ]
    rest = first.payment_minor - sum(part.minor for part in parts)
    if rest:
        parts.append(Part(purpose=None, minor=rest))
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
        title=titled(N_("Journal, {period}"), period),
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
            said: Said = WITHOUT_PURPOSE if part.purpose is None else PURPOSES[part.purpose]
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
