"""Judges again what hangs on some claims, and tells what became of the gifts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from donations.acts.judging import ChangedPayments, judge
from donations.core.donor import Claim, CodeClaim, DonorId, PayerClaim
from donations.core.money import Currency, Minor, totals
from donations.core.payment import Allocation, Payment, PaymentId
from donations.ledger.booking import live, unallocated
from donations.store.donors import people
from donations.store.payments.allocations import allocations_of
from donations.store.payments.payments import load_payments, payments_sharing
from donations.store.session import ReadSession, WriteSession, as_reader


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedGifts:
    """Gifts that were one donor's and are another's now; a donor without name is nobody, for the money has a question.

    Donors are those that stand after the change.
    """

    before: str | None
    after: str | None
    gifts: int
    totals: tuple[tuple[Currency, Minor], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Became:
    """What judging again came to."""

    answered: int
    """Questions that are none any more."""
    asked: int
    """Questions that were none before."""
    moved: tuple[MovedGifts, ...]


def rejudge(session: WriteSession, claims: Collection[Claim], *, now: datetime) -> Became:
    """Judge again every payment that these claims may recognise, after they changed."""
    reader = as_reader(session)
    payments = _payments(reader, claims)
    ids = [payment.id for payment in payments]
    before = allocations_of(reader, ids)
    judge(session, ChangedPayments(payments={payment.id: payment for payment in payments}, claims=set(claims)), now=now)
    after = allocations_of(reader, ids)
    open_before, open_now = _open(payments, before), _open(payments, after)
    return Became(
        answered=len(open_before - open_now),
        asked=len(open_now - open_before),
        moved=_moved(reader, before, after),
    )


def _payments(session: ReadSession, claims: Collection[Claim]) -> list[Payment]:
    """Return the payments with the accounts or codes of these claims, and all else from the same accounts.

    Who is meant by an account without a name depends on every name and code that was seen there.
    """
    accounts = {str(claim.iban) for claim in claims if isinstance(claim, PayerClaim)}
    codes = {str(claim.code) for claim in claims if isinstance(claim, CodeClaim)}
    named = load_payments(session, payments_sharing(session, accounts=(), codes=codes, without=()))
    accounts |= {each.counterparty.account for each in named if isinstance(each.counterparty.account, str)}
    beside = payments_sharing(session, accounts=accounts, codes=(), without={each.id for each in named})
    return [*named, *load_payments(session, beside)]


def _open(payments: Iterable[Payment], booked: dict[PaymentId, list[Allocation]]) -> set[PaymentId]:
    return {each.id for each in payments if unallocated(each, booked.get(each.id, []))}


def _moved(
    session: ReadSession, before: dict[PaymentId, list[Allocation]], after: dict[PaymentId, list[Allocation]]
) -> tuple[MovedGifts, ...]:
    changes: defaultdict[tuple[DonorId | None, DonorId | None], list[Allocation]] = defaultdict(list)
    for payment in sorted(before.keys() | after.keys()):
        old, new = live(before.get(payment, [])), live(after.get(payment, []))
        if [row.id for row in old] != [row.id for row in new]:
            changes[_donor(old), _donor(new)] += new or old
    donors = people.donors(session, {donor for pair in changes for donor in pair if donor is not None})
    names: dict[DonorId | None, str | None] = {None: None, **{each: donor.name for each, donor in donors.items()}}
    return tuple(
        MovedGifts(before=names[old], after=names[new], gifts=len(rows), totals=totals(row.amount for row in rows))
        for (old, new), rows in sorted(changes.items(), key=lambda each: [donor or 0 for donor in each[0]])
        if old != new
    )


def _donor(rows: Sequence[Allocation]) -> DonorId | None:
    return rows[0].donor if rows else None
