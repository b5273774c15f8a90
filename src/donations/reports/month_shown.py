"""A month as terminal and API show it: its figures, what is in the way of closing it, and what came after that."""

from __future__ import annotations

from datetime import date

from donations.acts.proving import proofs
from donations.core.calendar import Month
from donations.ledger.obstacles import read
from donations.reports.months_of_year import month_obstacles
from donations.reports.obstacles import obstacles_in_words, set_aside_in_words
from donations.store.donors import people
from donations.store.months import Closing, changes, closings_in_force, count_corrections
from donations.store.session import ReadSession
from donations.views.formats import account
from donations.views.month import ChangeView, ClosingView, MonthView, change_views, closing_view, month_view
from donations.views.phrases import Teller


def month_shown(session: ReadSession, month: Month, teller: Teller, *, today: date) -> MonthView:
    """Return a month on this day (Europe/Tallinn)."""
    proved = proofs(session)
    found, in_the_way = month_obstacles(session, month, proved=proved, today=today)
    ways = obstacles_in_words(session, in_the_way, proved, account)
    closing = closings_in_force(session, first_day=month.first_day, last_day=month.last_day).get(month)
    after = [] if closing is None else [closing]
    return month_view(
        month,
        found,
        [(way.obstacle, teller.tell(way.phrase)) for way in ways],
        closing=None if closing is None else closing_shown(closing, teller),
        corrections=sum(count_corrections(session, after).values()),
        changed=[] if closing is None else changed_since(session, closing),
    )


def closing_shown(closing: Closing, teller: Teller) -> ClosingView:
    """Return how a month was closed."""
    return closing_view(closing, [(each, teller.tell(set_aside_in_words(each))) for each in read(closing.seal.reason)])


def changed_since(session: ReadSession, closing: Closing) -> list[ChangeView]:
    """Return the figures of a closed month that are others now."""
    since = changes(session, [closing]).get(closing.id, [])
    return change_views(closing.figures, since, people.appeals(session))
