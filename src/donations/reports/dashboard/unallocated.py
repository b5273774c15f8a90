"""Money without a purpose: how much, how many payments, and how long it has waited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from donations.core.money import EUR, Currency, Minor
from donations.store.payments.movements import UnallocatedSum, unallocated_sums
from donations.store.session import ReadSession

AGES = (1, 3, 12)
"""Where a new age begins, in months."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Money in one currency that waits for a purpose."""

    currency: Currency
    money_in: Minor
    money_out: Minor
    payments: int
    by_age: tuple[Minor, ...]
    """Money in and out together by how many months ago it was booked: this month, then from each of `AGES` on."""
    months: tuple[UnallocatedSum, ...]
    """The oldest first."""


def waiting(session: ReadSession, *, today: date, account_id: int | None = None) -> tuple[Waiting, ...]:
    """Return what waits, by currency, euros first; nothing where everything has its purpose."""
    found = unallocated_sums(session, account_id=account_id)
    currencies = sorted({each.currency for each in found}, key=lambda currency: (currency != EUR, currency))
    return tuple(_of([each for each in found if each.currency == currency], today) for currency in currencies)


def _of(months: list[UnallocatedSum], today: date) -> Waiting:
    return Waiting(
        currency=months[0].currency,
        money_in=sum(each.money_in for each in months),
        money_out=sum(each.money_out for each in months),
        payments=sum(each.payments for each in months),
        by_age=_by_age(months, today),
        months=tuple(months),
    )


def _by_age(months: Iterable[UnallocatedSum], today: date) -> tuple[Minor, ...]:
    sums = [0] * (len(AGES) + 1)
    for each in months:
        age = (today.year - each.month.year) * 12 + today.month - each.month.number
        sums[sum(age >= begin for begin in AGES)] += each.money_in + each.money_out
    return tuple(sums)
