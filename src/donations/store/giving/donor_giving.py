"""What one donor gave and from where, summed by the database: years, months, gifts a page at a time, payers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, extract, func
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col

from donations.core.allocation import Decision, Purpose
from donations.core.donor import DonorId
from donations.core.money import Currency, Minor
from donations.core.payment import PaymentId
from donations.store.donors.restricted import all_restricted
from donations.store.donors.standing_donor import donors_behind, standing_id
from donations.store.ids import table_of
from donations.store.payments.allocations import allocation_of, stands
from donations.store.session import ReadSession
from donations.store.tables import (
    AllocationRow,
    AppealRow,
    AttestationRow,
    DonorRow,
    LineTextRow,
    PaymentRow,
    StatementLineRow,
)


class MonthSum(NamedTuple):
    """What a donor gave in a month, refunds taken off."""

    year: int
    month: int
    currency: Currency
    gifts: int
    """Payments, be they split or not."""
    minor: Minor


class GiftOfDonor(NamedTuple):
    """One standing gift, or refund (negative)."""

    payment_id: PaymentId
    booked_on: date
    minor: Minor
    currency: Currency
    appeal: str
    decision: Decision


class Paying(NamedTuple):
    """An account and a name under which gifts of a donor came."""

    account: str
    name: str
    code: str
    """The code in the bank's own field, empty where there is none."""
    donor_id: DonorId
    """The standing donor of these gifts."""
    donor: str
    payments: int
    first_day: date
    last_day: date


_IS_GIFT = col(AllocationRow.purpose) == Purpose.GIFT.value
_OF_DONORS = col(AllocationRow.purpose).in_((Purpose.GIFT.value, Purpose.REFUND.value))
_SIGNED = case((_IS_GIFT, col(AllocationRow.minor)), else_=-col(AllocationRow.minor))


def month_sums(session: ReadSession, donor: DonorId) -> list[MonthSum]:
    """Return what a standing donor gave month by month, and by how many payments."""
    year, month = extract("year", col(PaymentRow.booked_on)), extract("month", col(PaymentRow.booked_on))
    given = func.count(case((_IS_GIFT, col(PaymentRow.id))).distinct())
    query = (
        sql_select(year, month, col(AllocationRow.currency), given, func.sum(_SIGNED))
        .join(PaymentRow, col(PaymentRow.id) == col(AllocationRow.payment_id))
        .where(_OF_DONORS, stands(), _is_of(donor))
        .group_by(year, month, col(AllocationRow.currency))
        .order_by(year, month, col(AllocationRow.currency))
    )
    return [
        MonthSum(int(at), int(on), Currency(currency), int(gifts), int(minor))
        for at, on, currency, gifts, minor in session.execute(query)
    ]


def gifts_of_donor(session: ReadSession, donor: DonorId, *, start: int, size: int) -> list[GiftOfDonor]:
    """Return gifts and refunds of a standing donor, the newest first."""
    query = (
        sql_select(
            col(PaymentRow.booked_on),
            _SIGNED.label("signed"),
            func.coalesce(col(AppealRow.name), "").label("appeal"),
            table_of(AllocationRow),
        )
        .select_from(AllocationRow)
        .join(PaymentRow, col(PaymentRow.id) == col(AllocationRow.payment_id))
        .outerjoin(AppealRow, col(AppealRow.id) == col(AllocationRow.appeal_id))
        .where(_OF_DONORS, stands(), _is_of(donor))
        .order_by(col(PaymentRow.booked_on).desc(), col(AllocationRow.id).desc())
    )
    return [
        GiftOfDonor(
            row.payment_id, row.booked_on, int(row.signed), row.currency, row.appeal, allocation_of(row).decision
        )
        for row in session.execute(query.offset(start).limit(size))
    ]


