"""What moved on own accounts and between them, what it was for or has no purpose yet, as reports add it up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import NamedTuple

from sqlalchemy import case, extract, func
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col

from donations.core.calendar import Month
from donations.core.cash_count import CASH_BOX
from donations.core.donor import AppealId
from donations.core.iban import ibans_in
from donations.core.money import Currency, Minor
from donations.core.name import NameKey, name_key
from donations.core.payment import PaymentId, Purpose
from donations.core.statement import LineKind
from donations.ledger.transfers import TransferSide
from donations.matching.providers import provider_named
from donations.store.donors import people
from donations.store.donors.surviving import surviving_id
from donations.store.given import in_force, parts, with_lines
from donations.store.kept_sums import day_sum, open_payment
from donations.store.line_texts import line_texts
from donations.store.payments.directory import own_names
from donations.store.payments.payments import is_attested
from donations.store.session import ReadSession, in_runs, once
from donations.store.statements.files import Ledger
from donations.store.tables import (
    AccountRow,
    AllocationRow,
    AppealRow,
    AttestationRow,
    DonorRow,
    LeftOutLineRow,
    PaymentRow,
    StatementLineRow,
)


class DaySum(NamedTuple):
    """What moved on an account on one day."""

    ledger: Ledger
    day: date
    money_in: Minor
    money_out: Minor
    """Negative."""
    unallocated: Minor
    """Signed: money in without purpose less money out without purpose."""
    questions: int
    """Payments with money that has no purpose yet."""


def day_sums(session: ReadSession, *, first_day: date, last_day: date) -> list[DaySum]:
    """Return the movement of each account and day, and how much of it has no purpose yet."""
    sums = day_sum(session).c
    key, is_open = (sums.account_id, sums.currency, sums.day), sums.purpose == ""
    query = (
        sql_select(
            *key,
            func.sum(case((sums.is_in, sums.minor), else_=0)),
            func.sum(case((sums.is_in, 0), else_=sums.minor)),
            func.sum(case((is_open, sums.minor), else_=0)),
            func.sum(case((is_open, sums.parts), else_=0)),
        )
        .where(sums.day.between(first_day, last_day))
        .group_by(*key)
        .order_by(*key)
    )
    return [
        DaySum(Ledger(account_id=account, currency=currency), day, *map(int, found))
        for account, currency, day, *found in session.execute(query)
    ]


class PurposeSum(NamedTuple):
    """What an account's payments of one day were for; signed as the payments are."""

    ledger: Ledger
    day: date
    purpose: Purpose
    minor: Minor


def purpose_sums(session: ReadSession, *, first_day: date, last_day: date) -> list[PurposeSum]:
    """Return what the payments of each account and day were for."""
    sums = day_sum(session).c
    key = (sums.account_id, sums.currency, sums.day, sums.purpose)
    query = (
        sql_select(*key, func.sum(sums.minor))
        .where(sums.day.between(first_day, last_day), sums.purpose != "")
        .group_by(*key)
        .order_by(*key)
    )
    return [
        PurposeSum(Ledger(account_id=account, currency=currency), day, Purpose(purpose), int(minor))
        for account, currency, day, purpose, minor in session.execute(query)
    ]


class GiftMovement(NamedTuple):
    """What was given to an appeal, or paid back of it."""

    appeal: AppealId
    purpose: Purpose
    currency: Currency
    minor: Minor
    """Refunds are negative."""


def gift_movements(session: ReadSession, *, first_day: date, last_day: date) -> list[GiftMovement]:
    """Return gifts and refunds by appeal and currency, in the order in which appeals were made."""
    sums = day_sum(session).c
    key = (sums.appeal_id, sums.purpose, sums.currency)
    query = (
        sql_select(*key, func.sum(sums.minor))
        .where(sums.day.between(first_day, last_day), sums.purpose.in_((Purpose.GIFT.value, Purpose.REFUND.value)))
        .group_by(*key)
        .order_by(*key)
    )
    return [
        GiftMovement(AppealId(appeal), Purpose(purpose), Currency(currency), int(minor))
        for appeal, purpose, currency, minor in session.execute(query)
    ]


class OpenPayment(NamedTuple):
    """One payment and what is open of it."""

    payment_id: int
    account: str
    booked_on: date
    currency: Currency
    minor: Minor
    """The whole payment, signed."""
    unallocated: Minor
    """The open part, signed."""


