"""The directory that payments are judged by, made from the payments themselves and the donors' gifts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlmodel import col, select

from donations.core.allocation import Purpose
from donations.core.donor import Appeal, Claim, CodeClaim, DonorId, PayerClaim
from donations.core.iban import ValidIban
from donations.core.money import MoneyIn
from donations.core.name import NameKey, name_key
from donations.core.payment import Payment
from donations.core.person_code import CheckedCode
from donations.matching.directory import Directory
from donations.matching.payer import payer_of
from donations.store import people
from donations.store.allocations import stands
from donations.store.ids import in_runs
from donations.store.session import ReadSession
from donations.store.tables import AllocationRow, AttestationRow, LineTextRow, PaymentRow


def payers_directory(session: ReadSession, payments: Iterable[Payment]) -> Directory:
    """Return who was seen paying from where; the payments hold all that share a counterparty account among them."""
    names: defaultdict[ValidIban, set[NameKey]] = defaultdict(set)
    codes: defaultdict[PayerClaim, set[CheckedCode]] = defaultdict(set)
    for payment in payments:
        party = payment.counterparty
        if not isinstance(payment.money, MoneyIn) or not isinstance(party.account, str):
            continue
        payer = payer_of(payment)
        if payer.name:
            names[party.account].add(payer.name)
        if payer.code is not None:
            codes[PayerClaim(party.account, payer.name)].add(payer.code)
    claims: set[Claim] = {PayerClaim(iban, name) for iban, known in names.items() for name in (*known, NameKey(""))}
    claims |= {CodeClaim(code) for known in codes.values() for code in known} | set(codes)
    return Directory(
        own_accounts=people.own_numbers(session),
        appeals=people.appeals(session),
        payers={iban: frozenset(known) for iban, known in names.items()},
        codes={payer: frozenset(known) for payer, known in codes.items()},
        donors=people.donors_claimed(session, claims),
    )


def givers_directory(session: ReadSession, payments: Sequence[Payment], known: Directory) -> Directory:
    """Add what gifts were made, from the accounts and under the names of these payments, for proposals and refunds."""
    accounts = sorted({p.counterparty.account for p in payments if isinstance(p.counterparty.account, str)})
    givers: defaultdict[ValidIban, set[DonorId]] = defaultdict(set)
    amounts: defaultdict[tuple[ValidIban, DonorId], set[int]] = defaultdict(set)
    for run in in_runs(accounts):
        query = (
            select(col(LineTextRow.account), col(AllocationRow.donor_id), col(AllocationRow.minor))
            .join(AttestationRow, col(AttestationRow.line_id) == col(LineTextRow.line_id))
            .join(AllocationRow, col(AllocationRow.payment_id) == col(AttestationRow.payment_id))
            .where(col(LineTextRow.account).in_(run), AllocationRow.purpose == Purpose.GIFT.value, stands())
            .distinct()
        )
        for account, donor, minor in session.execute(query):
            givers[ValidIban(account)].add(DonorId(donor))
            amounts[ValidIban(account), DonorId(donor)].add(minor)
    named = people.donors_named(session, {name_key(payment.counterparty.name) for payment in payments})
    involved = {donor for group in (*givers.values(), *named.values()) for donor in group} | set(known.donors.values())
    return replace(
        known,
        donors_by_name=named,
        givers={iban: frozenset(donors) for iban, donors in givers.items()},
        gift_amounts={key: frozenset(minors) for key, minors in amounts.items()},
        last_appeal=_last_appeals(session, involved, known.appeals),
    )


def _last_appeals(session: ReadSession, donors: Iterable[DonorId], appeals: Sequence[Appeal]) -> dict[DonorId, Appeal]:
    by_id = {appeal.id: appeal for appeal in appeals}
    last: dict[DonorId, Appeal] = {}
    for run in in_runs(sorted(donors)):
        query = (
            select(col(AllocationRow.donor_id), col(AllocationRow.appeal_id))
            .join(PaymentRow, col(PaymentRow.id) == col(AllocationRow.payment_id))
            .where(col(AllocationRow.donor_id).in_(run), AllocationRow.purpose == Purpose.GIFT.value, stands())
            .order_by(col(PaymentRow.booked_on), col(AllocationRow.id))
        )
        for donor, appeal in session.execute(query):
            last[DonorId(donor)] = by_id[appeal]
    return last
