"""Donors who come: for the first time, again after a long time, from another account, or with a large gift."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col

from donations.core.allocation import Purpose
from donations.core.donor import ANONYMOUS, DonorId
from donations.core.money import Currency, Minor
from donations.store.donors.standing_donor import standing_id
from donations.store.giving.gift_sums import Scope, gifts_in
from donations.store.session import ReadSession
from donations.store.tables import AllocationRow, AttestationRow, DonorRow, LineTextRow, PaymentRow

_DAY = timedelta(days=1)


class GaveIn(NamedTuple):
    """What one donor gave in one currency on the days of a scope."""

    donor: DonorId
    currency: Currency
    minor: Minor
    day: date
    """Of the first of these gifts."""
    before: date | None = None
    """Of the last gift before these days, in any currency; None where there is none, or where nobody asked."""


_OF_DONOR: tuple[ColumnElement[Any], ...] = (
    standing_id().label("donor"),
    col(AllocationRow.currency).label("currency"),
)


def arrivals(session: ReadSession, scope: Scope, *, last_day_before: date) -> list[GaveIn]:
    """Return the donors who gave on these days, but never before or not after `last_day_before`.

    Appeal and account narrow what they gave now; whether somebody is new depends on all gifts.
    """
    gave = _gave(scope).where(standing_id() != ANONYMOUS).group_by(*_OF_DONOR).subquery()
    before = _earlier(gave.c.donor, func.max(_EarlierPayment.booked_on), before=scope.first_day).scalar_subquery()
    # Most gave lately: one walk over those days finds them, and their years of gifts before are never looked at.
    lately = Scope(first_day=last_day_before + _DAY, last_day=scope.first_day - _DAY)
    gave_lately = gifts_in(lately).add_columns(standing_id())
    query = sql_select(gave, before).where(gave.c.donor.not_in(gave_lately))
    return _rows(session, query.order_by(gave.c.day, gave.c.donor))


def large_gifts(session: ReadSession, scope: Scope, thresholds: Mapping[Currency, Minor]) -> list[GaveIn]:
    """Return the donors with a gift of at least the threshold of its currency, who gave none as large before."""
    found: list[GaveIn] = []
    for currency, least in sorted(thresholds.items()):
        is_large = (col(AllocationRow.currency) == currency, col(AllocationRow.minor) >= least)
        gave = _gave(scope).where(*is_large, standing_id() != ANONYMOUS).group_by(*_OF_DONOR).subquery()
        as_large = _earlier(gave.c.donor, col(_Earlier.id), before=scope.first_day).where(
            col(_Earlier.currency) == currency, col(_Earlier.minor) >= least
        )
        found += _rows(session, sql_select(gave).where(~as_large.exists()).order_by(gave.c.minor.desc(), gave.c.donor))
    return found


def from_other_accounts(session: ReadSession, scope: Scope) -> list[GaveIn]:
    """Return the donors with a gift from an account that they never gave from, who gave from another one before."""
    account = _payer(col(PaymentRow.id)).label("account")
    gave = _gave(scope).add_columns(account).where(standing_id() != ANONYMOUS).group_by(*_OF_DONOR, account).subquery()
    earlier_account = _payer(col(_EarlierPayment.id))
    earlier = _earlier(gave.c.donor, col(_Earlier.id), before=scope.first_day)
    query = (
        sql_select(gave.c.donor, gave.c.currency, gave.c.minor, gave.c.day)
        .where(gave.c.account != "")
        # Most gave from the same account before: that is found at once, so it is asked first.
        .where(~earlier.where(earlier_account == gave.c.account).exists())
        .where(earlier.where(earlier_account != "", earlier_account != gave.c.account).exists())
    )
    return _rows(session, query.order_by(gave.c.day, gave.c.donor))


def _gave(scope: Scope) -> Select[Any]:
    minor, day = func.sum(col(AllocationRow.minor)), func.min(col(PaymentRow.booked_on))
    return gifts_in(scope).add_columns(*_OF_DONOR, minor.label("minor"), day.label("day"))


def _rows(session: ReadSession, query: Select[Any]) -> list[GaveIn]:
    return [
        GaveIn(DonorId(donor), Currency(currency), int(minor), day, *before)
        for donor, currency, minor, day, *before in session.execute(query)
    ]


_Earlier, _EarlierDonor, _EarlierPayment = aliased(AllocationRow), aliased(DonorRow), aliased(PaymentRow)
_Reversal = aliased(AllocationRow)


def _earlier(donor: ColumnElement[int], what: Any, *, before: date) -> Select[Any]:
    """Return something of the standing gifts that a standing donor gave before a day."""
    is_reversed = sql_select(col(_Reversal.id)).where(col(_Reversal.reverses_id) == col(_Earlier.id)).exists()
    return (
        sql_select(what)
        .select_from(_EarlierDonor)
        .join(_Earlier, col(_Earlier.donor_id) == col(_EarlierDonor.id))
        .join(_EarlierPayment, col(_EarlierPayment.id) == col(_Earlier.payment_id))
        .where(or_(col(_EarlierDonor.id) == donor, col(_EarlierDonor.merged_into_id) == donor))
        .where(col(_Earlier.purpose) == Purpose.GIFT.value, col(_Earlier.minor) > 0, ~is_reversed)
        .where(col(_EarlierPayment.booked_on) < before)
    )


def _payer(payment: Any) -> ScalarSelect[str]:
    """Return the account that a payment came from, as the attesting lines write it; empty where none does."""
    account: ColumnElement[str] = func.coalesce(func.max(LineTextRow.account), "")
    query = sql_select(account).join(AttestationRow, col(AttestationRow.line_id) == col(LineTextRow.line_id))
    return query.where(col(AttestationRow.payment_id) == payment).scalar_subquery()
