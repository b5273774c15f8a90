"""What published blocks are made from: what donors gave by month and appeal, and what was spent, payee by payee."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate, pairwise

from sqlalchemy import func
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from donations.core.calendar import Month
from donations.core.donor import AppealId, DonorId
from donations.core.money import EUR
from donations.core.payment import PaymentId, Purpose
from donations.core.person_code import UnverifiedCode
from donations.core.spending import CategoryId, Payee, one_each
from donations.matching.payer import is_registry_code
from donations.published.blocks import BlockDraft, Given
from donations.published.spending import Cost, Unpublished
from donations.store.given import entries, given
from donations.store.publishing import KeptBlock
from donations.store.session import ReadSession
from donations.store.spending import CostOf, categories, costs, published_so_far, seen_so_far
from donations.store.tables.publishing import PayeeCategoryRow, PaymentCategoryRow

_GIVEN = entries.c.currency == EUR, entries.c.purpose.in_((Purpose.GIFT.value, Purpose.REFUND.value))


def given_by_month(
    session: ReadSession, *, first_day: date = date.min, last_day: date, after_allocation: int = 0
) -> dict[Month, Given]:
    """Return what the allocations with a higher number come to, by the month in which their payments were booked.

    What was taken back since comes to less than nothing; merged donors are one.
    """
    key = (entries.c.year, entries.c.month, entries.c.donor_id, entries.c.appeal_id)
    query = (
        sql_select(*key, func.sum(entries.c.minor))
        .where(entries.c.booked_on.between(first_day, last_day), entries.c.allocation_id > after_allocation)
        .where(*_GIVEN)
        .group_by(*key)
    )
    found: defaultdict[Month, Counter[tuple[DonorId | None, AppealId | None]]] = defaultdict(Counter)
    for in_year, in_month, donor, appeal, minor in session.execute(query):
        who = None if donor is None else DonorId(donor), None if appeal is None else AppealId(appeal)
        found[Month(int(in_year), int(in_month))][who] += int(minor)
    return {at: Counter({who: minor for who, minor in each.items() if minor}) for at, each in found.items()}


def counted_by_block(session: ReadSession, kept: Sequence[KeptBlock]) -> tuple[BlockDraft, ...]:
    """Return what each published block counted, with the corrections that it carries; merged donors are one.

    An allocation counts in the first block over its day that knew of it, as `reports/finding.py` tells too.
    """
    ends, knew = [each.block.last_day for each in kept], [*accumulate((each.last_allocation for each in kept), max)]
    counted: list[Counter[tuple[DonorId | None, AppealId | None]]] = [Counter() for _ in kept]
    key = (entries.c.donor_id, entries.c.appeal_id)
    query = sql_select(entries.c.booked_on, entries.c.allocation_id, *key, entries.c.minor).where(
        entries.c.booked_on <= max(ends, default=date.min), entries.c.allocation_id <= max(knew, default=0), *_GIVEN
    )
    for booked_on, allocation, donor, appeal, minor in session.execute(query) if kept else ():
        counted[max(bisect_left(ends, booked_on), bisect_left(knew, allocation))][donor, appeal] += minor
    return tuple(BlockDraft(months=each.block.months, given=given) for each, given in zip(kept, counted, strict=True))


def donors_until(session: ReadSession, last_day: date) -> frozenset[DonorId]:
    """Return who gave more in euros up to a day than was given back."""
    query = (
        sql_select(given.c.donor_id)
        .where(given.c.booked_on <= last_day, given.c.currency == EUR, given.c.donor_id.is_not(None))
        .group_by(given.c.donor_id)
        .having(func.sum(given.c.minor) > 0)
    )
    return frozenset(map(DonorId, session.scalars(query)))


def unpublished_spending(session: ReadSession, kept: Sequence[KeptBlock], *, since: date) -> Unpublished:
    """Return the costs in euros from a day on with what blocks told of them.

    Once something was told it goes on from there: another day would leave costs out or tell them twice.
    """
    tellers = [(each.block.spending, each) for each in kept if each.block.spending is not None]
    first_day = tellers[0][0].first_day if tellers else since
    people = frozenset(each.id for each in categories(session) if each.pays_people)
    found = costs(session, first_day=first_day, after_allocation=tellers[-1][1].last_allocation if tellers else 0)
    in_euros = [each for each in found if each.currency == EUR]
    stands = one_each(each.content for each in in_euros if each.content is not None)
    was = _Was(session, stands, moments=[each.at for _, each in tellers])
    who = {each.payment: None if each.payee is None else stands[each.payee] for each in in_euros}
    persons = {who[each.payment] for each in in_euros if _has_persons_code(each)} - {None}
    return Unpublished(
        first_day=tellers[-1][0].last_day + timedelta(days=1) if tellers else since,
        costs=tuple(
            Cost(
                booked_on=each.booked_on,
                category=each.category,
                who=who[each.payment],
                minor=each.minor,
                late=each.late,
                is_pay=(
                    each.category is None
                    or each.category in people
                    or _has_persons_code(each)
                    or who[each.payment] in persons
                ),
                was=was.of(each),
            )
            for each in in_euros
        ),
        disclosed=published_so_far(session),
        people=people,
        seen=seen_so_far(session),
    )


def _has_persons_code(cost: CostOf) -> bool:
    """Whether the bank names a person's code: then all that this payee is paid may be pay."""
    code = None if cost.content is None else cost.content.counterparty.code
    return code is not None and not isinstance(code, UnverifiedCode) and not is_registry_code(code)


