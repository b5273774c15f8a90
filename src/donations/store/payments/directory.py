"""The directory that payments are judged by, made from payments and gifts: who pays, and what may go or come back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

from sqlalchemy import func, or_, select
from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.donor import Appeal, AppealId, CodeClaim, DonorId, PayerClaim
from donations.core.iban import ValidIban, ibans_in
from donations.core.money import Currency, Minor, MoneyIn, MoneyOut
from donations.core.name import NameKey, name_key
from donations.core.payment import Payment, PaymentId, Purpose
from donations.core.statement import LineKind
from donations.ledger.booking import live
from donations.ledger.returned import lefts
from donations.matching.directory import (
    UNDER_WAY,
    Directory,
    GivenGift,
    OwnSide,
    PaidOut,
    PaidTo,
    Payers,
    account_text,
    paid_keys,
)
from donations.matching.payer import payer_of
from donations.store.donors import people
from donations.store.donors.grouping import Surroundings, claims_of, surroundings_of
from donations.store.donors.registered import payers_by_word
from donations.store.donors.surviving import all_behind
from donations.store.given import gifts, with_lines
from donations.store.giving.donor_giving import parts_of
from donations.store.line_texts import line_texts
from donations.store.organisation import OwnName, own_codes, paper_settings
from donations.store.payments.allocations import allocations_of
from donations.store.payments.payers import money_out_of_amounts, names_with_accounts, payers_from, sighted
from donations.store.payments.payments import load_payments
from donations.store.payments.rules import standing_rules
from donations.store.session import ReadSession, in_runs
from donations.store.tables import ActiveFileRow, PaymentRow, StatementRow


def own_names(session: ReadSession) -> frozenset[NameKey]:
    """Return the organisation's own name: as it was said, and however banks write it on and beside its accounts."""
    beside = names_with_accounts(session, map(people.number_text, people.own_numbers(session)))
    said = name_key(paper_settings(session, OwnName).called)
    return (beside | owners(session) | {said}) - {NameKey("")}


def owners(session: ReadSession) -> frozenset[NameKey]:
    """Return who owns the own accounts, as active statements say."""
    query = (
        select(col(StatementRow.owner))
        .join(ActiveFileRow, col(ActiveFileRow.file_id) == col(StatementRow.file_id))
        .where(col(StatementRow.owner) != "")
        .distinct()
    )
    return frozenset(map(name_key, session.scalars(query)))


def with_paid_out(session: ReadSession, payments: Iterable[Payment], known: Directory) -> Directory:
    """Add what went out before of the amounts that come in now, to the same accounts or names.

    What a bank returned to a giver is no payment of ours that could come back.
    """
    came = [each for each in payments if isinstance(each.money, MoneyIn)]
    minors = {each.money.amount.minor for each in came}
    accounts = {account_text(each.counterparty.account) for each in came}
    names = {name_key(each.counterparty.name) for each in came if each.counterparty.account is None}
    ids = money_out_of_amounts(session, accounts=accounts, names=names - {NameKey("")}, minors=minors)
    refunds = _refunds(session, ids)
    found: defaultdict[PaidTo, list[PaidOut]] = defaultdict(list)
    for payment in (each for each in load_payments(session, ids) if not each.is_reversal):
        out = PaidOut(payment.id, payment.booked_on, *refunds.get(payment.id, ()))
        for key in paid_keys(payment):
            found[key].append(out)
    return replace(known, paid_out={key: tuple(outs) for key, outs in found.items()})


def with_given(session: ReadSession, payments: Iterable[Payment], known: Directory) -> Directory:
    """Add the donors whom money out may go back to, by account, code and name, and their gifts."""
    out = [each for each in payments if isinstance(each.money, MoneyOut)]
    payers = [payer_of(each, own_codes=known.own_codes) for each in out]
    by_code = people.donors_claimed(session, [CodeClaim(each.code) for each in payers if each.code is not None])
    standing = people.donors(session, by_code.values())
    donors = {claim: standing[donor].id for claim, donor in by_code.items()}
    named = people.donors_named(session, {each.name for each in payers})
    by_account = (known.givers.get(each.iban, frozenset()) for each in payers if each.iban is not None)
    given = given_gifts(session, {*donors.values(), *chain.from_iterable((*named.values(), *by_account))})
    return replace(known, donors={**known.donors, **donors}, donors_by_name=named, given=given)


def given_gifts(
    session: ReadSession, donors: Iterable[DonorId], *, without: PaymentId | None = None
) -> dict[DonorId, tuple[GivenGift, ...]]:
    """Return the gifts of standing donors, each with what has not gone back, but for what one payment returned."""
    found: defaultdict[DonorId, list[GivenGift]] = defaultdict(list)
    parts = (part for part in parts_of(session, set(donors)) if part.payment != without)
    for part, left in lefts(parts):
        if part.appeal is not None and part.payment is not None:
            gift = GivenGift(part.payment, part.day, part.minor, part.currency, left, part.appeal)
            found[part.donor].append(gift)
    return {donor: tuple(gifts) for donor, gifts in found.items()}


