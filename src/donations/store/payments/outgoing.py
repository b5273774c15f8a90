"""Payments by whom they went to or came from, where an account, a code or a name says so; names as they are folded."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlmodel import col

from donations.core.money import Minor
from donations.core.name import NameKey, name_key
from donations.core.payment import PaymentId
from donations.store.ids import in_runs
from donations.store.session import ReadSession
from donations.store.tables import AttestationRow, LineTextRow, PaymentRow

_IS_OUT = col(PaymentRow.minor) < 0
_IS_IN = col(PaymentRow.minor) > 0
_MINORS_ASKED_FOR = 500
"""With more amounts than this the database gives all, and they are looked through here."""


def money_out_to_any(
    session: ReadSession,
    *,
    accounts: Iterable[str],
    codes: Iterable[str] = (),
    names: AbstractSet[NameKey] = frozenset(),
) -> set[PaymentId]:
    """Return attested payments out to these accounts, or to whoever has these codes or names."""
    found = _in_column(session, LineTextRow.account, accounts, _IS_OUT)
    return found | _in_column(session, LineTextRow.claimed_code, codes, _IS_OUT) | _named(session, names, _IS_OUT)


def money_out_of_amounts(
    session: ReadSession, *, accounts: Iterable[str], names: AbstractSet[NameKey], minors: Collection[Minor]
) -> set[PaymentId]:
    """Return attested payments out of these amounts (unsigned), to these accounts or names."""
    signed = {-minor for minor in minors}
    found = _in_column(session, LineTextRow.account, accounts, _IS_OUT, minors=signed)
    return found | _named(session, names, _IS_OUT, minors=signed)


def money_in_of_amounts(
    session: ReadSession, *, accounts: Iterable[str], names: AbstractSet[NameKey], minors: Collection[Minor]
) -> set[PaymentId]:
    """Return attested payments in of these amounts, from these accounts, or under these names without an account."""
    found = _in_column(session, LineTextRow.account, accounts, _IS_IN, minors=minors)
    return found | _named(session, names, _IS_IN, col(LineTextRow.account) == "", minors=minors)


def money_out_without_account(session: ReadSession) -> set[PaymentId]:
    """Return attested payments out of which a line gives no account of the other side."""
    return set(
        map(PaymentId, session.scalars(_payments(col(PaymentRow.id)).where(_IS_OUT, col(LineTextRow.account) == "")))
    )


def payments_named(session: ReadSession, names: AbstractSet[NameKey]) -> set[PaymentId]:
    """Return attested payments whose lines give the other side one of these names."""
    return _named(session, names)


def names_with_accounts(session: ReadSession, accounts: Iterable[str]) -> frozenset[NameKey]:
    """Return the names that attested lines give beside these accounts of the other side."""
    names: set[NameKey] = set()
    query = select(col(LineTextRow.name)).join(AttestationRow, col(AttestationRow.line_id) == col(LineTextRow.line_id))
    for run in in_runs(sorted(set(accounts) - {""})):
        names.update(map(name_key, session.scalars(query.where(col(LineTextRow.account).in_(run)).distinct())))
    return frozenset(names - {NameKey("")})


def _named(
    session: ReadSession,
    names: AbstractSet[NameKey],
    *conditions: ColumnElement[bool],
    minors: Collection[Minor] | None = None,
) -> set[PaymentId]:
    """Return payments under these names: first how banks write them there, for that is how the database keeps them."""
    if not names or (minors is not None and not minors):
        return set()
    written = session.scalars(_payments(col(LineTextRow.name)).where(*conditions).distinct())
    fitting = [each for each in written if name_key(each) in names]
    return _in_column(session, LineTextRow.name, fitting, *conditions, minors=minors)


def _in_column(
    session: ReadSession,
    column: Any,
    values: Iterable[str],
    *conditions: ColumnElement[bool],
    minors: Collection[Minor] | None = None,
) -> set[PaymentId]:
    few = minors is not None and len(minors) <= _MINORS_ASKED_FOR
    query = _payments(col(PaymentRow.id), col(PaymentRow.minor)).where(*conditions)
    if minors is not None and few:
        query = query.where(col(PaymentRow.minor).in_(sorted(minors)))
    found: set[PaymentId] = set()
    for run in in_runs(sorted(set(values) - {""})):
        rows = session.execute(query.where(col(column).in_(run)))
        found.update(PaymentId(payment) for payment, minor in rows if minors is None or few or minor in minors)
    return found


def _payments(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(PaymentRow)
        .join(AttestationRow, col(AttestationRow.payment_id) == col(PaymentRow.id))
        .join(LineTextRow, col(LineTextRow.line_id) == col(AttestationRow.line_id))
    )
