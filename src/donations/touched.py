"""What changed among payments in one transaction, and which other payments must be judged again because of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from donations.core.donor import PayerClaim
from donations.core.iban import ValidIban
from donations.core.money import MoneyIn
from donations.core.name import NameKey
from donations.core.payment import Payment, PaymentId
from donations.core.person_code import CheckedCode
from donations.matching.directory import Directory
from donations.matching.payer import payer_of
from donations.store.donors.own_codes import own_codes
from donations.store.payments.directory import payers_directory
from donations.store.payments.payers import money_out_to, payers_sharing
from donations.store.payments.payments import load_payments, payments_sharing
from donations.store.session import ReadSession


@dataclass(slots=True)
class Touched:
    """What changed among payments in one transaction, waiting to be judged."""

    payments: dict[PaymentId, Payment] = field(default_factory=dict)
    """Attested by lines that say something else than those before."""
    earlier: list[Payment] = field(default_factory=list)
    """What lines said before of such payments, and of those that none attests any more."""
    arrived: set[PaymentId] = field(default_factory=set)
    """Attested now and by no line before."""
    dissolved: set[PaymentId] = field(default_factory=set)
    """Attested by no line any more."""
    accounts: set[str] = field(default_factory=set)
    """Accounts of which something else is known now, an own one among them: all payments from and to them depend."""


class _Seen(NamedTuple):
    """Who was seen with an account, or is not seen any more."""

    iban: ValidIban
    name: NameKey
    code: CheckedCode | None


def concerned(session: ReadSession, touched: Touched) -> list[PaymentId]:
    """Return the other payments whose judgement may depend on the touched ones.

    A payment's donor depends on the names and codes that come with its account. Where other payments show all of them
    too, the touched ones change nothing for the rest: the next gift of a standing order is judged alone, and not with
    years of others. What went out to an account may be a refund of what came from it.
    """
    seen = {*_seen(session, touched)}
    accounts = {str(each.iban) for each in seen} | touched.accounts
    others = payers_sharing(session, accounts=accounts, codes=())
    rest = payers_directory(session, load_payments(session, set(others) - touched.payments.keys()))
    changed = touched.accounts | {str(each.iban) for each in seen if not _is_shown(each, rest)}
    sharing = payments_sharing(session, accounts=changed, codes=(), without=touched.payments.keys())
    return sorted({*sharing, *money_out_to(session, accounts)} - touched.payments.keys())


def _seen(session: ReadSession, touched: Touched) -> Iterator[_Seen]:
    """Yield the payers of all that came, went or says something else now."""
    own = own_codes(session)
    for payment in (*touched.payments.values(), *touched.earlier):
        payer = payer_of(payment, own_codes=own)
        if payer.iban is not None and isinstance(payment.money, MoneyIn):
            yield _Seen(payer.iban, payer.name, payer.code)


def _is_shown(seen: _Seen, rest: Directory) -> bool:
    """Whether the directory is the same with and without this payer: a couple's two names come with a code each."""
    has_name = not seen.name or seen.name in rest.payers.get(seen.iban, ())
    return has_name and (seen.code is None or seen.code in rest.codes.get(PayerClaim(seen.iban, seen.name), ()))
