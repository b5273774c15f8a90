"""What a directory knows of the past: gifts that may go back, money out that may come back, own transfers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

from sqlalchemy import or_, select
from sqlmodel import col

from donations.core.donor import AppealId, CodeClaim, DonorId
from donations.core.money import Currency, Minor, MoneyIn, MoneyOut
from donations.core.name import NameKey, name_key
from donations.core.payment import Payment, PaymentId, Purpose
from donations.ledger.booking import live
from donations.ledger.returned import lefts
from donations.matching.directory import (
    UNDER_WAY,
    Directory,
    GivenGift,
    OwnSide,
    PaidOut,
    PaidTo,
    account_text,
    paid_keys,
)
from donations.matching.payer import payer_of
from donations.store.donors import people
from donations.store.giving.donor_giving import parts_of
from donations.store.papers.paper_settings import OwnName, paper_settings
from donations.store.payments.allocations import allocations_of
from donations.store.payments.payers import money_out_of_amounts, names_with_accounts
from donations.store.payments.payments import load_payments
from donations.store.session import ReadSession
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
    own = [each for each in payments if name_key(each.counterparty.name) in known.own_names]
    sides: defaultdict[tuple[Currency, Minor], list[OwnSide]] = defaultdict(list)
    for payment in load_payments(session, _opposite(session, own)):
        party, money = payment.counterparty, payment.money
        side = OwnSide(payment.id, payment.booked_on, payment.account, party.account, name_key(party.name))
        sides[money.amount.currency, money.signed_minor].append(side)
    return replace(known, own_sides={key: tuple(each) for key, each in sides.items()})


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
