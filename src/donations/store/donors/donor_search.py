"""Donors found by name, account, amount or what is known of them, a page at a time, with what they gave."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col, exists, select

from donations.core.donor import LEGAL_FORMS, DonorId, DonorKind
from donations.core.iban import compact
from donations.core.money import Currency, Minor
from donations.core.name import name_key
from donations.store.donors.restricted import restricted_ids
from donations.store.donors.surviving import all_behind, surviving_id
from donations.store.given import gifts, given, gives, is_gift, with_lines
from donations.store.line_texts import line_texts
from donations.store.session import ReadSession
from donations.store.tables import DonorClaimRow, DonorRow
from donations.store.tables.donors import DonorNoteRow, RegularGiftRow

_AMOUNT = re.compile(r"([0-9]{1,9})([.,][0-9]{1,2})?\s*(€|EUR)?", re.IGNORECASE)
_ACCOUNT = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{2,30}|[0-9]{4,30}")


class Order(StrEnum):
    """How found donors are ordered."""

    NAME = "name"
    THIS_YEAR = "year"
    LAST_GIFT = "last"


@dataclass(frozen=True, slots=True, kw_only=True)
class DonorFilter:
    """What is looked for; every condition narrows."""

    words: tuple[str, ...] = ()
    """Folded, each a part of the name."""
    account: str = ""
    """The whole account number or its end; looked for beside the amount where both could be meant."""
    minor: Minor | None = None
    """Of a gift, in minor units."""
    kind: DonorKind | None = None
    without_code: bool = False
    regular_after: date | None = None
    """A regular gift may still come after this day, which is the last one that is known of."""
    has_notes: bool = False


def donor_filter_from(text: str) -> DonorFilter:
    """Read what somebody typed into one box: an amount, an account number or its last digits, or a name.

    Digits alone may be an amount or the end of an account: both are looked for.
    """
    written = text.strip()
    amount, number = _AMOUNT.fullmatch(written), compact(written)
    account = number if _ACCOUNT.fullmatch(number) else ""
    if amount is None:
        return DonorFilter(account=account, words=() if account else tuple(name_key(written).split()))
    cents = (amount[2] or "")[1:].ljust(2, "0")
    return DonorFilter(account=account, minor=int(amount[1] + cents))


class FoundDonor(NamedTuple):
    """A standing donor with what was given in one currency, refunds taken off."""

    donor_id: DonorId
    name: str
    currency: Currency
    minor: Minor
    this_year: Minor
    gifts: int
    last_day: date


_Standing = aliased(DonorRow)


def count_donors(session: ReadSession, sought: DonorFilter) -> int:
    """Return how many donors `find_donors` has in all."""
    return session.scalar(sql_select(func.count()).select_from(_ids(sought).subquery())) or 0


def find_donors(
    session: ReadSession, sought: DonorFilter, *, year: int, order: Order, start: int, size: int
) -> list[FoundDonor]:
    """Return donors a page at a time, those that are equal otherwise by name; one row for each currency."""
    query = _ids(sought).order_by(col(_Standing.name_key), col(_Standing.id))
    if order is Order.NAME:
        ids = [DonorId(each) for each in session.scalars(query.offset(start).limit(size))]
    else:  # the database would join what was summed to the donors row by row
        ranks: dict[int, Any] = dict(session.execute(_ranked(order, year)).all())
        nothing = 0 if order is Order.THIS_YEAR else date.min
        every = sorted(session.scalars(query), key=lambda donor: ranks.get(donor, nothing), reverse=True)
        ids = [DonorId(each) for each in every[start : start + size]]
    rows: dict[int, list[FoundDonor]] = {donor: [] for donor in ids}
    for row in sums_of(session, ids, year=year):
        rows[row.donor_id].append(row)
    return [row for donor in ids for row in rows[donor]]


def sums_of(session: ReadSession, donors: Sequence[int], *, year: int) -> list[FoundDonor]:
    """Return what these standing donors gave."""
    query = _sums(year).where(given.c.booked_for.in_(all_behind(donors))).subquery()
    named = sql_select(col(_Standing.name), query).join(query, query.c.donor_id == col(_Standing.id))
    return [
        FoundDonor(
            DonorId(row.donor_id),
            row.name,
            Currency(row.currency),
            int(row.minor),
            int(row.this_year),
            int(row.gifts),
            row.last_day,
        )
        for row in session.execute(named.order_by(query.c.currency))
    ]


def _ranked(order: Order, year: int) -> Select[Any, Any]:
    """Return what donors are ordered by, the most first: the sum of a year, or the last day.

    Of sums in several currencies the largest counts: dollars are not added to euros.
    """
    rank = func.sum(given.c.minor) if order is Order.THIS_YEAR else func.max(given.c.booked_on)
    by_currency = sql_select(given.c.donor_id, rank.label("rank")).where(given.c.donor_id.is_not(None))
    if order is Order.THIS_YEAR:
        by_currency = by_currency.where(_in_year(year))
    ranks = by_currency.group_by(given.c.donor_id, given.c.currency).subquery()
    return sql_select(ranks.c.donor_id, func.max(ranks.c.rank).label("rank")).group_by(ranks.c.donor_id)


def _in_year(year: int) -> ColumnElement[bool]:
    return given.c.booked_on.between(date(year, 1, 1), date(year, 12, 31))


def _sums(year: int) -> Select[Any, Any, Any, Any, Any, Any]:
    return sql_select(
        *(given.c.donor_id, given.c.currency, func.sum(given.c.minor).label("minor")),
        func.sum(case((_in_year(year), given.c.minor), else_=0)).label("this_year"),
        func.sum(case((is_gift, 1), else_=0)).label("gifts"),
        func.max(given.c.booked_on).label("last_day"),
    ).group_by(given.c.donor_id, given.c.currency)


def _ids(sought: DonorFilter) -> Select[int]:
    """Return the query of the standing donors who give and are what is sought; restricted ones are not found."""
    return sql_select(col(_Standing.id)).where(
        col(_Standing.id).in_(select(surviving_id()).where(gives())),
        col(_Standing.id).not_in(restricted_ids()),
        *_conditions(sought),
    )


def _conditions(sought: DonorFilter) -> Iterator[ColumnElement[bool]]:
    for word in sought.words:
        yield _behind(
            or_(
                col(DonorRow.name_key).contains(word, autoescape=True),
                _claims(col(DonorClaimRow.name_key).contains(word, autoescape=True)),
            )
        )
    either = [*_with_account(sought.account), *_with_gift(sought.minor)]
    if either:
        yield or_(*either)
    match sought.kind:
        case DonorKind.ORGANISATION:
            yield _is_organisation()
        case DonorKind.PERSON:
            yield ~_is_organisation()
        case None:
            pass
    if sought.without_code:
        yield ~_behind(_claims(col(DonorClaimRow.code) != ""))
    if sought.regular_after is not None:
        keeps_coming = and_(col(RegularGiftRow.is_last), col(RegularGiftRow.day) > sought.regular_after)
        yield col(_Standing.id).in_(select(col(RegularGiftRow.donor_id)).where(keeps_coming))
    if sought.has_notes:
        yield _behind(exists().where(col(DonorNoteRow.donor_id) == col(DonorRow.id)).correlate(DonorRow))


def _with_account(end: str) -> Iterator[ColumnElement[bool]]:
    if end:
        accounts = select(line_texts.c.account).where(line_texts.c.account.endswith(end, autoescape=True))
        gave = sql_select(gifts.c.booked_for).select_from(with_lines(gifts)).where(line_texts.c.account.in_(accounts))
        yield _behind(or_(col(DonorRow.id).in_(gave), _claims(col(DonorClaimRow.iban).endswith(end, autoescape=True))))


def _with_gift(minor: Minor | None) -> Iterator[ColumnElement[bool]]:
    if minor is not None:
        gave = sql_select(gifts.c.booked_for).where(gifts.c.minor == minor)
        yield _behind(col(DonorRow.id).in_(gave))


def _behind(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return whether any of the donors that a standing one stands for is so."""
    return col(_Standing.id).in_(select(surviving_id()).where(condition))


def _claims(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(col(DonorClaimRow.donor_id) == col(DonorRow.id), condition).correlate(DonorRow)


def _is_organisation() -> ColumnElement[bool]:
    """Return whether a donor has a registry code, or else a name with a legal form in it and no personal code."""
    padded = " " + col(_Standing.name_key) + " "
    has_form = or_(*(padded.contains(f" {form} ", autoescape=True) for form in LEGAL_FORMS))
    has_code = _behind(_claims(col(DonorClaimRow.code) != ""))
    return or_(_behind(_claims(func.length(col(DonorClaimRow.code)) == 8)), and_(has_form, ~has_code))
