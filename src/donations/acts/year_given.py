"""What each donor gave in a year, less what of it ever went back: what certificates and the tax board's list say.

Other reports count a refund on the day it was booked. Where it returned a gift of an earlier year, the two differ by
what is told beside the sums, to the cent.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from donations.core.donor import DonorId
from donations.core.money import Currency, Minor
from donations.core.period import Period
from donations.ledger.returned import DonorPart, counted_in, returns
from donations.store.given import GiftScope
from donations.store.giving.donor_giving import came_back, parts_of, refunded_donors
from donations.store.giving.givers import YearSum, year_sums
from donations.store.session import ReadSession


@dataclass(frozen=True, slots=True, kw_only=True)
class DonorYear:
    """What a standing donor gave in the year in one currency; None are refunds of which nobody said whose."""

    donor: DonorId | None
    name: str
    currency: Currency
    minor: Minor


@dataclass(frozen=True, slots=True, kw_only=True)
class YearGiven:
    """A calendar year, by name; and what lies between it and the sums by day of booking."""

    given: tuple[DonorYear, ...]
    returned_later: Counter[Currency]
    """Of the year's gifts, in later years."""
    returned_of_before: Counter[Currency]
    """In the year, of gifts of earlier years."""


def year_given(session: ReadSession, year: int) -> YearGiven:
    """Return what was given in a year, as the books are now."""
    days = Period.of(year=year)
    booked = year_sums(session, GiftScope(first_day=days.first_day, last_day=days.last_day))
    refunded = refunded_donors(session, since=year).intersection({each.donor_id for each in booked})
    back: Counter[tuple[DonorId, Currency]] = Counter()
    later, before = Counter[Currency](), Counter[Currency]()
    again: Counter[tuple[DonorId | None, Currency]] = Counter()
    for came in came_back(session, year=year):
        is_back, is_refunded = came.day.year == year, came.refund_day.year == year
        again[came.donor, came.currency] += came.minor * is_back
        before[came.currency] += came.minor * (is_refunded - is_back)
    for each in returns(parts_of(session, refunded)):
        refund = each.refund
        if each.year == year:
            back[refund.donor, refund.currency] += each.minor
        if each.year == year < refund.day.year:
            later[refund.currency] += each.minor
        elif each.year < year == refund.day.year:
            before[refund.currency] += each.minor

    def given(each: YearSum) -> DonorYear:
        returned = back[each.donor_id, each.currency] if each.donor_id in refunded else each.refunded
        minor = each.given - again[each.donor_id, each.currency] - returned
        return DonorYear(donor=each.donor_id, name=each.name, currency=each.currency, minor=minor)

    return YearGiven(
        # Who gave nothing in the year and only got gifts of earlier years back is no giver of it.
        given=tuple(
            found for each in booked if (found := given(each)).minor or each.given > again[each.donor_id, each.currency]
        ),
        returned_later=later,
        returned_of_before=before,
    )


def parts_given(session: ReadSession, year: int, donors: Collection[DonorId]) -> dict[DonorId, list[DonorPart]]:
    """Return of each of these standing donors which gifts of a year count, and what lessens them, by day."""
    refunded = refunded_donors(session, since=year).intersection(donors)
    parts = parts_of(session, refunded) + parts_of(session, set(donors) - refunded, year=year)
    found: defaultdict[DonorId, list[DonorPart]] = defaultdict(list)
    for part in counted_in(year, parts):
        found[part.donor].append(part)
    return dict(found)
