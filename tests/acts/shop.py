"""A made-up shop at Stripe: what truly happened there, the report that it writes of any days, and what the bank shows.

It is the yardstick of the payout tests and shares no code with the product.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

HEADER = (
    "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC),Description,Transfer,Transfer Date (UTC)"
)
DAY = timedelta(days=1)


@dataclass
class Entry:
    """A balance transaction; amounts in cents, the fee as Stripe writes it: positive is taken off."""

    number: str
    kind: str
    day: date
    amount: int
    fee: int
    text: str
    payout: str = ""

    @property
    def net(self) -> int:
        """What it adds to the balance."""
        return self.amount - self.fee


@dataclass
class Shop:
    """A shop whose balance is paid out on some days: all of it that is at least two days old."""

    entries: list[Entry] = field(default_factory=list)
    arrivals: list[tuple[date, int]] = field(default_factory=list)
    """What came to the bank, two days after it was paid out."""

    @classmethod
    def made_up(cls, seed: int, first: date, last: date) -> Shop:
        """Return a shop with a few gifts each day, now and then a refund or a chargeback, and weekly payouts."""
        dice, shop, day = random.Random(seed), cls(), first
        while day <= last:
            for _ in range(dice.randrange(3)):
                amount = dice.choice([500, 1000, 1000, 2000, 12_345])
                shop.add("charge", day, amount, amount * 15 // 1000 + 25, "Annetus")
            given = [each for each in shop.entries if each.kind == "charge" and each.day < day]
            if given and dice.random() < 0.15:
                back = dice.choice(given)
                is_dispute = dice.random() < 0.5
                kind, fee = ("adjustment", 1500) if is_dispute else ("refund", 0)
                shop.add(kind, day, -back.amount, fee, f"{kind} of {back.number}")
            if day.weekday() == 0:
                shop.pay_out(day)
            day += DAY
        return shop

    def add(self, kind: str, day: date, amount: int, fee: int, text: str) -> Entry:
        """Let something happen."""
        entry = Entry(f"txn_{len(self.entries)}", kind, day, amount, fee, text)
        self.entries.append(entry)
        return entry

    def pay_out(self, day: date) -> None:
        """Pay out what is old enough, if it is something."""
        due = [each for each in self.entries if not each.payout and each.kind != "payout" and each.day <= day - 2 * DAY]
        total = sum(each.net for each in due)
        if total > 0:
            payout = self.add("payout", day, -total, 0, "STRIPE PAYOUT")
            payout.payout = f"po_{payout.number}"
            for each in due:
                each.payout = payout.payout
            self.arrivals.append((day + 2 * DAY, total))

    def report(self, first: date, last: date, *, without: str = "") -> bytes:
        """Write the report of some days, the newest first; who downloads it early knows no later payouts."""
        known = {each.payout for each in self.entries if each.kind == "payout" and each.day <= last}
        rows = [HEADER]
        for each in reversed(self.entries):
            if first <= each.day <= last and each.number != without:
                source = each.payout if each.kind == "payout" else f"src_{each.number}"
                transfer = each.payout if each.kind != "payout" and each.payout in known else ""
                money = ",".join(f"{minor / 100:.2f}" for minor in (each.amount, each.fee, each.net))
                rows.append(
                    f"{each.number},{each.kind},{source},{money},eur,{each.day} 10:00,{each.day + 2 * DAY} 00:00,"
                    f"{each.text},{transfer},"
                )
        return ("\n".join(rows) + "\n").encode()

    def balance(self, day: date) -> int:
        """What lay there at the end of a day."""
        return sum(each.net for each in self.entries if each.day <= day)

    def sum_of(self, *kinds: str) -> int:
        """What all entries of some kinds come to, without their fees."""
        return sum(each.amount for each in self.entries if each.kind in kinds)

    @property
    def fees(self) -> int:
        """What was taken off in all."""
        return sum(each.fee for each in self.entries)
