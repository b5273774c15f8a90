"""Donors who may be one: proposed, merged with the outcome shown first, called two, and taken apart again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.acts.merging import MergeResult, call_two, forget_two, merge, part_link, unmerge
from donations.acts.promise import Act, Shown, do_as_shown, show_first
from donations.core.donor import DonorId
from donations.reports.duplicates import denied, duplicates, pairs_alike
from donations.store.donors.donor_search import Order, donor_filter_from, found_donors, search
from donations.store.session import ID_MAX, as_reader, reading, writing
from donations.views.language import gettext
from donations.web.access import VisitorHere, needs
from donations.web.addresses import Paging
from donations.web.going_on import kept_as
from donations.web.pages import Site, SiteHere, page, see
from donations.web.treasurer.donors.donors import DonorNumber, donor_here
from donations.web.treasurer.step_page import step_page

PAIRS_AT_ONCE = 20
CHOICES_MAX = 20

router = APIRouter(prefix="/donors")

Number = Annotated[int, Query(ge=1, le=ID_MAX)]
NumberSent = Annotated[int, Form(ge=1, le=ID_MAX)]


@router.get("/duplicates")
@needs(Permission.SEE_NAMES)
def alike(request: Request, site: SiteHere, at: Annotated[int, Query(alias="page", ge=1)] = 1) -> Response:
    """List the donors who may be one, the surest first, and those that are two by a person's word."""
    year = site.today.year
    with reading(site.engine) as session:
        pairs = site.found_by(session, pairs_alike)
        paging = Paging(at=at, size=PAIRS_AT_ONCE, total=len(pairs))
        shown = duplicates(session, pairs[paging.start : paging.end], year=year)
        two = denied(session)
    return page(request, "treasurer/donors/duplicates.html", pairs=shown, paging=paging, denied=two)


@router.post("/duplicates/differ")
@needs(Permission.DECIDE)
def differ(request: Request, site: SiteHere, visitor: VisitorHere, one: NumberSent, other: NumberSent) -> Response:
    """Remember that two donors are two."""
    with writing(site.engine) as session:
        pair = [donor_here(as_reader(session), each).id for each in (one, other)]
        call_two(session, pair[0], pair[1], by=visitor.name, now=site.clock())
    return see(request, "/treasurer/donors/duplicates")


@router.post("/duplicates/forget")
@needs(Permission.DECIDE)
def forget(request: Request, site: SiteHere, one: NumberSent, other: NumberSent) -> Response:
    """Propose the two again."""
    with writing(site.engine) as session:
        forget_two(session, DonorId(one), DonorId(other), now=site.clock())
    return see(request, "/treasurer/donors/duplicates")


@router.get("/{donor_id}/merge")
@needs(Permission.DECIDE)
def choose(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    donor_id: DonorNumber,
    into: Number | None = None,
    find: Annotated[str, Query(max_length=140)] = "",
) -> Response:
    """Look for the other donor; with one chosen, show what merging would come to by doing it and rolling back."""
    if into is not None:
        outcome = show_first(
            site.engine,
            _merge(donor_id, into, reason="", by=visitor.name, site=site),
            kept=kept_as(site, "merge", donor_id, into, visitor.name),
        )
        return step_page(request, "treasurer/donors/merge.html", outcome)
    year = site.today.year
    with reading(site.engine) as session:
        donor = donor_here(session, donor_id)
        found = site.found_by(session, search, donor_filter_from(find or donor.name))
        rows = found_donors(session, found, year=year, order=Order.NAME, start=0, size=CHOICES_MAX)
    others = [row for row in rows if row.donor_id != donor_id]
    return page(request, "treasurer/donors/merge_choose.html", donor=donor, others=others, find=find, total=len(found))


@router.post("/{donor_id}/merge")
@needs(Permission.DECIDE)
def commit(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    donor_id: DonorNumber,
    into: NumberSent,
    promised: Annotated[str, Form(max_length=64)],
    reason: Annotated[str, Form(max_length=1_000)] = "",
) -> Response:
    """Merge exactly as shown, or show the new outcome where it would differ."""
    reason = reason.strip() or gettext("They looked alike.")
    outcome = do_as_shown(
        site.engine, _merge(donor_id, into, reason=reason, by=visitor.name, site=site), promised=promised
    )
    if outcome.is_outdated:
        return step_page(request, "treasurer/donors/merge.html", outcome)
    return see(request, f"/treasurer/donors/{into}?done=merged")


@router.get("/{donor_id}/merges/{number}/apart")
@needs(Permission.DECIDE)
def consider_parting(
    request: Request, site: SiteHere, visitor: VisitorHere, donor_id: DonorNumber, number: int
) -> Response:
    """Show what taking a merge apart would come to, by doing it and rolling back."""
    outcome = show_first(
        site.engine,
        _part(number, by=visitor.name, site=site),
        kept=kept_as(site, "merge apart", number, visitor.name),
    )
    return _apart_page(request, donor_id, outcome)


@router.post("/{donor_id}/merges/{number}/apart")
@needs(Permission.DECIDE)
def part(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    donor_id: DonorNumber,
    number: int,
    promised: Annotated[str, Form(max_length=64)],
) -> Response:
    """Take a merge apart exactly as shown, or show the new outcome where it would differ."""
    return _parted(
        request, donor_id, do_as_shown(site.engine, _part(number, by=visitor.name, site=site), promised=promised)
    )


@router.get("/{donor_id}/links/{number}/apart")
@needs(Permission.DECIDE)
def consider_calling_two(
    request: Request, site: SiteHere, visitor: VisitorHere, donor_id: DonorNumber, number: int
) -> Response:
    """Show what it would come to that two donors are two whom the bank's lines link, by doing it and rolling back."""
    outcome = show_first(
        site.engine,
        _part_link(number, by=visitor.name, site=site),
        kept=kept_as(site, "link apart", number, visitor.name),
    )
    return _apart_page(request, donor_id, outcome)


@router.post("/{donor_id}/links/{number}/apart")
@needs(Permission.DECIDE)
def call_linked_two(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    donor_id: DonorNumber,
    number: int,
    promised: Annotated[str, Form(max_length=64)],
) -> Response:
    """Let them be two exactly as shown, or show the new outcome where it would differ."""
    return _parted(
        request, donor_id, do_as_shown(site.engine, _part_link(number, by=visitor.name, site=site), promised=promised)
    )


def _merge(goes: int, into: int, *, reason: str, by: str, site: Site) -> Act[MergeResult]:
    return lambda session: merge(session, DonorId(goes), into=DonorId(into), reason=reason, by=by, now=site.clock())


def _part(number: int, *, by: str, site: Site) -> Act[MergeResult]:
    return lambda session: unmerge(session, number, by=by, now=site.clock())


def _part_link(number: int, *, by: str, site: Site) -> Act[MergeResult]:
    return lambda session: part_link(session, number, by=by, now=site.clock())


def _apart_page(request: Request, donor_id: int, outcome: Shown[MergeResult]) -> Response:
    """Show what taking apart comes to; its form goes to the address where it is shown."""
    return step_page(request, "treasurer/donors/merge_apart.html", outcome, donor_id=donor_id, action=request.url.path)


def _parted(request: Request, donor_id: int, outcome: Shown[MergeResult]) -> Response:
    if outcome.is_outdated:
        return _apart_page(request, donor_id, outcome)
    return see(request, f"/treasurer/donors/{donor_id}?done=apart")