def with_own_sides(session: ReadSession, payments: Sequence[Payment], known: Directory) -> Directory:
    """Add what may be the other side of own transfers among these payments, to propose it."""
    own = [each for each in payments if _is_own_money(each, known)]
    sides: defaultdict[tuple[Currency, Minor], list[OwnSide]] = defaultdict(list)
    for payment in load_payments(session, _opposite(session, own)):
        party, money = payment.counterparty, payment.money
        side = OwnSide(payment.id, payment.booked_on, payment.account, party.account, name_key(party.name))
        sides[money.amount.currency, money.signed_minor].append(side)
    return replace(known, own_sides={key: tuple(each) for key, each in sides.items()})


def _is_own_money(payment: Payment, known: Directory) -> bool:
    """Whether the rules may take a payment for our own: by its name, or by an own account in its text."""
    is_cash = payment.kind is LineKind.CASH
    return is_cash or name_key(payment.counterparty.name) in known.own_names or known.names_own_account(payment.text)


def _opposite(session: ReadSession, payments: Iterable[Payment]) -> set[PaymentId]:
    wanted = [
        (col(PaymentRow.minor) == -each.money.signed_minor)
        & (col(PaymentRow.currency) == each.money.amount.currency)
        & col(PaymentRow.booked_on).between(each.booked_on - UNDER_WAY, each.booked_on + UNDER_WAY)
        for each in payments
    ]
    runs = (wanted[at : at + 100] for at in range(0, len(wanted), 100))
    return {PaymentId(each) for run in runs for each in session.scalars(select(col(PaymentRow.id)).where(or_(*run)))}


def _refunds(session: ReadSession, ids: Iterable[PaymentId]) -> dict[PaymentId, tuple[DonorId, AppealId | None]]:
    """Return to whom, and of which appeal, those of these payments went that are booked as one refund."""
    standing = {payment: live(rows) for payment, rows in allocations_of(session, ids).items()}
    booked = {
        payment: (rows[0].donor, rows[0].appeal)
        for payment, rows in standing.items()
        if len(rows) == 1 and rows[0].purpose is Purpose.REFUND and rows[0].donor is not None
    }
    donors = people.donors(session, [donor for donor, _ in booked.values()])
    return {payment: (donors[donor].id, appeal) for payment, (donor, appeal) in booked.items()}


def directory_around(session: ReadSession, payments: Iterable[Payment]) -> Directory:
    """Return what money in is judged by, as things stand, for these payments."""
    return directory_of(session, *payers_around(session, payments))


def payers_around(session: ReadSession, payments: Iterable[Payment]) -> tuple[Payers, Surroundings]:
    """Return who was seen paying from the accounts of these payments, and what makes them donors."""
    own = own_codes(session)
    seen = sighted(session, payments, own_codes=own)
    seeds = claims_of(seen)
    accounts = {str(each.iban) for each in seen if each.iban is not None}
    seen |= payers_from(session, accounts=accounts, own_codes=own)
    return Payers.of(seen), surroundings_of(session, seeds, known=seen, accounts=accounts)


def directory_of(session: ReadSession, payers: Payers, known: Surroundings) -> Directory:
    """Return what money in is judged by, as far as these payers need it."""
    groups = known.groups
    standing = people.standing(session, known.registered.values())
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
        donors={claim: standing[donor] for claim, donor in known.registered.items()},
    )


def givers_directory(session: ReadSession, payments: Sequence[Payment], known: Directory) -> Directory:
    """Add all that questions about these payments may propose: donors by name, gifts, what came back, own transfers."""
    known = gifts_directory(session, payments, with_named_payers(session, payments, known))
    known = with_own_sides(session, payments, with_paid_out(session, payments, known))
    parties = [each.counterparty for each in payments]
    named = people.donors_named(
        session, {name_key(name) for each in parties for name in (each.name, each.on_behalf_of)}
    )
    refunded = (out.refund_of for outs in known.paid_out.values() for out in outs if out.refund_of is not None)
    groups = (*known.givers.values(), *named.values(), known.donors.values(), refunded)
    last = _last_appeals(session, set(chain.from_iterable(groups)), known.appeals)
    return replace(known, donors_by_name=named, last_appeal=last)


def with_named_payers(session: ReadSession, payments: Iterable[Payment], known: Directory) -> Directory:
    """Add the donors whom payments name beside their payer: on whose behalf, or by a code without account and name."""
    payers = [payer_of(each, own_codes=known.own_codes) for each in payments]
    behind = {PayerClaim(each.iban, each.on_behalf_of) for each in payers if each.iban and each.on_behalf_of}
    codes = {CodeClaim(code) for each in payers for code in (each.code, *each.text_codes) if code is not None}
    claimed = people.donors_claimed(session, (behind | codes) - known.donors.keys())
    standing = people.donors(session, claimed.values())
    return replace(known, donors={**known.donors, **{claim: standing[each].id for claim, each in claimed.items()}})


def gifts_directory(session: ReadSession, payments: Sequence[Payment], known: Directory) -> Directory:
    """Add who gave from the accounts of these payments, and what money out may return of it."""
    accounts = {p.counterparty.account for p in payments if isinstance(p.counterparty.account, str)}
    in_texts = {iban for p in payments for iban in ibans_in(p.text)}
    givers: defaultdict[ValidIban, set[DonorId]] = defaultdict(set)
    for run in in_runs(sorted(accounts | in_texts)):
        gave = sql_select(line_texts.c.account, gifts.c.donor_id).select_from(with_lines(gifts))
        for account, donor in session.execute(gave.where(line_texts.c.account.in_(run)).distinct()):
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
