"""What changed among payments in one transaction, and which other payments must be judged again because of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from donations.core.payment import Payment, PaymentId
from donations.matching.payers import Payers, seen_paying
from donations.store.donors.own_codes import own_codes
from donations.store.payments.beside import depending_on
from donations.store.payments.directory import payers_from
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """What touched payments concern."""

    payments: list[Payment]
    """Others whose judgement may depend on them."""
    payers: Payers
    """All who were seen paying from the accounts of the touched ones and of these."""


def concerned(session: ReadSession, touched: Touched) -> Concerned:
    """Return the other payments whose judgement may depend on the touched ones, and who is seen paying with them.

    A payment's donor depends on the names and codes that come with its account. Where other payments show all of them
    too, the touched ones change nothing for the rest: the next gift of a standing order is judged alone, and not with
    years of others. What went out to somebody may be a refund of what came from them, and may come back.
    """
    own = own_codes(session)
    now = {*seen_paying(touched.payments.values(), own_codes=own)}
    changing = now | {*seen_paying(touched.earlier, own_codes=own)}
    accounts = {str(each.iban) for each in changing} | touched.accounts
    beside = payers_from(session, accounts, own_codes=own, without=touched.payments.keys())
    shown = Payers.of(beside)
    changed = touched.accounts | {str(each.iban) for each in changing if not shown.show(each)}
    sharing = payments_sharing(session, accounts=changed, codes=(), without=touched.payments.keys())
    depending = depending_on(session, [*touched.payments.values(), *touched.earlier], accounts=touched.accounts)
    others = load_payments(session, {*sharing, *depending} - touched.payments.keys())
    theirs = {*seen_paying(others, own_codes=own)}
    # Lines that disagree on the account may bring payments from still other accounts.
    further = payers_from(session, {str(each.iban) for each in theirs} - accounts, own_codes=own)
    return Concerned(payments=others, payers=Payers.of(now | beside | theirs | further))
