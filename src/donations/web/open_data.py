"""The published figures for programs: JSON, CSV, a feed, a data package, and the page in schema.org's words."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.reports.public import PublicFigures, public_figures
from donations.reports.public_files import LICENCE_URL, data_package, public_csv, public_feed, spending_csv
from donations.settings import Settings
from donations.store.session import reading
from donations.web.access import needs
from donations.web.caching import for_everyone
from donations.web.pages import Site, SiteHere


def linked_data(figures: PublicFigures, settings: Settings) -> dict[str, Any]:
    """Return JSON-LD for a page of published figures."""
    home = settings.home
    organisation = {"@type": "NGO", "name": figures.snapshot.organisation, "url": f"{home}/"}
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": f"{figures.snapshot.organisation}: gifts received",
        "description": "Gifts by bank transfer, in blocks of whole months that never change. No donor can be told.",
        "url": f"{home}/",
        "license": LICENCE_URL,
        "isAccessibleForFree": True,
        "creator": organisation,
        "publisher": organisation,
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": f"{home}/{name}"}
            for kind, name in _files(figures)
        ],
    }
    if figures.blocks:
        first, last = figures.blocks[0], figures.blocks[-1]
        found["temporalCoverage"] = f"{first.first_day}/{last.last_day}"
        found["datePublished"] = first.published_on.isoformat()
        found["dateModified"] = last.published_on.isoformat()
    return found


def _files(figures: PublicFigures) -> list[tuple[str, str]]:
    spending = [("text/csv", "spending.csv")] if figures.spending else []
    return [("application/json", "transparency.json"), ("text/csv", "transparency.csv"), *spending]


router = APIRouter()


@router.get("/transparency.json")
@needs(Permission.PUBLIC)
def transparency_json(request: Request, site: SiteHere) -> Response:
    """Return everything that is published; `donations verify-public` checks it."""
    return _answer(request, published(site).content, "application/json")


@router.get("/transparency.csv")
@needs(Permission.PUBLIC)
def transparency_csv(request: Request, site: SiteHere) -> Response:
    """Return the blocks as CSV."""
    return _answer(request, public_csv(published(site)), "text/csv; charset=utf-8")


@router.get("/spending.csv")
@needs(Permission.PUBLIC)
def public_spending(request: Request, site: SiteHere) -> Response:
    """Return what the blocks tell of spending as CSV."""
    return _answer(request, spending_csv(published(site)), "text/csv; charset=utf-8")


@router.get("/transparency.atom")
@needs(Permission.PUBLIC)
def transparency_atom(request: Request, site: SiteHere) -> Response:
    """Return the blocks as a feed."""
    return _answer(request, public_feed(published(site), home=site.settings.home), "application/atom+xml")


@router.get("/datapackage.json")
@needs(Permission.PUBLIC)
def datapackage(request: Request, site: SiteHere) -> Response:
    """Describe the files."""
    return _answer(request, data_package(published(site), home=site.settings.home), "application/json")


def published(site: Site) -> PublicFigures:
    """Return what is published; a 404 before anything is."""
    with reading(site.engine) as session:
        figures = public_figures(session)
    if figures is None:
        raise Refusal(BooksCode.NOTHING_PUBLISHED)
    return figures


def _answer(request: Request, content: str | bytes, media_type: str) -> Response:
    return for_everyone(request, Response(content, media_type=media_type))
