"""Who came, stopped, raised or lowered in a month: by name for who may see names, else counted."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from donations.access.permission import Permission
from donations.reports.dashboard.folding import count_shown
from donations.reports.exceptions import Exceptions, Notice, exceptions_of
from donations.store.donors import people
from donations.store.session import ReadSession, reading
from donations.web.access import VisitorHere, needs
from donations.web.pages import SiteHere, page
from donations.web.paging import Paging
from donations.web.staff.chosen import Asked, Chosen, chosen

FEW = 5
"""So many donors of each list stand on the page of all lists."""
DONORS_AT_ONCE = 100

router = APIRouter(prefix="/donors")


class AskedDonors(Asked):
    """The choice, and one list of all."""

    list: Notice | None = None


@router.get("")
@needs(Permission.SEE_FIGURES)
def show(request: Request, site: SiteHere, visitor: VisitorHere, asked: Annotated[AskedDonors, Query()]) -> Response:
    """Show what is to notice of the donors of a month, or one list of it."""
    with reading(site.engine) as session:
        choice = chosen(session, asked, visitor, site)
        found = exceptions_of(session, choice.month, appeal_id=choice.appeal, account_id=choice.account)
        if not choice.sees_names:
            counts = {notice: count_shown(len({each.donor for each in many})) for notice, many in found.noticed.items()}
            return page(request, "staff/donors_counted.html", choice=choice, found=found, counts=counts)
        if asked.list is not None:
            return _list(request, session, choice, found, asked)
        few = {notice: many[:FEW] for notice, many in found.noticed.items()}
        donors = people.donors(session, {each.donor for many in few.values() for each in many})
        return page(request, "staff/donors.html", choice=choice, found=found, few=few, donors=donors)


def _list(request: Request, session: ReadSession, choice: Chosen, found: Exceptions, asked: AskedDonors) -> Response:
    many = found.noticed[asked.list or Notice.NEW]
    paging = Paging(at=asked.page, size=DONORS_AT_ONCE, total=len(many))
    shown = many[paging.start : paging.end]
    return page(
        request,
        "staff/donors_list.html",
        choice=choice,
        notice=asked.list,
        shown=shown,
        paging=paging,
        donors=people.donors(session, {each.donor for each in shown}),
    )
