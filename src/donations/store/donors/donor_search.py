"""Donors found by name, account, amount or what is known of them, a page at a time, with what they gave."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, func
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col, exists, select

from donations.core.donor import LEGAL_FORMS, DonorId, DonorKind
from donations.core.iban import compact
from donations.core.money import Currency, Minor
from donations.core.name import name_key
from donations.core.name_order import name_order
from donations.store.donors.restricted import restricted_ids
from donations.store.donors.surviving import all_behind, surviving_id
from donations.store.given import gifts, given, gives, is_gift, with_lines
from donations.store.line_texts import line_texts
from donations.store.session import ReadSession, in_runs
from donations.store.tables import DonorClaimRow, DonorRow, PayerRow
from donations.store.tables.derived import RegularGiftRow
from donations.store.tables.donors import DonorNoteRow

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
_REGISTRY_CODE = 8
"""Digits of it; a personal code has more."""


def search(session: ReadSession, sought: DonorFilter) -> list[DonorId]:
    """Return the standing donors who give and are what is sought, by name; restricted ones are not found.

    Names and accounts are sealed: what is looked for in them is looked for here.
    """
    names = {DonorId(donor): name for donor, name in session.execute(_givers(sought))}
    for wanted in _conditions(session, sought):
        names = {donor: names[donor] for donor in names.keys() & wanted}
    if sought.kind is not None:
        organisations = _organisations(session, names)
        keep = organisations if sought.kind is DonorKind.ORGANISATION else names.keys() - organisations
        names = {donor: names[donor] for donor in keep}
    return sorted(names, key=lambda donor: (name_order(names[donor]), donor))


def found_donors(
    session: ReadSession, donors: Sequence[DonorId], *, year: int, order: Order, start: int, size: int
) -> list[FoundDonor]:
    """Return a page of donors that `search` found, those that are equal otherwise by name; a row for each currency."""
    if order is not Order.NAME:  # the database would join what was summed to the donors row by row
        ranks: dict[int, Any] = dict(session.execute(_ranked(order, year)).all())
        nothing = 0 if order is Order.THIS_YEAR else date.min
        donors = sorted(donors, key=lambda donor: ranks.get(donor, nothing), reverse=True)
    ids = donors[start : start + size]
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


def _givers(sought: DonorFilter) -> Select[*tuple[Any, ...]]:
    """Return the query of the standing donors who give, as far as the database can tell what is sought."""
    query: Select[*tuple[Any, ...]] = sql_select(col(_Standing.id), col(_Standing.name)).where(
        col(_Standing.id).in_(select(surviving_id()).where(gives())), col(_Standing.id).not_in(restricted_ids())
    )
    if sought.without_code:
        query = query.where(~_behind(_claims(col(DonorClaimRow.code) != "")))
    if sought.regular_after is not None:
        keeps_coming = col(RegularGiftRow.until) > sought.regular_after
        query = query.where(col(_Standing.id).in_(select(col(RegularGiftRow.donor_id)).where(keeps_coming)))
    if sought.has_notes:
        query = query.where(_behind(exists().where(col(DonorNoteRow.donor_id) == col(DonorRow.id)).correlate(DonorRow)))
    return query


def _conditions(session: ReadSession, sought: DonorFilter) -> Iterator[AbstractSet[DonorId]]:
    """Yield who is called so, and who has the account or the gift, as far as it is sought."""
    if sought.words:
        known = _called(session)
        for word in sought.words:
            yield {donor for donor, names in known.items() if any(word in name for name in names)}
    either = [*_with_account(session, sought.account), *_with_gift(session, sought.minor)]
    if either:
        yield frozenset().union(*either)


def _called(session: ReadSession) -> dict[DonorId, set[str]]:
    """Return how each standing donor is called, and was by accounts and by those that are merged into it."""
    said = sql_select(surviving_id(), col(DonorRow.name_key))
    paid = sql_select(surviving_id(), col(DonorClaimRow.name_key)).join(
        DonorRow, col(DonorRow.id) == col(DonorClaimRow.donor_id)
    )
    found: defaultdict[DonorId, set[str]] = defaultdict(set)
    for query in (said, paid.where(col(DonorClaimRow.name_key) != "")):
        for donor, name in session.execute(query):
            found[DonorId(donor)].add(name)
    return found


def _with_account(session: ReadSession, end: str) -> Iterator[AbstractSet[DonorId]]:
    if not end:
        return
    paying = sql_select(col(PayerRow.id), col(PayerRow.account)).where(col(PayerRow.account) != "")
    payers = [payer for payer, account in session.execute(paying) if account.endswith(end)]
    gave = sql_select(gifts.c.donor_id).select_from(with_lines(gifts)).distinct()
    for run in in_runs(payers):
        yield set(map(DonorId, session.scalars(gave.where(line_texts.c.payer_id.in_(run)))))
    claims = sql_select(surviving_id(), col(DonorClaimRow.iban)).where(col(DonorClaimRow.iban) != "")
    claims = claims.join(DonorRow, col(DonorRow.id) == col(DonorClaimRow.donor_id))
    yield {DonorId(donor) for donor, iban in session.execute(claims) if iban.endswith(end)}


def _with_gift(session: ReadSession, minor: Minor | None) -> Iterator[AbstractSet[DonorId]]:
    if minor is not None:
        query = sql_select(gifts.c.donor_id).where(gifts.c.minor == minor).distinct()
        yield set(map(DonorId, session.scalars(query)))


def _behind(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return whether any of the donors that a standing one stands for is so."""
    return col(_Standing.id).in_(select(surviving_id()).where(condition))


def _claims(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(col(DonorClaimRow.donor_id) == col(DonorRow.id), condition).correlate(DonorRow)


def _organisations(session: ReadSession, names: Mapping[DonorId, str]) -> set[DonorId]:
    """Return which of these have a registry code, or else a name with a legal form in it and no personal code."""
    query = sql_select(surviving_id(), col(DonorClaimRow.code)).where(col(DonorClaimRow.code) != "")
    codes: defaultdict[DonorId, set[str]] = defaultdict(set)
    for donor, code in session.execute(query.join(DonorRow, col(DonorRow.id) == col(DonorClaimRow.donor_id))):
        codes[DonorId(donor)].add(code)
    return {
        donor
        for donor, name in names.items()
        if (any(len(code) == _REGISTRY_CODE for code in codes[donor]) if donor in codes else _has_form(name))
    }


def _has_form(name: str) -> bool:
    return not set(name_key(name).split()).isdisjoint(LEGAL_FORMS)
