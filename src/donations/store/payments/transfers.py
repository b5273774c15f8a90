"""Payments between own accounts, as each of the two accounts shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import NamedTuple

from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.iban import ibans_in
from donations.core.money import Currency, Minor
from donations.core.name import NameKey, name_key
from donations.core.payment import PaymentId, Purpose
from donations.core.statement import LineKind
from donations.ledger.transfers import TransferSide
from donations.store.donors import people
from donations.store.given import parts, with_lines
from donations.store.payments.past import own_names
from donations.store.session import ReadSession
from donations.store.tables import AttestationRow, LineTextRow, StatementLineRow


def transfer_sides(session: ReadSession) -> list[TransferSide]:
    """Return the payments that are own transfers; of payouts from others' accounts nothing is expected."""
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
            *(col(LineTextRow.account), col(LineTextRow.name), col(LineTextRow.text), col(StatementLineRow.kind)),
        )
        .select_from(with_lines(parts))
        .join(StatementLineRow, col(StatementLineRow.id) == col(AttestationRow.line_id))
        .where(parts.c.purpose == Purpose.TRANSFER.value)
        .order_by(parts.c.payment_id, col(AttestationRow.line_id))
    )
    found: defaultdict[_Moved, list[_Line]] = defaultdict(list)
    for payment, account_id, day, minor, currency, account, name, text, kind in session.execute(query):
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
