"""Certificates for donors: who can get one, who cannot and why, issuing one or all, and those that became void."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from donations.access.permission import Permission
from donations.certificates import (
    CannotIssueError,
    Issued,
    State,
    find_certificate,
    issue,
    year_of_certificates,
)
from donations.core.day import day_of
from donations.core.donor import DonorId
from donations.documents.archive import zipped
from donations.documents.certificate import NameErasedError, certificate_paper
from donations.documents.printed import Imprint
from donations.store.donors.own_codes import own_codes
from donations.store.papers.paper_settings import Letterhead, paper_settings, set_papers
from donations.store.session import ReadSession, as_reader, reading, writing
from donations.store.statements.covered_days import covered_days
from donations.web.access import VisitorHere, needs
from donations.web.downloads import attachment
from donations.web.failure_code import FailureCode
from donations.web.failures import PageError
from donations.web.formats import TELLER
from donations.web.language import speaking
from donations.web.pages import Site, SiteHere, page

router = APIRouter(prefix="/certificates")

Year = Annotated[int, Path(ge=2000, le=2100)]
_FAILURES = {
    "year_not_final": FailureCode.YEAR_NOT_FINAL,
    "nothing_to_issue": FailureCode.NOTHING_TO_ISSUE,
}


@router.get("")
@needs(Permission.SEE_NAMES)
def certificates(
    request: Request,
    site: SiteHere,
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    made: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """Show what there is to issue for a year, and what was issued."""
    today = site.today
    with reading(site.engine) as session:
        covered = covered_days(session)
        first = covered.first_day or today
        found = year_of_certificates(session, year or max(today.year - 1, first.year), today=today)
        letterhead = _letterhead(site, session)
    return page(
        request,
        "treasurer/certificates.html",
        found=found,
        standing=[each for each in found.issued if each.state is State.STANDS],
        void=[each for each in found.issued if each.state is State.VOID],
        replaced=[each for each in found.issued if each.state is State.REPLACED],
        letterhead=letterhead,
        made=made,
        years=range(today.year, min(first.year, found.year) - 1, -1),
    )


@router.post("/letterhead")
@needs(Permission.MANAGE_BOOKS)
def set_letterhead(site: SiteHere, visitor: VisitorHere, form: Annotated[Letterhead, Form()]) -> Response:
    """Let certificates be issued so from now on; those that were issued stay as they are."""
    with writing(site.engine) as session:
        set_papers(session, form, by=visitor.name, at=site.clock())
    return RedirectResponse("/treasurer/certificates#letterhead", status_code=303)


@router.post("/{year}/issue")
@needs(Permission.DECIDE)
def issue_certificates(
    site: SiteHere,
    visitor: VisitorHere,
    year: Year,
    donor: Annotated[int | None, Form(ge=1, le=2**31 - 1)] = None,
) -> Response:
    """Issue one certificate, or one to everybody who can get one."""
    try:
        with writing(site.engine) as session:
            numbers = issue(
                session,
                year,
                donors=None if donor is None else {DonorId(donor)},
                issuer=_letterhead(site, as_reader(session)),
                by=visitor.name,
                now=site.clock(),
                today=site.today,
            )
    except CannotIssueError as error:
        raise PageError(_FAILURES[error.code]) from error
    return RedirectResponse(f"/treasurer/certificates?year={year}&made={len(numbers)}", status_code=303)


@router.get("/{year}/all.zip")
@needs(Permission.SEE_NAMES)
def all_certificates(site: SiteHere, year: Year) -> Response:
    """Return every certificate of a year that stands, set one after the other while they are taken along."""
    with reading(site.engine) as session:
        found = year_of_certificates(session, year, today=site.today)
    standing = [each for each in found.issued if each.state is State.STANDS and each.certificate.kept.name is not None]
    headers = {"Content-Disposition": f'attachment; filename="certificates-{year}.zip"'}
    return StreamingResponse(zipped(_papers(standing)), media_type="application/zip", headers=headers)


@router.get("/{year}/{number}.pdf")
@needs(Permission.SEE_NAMES)
def certificate_file(site: SiteHere, year: Year, number: Annotated[int, Path(ge=1, le=9_999_999)]) -> Response:
    """Return one certificate; one that is void says so."""
    with reading(site.engine) as session:
        found = find_certificate(session, year, number)
    if found is None:
        raise PageError(FailureCode.UNKNOWN_PAGE)
    try:
        content = _paper(found)
    except NameErasedError as error:
        raise PageError(FailureCode.NAME_ERASED) from error
    return attachment(content, media_type="application/pdf", name=f"{found.certificate.number}.pdf")


def _papers(issued: list[Issued]) -> Iterator[tuple[str, bytes]]:
    for each in issued:
        yield f"{each.certificate.number}.pdf", _paper(each)


def _paper(issued: Issued) -> bytes:
    """Set a certificate in its own language, whoever asks for it."""
    found = issued.certificate
    with speaking(found.language):
        return certificate_paper(
            issued,
            Imprint(
                organisation=found.issuer.organisation,
                language=found.language,
                teller=TELLER,
                made_on=day_of(found.kept.issued_at),
            ),
        )


def _letterhead(site: Site, session: ReadSession) -> Letterhead:
    """Return who issues; what was never set is as the books know it."""
    given = paper_settings(session, Letterhead)
    return given.model_copy(
        update={
            "organisation": given.organisation or site.settings.organisation,
            "registry_code": given.registry_code or str(min(own_codes(session), default="")),
        }
    )
