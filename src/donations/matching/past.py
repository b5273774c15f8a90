"""What a payment may undo or mirror: gifts that a refund returns, money that comes back, own transfers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from donations.core.donor import AppealId, DonorId
from donations.core.iban import AccountNumber, UnverifiedAccount
from donations.core.money import Currency, Minor
from donations.core.name import NameKey, name_key
from donations.core.payment import Payment, PaymentId

BACK_WITHIN = timedelta(days=30)
"""Money that comes back later than this is not taken for the same."""
UNDER_WAY = timedelta(days=10)
"""The two sides of an own transfer are booked so near each other: bank holidays, and a while for another bank."""


class GivenGift(NamedTuple):
    """A gift, and what of it has not gone back yet."""

    payment: PaymentId
    day: date
    minor: Minor
    currency: Currency
    left: Minor
    appeal: AppealId


class Paid(NamedTuple):
    """How much went to whom: an account, or a name where a bank gives no account."""

    whom: str
    minor: Minor
    currency: Currency


class PaidOut(NamedTuple):
    """Money that went out."""

    payment: PaymentId
    day: date
    refund_of: DonorId | None = None
    """To whom, where it is booked as a refund."""
    appeal: AppealId | None = None
    """Of the gift that it returned."""


class OwnSide(NamedTuple):
    """A payment on an own account that may be one side of an own transfer."""

    payment: PaymentId
    day: date
    account: AccountNumber
    other: AccountNumber | None
    name: NameKey


def paid_keys(payment: Payment) -> tuple[Paid, ...]:
    """Return by what a payment is found that went to, or comes from, somebody: the account first, then the name."""
    amount, party = payment.money.amount, payment.counterparty
    account, name = account_text(party.account), name_key(party.name)
    by_name = (Paid(f"name {name}", amount.minor, amount.currency),) if name else ()
    return (Paid(account, amount.minor, amount.currency), *by_name) if account else by_name


def account_text(account: AccountNumber | None) -> str:
    """Return an account number as text, empty where there is none."""
    return account.text if isinstance(account, UnverifiedAccount) else account or ""


def went_out_before(payment: Payment, paid_out: Mapping[Paid, tuple[PaidOut, ...]]) -> PaidOut | None:
    """Return the last money out to the same account, or name where there is none, of just the amount that comes now."""
    amount, account = payment.money.amount, payment.counterparty.account
    if account is None:
        key = next(iter(paid_keys(payment)), None)
    else:
        key = Paid(account_text(account), amount.minor, amount.currency)
    found = None if key is None else paid_out.get(key)
    if found is None:
        return None
    near = (out for out in found if timedelta() <= payment.booked_on - out.day <= BACK_WITHIN)
    return max(near, key=lambda out: (out.day, out.payment), default=None)


def other_side(payment: Payment, sides: Mapping[tuple[Currency, Minor], tuple[OwnSide, ...]]) -> OwnSide | None:
    """Return the nearest payment on another own account that may be the other side of this one."""
    key = payment.money.amount.currency, -payment.money.signed_minor
    own, name = payment.account, name_key(payment.counterparty.name)
    fitting = (
        side
        for side in sides.get(key, ())
        if side.account != own
        and abs(side.day - payment.booked_on) <= UNDER_WAY
        and (side.other == own or (side.other is None and side.name == name))
    )
    return min(fitting, key=lambda side: (abs(side.day - payment.booked_on), side.payment), default=None)
