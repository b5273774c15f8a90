"""The public pages: what was given, how to give, and whether the program is well. No donor is in reach."""

from __future__ import annotations

from fastapi import APIRouter
from sqlmodel import select
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from donations.access.permission import Permission
from donations.reports.public import DONORS_MIN, public_figures
from donations.store.session import reading
from donations.web.access import needs
from donations.web.formats import TALLINN
from donations.web.pages import SiteHere, page

router = APIRouter()


@router.get("/")
@needs(Permission.PUBLIC)
def total(request: Request, site: SiteHere) -> Response:
    """Show what was given and how to give."""
    today = site.clock().astimezone(TALLINN).date()
    with reading(site.engine) as session:
        figures = public_figures(session, today=today)
    return page(request, "public/total.html", figures=figures, year=today.year, donors_min=DONORS_MIN)


@router.get("/healthz")
@needs(Permission.PUBLIC)
def healthz(site: SiteHere) -> Response:
    """Say that the database answers."""
    with reading(site.engine) as session:
        session.exec(select(1)).one()
    return PlainTextResponse("ok\n")
