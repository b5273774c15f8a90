"""What costs were for: categories that people make, and payees as payments name them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NewType

from donations.core.iban import UnverifiedAccount
from donations.core.name import NameKey, name_key
from donations.core.payment import Payment
from donations.core.statement import LineKind

CategoryId = NewType("CategoryId", int)

Payee = NewType("Payee", str)
"""Who was paid, made only here: a valid IBAN, else a folded name, or the bank itself with the kind of its row."""

BANKS_OWN = (LineKind.FEE, LineKind.INTEREST, LineKind.TAX)
"""Rows that the bank books for itself, whomever it names in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """What some costs were for."""

    id: CategoryId
    name: str
    pays_people: bool
    """Wages, fees: a sum of it may be somebody's pay. Otherwise only organisations are paid out of it."""


def the_bank(kind: LineKind) -> Payee:
    """Return the bank as the payee of one kind of its own rows."""
    return Payee(f"bank:{kind.value}")


def payee_of(payment: Payment) -> Payee | None:
    """Return who was paid; None where the bank gives neither a valid IBAN nor a name."""
    if payment.kind in BANKS_OWN:
        return the_bank(payment.kind)
    account = payment.counterparty.account
    if account is not None and not isinstance(account, UnverifiedAccount):
        return Payee(f"iban:{account}")
    return _named(name_key(payment.counterparty.name))


def payees_with(*, ibans: Iterable[str], names: Iterable[NameKey]) -> frozenset[Payee]:
    """Return the payees that have one of these accounts or folded names."""
    return frozenset({*(Payee(f"iban:{iban}") for iban in ibans), *filter(None, map(_named, names))})


def one_each(payments: Iterable[Payment]) -> dict[Payee, Payee]:
    """Return for each payee one that stands for all that share an account or a name with it.

    Two people of one name count as one, so that nobody with two accounts counts as two.
    """
    stands: dict[Payee, Payee] = {}

    def root(payee: Payee) -> Payee:
        while stands.setdefault(payee, payee) != payee:
            payee = stands[payee]
        return payee

    for payment in payments:
        payee, named = payee_of(payment), _named(name_key(payment.counterparty.name))
        if payee is not None:
            is_bank = payment.kind in BANKS_OWN
            stands[root(payee)] = root(payee if is_bank or named is None else named)
    return {payee: root(payee) for payee in stands}


def _named(name: NameKey) -> Payee | None:
    return Payee(f"name:{name}") if name else None