def open_payments(session: ReadSession, *, first_day: date, last_day: date) -> list[OpenPayment]:
    """Return the attested payments of these days that are not wholly allocated."""
    waiting = open_payment(session)
    query = (
        sql_select(
            *(col(PaymentRow.id), col(AccountRow.number), waiting.c.day, col(PaymentRow.currency)),
            *(col(PaymentRow.minor), waiting.c.minor),
        )
        .join_from(waiting, PaymentRow, col(PaymentRow.id) == waiting.c.payment_id)
        .join(AccountRow, col(AccountRow.id) == col(PaymentRow.account_id))
        .where(waiting.c.day.between(first_day, last_day))
        .order_by(waiting.c.day, waiting.c.payment_id)
    )
    return [
        OpenPayment(payment, account, day, Currency(currency), int(whole), int(part))
        for payment, account, day, currency, whole, part in session.execute(query)
    ]


class UnallocatedSum(NamedTuple):
    """Payments of one month that have money without a purpose."""

    month: Month
    currency: Currency
    money_in: Minor
    money_out: Minor
    """Positive."""
    payments: int


def unallocated_sums(session: ReadSession, *, account_id: int | None = None) -> list[UnallocatedSum]:
    """Return the open parts of attested payments by month and currency, the oldest first."""
    sums = day_sum(session).c
    key = (extract("year", sums.day), extract("month", sums.day), sums.currency)
    query = (
        sql_select(
            *key,
            func.sum(case((sums.is_in, sums.minor), else_=0)),
            func.sum(case((sums.is_in, 0), else_=-sums.minor)),
            func.sum(sums.parts),
        )
        .where(sums.purpose == "")
        .group_by(*key)
        .order_by(*key)
    )
    if account_id is not None:
        query = query.where(sums.account_id == account_id)
    return [
        UnallocatedSum(Month(int(year), int(month)), Currency(currency), int(money_in), int(money_out), int(payments))
        for year, month, currency, money_in, money_out, payments in session.execute(query)
    ]


class MovedPayment(NamedTuple):
    """A payment with nothing of its payer; signed minor units."""

    payment: PaymentId
    day: date
    minor: Minor


def payments_of(session: ReadSession, ledger: Ledger, minors: Collection[Minor]) -> list[MovedPayment]:
    """Return the attested payments of an account that moved one of these signed amounts, by day."""
    found: list[MovedPayment] = []
    for run in in_runs(sorted(minors)):
        query = sql_select(col(PaymentRow.id), col(PaymentRow.booked_on), col(PaymentRow.minor)).where(
            col(PaymentRow.account_id) == ledger.account_id,
            col(PaymentRow.currency) == ledger.currency,
            col(PaymentRow.minor).in_(run),
            is_attested(),
        )
        found += [MovedPayment(PaymentId(payment), day, int(minor)) for payment, day, minor in session.execute(query)]
    return sorted(found, key=lambda each: (each.day, each.payment))


class JournalPart(NamedTuple):
    """A payment, and one standing allocation of it; one that has none has one row without purpose."""

    payment_id: int
    booked_on: date
    account: str
    currency: Currency
    payment_minor: Minor
    """The whole payment, signed."""
    purpose: Purpose | None
    minor: Minor
    """Of the allocation, unsigned."""
    appeal: str
    donor: str


def journal_parts(session: ReadSession, *, first_day: date, last_day: date) -> list[JournalPart]:
    """Return the attested payments of these days part by part, in the order of days and payments."""
    standing = aliased(DonorRow)
    query = (
        sql_select(
            *(col(PaymentRow.id), col(PaymentRow.booked_on), col(AccountRow.number), col(PaymentRow.currency)),
            *(col(PaymentRow.minor), col(AllocationRow.purpose), func.coalesce(col(AllocationRow.minor), 0)),
            *(func.coalesce(col(AppealRow.name), ""), col(standing.name)),
        )
        .select_from(PaymentRow)
        .join(AccountRow, col(AccountRow.id) == col(PaymentRow.account_id))
        .outerjoin(AllocationRow, (col(AllocationRow.payment_id) == col(PaymentRow.id)) & in_force())
        .outerjoin(AppealRow, col(AppealRow.id) == col(AllocationRow.appeal_id))
        .outerjoin(DonorRow, col(DonorRow.id) == col(AllocationRow.donor_id))
        .outerjoin(standing, col(standing.id) == surviving_id())
        .where(col(PaymentRow.booked_on).between(first_day, last_day), is_attested())
        .order_by(col(PaymentRow.booked_on), col(PaymentRow.id), col(AllocationRow.id))
    )
    return [
        JournalPart(
            payment_id=payment,
            booked_on=day,
            account=account,
            currency=Currency(currency),
            payment_minor=int(whole),
            purpose=None if purpose is None else Purpose(purpose),
            minor=int(minor),
            appeal=appeal,
            donor=donor or "",
        )
        for payment, day, account, currency, whole, purpose, minor, appeal, donor in session.execute(query)
    ]


