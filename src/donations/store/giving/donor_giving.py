"""What one donor gave and from where: by month, gift by gift, part by part for papers, and the accounts and names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, case, func
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col

from donations.core.donor import ANONYMOUS, DonorId
from donations.core.money import Currency, Minor
from donations.core.payment import AllocationId, Decision, PaymentId
from donations.ledger.returned import DonorPart
from donations.store.donors.restricted import all_restricted
from donations.store.donors.surviving import all_behind, donors_behind
from donations.store.given import gifts, given, is_gift, with_payers
from donations.store.line_texts import line_texts
from donations.store.payments.decisions import decision_of
from donations.store.session import ReadSession, in_runs
from donations.store.tables import AllocationRow, AppealRow, DecisionRow, DonorRow, PayerRow, PaymentRow


class DonorMonthSum(NamedTuple):
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


class PayingAccount(NamedTuple):
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


def month_sums_of(session: ReadSession, donor: DonorId) -> list[DonorMonthSum]:
    """Return what a standing donor gave month by month, and by how many payments."""
    key = (given.c.year, given.c.month, given.c.currency)
    number = func.count(case((is_gift, given.c.payment_id)).distinct())
    query = sql_select(*key, number, func.sum(given.c.minor)).where(given.c.booked_for.in_(donors_behind(donor)))
    return [
        DonorMonthSum(int(year), int(month), Currency(currency), int(count), int(minor))
        for year, month, currency, count, minor in session.execute(query.group_by(*key).order_by(*key))
    ]


def gifts_of_donor(session: ReadSession, donor: DonorId, *, start: int, size: int) -> list[GiftOfDonor]:
    """Return gifts and refunds of a standing donor, the newest first."""
    query = (
        sql_select(
            given.c.booked_on,
            given.c.minor.label("signed"),
            func.coalesce(col(AppealRow.name), "").label("appeal"),
            *(given.c.payment_id, given.c.currency, given.c.rule, given.c.person),
            *(col(DecisionRow.reason), col(DecisionRow.evidence)),
        )
        .join(AllocationRow, col(AllocationRow.id) == given.c.allocation_id)
        .join(DecisionRow, col(DecisionRow.id) == col(AllocationRow.decision_id))
        .outerjoin(AppealRow, col(AppealRow.id) == given.c.appeal_id)
        .where(given.c.booked_for.in_(donors_behind(donor)))
        .order_by(given.c.booked_on.desc(), given.c.allocation_id.desc())
    )
    return [
        GiftOfDonor(row.payment_id, row.booked_on, int(row.signed), row.currency, row.appeal, decision_of(row))
        for row in session.execute(query.offset(start).limit(size))
    ]


class LastGift(NamedTuple):
    """One of the newest gifts, or refunds (negative), of a donor."""

    payment_id: PaymentId
    booked_on: date
    minor: Minor
    currency: Currency
    appeal: str


def last_gifts(session: ReadSession, donors: Collection[DonorId], *, size: int) -> dict[DonorId, list[LastGift]]:
    """Return the newest gifts and refunds of these standing donors, the newest first; of restricted ones none."""
    newest_first = (given.c.booked_on.desc(), given.c.allocation_id.desc())
    found: defaultdict[DonorId, list[LastGift]] = defaultdict(list)
    for run in in_runs(sorted(set(donors) - all_restricted(session) - {ANONYMOUS})):
        number = func.row_number().over(partition_by=given.c.donor_id, order_by=newest_first).label("number")
        rows = (
            sql_select(*(given.c.donor_id, given.c.payment_id, given.c.booked_on), given.c.minor.label("signed"))
            .add_columns(given.c.currency, func.coalesce(col(AppealRow.name), "").label("appeal"), number)
            .outerjoin(AppealRow, col(AppealRow.id) == given.c.appeal_id)
            .where(given.c.booked_for.in_(all_behind(run)))
            .subquery()
        )
        for donor, *gift, _ in session.execute(sql_select(rows).where(rows.c.number <= size).order_by(rows.c.number)):
            found[DonorId(donor)].append(LastGift(*gift))
    return found


def count_gifts_of_donor(session: ReadSession, donor: DonorId) -> int:
    """Return how many rows `gifts_of_donor` has in all."""
    query = sql_select(func.count()).select_from(given).where(given.c.booked_for.in_(donors_behind(donor)))
    return session.scalar(query) or 0


def parts_of(session: ReadSession, donors: Collection[DonorId], *, year: int | None = None) -> list[DonorPart]:
    """Return the gifts and refunds of these standing donors booked in a year, or ever."""
    query = sql_select(
        *(given.c.allocation_id, given.c.donor_id, given.c.booked_on, given.c.minor, given.c.currency),
        *(given.c.appeal_id, given.c.payment_id, given.c.returns_payment_id),
    )
    if year is not None:
        query = query.where(_in_year(given.c.booked_on, year))
    return [
        DonorPart(*row)  # the columns are the fields of a part
        for run in in_runs(sorted(donors))
        for row in session.execute(query.where(given.c.booked_for.in_(all_behind(run))))
    ]


def booked_for(session: ReadSession, parts: Collection[DonorPart]) -> dict[AllocationId, DonorId]:
    """Return for which donor each part is booked, whoever stands for that one now."""
    query = sql_select(given.c.allocation_id, given.c.booked_for)
    return {
        AllocationId(number): DonorId(donor)
        for run in in_runs(sorted({part.id for part in parts}))
        for number, donor in session.execute(query.where(given.c.allocation_id.in_(run)))
    }


class ReturnedRefund(NamedTuple):
    """A refund that came back: money in that is booked as a gift again."""

    donor: DonorId
    currency: Currency
    minor: Minor
    refund_day: date
    day: date


def returned_refunds(session: ReadSession, *, year: int) -> list[ReturnedRefund]:
    """Return the refunds that came back, booked in a year or come back in it."""
    refund = aliased(PaymentRow)
    query = (
        sql_select(gifts.c.donor_id, gifts.c.currency, gifts.c.minor, col(refund.booked_on), gifts.c.booked_on)
        .join(refund, col(refund.id) == gifts.c.returns_payment_id)
        .where(_in_year(col(refund.booked_on), year) | _in_year(gifts.c.booked_on, year))
    )
    return [ReturnedRefund(*row) for row in session.execute(query)]


def refunded_donors(session: ReadSession, *, since: int) -> frozenset[DonorId]:
    """Return the standing donors who got something back in a year or later; what went back to nobody known, nobody got.

    Refunds of earlier years return no gift of that year or a later one.
    """
    query = sql_select(given.c.donor_id).where(
        ~is_gift, given.c.donor_id != ANONYMOUS, given.c.booked_on >= date(since, 1, 1)
    )
    return frozenset(map(DonorId, session.scalars(query.distinct())))


def _in_year(day: Any, year: int) -> Any:
    return day.between(date(year, 1, 1), date(year, 12, 31))


PAYERS_MAX = 100
"""More accounts and names than this have no use on a page; the anonymous donor may have thousands."""


def payers_of(session: ReadSession, donor: DonorId) -> list[PayingAccount]:
    """Return the accounts and names from which gifts of a standing donor came, the latest first."""
    return list(_paying(session, _payers().where(gifts.c.booked_for.in_(donors_behind(donor)))))


def others_paying_from(session: ReadSession, accounts: list[str], donor: DonorId) -> list[PayingAccount]:
    """Return whose gifts came from these accounts besides the donor's own, the latest first."""
    query = _payers().where(line_texts.c.account.in_(accounts), gifts.c.donor_id != donor)
    return list(_paying(session, query)) if accounts else []


