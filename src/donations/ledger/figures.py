"""What a closed month comes to, as values in canonical text, and by how much something later changes it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from donations.core.calendar import Month
from donations.core.canonical import canonical, digest
from donations.core.donor import AppealId
from donations.core.language import N_
from donations.core.money import EUR, Currency, Minor
from donations.core.payment import Purpose
from donations.identity.proof import WORST_FIRST, DayState


class Figure(NamedTuple):
    """The name of a number that adds up: whose it is, in which currency, and what it counts."""

    of: str
    """An account number, or `appeal 3`."""
    currency: Currency
    what: str
    """`in`, `out`, `unallocated` or a purpose, of an account; `given` or `gifts`, of an appeal."""


FIGURES = {
    "in": N_("Money in"),
    "out": N_("Money out"),
    "unallocated": N_("Without a purpose"),
    "gift": N_("Gifts"),
    "refund": N_("Refunds"),
    "transfer": N_("Own transfers"),
    "income": N_("Other income"),
    "cost": N_("Costs"),
    "given": N_("Given"),
    "gifts": N_("Number of gifts"),
}
"""What a figure counts, in words."""

Sums = Counter[Figure]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMonth:
    """What one account did in one month and currency; minor units, money out and what it was for negative."""

    account: str
    currency: Currency
    opening: Minor | None
    """As the bank states it."""
    money_in: Minor
    money_out: Minor
    purposes: Mapping[Purpose, Minor]
    unallocated: Minor
    questions: int
    """Payments with money that has no purpose yet."""
    closing: Minor | None
    """As the ledger has it, brought forward from the first balance that the bank states."""
    bank_closing: Minor | None
    proof: DayState

    @property
    def sums(self) -> Sums:
        """The numbers that add up."""
        named = {"in": self.money_in, "out": self.money_out, "unallocated": self.unallocated}
        named |= {purpose.value: minor for purpose, minor in self.purposes.items()}
        return Counter({Figure(self.account, self.currency, what): minor for what, minor in named.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealMonth:
    """What was given to one appeal in one month and currency."""

    appeal: AppealId
    name: str
    currency: Currency
    given: Minor
    gifts: int
    donors: int
    """Distinct, so it does not add up."""

    @property
    def sums(self) -> Sums:
        """The numbers that add up."""
        return _of_appeal(self.appeal, self.currency, given=self.given, gifts=self.gifts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything that a month comes to."""

    accounts: tuple[AccountMonth, ...] = ()
    appeals: tuple[AppealMonth, ...] = ()
    donors: int = 0
    """Distinct over all appeals and currencies."""

    @property
    def sums(self) -> Sums:
        """The numbers that add up, without those that are nothing."""
        return added([*(each.sums for each in self.accounts), *(each.sums for each in self.appeals)])

    @property
    def questions(self) -> int:
        """Payments with money that has no purpose yet."""
        return sum(each.questions for each in self.accounts)

    @property
    def gifts(self) -> int:
        """How many gifts there are."""
        return sum(each.gifts for each in self.appeals)

    @property
    def given(self) -> tuple[tuple[Currency, Minor], ...]:
        """The sum of the gifts by currency."""
        return _by_currency((each.currency, each.given) for each in self.appeals)

    @property
    def money_in(self) -> tuple[tuple[Currency, Minor], ...]:
        """What came in, by currency; between own accounts too."""
        return _by_currency((each.currency, each.money_in) for each in self.accounts)

    @property
    def money_out(self) -> tuple[tuple[Currency, Minor], ...]:
        """What went out, by currency, negative; between own accounts too."""
        return _by_currency((each.currency, each.money_out) for each in self.accounts)

    @property
    def proof(self) -> DayState:
        """The worst that is known of any account."""
        states = {each.proof for each in self.accounts}
        return next((state for state in WORST_FIRST if state in states), DayState.PROVEN)

    def document(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)

    def written(self) -> str:
        """Return the canonical text: equal figures have equal texts."""
        return canonical(self.document())

    @classmethod
    def read(cls, text: str) -> Figures:
        """Return the figures that a canonical text holds."""
        found = json.loads(text)
        return cls(
            accounts=tuple(map(_account_month, found["accounts"])),
            appeals=tuple(AppealMonth(**each) for each in found["appeals"]),
            donors=found["donors"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthChange:
    """What changed in a month: payments that came or went, or what some of their money was for."""

    account: str
    currency: Currency
    is_money_in: bool
    """Which way the payments move."""
    purpose: Purpose | None
    """None: the payments themselves came or went."""
    appeal: AppealId | None
    minor: Minor
    """Signed as the payments are; what went counts the other way."""
    count: int
    """How many came, less how many went."""

    @property
    def sums(self) -> Sums:
        """By how much it changes each number."""
        what, left = ("in" if self.is_money_in else "out"), self.minor
        if self.purpose is not None:
            what, left = self.purpose.value, -self.minor
        found: Sums = Counter(
            {
                Figure(self.account, self.currency, what): self.minor,
                Figure(self.account, self.currency, "unallocated"): left,
            }
        )
        if self.purpose is Purpose.GIFT and self.appeal is not None:
            found.update(_of_appeal(self.appeal, self.currency, given=self.minor, gifts=self.count))
        return found


def added(sums: Iterable[Sums]) -> Sums:
    """Return sums together, without the numbers that are nothing."""
    found: Sums = Counter()
    for each in sums:
        found.update(each)  # `+` would drop what is negative
    return Counter({figure: number for figure, number in found.items() if number})


def _by_currency(pairs: Iterable[tuple[Currency, Minor]]) -> tuple[tuple[Currency, Minor], ...]:
    found: Counter[Currency] = Counter()
    for currency, minor in pairs:
        found[currency] += minor
    return tuple(sorted(found.items(), key=lambda pair: (pair[0] != EUR, pair[0])))


def _of_appeal(appeal: AppealId, currency: Currency, *, given: Minor, gifts: int) -> Sums:
    whose = f"appeal {appeal}"
    return Counter({Figure(whose, currency, "given"): given, Figure(whose, currency, "gifts"): gifts})


def _account_month(found: dict[str, Any]) -> AccountMonth:
    purposes = {purpose: found["purposes"][purpose] for purpose in Purpose if purpose in found["purposes"]}
    return AccountMonth(**found | {"proof": DayState(found["proof"]), "purposes": purposes})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingSeal:
    """Everything that is kept of a closing."""

    month: Month
    by: str
    at: datetime
    reason: str | None
    """Why the month was closed although something was in the way."""
    figures: str
    """As canonical text."""
    last_allocation: int
    """The number of the last allocation that the figures know."""
    before: str
    """Digest of the closing before this one; empty for the first."""

    @property
    def digest(self) -> str:
        """SHA-256 over all of it, in hexadecimal."""
        kept = {
            "month": str(self.month),
            "by": self.by,
            "at": self.at.astimezone(UTC).isoformat(),
            "reason": self.reason,
            "figures": self.figures,
            "last_allocation": self.last_allocation,
            "before": self.before,
        }
        return digest(kept)
