"""What a statement file shows of a story: one account, some days, and the movements and balances of these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from donations.core.money import EUR, Minor, decimal_text
from donations.demo.movement import Bank, Movement, OwnAccount, Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """One account's movements of some days."""

    owner: Party
    account: OwnAccount
    first_day: date
    last_day: date
    opening: Minor
    movements: Sequence[Movement]

    @property
    def closing(self) -> Minor:
        """Return what the account holds at the end."""
        return self.opening + sum(each.minor for each in self.movements)

    @property
    def money_in(self) -> list[Movement]:
        """Return what came."""
        return [each for each in self.movements if each.minor > 0]

    @property
    def money_out(self) -> list[Movement]:
        """Return what went."""
        return [each for each in self.movements if each.minor < 0]


def excerpt(
    movements: Sequence[Movement], account: OwnAccount, *, owner: Party, first_day: date, last_day: date
) -> Excerpt:
    """Cut some days of one account out of all movements, which are in the order of their days."""
    own = [each for each in movements if each.bank is account.bank and each.day <= last_day]
    return Excerpt(
        owner=owner,
        account=account,
        first_day=first_day,
        last_day=last_day,
        opening=account.opening + sum(each.minor for each in own if each.day < first_day),
        movements=tuple(each for each in own if each.day >= first_day),
    )


def total(movements: Sequence[Movement]) -> Minor:
    """Return what movements of one direction add up to, unsigned."""
    return abs(sum(each.minor for each in movements))


def unsigned(minor: Minor) -> str:
    """Return an amount without its sign, with a point."""
    return decimal_text(abs(minor), EUR)


def servicer_id(movement: Movement) -> str:
    """Return the account servicer's reference, in the shape that each bank gives it."""
    match movement.bank:
        case Bank.LHV:
            return sha256(str(movement.number).encode()).hexdigest()[:32].upper()
        case Bank.SWEDBANK:
            return f"{archive_id(movement)}-1"
        case Bank.SEB:
            return f"RO{movement.number:010d}L01"


def archive_id(movement: Movement) -> str:
    """Return the archive's number of CSV and OFX."""
    return f"{movement.day:%Y%m%d}{movement.number:08d}"