def count_gifts_of_donor(session: ReadSession, donor: DonorId) -> int:
    """Return how many rows `gifts_of_donor` has in all."""
    query = sql_select(func.count()).select_from(AllocationRow).where(_OF_DONORS, stands(), _is_of(donor))
    return session.scalar(query) or 0


PAYERS_MAX = 100
"""More accounts and names than this have no use on a page; the anonymous donor may have thousands."""


def payers_of(session: ReadSession, donor: DonorId) -> list[Paying]:
    """Return the accounts and names from which gifts of a standing donor came, the latest first."""
    return list(_paying(session, _payers().where(_is_of(donor))))


def others_paying_from(session: ReadSession, accounts: list[str], donor: DonorId) -> list[Paying]:
    """Return whose gifts came from these accounts besides the donor's own, the latest first."""
    query = _payers().where(col(LineTextRow.account).in_(accounts), standing_id() != donor)
    return list(_paying(session, query)) if accounts else []


def count_from(session: ReadSession, donor: DonorId, accounts: Collection[str], names: Collection[str]) -> Counter[str]:
    """Return by how many payments gifts of a standing donor came from each of these accounts under these names."""
    query = (
        sql_select(col(LineTextRow.account), func.count(col(PaymentRow.id).distinct()))
        .select_from(AllocationRow)
        .join(PaymentRow, col(PaymentRow.id) == col(AllocationRow.payment_id))
        .join(AttestationRow, col(AttestationRow.payment_id) == col(PaymentRow.id))
        .join(StatementLineRow, _attests_whole())
        .join(LineTextRow, col(LineTextRow.line_id) == col(AttestationRow.line_id))
        .where(_IS_GIFT, stands(), _is_of(donor))
        .where(col(LineTextRow.account).in_(sorted(accounts)), col(LineTextRow.name).in_(sorted(names)))
        .group_by(col(LineTextRow.account))
    )
    return Counter({account: int(payments) for account, payments in session.execute(query)})


_Standing = aliased(DonorRow)


def _payers() -> Select[str, str, str, int, str, int, date, date]:
    day = col(PaymentRow.booked_on)
    key = (col(LineTextRow.account), col(LineTextRow.name), col(_Standing.id), col(_Standing.name))
    return (
        sql_select(
            *(*key[:2], func.max(col(LineTextRow.code)), *key[2:]),
            *(func.count(col(PaymentRow.id).distinct()), func.min(day), func.max(day)),
        )
        .select_from(AllocationRow)
        .join(DonorRow, col(DonorRow.id) == col(AllocationRow.donor_id))
        .join(_Standing, col(_Standing.id) == standing_id())
        .join(PaymentRow, col(PaymentRow.id) == col(AllocationRow.payment_id))
        .join(AttestationRow, col(AttestationRow.payment_id) == col(PaymentRow.id))
        .join(StatementLineRow, _attests_whole())
        .join(LineTextRow, col(LineTextRow.line_id) == col(AttestationRow.line_id))
        .where(_IS_GIFT, stands())
        .group_by(*key)
        .order_by(func.max(day).desc(), *key[:2])
        .limit(PAYERS_MAX)
    )


def _paying(session: ReadSession, query: Select[str, str, str, int, str, int, date, date]) -> Iterator[Paying]:
    hidden = all_restricted(session)
    for account, name, code, donor, donor_name, payments, first, last in session.execute(query):
        if donor in hidden:
            name, code = donor_name, ""  # noqa: PLW2901 - a restricted donor's number stands for what the bank wrote
        yield Paying(account, name, code, DonorId(donor), donor_name, int(payments), first, last)


def _attests_whole() -> ColumnElement[bool]:
    """Return the join to lines that say who pays: the total of a batch names nobody."""
    return and_(
        col(StatementLineRow.id) == col(AttestationRow.line_id), col(StatementLineRow.minor) == col(PaymentRow.minor)
    )


def _is_of(donor: DonorId) -> ColumnElement[bool]:
    return col(AllocationRow.donor_id).in_(donors_behind(donor))
