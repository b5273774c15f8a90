"""What donors gave by month and appeal in euros, refunds taken off: what published blocks are made from."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

from sqlalchemy import func
from sqlalchemy import select as sql_select

from donations.core.allocation import Purpose
from donations.core.donor import AppealId, DonorId
from donations.core.money import EUR
from donations.core.month import Month
from donations.ledger.blocks import Given
from donations.store.given import entries, given
from donations.store.session import ReadSession


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
        .where(entries.c.currency == EUR, entries.c.purpose.in_((Purpose.GIFT.value, Purpose.REFUND.value)))
        .group_by(*key)
    )
    found: defaultdict[Month, Counter[tuple[DonorId | None, AppealId | None]]] = defaultdict(Counter)
    for in_year, in_month, donor, appeal, minor in session.execute(query):
        who = None if donor is None else DonorId(donor), None if appeal is None else AppealId(appeal)
        found[Month(int(in_year), int(in_month))][who] += int(minor)
    return {at: Counter({who: minor for who, minor in each.items() if minor}) for at, each in found.items()}


def donors_until(session: ReadSession, last_day: date) -> frozenset[DonorId]:
    """Return who gave more in euros up to a day than was given back."""
    query = (
        sql_select(given.c.donor_id)
        .where(given.c.booked_on <= last_day, given.c.currency == EUR, given.c.donor_id.is_not(None))
        .group_by(given.c.donor_id)
        .having(func.sum(given.c.minor) > 0)
    )
    return frozenset(map(DonorId, session.scalars(query)))
