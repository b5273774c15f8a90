"""The directory that payments are judged by, made from the payments themselves and the donors' gifts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

from sqlalchemy import func
from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.donor import Appeal, CodeClaim, DonorId, PayerClaim
from donations.core.iban import ValidIban, ibans_in
from donations.core.name import name_key
from donations.core.payment import Payment
from donations.matching.directory import Directory, Payers
from donations.store.donors import people
from donations.store.donors.around import Around, around, claims_of
from donations.store.donors.own_codes import own_codes
from donations.store.donors.registered import payers_by_word
from donations.store.donors.standing_donor import all_behind
from donations.store.given import gifts, with_lines
from donations.store.ids import in_runs
from donations.store.payments.past import own_names, with_given, with_own_sides, with_paid_out
from donations.store.payments.payers import payers_from, sighted
from donations.store.payments.rules import standing_rules
from donations.store.session import ReadSession
from donations.store.tables import LineTextRow


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
        own_names=own_names(session),
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
    """Add all that questions about these payments may propose: donors by name, gifts, what came back, own transfers."""
    known = gifts_directory(session, payments, known)
    known = with_own_sides(session, payments, with_paid_out(session, payments, known))
    named = people.donors_named(session, {name_key(payment.counterparty.name) for payment in payments})
    refunded = (out.refund_of for outs in known.paid_out.values() for out in outs if out.refund_of is not None)
    groups = (*known.givers.values(), *named.values(), known.donors.values(), refunded)
    last = _last_appeals(session, set(chain.from_iterable(groups)), known.appeals)
    return replace(known, donors_by_name=named, last_appeal=last)


def gifts_directory(session: ReadSession, payments: Sequence[Payment], known: Directory) -> Directory:
    """Add who gave from the accounts of these payments, and what money out may return of it."""
    accounts = {p.counterparty.account for p in payments if isinstance(p.counterparty.account, str)}
    in_texts = {iban for p in payments for iban in ibans_in(p.text)}
    givers: defaultdict[ValidIban, set[DonorId]] = defaultdict(set)
    for run in in_runs(sorted(accounts | in_texts)):
        gave = sql_select(col(LineTextRow.account), gifts.c.donor_id).select_from(with_lines(gifts))
        for account, donor in session.execute(gave.where(col(LineTextRow.account).in_(run)).distinct()):
            givers[ValidIban(account)].add(DonorId(donor))
    known = replace(known, givers={iban: frozenset(donors) for iban, donors in givers.items()})
    return with_given(session, payments, known)


def _last_appeals(session: ReadSession, donors: Iterable[DonorId], appeals: Sequence[Appeal]) -> dict[DonorId, Appeal]:
    by_id = {appeal.id: appeal for appeal in appeals}
    if len(by_id) == 1:
        return {}  # `Directory.only_appeal` says it without walking a donor's years of gifts.
    last: dict[DonorId, Appeal] = {}
    for run in in_runs(sorted(donors)):
        newest_first = (gifts.c.booked_on.desc(), gifts.c.allocation_id.desc())
        age = func.row_number().over(partition_by=gifts.c.donor_id, order_by=newest_first)
        gave = (
            sql_select(gifts.c.donor_id, gifts.c.appeal_id, age.label("age"))
            .where(gifts.c.booked_for.in_(all_behind(run)))
            .subquery()
        )
        for donor, appeal in session.execute(sql_select(gave.c.donor_id, gave.c.appeal_id).where(gave.c.age == 1)):
            last[DonorId(donor)] = by_id[appeal]
    return last
