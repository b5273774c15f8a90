"""The directory that payments are judged by, made from the payments themselves and the donors' gifts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

from sqlalchemy import func, or_
from sqlmodel import col, select

from donations.core.allocation import Purpose
from donations.core.donor import Appeal, CodeClaim, DonorId, PayerClaim
from donations.core.iban import ValidIban
from donations.core.money import MoneyOut
from donations.core.name import name_key
from donations.core.payment import Payment
from donations.matching.directory import Directory
from donations.matching.payers import Payers
from donations.store.donors import people
from donations.store.donors.around import Around, around, claims_of
from donations.store.donors.claim_words import payers_by_word
from donations.store.donors.own_codes import own_codes
from donations.store.donors.standing_donor import standing_id
from donations.store.ids import in_runs
from donations.store.payments.allocations import stands
from donations.store.payments.payers import payers_from, sighted
from donations.store.payments.rules import standing_rules
from donations.store.session import ReadSession
from donations.store.tables import AllocationRow, AttestationRow, DonorRow, LineTextRow, PaymentRow


def directory_around(session: ReadSession, payments: Iterable[Payment]) -> Directory:
    """Return what money in is judged by, as things stand, for these payments."""
    return directory_of(session, *payers_around(session, payments))


def payers_around(session: ReadSession, payments: Iterable[Payment]) -> tuple[Payers, Around]:
    """Return who was seen paying from the accounts of these payments, and what makes them donors."""
    own = own_codes(session)
    seen = sighted(session, payments, own_codes=own)
    seeds = claims_of(seen)
    accounts = {str(each.iban) for each in seen if each.iban is not None}
    seen |= payers_from(session, accounts=accounts, own_codes=own)
    return Payers.of(seen), around(session, seeds, known=seen, accounts=accounts)


def directory_of(session: ReadSession, payers: Payers, known: Around) -> Directory:
    """Return what money in is judged by, as far as these payers need it."""
    groups = known.groups
    standing = people.donors(session, known.registered.values())
    return Directory(
        own_accounts=people.own_numbers(session),
        own_codes=own_codes(session),
        appeals=people.appeals(session),
        standing=standing_rules(session),
        payers=payers.names,
        codes={**payers.codes, **groups.codes},
        together={claim: claims for claims in groups.claims.values() if len(claims) > 1 for claim in claims},
        not_their_own=frozenset(
            one for one, other in groups.refused if isinstance(one, PayerClaim) and isinstance(other, CodeClaim)
        ),
        doubtful=groups.doubtful,
        by_word=payers_by_word(session),
        donors={claim: standing[donor].id for claim, donor in known.registered.items()},
    )


def givers_directory(session: ReadSession, payments: Sequence[Payment], known: Directory) -> Directory:
    """Add what gifts were made, from the accounts and under the names of these payments, for refunds and proposals."""
    known = gifts_directory(session, payments, known)
    named = people.donors_named(session, {name_key(payment.counterparty.name) for payment in payments})
    groups = (*known.givers.values(), *named.values(), known.donors.values())
    last = _last_appeals(session, set(chain.from_iterable(groups)), known.appeals)
    return replace(known, donors_by_name=named, last_appeal=last)


def gifts_directory(session: ReadSession, payments: Sequence[Payment], known: Directory) -> Directory:
    """Add what gifts were made from the accounts of these payments: what money out is judged by."""
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
    return replace(
        known,
        givers={iban: frozenset(donors) for iban, donors in givers.items()},
        gift_amounts={key: frozenset(minors) for key, minors in amounts.items()},
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
