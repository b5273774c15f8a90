"""What a month comes to, and what is in the way of closing it: asked by its page, the start page and the closing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from donations.acts.proving import Proved
from donations.core.calendar import Month
from donations.core.period import Period
from donations.ledger.figures import Figures
from donations.ledger.obstacles import MonthStanding, Obstacle, OpenAccount, obstacles
from donations.reports.month import figures
from donations.reports.under_way import money_under_way
from donations.store.months.closings import closed_months, first_open_month
from donations.store.session import ReadSession
from donations.store.statements.findings import questions_between


def month_obstacles(
    session: ReadSession, month: Month, *, proved: Sequence[Proved], today: date
) -> tuple[Figures, tuple[Obstacle, ...]]:
    """Return the figures of a month and what is in the way of closing it on this day (Europe/Tallinn)."""
    found = figures(session, month, proved)
    days = Period(month.first_day, month.last_day)
    standing = MonthStanding(
        is_closed=month in closed_months(session),
        is_over=month.last_day < today,
        earlier_open=first_open_month(session, before=month),
        accounts=tuple(
            OpenAccount(account=each.number, currency=each.currency, runs=tuple(each.open_runs(days)))
            for each in proved
        ),
        late=tuple(
            each
            for each in money_under_way(session, proved, today=today)
            if each.is_in_the_way and each.side.booked_on in days
        ),
        disagreements=sum(each.booked_on in days for each in questions_between(session)),
    )
    return found, obstacles(found, standing)
