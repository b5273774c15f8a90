"""What was given, as one selectable: every sum, list and chart of gifts and refunds is made from it.

A reversal is an allocation of its own. What stands is asked for in one way, by `in_force`: neither what reverses nor
what was reversed is a part of it. Who compares with an earlier state of the books (a published block, a closed month)
asks for what was booked since instead, by `entries`, where a reversal takes off what it reverses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Boolean, ColumnElement, FromClause, Join, Subquery, and_, case, extract, literal
from sqlalchemy import select as sql_select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, aliased, join
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import col, exists

from donations.core.donor import AppealId
from donations.core.payment import Purpose
from donations.store.donors.surviving import surviving_id
from donations.store.line_texts import line_texts
from donations.store.tables import AllocationRow, AttestationRow, DecisionRow, DonorRow, PaymentRow, StatementLineRow

_Reversal = aliased(AllocationRow)
_minor, _purpose = col(AllocationRow.minor), col(AllocationRow.purpose)


def in_force() -> ColumnElement[bool]:
    """Return the condition that an allocation reverses nothing and nothing reverses it.

    Only a reversal is negative. Asked for `reverses_id IS NULL`, SQLite would walk all of that index for each donor.
    """
    reversals = sql_select(literal(1)).where(col(_Reversal.reverses_id) == col(AllocationRow.id))
    return and_(_minor > 0, ~reversals.exists())


def _select(name: str, minor: ColumnElement[int] | Mapped[int], *conditions: ColumnElement[bool]) -> Subquery:
    """Select allocations with their payments; databases look through it, as if the join were written out."""
    day = col(PaymentRow.booked_on)
    return (
        sql_select(
            col(AllocationRow.id).label("allocation_id"),
            col(PaymentRow.id).label("payment_id"),
            *(col(PaymentRow.account_id), day, col(AllocationRow.currency)),
            extract("year", day).label("year"),
            extract("month", day).label("month"),
            minor.label("minor"),
            col(PaymentRow.minor).label("payment_minor"),
            surviving_id().label("donor_id"),
            col(AllocationRow.donor_id).label("booked_for"),
            *(col(AllocationRow.appeal_id), _purpose, col(AllocationRow.returns_payment_id)),
            *(col(DecisionRow.rule), col(DecisionRow.person)),
        )
        .select_from(AllocationRow)
        .join(PaymentRow, col(PaymentRow.id) == col(AllocationRow.payment_id))
        .outerjoin(DonorRow, col(DonorRow.id) == col(AllocationRow.donor_id))
        .outerjoin(DecisionRow, col(DecisionRow.id) == col(AllocationRow.decision_id))  # left out where nobody asks
        .where(*conditions)
        .subquery(name)
    )


_AS_PAYMENT: ColumnElement[int] = case((col(PaymentRow.minor) > 0, _minor), else_=-_minor)
_IS_GIFT: ColumnElement[bool] = _purpose == Purpose.GIFT.value
_OF_DONORS = _purpose.in_((Purpose.GIFT.value, Purpose.REFUND.value))


class _Usual(FunctionElement[bool]):
    """A condition that most rows meet; SQLite, which counts nothing, would else make an index for it in each query."""

    inherit_cache = True
    type = Boolean()


@compiles(_Usual)
def _as_it_is(usual: _Usual, compiler: Any, **options: Any) -> str:
    return str(compiler.process(usual.clauses, **options))


@compiles(_Usual, "sqlite")
def _likely(usual: _Usual, compiler: Any, **options: Any) -> str:
    return f"likely({compiler.process(usual.clauses, **options)})"


entries = _select("entry", _AS_PAYMENT)
"""Every allocation. `minor` is signed as its payment is, and the other way round where it reverses another; `donor_id`
is who stands for the donor that it was `booked_for`."""
parts = _select("part", _AS_PAYMENT, in_force())
"""What parts of payments were for: allocations in force, of every purpose."""
# Gifts are money in and refunds are money out: that is told without looking at the payment.
given = _select("given", case((_IS_GIFT, _minor), else_=-_minor), _Usual(_OF_DONORS), in_force())
"""Gifts, and refunds (negative), in force."""
gifts = _select("gift", _minor, _Usual(_IS_GIFT), in_force())
"""Gifts in force."""

is_gift = given.c.purpose == Purpose.GIFT.value
"""Whether a row of `given` is a gift, and no refund."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftScope:
    """Which gifts are meant: those booked on these days; None is every appeal and every own account."""

    first_day: date
    last_day: date
    appeal_id: AppealId | None = None
    account_id: int | None = None

    def of(self, what: FromClause) -> Iterator[ColumnElement[bool]]:
        """Yield the conditions that rows of one of these selectables are within the scope."""
        yield what.c.booked_on.between(self.first_day, self.last_day)
        if self.appeal_id is not None:
            yield what.c.appeal_id == self.appeal_id
        if self.account_id is not None:
            yield what.c.account_id == self.account_id


def gives() -> ColumnElement[bool]:
    """Return the condition that a row of `donor` has gifts or refunds that stand, booked for itself."""
    own = col(AllocationRow.donor_id) == col(DonorRow.id)
    return exists().where(own, in_force()).correlate(DonorRow)


def with_lines(what: FromClause) -> Join:
    """Join one of these selectables with what lines say of its payments, the totals of batches too."""
    attested = join(what, AttestationRow, col(AttestationRow.payment_id) == what.c.payment_id)
    return join(attested, line_texts, line_texts.c.line_id == col(AttestationRow.line_id))


def with_payers(what: FromClause) -> Join:
    """Join it with the lines that say who pays: the total of a batch names nobody."""
    is_whole = and_(
        col(StatementLineRow.id) == col(AttestationRow.line_id), col(StatementLineRow.minor) == what.c.payment_minor
    )
    return join(with_lines(what), StatementLineRow, is_whole)
