"""All certificates of a year set as PDF in one batch: begun, watched, and taken along as one archive."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from donations.access.permission import Permission
from donations.certificates import Issued, year_of_certificates
from donations.documents.certificate import content_of, to_set
from donations.store.session import reading
from donations.web.access import needs
from donations.web.certificate_papers import papers
from donations.web.pages import Site, SiteHere, page

router = APIRouter(prefix="/certificates/{year}")

Year = Annotated[int, Path(ge=2000, le=2100)]


def begin(site: Site, year: int) -> None:
    """Have all certificates of a year set that can be given to donors; those that are set already stay."""
    found = _to_set(site, year)
    if found:
        site.batches.begin(_name(year), content_of(found), papers(found), total=len(found), now=site.clock())


@router.post("/papers")
@needs(Permission.SEE_NAMES)
def begin_papers(site: SiteHere, year: Year) -> Response:
    """Have them set."""
    begin(site, year)
    return RedirectResponse(f"/treasurer/certificates/{year}/papers", status_code=303)


@router.get("/papers")
@needs(Permission.SEE_NAMES)
def progress(
    request: Request, site: SiteHere, year: Year, made: Annotated[int, Query(ge=0, le=1_000_000)] = 0
) -> Response:
    """Show how many are set; asks nothing of the books, for it is looked at again and again."""
    batch = site.batches.find(_name(year), now=site.clock())
    return page(request, "treasurer/papers/certificate_batch.html", year=year, batch=batch, made=made)


@router.get("/papers.zip")
@needs(Permission.SEE_NAMES, fresh=True)
def archive(site: SiteHere, year: Year) -> Response:
    """Return them as one archive; where other certificates stand by now than when they were set, they are set again."""
    found = _to_set(site, year)
    batch = site.batches.find(_name(year), now=site.clock())
    if not found:
        return RedirectResponse(f"/treasurer/certificates?year={year}", status_code=303)
    if batch is not None and batch.content != content_of(found):
        begin(site, year)
    if batch is None or not batch.is_whole or batch.content != content_of(found):
        return RedirectResponse(f"/treasurer/certificates/{year}/papers", status_code=303)
    headers = {
        "Content-Disposition": f'attachment; filename="certificates-{year}.zip"',
        "Content-Length": str(batch.size),
    }
    return StreamingResponse(batch.pieces(), media_type="application/zip", headers=headers)


def _to_set(site: Site, year: int) -> list[Issued]:
    with reading(site.engine) as session:
        return to_set(year_of_certificates(session, year, today=site.today).issued)


def _name(year: int) -> str:
    return f"certificates-{year}"
