"""What changed among payments in one transaction, and which other payments must be judged again because of it."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from donations.core.donor import Claim, CodeClaim, PayerClaim
from donations.core.name import NameKey
from donations.core.payment import Payment, PaymentId
from donations.core.person_code import CheckedCode
from donations.identity.donors import Sighting
from donations.matching.payers import Payers
from donations.store.donors.around import Around, around, claims_of
from donations.store.donors.own_codes import own_codes
from donations.store.payments.beside import payments_beside
from donations.store.payments.outgoing import money_out_to_any, payments_named
from donations.store.payments.payers import payers_from, sighted
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
    names: frozenset[NameKey] = frozenset()
    """Names that became the organisation's own, or are no more."""
    claims: set[Claim] = field(default_factory=set)
    """Claims of which a person said something else now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """What touched payments concern."""

    payments: list[Payment]
    """Others whose judgement may depend on them."""
    payers: Payers
    """All who were seen paying from the accounts of the touched ones and of these."""
    around: Around
    """What makes those payers donors."""


def concerned(session: ReadSession, touched: Touched) -> Concerned:
    """Return the other payments whose judgement may depend on the touched ones, and who is seen paying with them.

    A payment's donor depends on the names and codes that come with its account, and on who else writes its code. Where
    other payments show all of them too, the touched ones change nothing for the rest: the next gift of a standing order
    is judged alone, and not with years of others. What went out to somebody may be a refund of what came from them, and
    may come back.
    """
    own = own_codes(session)
    now = sighted(session, touched.payments.values(), own_codes=own)
    changing = now | sighted(session, touched.earlier, own_codes=own)
    accounts = _accounts(changing) | touched.accounts
    beside = payers_from(session, accounts=accounts, own_codes=own, without=touched.payments.keys())
    shown = Payers.of(beside)
    new = {each for each in changing if not shown.show(each)}
    sharing = payments_sharing(
        session,
        accounts=_accounts(new) | touched.accounts,
        codes=_typed_beside(new, changing | beside),
        without=touched.payments.keys(),
    )
    depending = payments_beside(session, [*touched.payments.values(), *touched.earlier], accounts=touched.accounts)
    named = payments_named(session, touched.names)
    others = load_payments(session, {*sharing, *depending, *named} - touched.payments.keys())
    theirs = sighted(session, others, own_codes=own)
    # Lines that disagree on the account may bring payments from still other accounts.
    further = payers_from(session, accounts=_accounts(theirs) - accounts, own_codes=own)
    seen = now | beside | theirs | further
    known = _accounts(changing | theirs)
    seeds = claims_of(changing | theirs) | touched.claims
    return Concerned(payments=others, payers=Payers.of(seen), around=around(session, seeds, known=seen, accounts=known))


def depending_on(session: ReadSession, claims: Iterable[Claim], *, without: AbstractSet[PaymentId]) -> list[Payment]:
    """Return the other payments that come by these claims: from their accounts, or with their codes."""
    known = list(claims)
    accounts = {str(each.iban) for each in known if isinstance(each, PayerClaim)}
    codes = {str(each.code) for each in known if isinstance(each, CodeClaim)}
    ids = payments_sharing(session, accounts=accounts, codes=codes, without=without)
    names = frozenset(each.name for each in known if isinstance(each, PayerClaim) and each.name)
    refunds = money_out_to_any(session, accounts=accounts, codes=codes, names=names)
    return load_payments(session, {*ids, *refunds} - without)


def _accounts(sightings: Iterable[Sighting]) -> set[str]:
    return {str(each.iban) for each in sightings if each.iban is not None}


def _typed_beside(new: Iterable[Sighting], seen: Iterable[Sighting]) -> set[CheckedCode]:
    """Return the codes that those who are seen in a new way ever wrote into a text: whose they are may be another's."""
    payers = {each.payer for each in new} - {None}
    codes = {each.hint for each in seen if each.payer in payers} | {each.code for each in new}
    return {code for code in codes if code is not None}
