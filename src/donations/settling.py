"""Lines settle into payments: on the days that something touched, all active statements are looked at again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from donations.core.cause import Cause
from donations.core.iban import AccountNumber
from donations.identity.clusters import clusters
from donations.identity.content import merged
from donations.identity.invariants import broken
from donations.identity.seen import SeenLine, SeenStatement
from donations.identity.settling import Settlement, settle
from donations.store.ids import next_ids
from donations.store.months.closings import note_late_payments
from donations.store.payments.payments import known_payments, load_payments, write_settlement
from donations.store.session import WriteSession, as_reader
from donations.store.statements.files import Ledger, seen_statements
from donations.store.statements.pairs import line_decisions
from donations.store.statements.unshown import renew_unshown
from donations.store.tables import PaymentRow
from donations.touched import Touched


class BooksWouldBreakError(Exception):
    """What would be written breaks an invariant of the books: nothing was written. A fault of the program."""


def settle_days(
    session: WriteSession,
    ledger: Ledger,
    account: AccountNumber,
    days: Collection[date],
    *,
    cause: Cause,
    touched: Touched,
    already: Iterable[SeenStatement] = (),
) -> tuple[Settlement, list[SeenStatement]]:
    """Make the payments of these days again from all active lines, and write what changed.

    Raises `BooksWouldBreakError` where the payments would not be one to one with the lines.
    """
    reader = as_reader(session)
    statements = seen_statements(reader, ledger, days, already=already)
    known = known_payments(reader, ledger, days)
    decisions = line_decisions(reader, statements)
    found = clusters(statements, days=days, decided=decisions.pairs, left_out=decisions.left_out)
    settlement = settle(found, known, next_ids(session, PaymentRow))
    for where, what in broken(settlement.payments, statements, days=days, left_out=decisions.left_out):
        raise BooksWouldBreakError(f"{where}: {what}")
    regrouped = settlement.changed | settlement.dissolved
    earlier = {payment.id: payment for payment in load_payments(reader, regrouped)}
    write_settlement(session, ledger, settlement)
    renew_unshown(session, ledger, first_day=min(days), last_day=max(days))
    note_late_payments(session, settlement, cause)
    lines = {seen.id: seen for statement in statements for seen in statement.lines}
    made = {statement.id: statement.made for statement in statements}
    for payment in settlement.payments:
        if payment.id in settlement.arrived or payment.id in settlement.changed:
            own = [lines[line] for line in payment.lines if _is_content(lines[line], payment.bucket)]
            own.sort(key=lambda seen: (made[seen.statement], seen.id))
            told = merged(payment.id, account, [seen.line for seen in own])
            # Most files that overlap say nothing else than those before them: there is nothing to judge anew.
            if earlier.get(payment.id) == told:
                del earlier[payment.id]
            else:
                touched.payments[payment.id] = told
    touched.earlier += earlier.values()
    touched.arrived |= settlement.arrived
    touched.dissolved |= settlement.dissolved
    return settlement, statements


def _is_content(seen: SeenLine, bucket: tuple[date, int]) -> bool:
    """Whether a line says something of the payment: the total of a batch attests its parts, and is not theirs."""
    return seen.bucket == bucket and not seen.is_batch_total
