"""What the API lists: payments, questions, gifts and donors in the order of their ids, from a given id on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import NamedTuple

from sqlalchemy import ColumnElement, FromClause, case, func
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from donations.core.donor import DonorId
from donations.core.money import Currency, Minor
from donations.core.name import name_key
from donations.core.payment import PaymentId, Purpose
from donations.ledger.retention import RetentionState
from donations.store.donors import people
from donations.store.donors.restricted import restricted_ids, state_of
from donations.store.donors.surviving import all_behind, donors_behind, is_surviving
from donations.store.given import gifts as all_gifts
from donations.store.given import given, is_gift, parts
from donations.store.kept_sums import is_open
from donations.store.payments.payments import is_attested
from donations.store.session import ReadSession, table_of
from donations.store.tables import AppealRow, DonorRow, PaymentRow


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFilter:
    """Which payments are listed, or gifts by their payments; None is all."""

    first_day: date | None = None
    last_day: date | None = None
    account_id: int | None = None
    appeal_id: int | None = None
    donor_id: int | None = None
    purpose: Purpose | None = None
    """Together with appeal and donor: a part of the payment is all of it."""
    is_unallocated: bool | None = None
    """Whether some of it has no purpose yet."""


class ListedGift(NamedTuple):
    """One standing gift."""

    id: int
    payment_id: int
    booked_on: date
    account: int
    donor_id: int
    donor: str
    appeal_id: int
    appeal: str
    minor: Minor
    currency: Currency


class ListedSum(NamedTuple):
    """What a donor gave in one currency, refunds taken off."""

    currency: Currency
    minor: Minor
    gifts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedDonor:
    """A donor with everything given."""

    id: DonorId
    name: str
    given: tuple[ListedSum, ...]


def payment_ids(session: ReadSession, wanted: PaymentFilter, *, after: int, limit: int) -> list[PaymentId]:
    """Return attested payments with higher ids than `after`."""
    payment = table_of(PaymentRow)
    query = (
        select(col(PaymentRow.id))
        .where(col(PaymentRow.id) > after, is_attested(), *_of_payment(wanted, payment))
        .order_by(col(PaymentRow.id))
        .limit(limit)
    )
    if wanted.is_unallocated is not None:
        query = query.where(is_open(session) if wanted.is_unallocated else ~is_open(session))
    of_part = list(_of_part(wanted, parts))
    if of_part:  # joined, for `EXISTS` would be asked of each payment before anything of the part is looked at
        query = query.join(parts, parts.c.payment_id == col(PaymentRow.id)).where(*of_part).distinct()
    return [PaymentId(each) for each in session.exec(query)]


def gifts(session: ReadSession, wanted: PaymentFilter, *, after: int, limit: int) -> list[ListedGift]:
    """Return standing gifts whose allocations have higher ids than `after`; each with the donor that stands for it."""
    query = (
        sql_select(
            *(all_gifts.c.allocation_id, all_gifts.c.payment_id, all_gifts.c.booked_on, all_gifts.c.account_id),
            *(all_gifts.c.booked_for, all_gifts.c.appeal_id, col(AppealRow.name)),
            *(all_gifts.c.minor, all_gifts.c.currency),
        )
        .join(AppealRow, col(AppealRow.id) == all_gifts.c.appeal_id)
        .where(all_gifts.c.allocation_id > after, *_of_part(wanted, all_gifts), *_of_payment(wanted, all_gifts))
        .order_by(all_gifts.c.allocation_id)
        .limit(limit)
    )
    rows = session.execute(query).all()
    donors = people.donors(session, {DonorId(row[4]) for row in rows})
    return [
        ListedGift(
            *(number, payment, day, account),
            *(donors[DonorId(donor)].id, donors[DonorId(donor)].name),
            *(appeal_id, appeal, int(minor), Currency(currency)),
        )
        for number, payment, day, account, donor, appeal_id, appeal, minor, currency in rows
    ]


def donors(session: ReadSession, *, name: str, after: int, limit: int) -> list[ListedDonor]:
    """Return standing donors whose name has all words of `name` (accents and case do not matter).

    Restricted donors are not among them.
    """
    words = name_key(name).split()
    query = (
        sql_select(col(DonorRow.id), col(DonorRow.name), col(DonorRow.name_key))
        .where(col(DonorRow.id) > after, is_surviving(), col(DonorRow.id).not_in(restricted_ids()))
        .order_by(col(DonorRow.id))
    )
    found = session.execute(query if words else query.limit(limit))
    named = ((donor, called) for donor, called, key in found if all(word in key for word in words))
    rows = list(islice(named, limit))
    given = _given(session, [donor for donor, _ in rows])
    return [ListedDonor(id=DonorId(donor), name=name, given=tuple(given[donor])) for donor, name in rows]


def donor_with_id(session: ReadSession, donor: int) -> ListedDonor | None:
    """Return a donor, or the one that it was merged into; None for a restricted one."""
    found = people.donors(session, [DonorId(donor)]).get(DonorId(donor))
    if found is None or state_of(session, found.id) is not RetentionState.NAMED:
        return None
    return ListedDonor(id=found.id, name=found.name, given=tuple(_given(session, [found.id])[found.id]))


def _given(session: ReadSession, donors: Sequence[int]) -> defaultdict[int, list[ListedSum]]:
    key = (given.c.donor_id, given.c.currency)
    query = (
        sql_select(*key, func.sum(given.c.minor), func.sum(case((is_gift, 1), else_=0)))
        .where(given.c.booked_for.in_(all_behind(donors)))
        .group_by(*key)
        .order_by(*key)
    )
    found: defaultdict[int, list[ListedSum]] = defaultdict(list)
    for donor, currency, minor, number in session.execute(query):
        found[donor].append(ListedSum(Currency(currency), int(minor), int(number)))
    return found


def _of_payment(wanted: PaymentFilter, payment: FromClause) -> Iterator[ColumnElement[bool]]:
    if wanted.first_day is not None:
        yield payment.c.booked_on >= wanted.first_day
    if wanted.last_day is not None:
        yield payment.c.booked_on <= wanted.last_day
    if wanted.account_id is not None:
        yield payment.c.account_id == wanted.account_id


def _of_part(wanted: PaymentFilter, part: FromClause) -> Iterator[ColumnElement[bool]]:
    if wanted.purpose is not None:
        yield part.c.purpose == wanted.purpose.value
    if wanted.appeal_id is not None:
        yield part.c.appeal_id == wanted.appeal_id
    if wanted.donor_id is not None:
        yield part.c.booked_for.in_(donors_behind(wanted.donor_id))
