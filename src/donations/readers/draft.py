"""What one statement has stated, before it is checked: the figures that every check needs, counted once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from donations.core.money import Balance, Currency, Minor
from donations.core.statement import BalancePoint, StatedBalance, StatedTotal, StatementLine, StatementStart


@dataclass(kw_only=True)  # no slots, for the figures are kept beside the fields
class Draft:
    """One statement while it is collected, and then while it is checked: the figures are asked for when it is whole."""

    start: StatementStart
    lines: list[StatementLine] = field(default_factory=list)
    balances: list[StatedBalance] = field(default_factory=list)
    totals: list[StatedTotal] = field(default_factory=list)
    zero_lines: int = 0

    @cached_property
    def signed(self) -> list[Minor]:
        """What each line moved, in minor units."""
        return [line.money.signed_minor for line in self.lines]

    @cached_property
    def moved(self) -> Minor:
        """What all lines moved."""
        return sum(self.signed)

    @cached_property
    def currency(self) -> Currency | None:
        """The stated currency, else that of the first line or balance."""
        if self.start.currency is not None:
            return self.start.currency
        stated = [line.money.amount.currency for line in self.lines[:1]]
        stated += [balance.balance.currency for balance in self.balances[:1]]
        return stated[0] if stated else None

    def stated(self, point: BalancePoint) -> list[StatedBalance]:
        """Return the balances of one point."""
        return [balance for balance in self.balances if balance.point is point]

    @property
    def opening(self) -> Balance | None:
        """The first opening balance; pages of one statement state others in between."""
        found = self.stated(BalancePoint.OPENING)
        return found[0].balance if found else None

    @property
    def closing(self) -> Balance | None:
        """The last closing balance."""
        found = self.stated(BalancePoint.CLOSING)
        return found[-1].balance if found else None

    @property
    def imbalance(self) -> Minor | None:
        """The closing balance less opening and lines; None where one of the two is not stated."""
        if self.opening is None or self.closing is None:
            return None
        return self.closing.minor - self.opening.minor - self.moved
