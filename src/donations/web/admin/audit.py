"""The audit log: who did and looked at what, for those who look after the people and those who audit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.ledger.audit import AREAS, About, Area, Kept
from donations.reports.audited import ABOUT_NAMES, ACTION_NAMES, AREA_NAMES
from donations.store.log.audit import EntryFilter, count_entries, entries, head, people_acting
from donations.store.session import reading
from donations.web.access import Visitor, VisitorHere, needs
from donations.web.pages import Site, SiteHere, page
from donations.web.paging import Paging

ENTRIES_AT_ONCE = 50
_PLACES = {
    About.IMPORT: "/treasurer/imports/{}",
    About.PAYMENT: "/treasurer/payments/{}",
    About.DONOR: "/treasurer/donors/{}",
    About.MONTH: "/treasurer/months/{}",
    About.PERSON: "/admin/people/{}",
}

router = APIRouter(prefix="/admin/audit")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryShown:
    """One entry as the page shows it."""

    number: int
    at: datetime
    by: str
    action: str
    about: str
    """What names the thing, with a place for its number; the path itself for an address."""
    id: str
    more: int
    """Further things that the same act was about."""
    place: str | None
    """Where it can be looked at by who asks."""


@router.get("")
@needs(Permission.SEE_LOG)
def log(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    by: str = "",
    area: str = "",
    at: Annotated[int, Query(alias="page", ge=1, le=10_000_000)] = 1,
) -> Response:
    """List what was done, by everybody or one person, in all or one part of the work."""
    chosen = Area(area) if area in set(Area) else None
    with reading(site.engine) as session:
        people = people_acting(session)
        person = next((each for each in people if str(each[0]) == by), None)
        wanted = EntryFilter(
            by=None if person is None else person[1], actions=None if chosen is None else AREAS[chosen]
        )
        paging = Paging(at=at, size=ENTRIES_AT_ONCE, total=count_entries(session, wanted))
        found = entries(session, wanted, start=paging.start, size=paging.size)
        newest = head(session)
    return page(
        request,
        "admin/audit.html",
        entries=list(_views(found, site=site, visitor=visitor)),
        paging=paging,
        people=people,
        areas=AREA_NAMES,
        by=None if person is None else person[0],
        area=chosen,
        query=urlencode({key: value for key, value in {"by": by, "area": area}.items() if value}),
        newest=newest,
    )


def _views(found: Sequence[Kept], *, site: Site, visitor: Visitor) -> Iterator[EntryShown]:
    for kept in found:
        entry = kept.entry
        about = About(entry.about)
        place = _PLACES[about].format(entry.id) if about in _PLACES and entry.id else None
        route = None if place is None else site.routes.page(place)
        yield EntryShown(
            number=entry.number,
            at=entry.at,
            by=entry.by,
            action=ACTION_NAMES[entry.done],
            about=ABOUT_NAMES.get(about, "") if entry.id else "",
            id=entry.id if about in ABOUT_NAMES or about is About.ADDRESS else "",
            more=max(0, len(kept.told.get("all", ())) - 1),
            place=place if route is not None and visitor.may(route.permission) else None,
        )
