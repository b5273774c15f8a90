"""Money under way between own accounts: which side is in the books, and when the other one should be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from donations.identity.stated import days_between
from donations.identity.witnesses import wholly_covered
from donations.ledger.transfers import UnderWay, under_way
from donations.reports.proofs import Proved
from donations.store.payments.transfers import transfer_sides
from donations.store.session import ReadSession


def money_under_way(session: ReadSession, proved: Sequence[Proved], *, today: date) -> list[UnderWay]:
    """Return the own transfers of which one side is missing on this day (Europe/Tallinn)."""
    covered: defaultdict[str, set[date]] = defaultdict(set)
    for each in proved:
        covered[each.number] |= wholly_covered(each.proof.witnesses)

    def covers(number: str, first_day: date, last_day: date) -> bool:
        return covered[number].issuperset(days_between(first_day, last_day))

    return under_way(transfer_sides(session), covers=covers, today=today)
