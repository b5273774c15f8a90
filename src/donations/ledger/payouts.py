"""Payouts of payment providers: what each was made of, and what is left over where its lines do not come to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from itertools import groupby

from donations.core.money import Currency, Minor
from donations.core.payment import PaymentId


class MovementKind(Enum):
    """What moved on the account at a provider."""

    RECEIVED = "received"
    FEE = "fee"
    RETURNED = "returned"
    """Refunds and chargebacks, less those that were won back."""
    PAID_OUT = "paid_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderMovement:
    """A payment on the account at a provider."""

    payment: PaymentId
    account: str
    """The own account's number."""
    currency: Currency
    day: date
    minor: Minor
    """Signed."""
    kind: MovementKind
    payout: str = ""
    """The provider's id of the payout that it is, or by which it was paid; empty where the report does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payout:
    """What was paid out at once, or what lies at the provider still; signed minor units."""

    account: str
    currency: Currency
    day: date | None
    """None of what was not paid out by the end of the days that are looked at."""
    payments: tuple[PaymentId, ...] = ()
    """The payments that are the payout itself."""
    before: Minor = 0
    """What was left of earlier days, where the report does not say by which payout its lines were paid."""
    received: Minor = 0
    fees: Minor = 0
    returned: Minor = 0
    paid_out: Minor = 0
    """Negative."""
    is_told_by_lines: bool = False
    """Whether the report says which lines it is of."""

    @property
    def left(self) -> Minor:
        """What is left over."""
        return self.before + self.received + self.fees + self.returned + self.paid_out

    @property
    def is_something(self) -> bool:
        """Whether anything moved or lies there."""
        return any((self.before, self.received, self.fees, self.returned, self.paid_out))

    @property
    def lacks_lines(self) -> bool:
        """Whether lines of it are not in the books: it was not made of those that are there."""
        return self.day is not None and (self.left != 0 if self.is_told_by_lines else self.left < 0)


def payouts(movements: Iterable[ProviderMovement], *, last_day: date) -> list[Payout]:
    """Return the payouts up to a day by account, currency and day, each account's last being what lies there then."""

    def key(each: ProviderMovement) -> tuple[str, Currency]:
        return each.account, each.currency

    every = sorted((each for each in movements if each.day <= last_day), key=lambda each: (*key(each), each.day))
    return [payout for _, found in groupby(every, key) for payout in _of_account(list(found))]


def _of_account(found: Sequence[ProviderMovement]) -> Iterator[Payout]:
    paid = {each.payout for each in found if each.kind is MovementKind.PAID_OUT and each.payout}
    by_payout: defaultdict[str, list[ProviderMovement]] = defaultdict(list)
    for each in found:
        by_payout[each.payout if each.payout in paid else ""].append(each)
    rest, made = by_payout.pop("", []), []
    for lines in sorted(by_payout.values(), key=_day_of):
        of_it, rest = _with_unnamed(lines, rest)
        made.append(_made_of(of_it, day=_day_of(lines), is_told_by_lines=True))
    made += _by_time(rest)
    yield from sorted((each for each in made if each.day), key=lambda each: (each.day, each.payments))
    nothing = Payout(account=found[0].account, currency=found[0].currency, day=None)
    yield next((each for each in made if not each.day), nothing)


def _day_of(found: Sequence[ProviderMovement]) -> date:
    return max(each.day for each in found if each.kind is MovementKind.PAID_OUT)


def _with_unnamed(
    found: list[ProviderMovement], rest: list[ProviderMovement]
) -> tuple[list[ProviderMovement], list[ProviderMovement]]:
    """Return a payout's lines with those of earlier days that it misses, and the others.

    A report that was made before a payout does not name it in the lines that it pays. They are the oldest whole days of
    what nobody paid, and come to just what is missing; else they are not its lines.
    """
    missing = -sum(each.minor for each in found)
    taken: list[ProviderMovement] = []
    for day, moved in groupby(rest, lambda each: each.day):
        if not missing or day > _day_of(found):
            break
        today = list(moved)
        if any(each.kind is MovementKind.PAID_OUT for each in today):
            break
        taken += today
        missing -= sum(each.minor for each in today)
    return ([*found, *taken], rest[len(taken) :]) if taken and not missing else (found, rest)


def _by_time(found: Sequence[ProviderMovement]) -> Iterator[Payout]:
    """Yield a payout for each day with one, of all that came since the one before; and what came after the last."""
    since: list[ProviderMovement] = []
    before = 0
    for day, moved in groupby(found, lambda each: each.day):
        today = list(moved)
        since += today
        if any(each.kind is MovementKind.PAID_OUT for each in today):
            made = _made_of(since, day=day, before=before)
            yield made
            since, before = [], made.left
    if since:
        yield _made_of(since, day=None, before=before)
    elif before:
        yield Payout(account=found[0].account, currency=found[0].currency, day=None, before=before)


def _made_of(
    found: Sequence[ProviderMovement], *, day: date | None, before: Minor = 0, is_told_by_lines: bool = False
) -> Payout:
    def of(kind: MovementKind) -> Minor:
        return sum(each.minor for each in found if each.kind is kind)

    return Payout(
        account=found[0].account,
        currency=found[0].currency,
        day=day,
        payments=tuple(sorted(each.payment for each in found if each.kind is MovementKind.PAID_OUT)),
        before=before,
        received=of(MovementKind.RECEIVED),
        fees=of(MovementKind.FEE),
        returned=of(MovementKind.RETURNED),
        paid_out=of(MovementKind.PAID_OUT),
        is_told_by_lines=is_told_by_lines,
    )
