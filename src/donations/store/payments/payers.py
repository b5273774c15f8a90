"""Who was seen paying from an account, and what was paid to it, however many payments there are."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from sqlalchemy import case, func, literal, select
from sqlmodel import col

from donations.core.payment import PaymentId
from donations.store.ids import in_runs
from donations.store.session import ReadSession
from donations.store.tables import AttestationRow, LineTextRow, PaymentRow

_BETWEEN = literal("\x1f")


def payers_sharing(session: ReadSession, *, accounts: Iterable[str], codes: Iterable[str]) -> list[PaymentId]:
    """Return payments that came from these accounts or with these codes, one of those whose lines name the same payer.

    A directory made of them is the one that all of these payments would make: it keeps who pays, not how often.
    """
    columns = ((LineTextRow.account, accounts), (LineTextRow.claimed_code, codes))
    runs = ((column, run) for column, values in columns for run in in_runs(sorted(set(values) - {""})))
    return sorted(set(chain.from_iterable(_one_of_each(session, column, run) for column, run in runs)))


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
