"""What moved on each day and what is open of each payment, folded from all that there is; what is kept is the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Protocol

from donations.core.money import Minor
from donations.core.payment import Allocation


class SummedPayment(Protocol):
    """A payment as this looks at it; signed minor units."""

    @property
    def account(self) -> int:
        """The own account."""

    @property
    def currency(self) -> str:
        """Its currency."""

    @property
    def booked_on(self) -> date:
        """The booking date."""

    @property
    def minor(self) -> Minor:
        """Money in is positive."""


class DayKey(NamedTuple):
    """Of what a sum is."""

    day: date
    account_id: int
    currency: str
    is_in: bool
    purpose: str
    """Empty for what has none yet."""
    appeal_id: int
    """0 where there is none."""


@dataclass(frozen=True, slots=True)
class DaySums:
    """Sums of days, each with how many parts it has, and what is open by payment; all signed as the payments are."""

    sums: Mapping[DayKey, tuple[Minor, int]] = field(default_factory=dict)
    open_parts: Mapping[int, Minor] = field(default_factory=dict)


def fold(
    payments: Mapping[int, SummedPayment], allocations: Iterable[Allocation], attested: AbstractSet[int]
) -> DaySums:
    """Fold what stands of allocations, and of attested payments what has no purpose."""
    standing = {each.id: each for each in allocations}
    for each in list(standing.values()):
        if each.reverses is not None:
            del standing[each.id]
            standing.pop(each.reverses, None)
    sums: defaultdict[DayKey, Minor] = defaultdict(Minor)
    counts: Counter[DayKey] = Counter()
    purposed: Counter[int] = Counter()

    def count(payment: SummedPayment, purpose: str, minor: Minor, appeal: int = 0) -> None:
        is_in = payment.minor > 0
        key = DayKey(payment.booked_on, payment.account, payment.currency, is_in, purpose, appeal)
        sums[key] += minor if is_in else -minor
        counts[key] += 1

    for each in standing.values():
        purposed[each.payment] += each.amount.minor
        if each.payment in attested:
            count(payments[each.payment], each.purpose.value, each.amount.minor, each.appeal or 0)
    open_parts = {}
    for number in attested:
        payment = payments[number]
        rest = abs(payment.minor) - purposed[number]
        if rest:
            open_parts[number] = rest if payment.minor > 0 else -rest
            count(payment, "", rest)
    return DaySums({key: (minor, counts[key]) for key, minor in sums.items()}, open_parts)