class LeftOutPayment(NamedTuple):
    """A payment that only lines show that a person said attest nothing; the bank's balances know it."""

    ledger: Ledger
    booked_on: date
    minor: Minor
    """Signed."""
    reason: str


def left_out(session: ReadSession) -> list[LeftOutPayment]:
    """Return what is left out, in the order of days."""
    query = (
        sql_select(
            *(col(PaymentRow.account_id), col(PaymentRow.currency), col(PaymentRow.booked_on), col(PaymentRow.minor)),
            col(LeftOutLineRow.reason),
        )
        .join(LeftOutLineRow, col(LeftOutLineRow.payment_id) == col(PaymentRow.id))
        .where(~is_attested())
        .order_by(col(PaymentRow.booked_on), col(PaymentRow.id))
    )
    return [
        LeftOutPayment(Ledger(account_id=account, currency=Currency(currency)), day, int(minor), reason)
        for account, currency, day, minor, reason in session.execute(query)
    ]


def transfer_sides(session: ReadSession) -> list[TransferSide]:
    """Return the payments that are own transfers; of payouts from others' accounts nothing is expected."""
    return once(session, _transfer_sides)


def _transfer_sides(session: ReadSession) -> list[TransferSide]:
    numbers = {row.id: row.number for row in people.accounts(session)}
    shown = _shown(session)
    is_nameless = any(not line.account for lines in shown.values() for line in lines)
    known = _Known(frozenset(numbers.values()), own_names(session) if is_nameless else frozenset())
    sides = []
    for moved, lines in shown.items():
        account = numbers[moved.account_id]
        other = known.other_side(account, lines)
        if other is not None:
            side = TransferSide(
                payment=moved.payment,
                account=account,
                other=other,
                booked_on=moved.booked_on,
                minor=moved.minor,
                currency=moved.currency,
            )
            sides.append(side)
    return sides


class _Moved(NamedTuple):
    payment: PaymentId
    account_id: int
    booked_on: date
    minor: Minor
    currency: Currency


class _Line(NamedTuple):
    """What a line says of the other side."""

    account: str
    name: NameKey
    text: str
    is_cash: bool


def _shown(session: ReadSession) -> dict[_Moved, list[_Line]]:
    """Return the payments that are booked as transfers, each with the lines that show it."""
    query = (
        sql_select(
            *(parts.c.payment_id, parts.c.account_id, parts.c.booked_on, parts.c.payment_minor, parts.c.currency),
            *(line_texts.c.account, line_texts.c.name, line_texts.c.text, col(StatementLineRow.kind)),
        )
        .select_from(with_lines(parts))
        .join(StatementLineRow, col(StatementLineRow.id) == col(AttestationRow.line_id))
        .where(parts.c.purpose == Purpose.TRANSFER.value)
        .order_by(parts.c.payment_id, col(AttestationRow.line_id))
    )
    sums = day_sum(session).c
    days = session.scalars(sql_select(sums.day).where(sums.purpose == Purpose.TRANSFER.value).distinct())
    found: defaultdict[_Moved, list[_Line]] = defaultdict(list)
    for run in in_runs(sorted(days)):
        for payment, account_id, day, minor, currency, *said, kind in session.execute(
            query.where(parts.c.booked_on.in_(run))
        ):
            account, name, text = said
            moved = _Moved(PaymentId(payment), account_id, day, int(minor), Currency(currency))
            found[moved].append(_Line(account or "", name_key(name), text, kind == LineKind.CASH.value))
    return found


class _Known(NamedTuple):
    """What tells own money from others'."""

    accounts: AbstractSet[str]
    names: AbstractSet[NameKey]

    def other_side(self, account: str, lines: Sequence[_Line]) -> str | None:
        """Return the own account on the other side: empty where no line says which one, None where it is not own.

        Without an account it may stand in the text. Without that either it is own money by its name, or where there is
        no name at all, but for cash: who calls somebody's payout a transfer, of which a file gives the name only, does
        not wait for it on another account.
        """
        given = max(line.account for line in lines)
        provider = next(filter(None, (provider_named(line.name) for line in lines)), None)
        if provider is not None and provider.value in self.accounts - {account}:
            return provider.value
        if any(line.is_cash for line in lines) and CASH_BOX.text in self.accounts - {account} and not given:
            return CASH_BOX.text
        if given and given not in self.accounts:
            return None
        in_text = [iban for line in lines for iban in ibans_in(line.text) if iban in self.accounts]
        others = ({given} if given else set(in_text)) - {account}
        if len(others) == 1:
            return others.pop()
        names = {line.name for line in lines} - {NameKey("")}
        is_own = bool(given or others) or not names.isdisjoint(self.names)
        is_told_by_nobody = not names and not any(line.is_cash for line in lines)
        return "" if is_own or is_told_by_nobody else None
