"""What a person says of an own account: beginning and end, days on which nothing moved, balances read at the bank."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from donations.core.money import Balance, Minor
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.identity.proof import DayState, Run
from donations.identity.stated import LedgerMovement, days_between
from donations.store.payments.shown import booked_days
from donations.store.session import ReadSession, WriteSession, as_reader, next_ids
from donations.store.statements.coverage import days_without_movement, drop_balance, give_balance, ledger_proof, ledgers
from donations.store.statements.files import Ledger
from donations.store.tables import AccountRow, DaysWithoutMovementRow


def begin_account(session: WriteSession, account_id: int, day: date | None) -> None:
    """Let an own account be open from a day on; None: from the first that statements or transfers tell.

    Raises `Refusal`: `unknown_account`, `ends_before_it_begins`, or `moved_before` where a payment is
    older.
    """
    row = _account(session, account_id)
    first, _ = booked_days(as_reader(session), account_id)
    if day is not None and first is not None and first < day:
        raise Refusal(BooksCode.MOVED_BEFORE, day=first)
    _refuse_turned_around(day, row.ended_on)
    row.opened_on = day
    session.flush()


def end_account(session: WriteSession, account_id: int, day: date, *, became: str | None, today: date) -> None:
    """Let an own account end with a day, empty; or with what it held, where the bank made another account of it.

    Raises `Refusal`: `unknown_account`, `day_not_over`, `became_itself`, `ends_before_it_begins`,
    `moved_after` where a payment is younger, `balance_left` where the bank's balances leave money on it.
    """
    row = _account(session, account_id)
    reader = as_reader(session)
    if day >= today:
        raise Refusal(BooksCode.DAY_NOT_OVER, day=day)
    if became == row.number:
        raise Refusal(BooksCode.BECAME_ITSELF)
    _, last = booked_days(reader, account_id)
    if last is not None and last > day:
        raise Refusal(BooksCode.MOVED_AFTER, day=last)
    for ledger in ledgers(reader) if became is None else ():
        left = _left(reader, ledger, day) if ledger.account_id == account_id else None
        if left:
            raise Refusal(BooksCode.BALANCE_LEFT, amount=Balance(left, ledger.currency))
    _refuse_turned_around(row.opened_on, day)
    row.ended_on, row.became = day, became
    session.flush()


def reopen_account(session: WriteSession, account_id: int) -> None:
    """Take the end of an own account back. Raises `Refusal`: `unknown_account`, `not_ended`."""
    row = _account(session, account_id)
    if row.ended_on is None:
        raise Refusal(BooksCode.NOT_ENDED)
    row.ended_on, row.became = None, None
    session.flush()


def confirm_no_movement(
    session: WriteSession, ledger: Ledger, first_day: date, last_day: date, *, by: str, now: datetime
) -> None:
    """Keep a person's word that nothing moved on days that no statement covers and whose balances agree.

    Raises `Refusal`: `not_quiet` where a statement covers a day, or the balances around them differ.
    """
    _account(session, ledger.account_id)
    known = dict(_states(session, ledger))
    states = {known.get(day) for day in days_between(first_day, last_day)}
    if states != {DayState.UNCHANGED}:
        raise Refusal(BooksCode.NOT_QUIET)
    session.add(
        DaysWithoutMovementRow(
            id=next(next_ids(session, DaysWithoutMovementRow)),
            account_id=ledger.account_id,
            currency=ledger.currency,
            first_day=first_day,
            last_day=last_day,
            confirmed_by=by,
            confirmed_at=now.astimezone(UTC),
        )
    )
    session.flush()


def withdraw_no_movement(session: WriteSession, ledger: Ledger, day: date) -> None:
    """Take back what was confirmed of a day and those beside it. Raises `Refusal`: `not_confirmed`."""
    found = [row for row in days_without_movement(as_reader(session), ledger) if row.first_day <= day <= row.last_day]
    if not found:
        raise Refusal(BooksCode.NOT_CONFIRMED)
    for row in found:
        session.delete(row)
    session.flush()


def enter_balance(
    session: WriteSession, ledger: Ledger, day: date, minor: Minor, *, by: str, now: datetime, today: date
) -> tuple[Run, ...]:
    """Keep a balance at the end of a day, as read in the internet bank; one that was entered before does not count.

    Returns the days that contradict because of it. Raises `Refusal`: `unknown_account`, or
    `balance_too_early` for a day that is not over.
    """
    _account(session, ledger.account_id)
    if day >= today:
        raise Refusal(BooksCode.BALANCE_TOO_EARLY)
    before = {each for each, state in _states(session, ledger) if state is DayState.CONFLICT}
    give_balance(session, ledger, day, minor, by=by, at=now.astimezone(UTC))
    runs = ledger_proof(as_reader(session), ledger).runs
    return tuple(
        run
        for run in runs
        if run.state is DayState.CONFLICT and not before.issuperset(days_between(run.first_day, run.last_day))
    )


def remove_balance(session: WriteSession, ledger: Ledger, day: date) -> None:
    """Take back what was entered of the end of a day. Raises `Refusal`: `no_balance`."""
    if not drop_balance(session, ledger, day):
        raise Refusal(BooksCode.NO_BALANCE)


def _refuse_turned_around(begin: date | None, end: date | None) -> None:
    if begin is not None and end is not None and end < begin:
        raise Refusal(BooksCode.ENDS_BEFORE_IT_BEGINS)


def _account(session: WriteSession, account_id: int) -> AccountRow:
    row = session.get(AccountRow, account_id)
    if row is None:
        raise Refusal(BooksCode.UNKNOWN_ACCOUNT)
    return row


def _states(session: WriteSession, ledger: Ledger) -> Iterator[tuple[date, DayState]]:
    for run in ledger_proof(as_reader(session), ledger).runs:
        yield from ((day, run.state) for day in days_between(run.first_day, run.last_day))


def _left(session: ReadSession, ledger: Ledger, day: date) -> int | None:
    """Return what the account held at the end of a day, by the last balance stated of it; None without any."""
    known = ledger_proof(session, ledger)
    return known.anchors[-1].base + LedgerMovement(known.facts.by_day).until(day) if known.anchors else None
