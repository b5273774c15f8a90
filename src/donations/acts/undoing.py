"""Taking an import back, with everything that depends on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from donations.acts.judging import ChangedPayments, judge
from donations.acts.settling import settle_days
from donations.core.calendar import Month
from donations.core.iban import parse_account
from donations.core.money import Currency, Minor, totals
from donations.core.payment import Act, Allocation, Cause, PaymentId, Purpose
from donations.core.progress import Tell, silent
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.identity.content import StatementId
from donations.ledger.booking import live
from donations.store.months import closed_months_touched
from donations.store.payments.allocations import allocations_of
from donations.store.payments.directory import owners
from donations.store.payments.payments import days_of
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.statements.brought import attested_by, without_gifts
from donations.store.statements.files import Ledger, statements_of, withdraw
from donations.store.statements.findings import drop_findings
from donations.store.statements.lines import facts_of_lines
from donations.store.statements.not_in_statements import drop_not_in_statements
from donations.store.tables import AccountRow, ImportedFileRow, WithdrawalRow


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthLost:
    """What a month loses; amounts in minor units."""

    month: date
    """Its first day."""
    payments: int
    gifts: int
    gift_totals: tuple[tuple[str, Minor], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoResult:
    """What taking an import back does to the books; amounts in minor units."""

    file_id: int
    name: str
    lines: int
    payments: int
    """Payments that no other import attests: they go, with their allocations."""
    kept: int
    """Payments that stay, because other imports attest them too."""
    gifts: int
    """Gifts on the payments that go."""
    gift_totals: tuple[tuple[str, Minor], ...]
    months: tuple[MonthLost, ...]
    """Where payments go, month by month."""
    unbooked: int
    """Payments that stay but are no gift any more, because only this import said enough of them."""
    donors_left: int
    """Donors who have no gift in the books any more."""
    closed: tuple[Month, ...]
    """Closed months that lose payments or gifts."""
    decisions: int
    """Answers that a person gave for the payments that go, which are reversed too."""
    parted: int
    """Donors who stand for themselves again, for no line says any more that they are one with another."""


def undo(session: WriteSession, file_id: int, *, by: str, now: datetime, tell: Tell = silent) -> UndoResult:
    """Withdraw the lines of an import; the ledger is then as if the file had never come.

    Raises `Refusal` where there is no such import or it was undone already.
    """
    row = session.get(ImportedFileRow, file_id)
    if row is None:
        raise Refusal(BooksCode.UNKNOWN_IMPORT)
    if session.get(WithdrawalRow, file_id) is not None:
        raise Refusal(BooksCode.NOTHING_TO_UNDO)
    reader = as_reader(session)
    days, owned_by = attested_by(reader, file_id), owners(reader)
    before = _in_force(reader, days)
    withdraw(session, file_id, at=now.astimezone(UTC), by=by)
    drop_findings(session, file_id)
    drop_not_in_statements(session, file_id)
    touched = ChangedPayments(names=owned_by - owners(reader))
    lines = _settle_again(
        session, file_id, cause=Cause(act=Act.UNDONE, by=by, at=now, file_id=file_id), touched=touched
    )
    # Lines that regroup can let go of payments that the file itself does not attest.
    days |= days_of(reader, touched.dissolved - days.keys())
    before |= _in_force(reader, touched.dissolved - before.keys())
    judged = judge(session, touched, now=now, tell=tell)
    gone = {payment: before[payment] for payment in touched.dissolved}
    after = _in_force(reader, days.keys() - gone.keys())
    unbooked = [each for each in after if _is_gift(before[each]) and not _is_gift(after[each])]
    gifts = [row for rows in gone.values() for row in rows if row.purpose is Purpose.GIFT]
    return UndoResult(
        file_id=file_id,
        name=row.name,
        lines=lines,
        payments=len(gone),
        kept=len(days.keys() - gone.keys()),
        gifts=len(gifts),
        gift_totals=totals(row.amount for row in gifts),
        months=_months(gone, days),
        unbooked=len(unbooked),
        closed=tuple(closed_months_touched(reader, [*gone, *unbooked])),
        donors_left=_donors_left(reader, before.values()),
        decisions=sum(row.decision.person is not None for rows in gone.values() for row in rows),
        parted=judged.parted,
    )


def _settle_again(session: WriteSession, file_id: int, *, cause: Cause, touched: ChangedPayments) -> int:
    """Make the payments of the file's days without its lines, and return how many these are."""
    reader = as_reader(session)
    lines = 0
    for statement in statements_of(reader, file_id):
        number = parse_account(session.get_one(AccountRow, statement.account_id).number)
        own = facts_of_lines(reader, StatementId(statement.id))
        lines += sum(not each.is_total for each in own)
        if own and number is not None:
            ledger = Ledger(account_id=statement.account_id, currency=Currency(statement.currency))
            settle_days(session, ledger, number, {each.booked_on for each in own}, cause=cause, touched=touched)
    return lines


def _in_force(session: ReadSession, payments: Iterable[PaymentId]) -> dict[PaymentId, list[Allocation]]:
    wanted = list(payments)
    found = allocations_of(session, wanted)
    return {payment: live(found.get(payment, [])) for payment in wanted}


def _is_gift(standing: Iterable[Allocation]) -> bool:
    return any(row.purpose is Purpose.GIFT for row in standing)


def _months(gone: Mapping[PaymentId, list[Allocation]], days: Mapping[PaymentId, date]) -> tuple[MonthLost, ...]:
    by_month: defaultdict[date, list[list[Allocation]]] = defaultdict(list)
    for payment, rows in gone.items():
        by_month[days[payment].replace(day=1)].append([row for row in rows if row.purpose is Purpose.GIFT])
    return tuple(
        MonthLost(
            month=month,
            payments=len(payments),
            gifts=sum(map(len, payments)),
            gift_totals=totals(row.amount for gifts in payments for row in gifts),
        )
        for month, payments in sorted(by_month.items())
    )


def _donors_left(session: ReadSession, standing: Iterable[list[Allocation]]) -> int:
    donors = {row.donor for rows in standing for row in rows if row.purpose is Purpose.GIFT and row.donor is not None}
    return len(without_gifts(session, donors))
