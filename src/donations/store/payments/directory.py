"""The directory that payments are judged by, made from the payments themselves and the donors' gifts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import func, or_
from sqlmodel import col, select

from donations.core.allocation import Purpose
from donations.core.donor import Appeal, Claim, CodeClaim, DonorId, PayerClaim
from donations.core.iban import ValidIban
from donations.core.money import MoneyIn, MoneyOut
from donations.core.name import NameKey, name_key
from donations.core.payment import Payment
from donations.core.person_code import CheckedCode
from donations.matching.directory import Directory
from donations.matching.payer import payer_of
from donations.store.donors import people
from donations.store.donors.claim_words import payers_by_word
from donations.store.donors.own_codes import own_codes
from donations.store.donors.standing_donor import standing_id
from donations.store.ids import in_runs
from donations.store.payments.allocations import stands
from donations.store.payments.rules import standing_rules
from donations.store.session import ReadSession
from donations.store.tables import AllocationRow, AttestationRow, DonorRow, LineTextRow, PaymentRow


def payers_directory(session: ReadSession, payments: Iterable[Payment]) -> Directory:
    """Return who was seen paying from where; the payments hold all that share a counterparty account among them."""
    own = own_codes(session)
    names: defaultdict[ValidIban, set[NameKey]] = defaultdict(set)
    codes: defaultdict[PayerClaim, set[CheckedCode]] = defaultdict(set)
    claims: set[Claim] = set()
    for payment in payments:
        party = payment.counterparty
        if not isinstance(payment.money, MoneyIn) or not isinstance(party.account, str):
            continue
        payer = payer_of(payment, own_codes=own)
        claims |= {CodeClaim(code) for code in payer.text_codes}  # whom a question may offer beside the payer
        if payer.name:
            names[party.account].add(payer.name)
        if payer.code is not None:
            codes[PayerClaim(party.account, payer.name)].add(payer.code)
    claims |= {PayerClaim(iban, name) for iban, known in names.items() for name in (*known, NameKey(""))}
    claims |= {CodeClaim(code) for known in codes.values() for code in known} | set(codes)
    return Directory(
        own_accounts=people.own_numbers(session),
        own_codes=own,
        appeals=people.appeals(session),
        standing=standing_rules(session),
        payers={iban: frozenset(known) for iban, known in names.items()},
        codes={payer: frozenset(known) for payer, known in codes.items()},
        by_word=payers_by_word(session),
        donors=_standing(session, people.donors_claimed(session, claims)),
    )


def _standing(session: ReadSession, claimed: dict[Claim, DonorId]) -> dict[Claim, DonorId]:
    """Let the claims of merged donors be one donor's."""
    donors = people.donors(session, claimed.values())
    return {claim: donors[donor].id for claim, donor in claimed.items()}


def givers_directory(session: ReadSession, payments: Sequence[Payment], known: Directory) -> Directory:
    """Add what gifts were made, from the accounts and under the names of these payments, for proposals and refunds."""
    accounts = sorted({p.counterparty.account for p in payments if isinstance(p.counterparty.account, str)})
    # Only money out is compared with the amounts of gifts.
    minors = {p.money.amount.minor for p in payments if isinstance(p.money, MoneyOut)}
    givers: defaultdict[ValidIban, set[DonorId]] = defaultdict(set)
    amounts: defaultdict[tuple[ValidIban, DonorId], set[int]] = defaultdict(set)
    for run in in_runs(accounts):
        gifts = (
            select(col(LineTextRow.account), standing_id())
            .join(AttestationRow, col(AttestationRow.line_id) == col(LineTextRow.line_id))
            .join(AllocationRow, col(AllocationRow.payment_id) == col(AttestationRow.payment_id))
            .join(DonorRow, col(DonorRow.id) == col(AllocationRow.donor_id))
            .where(col(LineTextRow.account).in_(run), AllocationRow.purpose == Purpose.GIFT.value, stands())
            .distinct()
        )
        for account, donor in session.execute(gifts):
            givers[ValidIban(account)].add(DonorId(donor))
        for some in in_runs(sorted(minors)):
            same = gifts.add_columns(col(AllocationRow.minor)).where(col(AllocationRow.minor).in_(some))
            for account, donor, minor in session.execute(same):
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
    if len(by_id) == 1:
        return {}  # `Directory.only_appeal` says it without walking a donor's years of gifts.
    last: dict[DonorId, Appeal] = {}
    for run in in_runs(sorted(donors)):
        newest_first = (col(PaymentRow.booked_on).desc(), col(AllocationRow.id).desc())
        gifts = (
            select(
                standing_id().label("donor"),
                col(AllocationRow.appeal_id).label("appeal"),
                func.row_number().over(partition_by=standing_id(), order_by=newest_first).label("age"),
            )
            .join(PaymentRow, col(PaymentRow.id) == col(AllocationRow.payment_id))
            .join(DonorRow, col(DonorRow.id) == col(AllocationRow.donor_id))
            .where(or_(col(DonorRow.id).in_(run), col(DonorRow.merged_into_id).in_(run)))
            .where(AllocationRow.purpose == Purpose.GIFT.value, stands())
            .subquery()
        )
        for donor, appeal in session.execute(select(gifts.c.donor, gifts.c.appeal).where(gifts.c.age == 1)):
            last[DonorId(donor)] = by_id[appeal]
    return last
