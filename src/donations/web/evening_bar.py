"""Where the evening stands, for the bar on each page of the treasurer: asked before the page, once for each change.

A page holds its own connection while it is made: the bar is asked for before, or pages could wait for each other.
"""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request

from donations.access.person import Permission
from donations.acts.publishing import CLOSED_FOR, blocks_ready
from donations.core.calendar import Month
from donations.ledger.thread import EveningStep, EveningThread, Standing, evening_began, thread
from donations.store.evening import count_waiting, disclosed_last, first_closed_after, known_days
from donations.store.months import first_open_month
from donations.store.session import ReadSession, reading
from donations.store.version import books_version
from donations.web.access import visitor_of
from donations.web.pages import THREAD
from donations.web.site import Site, site_of


def look_at_evening(request: Request) -> None:
    """Leave where the evening stands for the page; who does not keep the books is told of none."""
    visitor, site = visitor_of(request), site_of(request)
    if visitor.may(Permission.CLOSE_MONTHS):
        with reading(site.engine) as session:
            request.scope[THREAD] = _thread(session, site)


def _thread(session: ReadSession, site: Site) -> EveningThread:
    state = (site.today, evening_began(site.clock()), books_version(session))
    known: EveningThread | None = site.evening.get(THREAD, state=state)
    if known is None:
        known = thread_now(session, site)
        site.evening.keep(THREAD, known, state=state)
    return known


def thread_now(session: ReadSession, site: Site) -> EveningThread:
    """Return where the evening stands; what costs more is asked only where all else is done."""
    today = site.today
    month = first_open_month(session, before=Month.of(today))
    waiting = count_waiting(session, month, today=today)
    told = disclosed_last(session)
    closed_at = first_closed_after(session, told.last_day)
    found = thread(
        Standing(
            today=today,
            accounts=known_days(session, month or Month.of(today).before),
            questions=waiting.all,
            questions_due=waiting.due,
            month=month,
            can_publish=closed_at is not None and closed_at + CLOSED_FOR <= site.clock(),
            is_published=told.last_day is not None,
            is_just_published=told.at is not None and told.at >= evening_began(site.clock()),
        )
    )
    if found.now is EveningStep.PUBLISH and not blocks_ready(session, now=site.clock()):
        found = thread(replace(found.standing, can_publish=False))
    return found
