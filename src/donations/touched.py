"""What changed among payments in one transaction, and which other payments must be judged again because of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from donations.core.donor import PayerClaim
from donations.core.iban import ValidIban
from donations.core.money import MoneyIn
from donations.core.name import NameKey, name_key
from donations.core.payment import Payment, PaymentId
from donations.identity.seen import LineId
from donations.matching.directory import Directory
from donations.matching.payer import payer_of
from donations.store.directory import payers_directory
from donations.store.own_codes import own_codes
from donations.store.payers import money_out_to, payers_sharing
from donations.store.payments import load_payments, named_by_lines, payments_sharing
from donations.store.session import ReadSession


@dataclass(slots=True)
class Touched:
    """What changed among payments in one transaction, waiting to be judged."""

    payments: dict[PaymentId, Payment] = field(default_factory=dict)
    """Attested by lines that say something else than those before."""
    earlier: list[Payment] = field(default_factory=list)
    """What lines that still count said of such payments before."""
    arrived: set[PaymentId] = field(default_factory=set)
    """Attested now and by no line before."""
    dissolved: set[PaymentId] = field(default_factory=set)
    """Attested by no line any more."""
    released: set[LineId] = field(default_factory=set)
    """Lines that attest nothing, or something else, any more."""
    accounts: set[str] = field(default_factory=set)
    """Accounts of which something else is known now, an own one among them: all payments from and to them depend."""


class _Seen(NamedTuple):
    """Who was seen with an account, or is not seen any more."""

    account: str
    name: NameKey
    code: str


def concerned(session: ReadSession, touched: Touched) -> list[PaymentId]:
    """Return the other payments whose judgement may depend on the touched ones.

    A payment's donor depends on the names and codes that come with its account. Where other payments show all of them
    too, the touched ones change nothing for the rest: the next gift of a standing order is judged alone, and not with
    years of others. What went out to an account may be a refund of what came from it.
    """
    seen = [*_seen(session, touched)]
    accounts = {each.account for each in seen} | touched.accounts
    others = payers_sharing(session, accounts=accounts, codes=())
    rest = payers_directory(session, load_payments(session, set(others) - touched.payments.keys()))
    changed = touched.accounts | _changed(seen, rest)
    sharing = payments_sharing(session, accounts=changed, codes=(), without=touched.payments.keys())
    return sorted({*sharing, *money_out_to(session, accounts)} - touched.payments.keys())


def _seen(session: ReadSession, touched: Touched) -> Iterator[_Seen]:
    """Yield the payers of all that came, went or says something else now; of lines that went, both directions."""
    own = own_codes(session)
    for payment in (*touched.payments.values(), *touched.earlier):
        payer = payer_of(payment, own_codes=own)
        if payer.iban is not None and isinstance(payment.money, MoneyIn):
            yield _Seen(payer.iban, payer.name, payer.code or "")
    for account, name, code in named_by_lines(session, touched.released):
        yield _Seen(account, name_key(name), code)


def _changed(seen: list[_Seen], rest: Directory) -> set[str]:
    """Return the accounts with a name or code that the rest does not show.

    Lines of one payment may have named its payer in parts, so every name is taken with every code.
    """
    names: defaultdict[str, set[NameKey]] = defaultdict(set)
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for each in seen:
        names[each.account].add(each.name)
        codes[each.account] |= {each.code} - {""}
    return {account for account in names if not _is_shown(account, names[account], codes[account], rest)}


def _is_shown(account: str, names: set[NameKey], codes: set[str], rest: Directory) -> bool:
    iban = ValidIban(account)
    known = rest.payers.get(iban, frozenset())
    return names - {""} <= known and all(codes <= rest.codes.get(PayerClaim(iban, name), frozenset()) for name in names)
