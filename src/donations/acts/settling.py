"""Lines settle into payments on the days that something touched; and which other payments must be judged again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date

from donations.core.donor import Claim, CodeClaim, PayerClaim
from donations.core.iban import AccountNumber
from donations.core.name import NameKey
from donations.core.payment import Cause, Payment, PaymentId
from donations.core.person_code import CheckedCode
from donations.core.provider import provider_of
from donations.identity.clusters import clusters
from donations.identity.content import SeenLine, SeenStatement, merged
from donations.identity.donors import Sighting
from donations.identity.settling import Settlement, broken, settle
from donations.matching.directory import Payers
from donations.store.donors.grouping import Surroundings, claims_of, surroundings_of
from donations.store.kept_sums import renew_days
from donations.store.months import note_late_payments
from donations.store.organisation import own_codes
from donations.store.payments.payers import (
    money_out_to_any,
    payers_from,
    payments_judged_by,
    payments_named,
    payments_of_providers,
    sighted,
)
from donations.store.payments.payments import (
    known_payments,
    load_payments,
    payments_sharing,
    with_neighbours,
    write_settlement,
)
from donations.store.session import ReadSession, WriteSession, as_reader, next_ids
from donations.store.statements.files import Ledger, seen_statements
from donations.store.statements.not_in_statements import renew_not_in_statements
from donations.store.statements.pairs import line_decisions
from donations.store.tables import PaymentRow


@dataclass(slots=True)
class ChangedPayments:
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
    around: Surroundings
    """What makes those payers donors."""


def concerned(session: ReadSession, touched: ChangedPayments) -> Concerned:
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
        codes=_codes_typed_alike(new, changing | beside),
        without=touched.payments.keys(),
    )
    depending = payments_judged_by(session, [*touched.payments.values(), *touched.earlier], accounts=touched.accounts)
    providers = frozenset(filter(None, map(provider_of, touched.accounts)))
    named = payments_named(session, touched.names) | payments_of_providers(session, providers)
    others = load_payments(session, {*sharing, *depending, *named} - touched.payments.keys())
    theirs = sighted(session, others, own_codes=own)
    # Lines that disagree on the account may bring payments from still other accounts.
    further = payers_from(session, accounts=_accounts(theirs) - accounts, own_codes=own)
    seen = now | beside | theirs | further
    known = _accounts(changing | theirs)
    seeds = claims_of(changing | theirs) | touched.claims
    return Concerned(
        payments=others, payers=Payers.of(seen), around=surroundings_of(session, seeds, known=seen, accounts=known)
    )


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


def _codes_typed_alike(new: Iterable[Sighting], seen: Iterable[Sighting]) -> set[CheckedCode]:
    """Return the codes that those who are seen in a new way ever wrote into a text: whose they are may be another's."""
    payers = {each.payer for each in new} - {None}
    codes = {each.hint for each in seen if each.payer in payers} | {each.code for each in new}
    return {code for code in codes if code is not None}


class BooksWouldBreakError(Exception):
    """What would be written breaks an invariant of the books: nothing was written. A fault of the program."""


def settle_days(
    session: WriteSession,
    ledger: Ledger,
    account: AccountNumber,
    days: Collection[date],
    *,
    cause: Cause,
    touched: ChangedPayments,
    already: Iterable[SeenStatement] = (),
) -> tuple[Settlement, list[SeenStatement]]:
    """Make the payments of these days again from all active lines, and write what changed.

    Raises `BooksWouldBreakError` where the payments would not be one to one with the lines.
    """
    reader = as_reader(session)
    statements = seen_statements(reader, ledger, days, already=already)
    known = known_payments(reader, ledger, days)
    decisions = line_decisions(reader, statements)
    found = clusters(statements, days=days, decided=decisions.pairs, left_out=decisions.left_out)
    settlement = settle(found, known, next_ids(session, PaymentRow))
    for where, what in broken(settlement.payments, statements, days=days, left_out=decisions.left_out):
        raise BooksWouldBreakError(f"{where}: {what}")
    regrouped = settlement.changed | settlement.dissolved
    earlier = {payment.id: payment for payment in load_payments(reader, regrouped)}
    write_settlement(session, ledger, settlement)
    moved = settlement.arrived | settlement.changed | settlement.dissolved
    renew_days(session, {each.bucket[0] for each in (*settlement.payments, *known) if each.id in moved})
    renew_not_in_statements(session, ledger, first_day=min(days), last_day=max(days))
    note_late_payments(session, settlement, cause)
    lines = {seen.id: seen for statement in statements for seen in statement.lines}
    made = {statement.id: statement.made for statement in statements}
    told: list[Payment] = []
    for payment in settlement.payments:
        if payment.id in settlement.arrived or payment.id in settlement.changed:
            own = [lines[line] for line in payment.lines if _is_content(lines[line], payment.bucket)]
            own.sort(key=lambda seen: (made[seen.statement], seen.id))
            told.append(merged(payment.id, account, [seen.line for seen in own]))
    for each in with_neighbours(reader, told):
        # Most files that overlap say nothing else than those before them: there is nothing to judge anew.
        if earlier.get(each.id) == each:
            del earlier[each.id]
        else:
            touched.payments[each.id] = each
    touched.earlier += earlier.values()
    touched.arrived |= settlement.arrived
    touched.dissolved |= settlement.dissolved
    return settlement, statements


def _is_content(seen: SeenLine, bucket: tuple[date, int]) -> bool:
    """Whether a line says something of the payment: the total of a batch attests its parts, and is not theirs."""
    return seen.bucket == bucket and not seen.is_batch_total
