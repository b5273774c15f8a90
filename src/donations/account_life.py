"""An own account begins and ends, and days without a statement on which nothing moved are confirmed by a person."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import func
from sqlmodel import col, select

from donations.core.money import Balance, Currency
from donations.core.refusal import RefusedError
from donations.identity.proof import DayState
from donations.identity.stated import Movement
from donations.store.ids import next_ids
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.statements.coverage import ledger_proof, ledgers, quiet_days
from donations.store.statements.files import Ledger
from donations.store.tables import AccountRow, AttestationRow, PaymentRow, QuietDaysRow


class CannotChangeAccountError(RefusedError):
    """The account cannot begin or end on that day, or something moved on these days."""


def begin_account(session: WriteSession, account_id: int, day: date | None) -> None:
    """Let an own account be open from a day on; None: from the first that statements or transfers tell.

    Raises `CannotChangeAccountError`: `unknown_account`, or `moved_before` where a payment is older.
    """
    row = _account(session, account_id)
    first, _ = _booked_days(as_reader(session), account_id)
    if day is not None and first is not None and first < day:
        raise CannotChangeAccountError("moved_before", f"A payment of {first} is older: begin with it, or before.")
    row.opened_on = day
    session.flush()


def end_account(session: WriteSession, account_id: int, day: date, *, became: str | None, today: date) -> None:
    """Let an own account end with a day, empty; or with what it held, where the bank made another account of it.

    Raises `CannotChangeAccountError`: `unknown_account`, `not_over` for a day to come, `moved_after` where a payment
    is younger, `balance_left` where the bank's balances leave money on it.
    """
    row = _account(session, account_id)
    reader = as_reader(session)
    if day >= today:
        raise CannotChangeAccountError("not_over", f"{day} is not over yet.")
    _, last = _booked_days(reader, account_id)
    if last is not None and last > day:
        raise CannotChangeAccountError("moved_after", f"A payment of {last} is younger: end with it, or later.")
    for ledger in ledgers(reader) if became is None else ():
        left = _left(reader, ledger, day) if ledger.account_id == account_id else None
        if left:
            raise CannotChangeAccountError(
                "balance_left",
                f"The account still holds {Balance(left, ledger.currency)}: import the statement with the transfer out,"
                " or say which account it became.",
            )
    row.ended_on, row.became = day, became
    session.flush()


def reopen_account(session: WriteSession, account_id: int) -> None:
    """Take the end of an own account back. Raises `CannotChangeAccountError`: `unknown_account`, `not_ended`."""
    row = _account(session, account_id)
    if row.ended_on is None:
        raise CannotChangeAccountError("not_ended", "The account was not ended.")
    row.ended_on, row.became = None, None
    session.flush()


def confirm_quiet(
    session: WriteSession, ledger: Ledger, first_day: date, last_day: date, *, by: str, now: datetime
) -> None:
    """Keep a person's word that nothing moved on days that no statement covers and whose balances agree.

    Raises `CannotChangeAccountError`: `not_quiet` where a statement covers a day, or the balances around them differ.
    """
    _account(session, ledger.account_id)
    states = {
        run.state
        for run in ledger_proof(as_reader(session), ledger).runs
        if run.first_day <= last_day and run.last_day >= first_day
    }
    if states != {DayState.UNCHANGED}:
        raise CannotChangeAccountError(
            "not_quiet",
            "Only days that no statement covers can be confirmed, between two balances of the bank that agree.",
        )
    session.add(
        QuietDaysRow(
            id=next(next_ids(session, QuietDaysRow)),
            account_id=ledger.account_id,
            currency=ledger.currency,
            first_day=first_day,
            last_day=last_day,
            confirmed_by=by,
            confirmed_at=now.astimezone(UTC),
        )
    )
    session.flush()


def take_quiet_back(session: WriteSession, ledger: Ledger, day: date) -> None:
    """Take back what was confirmed of a day and those beside it. Raises `CannotChangeAccountError`: `not_confirmed`."""
    found = [row for row in quiet_days(as_reader(session), ledger) if row.first_day <= day <= row.last_day]
    if not found:
        raise CannotChangeAccountError("not_confirmed", f"Nobody confirmed {day}.")
    for row in found:
        session.delete(row)
    session.flush()


def ledger_of(session: ReadSession, account_id: int, currency: Currency) -> Ledger:
    """Return an own account in one of its currencies. Raises `CannotChangeAccountError`: `unknown_account`."""
    found = Ledger(account_id=account_id, currency=currency)
    if found not in ledgers(session):
        raise CannotChangeAccountError("unknown_account", "There is no such own account in this currency.")
    return found


def _account(session: WriteSession, account_id: int) -> AccountRow:
    row = session.get(AccountRow, account_id)
    if row is None:
        raise CannotChangeAccountError("unknown_account", f"There is no own account {account_id}.")
    return row


def _booked_days(session: ReadSession, account_id: int) -> tuple[date | None, date | None]:
    """Return the days of the oldest and of the youngest payment of an account."""
    days = select(func.min(PaymentRow.booked_on), func.max(PaymentRow.booked_on)).join(
        AttestationRow, col(AttestationRow.payment_id) == col(PaymentRow.id)
    )
    first, last = session.execute(days.where(PaymentRow.account_id == account_id)).one()
    return first, last


def _left(session: ReadSession, ledger: Ledger, day: date) -> int | None:
    """Return what the account held at the end of a day, by the last balance stated of it; None without any."""
    known = ledger_proof(session, ledger)
    return known.anchors[-1].base + Movement(known.facts.by_day).until(day) if known.anchors else None