def count_from(session: ReadSession, donor: DonorId, accounts: Collection[str], names: Collection[str]) -> Counter[str]:
    """Return by how many payments gifts of a standing donor came from each of these accounts under these names."""
    query = (
        sql_select(line_texts.c.account, func.count(gifts.c.payment_id.distinct()))
        .select_from(with_payers(gifts))
        .where(gifts.c.booked_for.in_(donors_behind(donor)))
        .where(line_texts.c.account.in_(sorted(accounts)), line_texts.c.name.in_(sorted(names)))
        .group_by(line_texts.c.account)
    )
    return Counter({account: int(payments) for account, payments in session.execute(query)})


def _payers() -> Select[str, str, str, int, str, int, date, date]:
    day, standing = gifts.c.booked_on, aliased(DonorRow)
    key = (line_texts.c.account, line_texts.c.name, col(standing.id), col(standing.name))
    return (
        sql_select(
            *(*key[:2], func.max(case((line_texts.c.code != "", line_texts.c.payer_id))), *key[2:]),
            *(func.count(gifts.c.payment_id.distinct()), func.min(day), func.max(day)),
        )
        .select_from(with_payers(gifts))
        .join(standing, col(standing.id) == gifts.c.donor_id)
        .group_by(*key)
        .order_by(func.max(day).desc(), func.min(line_texts.c.payer_id))
        .limit(PAYERS_MAX)
    )


def _paying(session: ReadSession, query: Select[str, str, str, int, str, int, date, date]) -> Iterator[PayingAccount]:
    hidden, rows = all_restricted(session), session.execute(query).all()
    with_code = sql_select(col(PayerRow.id), col(PayerRow.code)).where(col(PayerRow.id).in_({row[2] for row in rows}))
    codes: dict[int | None, str] = dict(session.execute(with_code).all())
    for account, name, payer, donor, donor_name, payments, first, last in rows:
        code = codes.get(payer, "")
        if donor in hidden:
            name, code = donor_name, ""  # noqa: PLW2901 - a restricted donor's number stands for what the bank wrote
        yield PayingAccount(account, name, code, DonorId(donor), donor_name, int(payments), first, last)