class _Was:
    """What costs belonged to when blocks were published, and whatever else their payees were paid for then."""

    def __init__(self, session: ReadSession, stands: Mapping[Payee, Payee], *, moments: Sequence[datetime]) -> None:
        self._stands = stands
        self._payments = payments_at(session, moments)
        self._payees: defaultdict[Payee, frozenset[CategoryId]] = defaultdict(frozenset)
        for payee, categories_then in payees_at(session, moments).items():
            self._payees[stands.get(payee, payee)] |= categories_then

    def of(self, cost: CostOf) -> frozenset[CategoryId]:
        """Return it of one cost."""
        own = self._payments.get(cost.payment, frozenset())
        return own if cost.payee is None else own | self._payees[self._stands[cost.payee]]


Word = PayeeCategoryRow | PaymentCategoryRow


def payees_at(session: ReadSession, moments: Sequence[datetime]) -> dict[Payee, frozenset[CategoryId]]:
    """Return what payees belonged to at any of these moments, which are in order; erased ones are left out."""
    words: defaultdict[Payee, list[Word]] = defaultdict(list)
    for row in session.exec(select(PayeeCategoryRow).order_by(col(PayeeCategoryRow.id))):
        if row.payee:
            words[Payee(row.payee)].append(row)
    return {payee: _words_in_force(said, moments) for payee, said in words.items()}


def payments_at(session: ReadSession, moments: Sequence[datetime]) -> dict[PaymentId, frozenset[CategoryId]]:
    """Return what payments belonged to by themselves at any of these moments, which are in order."""
    words: defaultdict[PaymentId, list[Word]] = defaultdict(list)
    for row in session.exec(select(PaymentCategoryRow).order_by(col(PaymentCategoryRow.id))):
        words[PaymentId(row.payment_id)].append(row)
    return {payment: _words_in_force(said, moments) for payment, said in words.items()}


def _words_in_force(words: Sequence[Word], moments: Sequence[datetime]) -> frozenset[CategoryId]:
    return frozenset(CategoryId(word.category_id) for word in _newest(words, moments) if word.category_id is not None)


def _newest(words: Sequence[Word], moments: Sequence[datetime]) -> Iterable[Word]:
    """Yield the words that were the newest at a moment; of two at that very moment both, for nobody knows."""
    for word, after in pairwise((*words, None)):
        if word is not None:
            first = bisect_left(moments, word.said_at)
            if first < len(moments) and (after is None or moments[first] <= after.said_at):
                yield word
