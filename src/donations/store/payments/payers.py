"""Who was seen paying from an account, and what was paid to it, however many payments there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from itertools import chain

from sqlalchemy import case, func, literal, select
from sqlmodel import col

from donations.core.keyword import normal
from donations.core.name import NameKey, name_key
from donations.core.payment import Payment, PaymentId
from donations.core.person_code import CheckedCode
from donations.identity.donors import Sighting
from donations.matching.payers import seen_paying
from donations.store.ids import in_runs
from donations.store.payments.payments import load_payments
from donations.store.session import ReadSession
from donations.store.tables import AttestationRow, LineTextRow, PaymentRow, StatementLineRow

_BETWEEN = literal("\x1f")
_CUT_MIN = 5
"""A shorter beginning of a name says nothing."""


def payers_from(
    session: ReadSession,
    *,
    accounts: Iterable[str] = (),
    codes: Iterable[str] = (),
    own_codes: AbstractSet[CheckedCode],
    without: AbstractSet[PaymentId] = frozenset(),
) -> set[Sighting]:
    """Return who was seen paying from these accounts or with these codes, in other payments than known ones."""
    shared = set(payers_sharing(session, accounts=accounts, codes=codes)) - without
    return sighted(session, load_payments(session, shared), own_codes=own_codes)


def sighted(session: ReadSession, payments: Iterable[Payment], *, own_codes: AbstractSet[CheckedCode]) -> set[Sighting]:
    """Return what these payments say of who pays, each of their statements heard."""
    known = list(payments)
    cut = _cut_names(session, [payment.id for payment in known])
    return {*seen_paying(known, own_codes=own_codes, cut=cut)}


def _cut_names(session: ReadSession, ids: list[PaymentId]) -> dict[PaymentId, frozenset[NameKey]]:
    """Return the names that some statements cut shorter than others do, of one payment."""
    names: defaultdict[PaymentId, set[str]] = defaultdict(set)
    for run in in_runs(sorted(ids)):
        lines = (
            select(col(AttestationRow.payment_id), col(LineTextRow.name))
            .join(LineTextRow, col(LineTextRow.line_id) == col(AttestationRow.line_id))
            .join(StatementLineRow, col(StatementLineRow.id) == col(AttestationRow.line_id))
            .where(col(AttestationRow.payment_id).in_(run), ~col(StatementLineRow.is_total))
        )
        several = (
            select(col(AttestationRow.payment_id))
            .join(LineTextRow, col(LineTextRow.line_id) == col(AttestationRow.line_id))
            .where(col(AttestationRow.payment_id).in_(run))
            .group_by(col(AttestationRow.payment_id))
            .having(func.count(col(LineTextRow.name).distinct()) > 1)
        )
        for payment, name in session.execute(lines.where(col(AttestationRow.payment_id).in_(several))):
            names[PaymentId(payment)].add(normal(name))
    found: dict[PaymentId, frozenset[NameKey]] = {}
    for payment, written in names.items():
        whole = max(written, key=len)
        shorter = (each for each in written if len(each) >= _CUT_MIN and whole.startswith(each))
        keys = frozenset(map(name_key, shorter)) - {name_key(whole), NameKey("")}
        if keys:
            found[payment] = keys
    return found


def payers_sharing(session: ReadSession, *, accounts: Iterable[str], codes: Iterable[str]) -> list[PaymentId]:
    """Return payments that came from these accounts or with these codes, one of those whose lines name the same payer.

    A directory made of them is the one that all of these payments would make: it keeps who pays, not how often.
    """
    columns = ((LineTextRow.account, accounts), (LineTextRow.claimed_code, codes))
    runs = ((column, run) for column, values in columns for run in in_runs(sorted(set(values) - {""})))
    return sorted(set(chain.from_iterable(_one_of_each(session, column, run) for column, run in runs)))


def money_out_to(session: ReadSession, accounts: Iterable[str]) -> list[PaymentId]:
    """Return attested payments out to these accounts."""
    found: set[PaymentId] = set()
    for run in in_runs(sorted(set(accounts))):
        query = (
            select(col(PaymentRow.id))
            .join(AttestationRow, col(AttestationRow.payment_id) == col(PaymentRow.id))
            .join(LineTextRow, col(LineTextRow.line_id) == col(AttestationRow.line_id))
            .where(col(LineTextRow.account).in_(run), col(PaymentRow.minor) < 0)
        )
        found.update(map(PaymentId, session.scalars(query)))
    return sorted(found)


def _one_of_each(session: ReadSession, column: object, values: list[str]) -> Iterable[PaymentId]:
    line = col(LineTextRow.line_id) == col(AttestationRow.line_id)
    came = (
        select(col(AttestationRow.payment_id))
        .join(LineTextRow, line)
        .join(PaymentRow, col(PaymentRow.id) == col(AttestationRow.payment_id))
        .where(col(column).in_(values), col(PaymentRow.minor) > 0)
    )
    says = (
        col(LineTextRow.account)
        + _BETWEEN
        + col(LineTextRow.name)
        + _BETWEEN
        + col(LineTextRow.code)
        + _BETWEEN
        + col(LineTextRow.claimed_code)
    )
    payment = col(AttestationRow.payment_id)
    many = func.count(says.distinct())
    ways = (
        select(
            payment.label("payment"),
            func.min(says).label("first"),
            func.max(says).label("last"),
            # Two ways of naming the payer are told apart by the first and the last; more of them are rare.
            case((many > 2, payment), else_=-many).label("others"),
        )
        .join(LineTextRow, line)
        .where(payment.in_(came))
        .group_by(payment)
        .subquery()
    )
    one = select(func.min(ways.c.payment)).group_by(ways.c.first, ways.c.last, ways.c.others)
    return map(PaymentId, session.scalars(one))
