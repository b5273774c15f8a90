"""What was spent and no published block has told, payee by payee: what the spending of blocks is made from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from donations.core.money import EUR
from donations.core.person_code import UnverifiedCode
from donations.core.spending import CategoryId, one_each
from donations.ledger.spending import Cost, Untold
from donations.matching.payer import is_registry_code
from donations.store.public.publishing import KeptBlock
from donations.store.session import ReadSession
from donations.store.spending.categories import categories
from donations.store.spending.costs import CostOf, costs
from donations.store.spending.told import seen_so_far, told_so_far


def untold_spending(session: ReadSession, kept: Sequence[KeptBlock], *, since: date) -> Untold:
    """Return the costs in euros from a day on with what blocks told of them.

    Once something was told it goes on from there: another day would leave costs out or tell them twice.
    """
    tellers = [(each.block.spending, each) for each in kept if each.block.spending is not None]
    first_day = tellers[0][0].first_day if tellers else since
    people = frozenset(each.id for each in categories(session) if each.pays_people)
    found = costs(session, first_day=first_day, after_allocation=tellers[-1][1].last_allocation if tellers else 0)
    in_euros = [each for each in found if each.currency == EUR]
    stands = one_each(each.content for each in in_euros if each.content is not None)
    return Untold(
        first_day=tellers[-1][0].last_day + timedelta(days=1) if tellers else since,
        costs=tuple(
            Cost(
                booked_on=each.booked_on,
                category=each.category,
                who=None if each.payee is None else stands[each.payee],
                minor=each.minor,
                late=each.late,
                is_pay=_is_pay(each, people),
            )
            for each in in_euros
        ),
        told=told_so_far(session),
        people=people,
        seen=seen_so_far(session),
    )


def _is_pay(cost: CostOf, people: frozenset[CategoryId]) -> bool:
    """Whether it may be somebody's pay: by its category, or because the bank names a person's code."""
    code = None if cost.content is None else cost.content.counterparty.code
    is_person = code is not None and not isinstance(code, UnverifiedCode) and not is_registry_code(code)
    return is_person or cost.category is None or cost.category in people
