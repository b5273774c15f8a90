"""Certificates for donors: who can get one and why not, issuing, those that became void, and all of a year as PDF."""

from __future__ import annotations

from functools import partial
from tempfile import TemporaryFile
from typing import IO, Annotated, Any, Literal

from fastapi import APIRouter, Form, Path, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from donations.access.person import Permission
from donations.acts.certificate import WHY_NONE, CertificateState
from donations.acts.issuing import find_certificate, issue, letterhead, to_issue, year_of_certificates
from donations.acts.promise import promise_of
from donations.core.donor import DonorId
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.documents.archive import zipped
from donations.documents.certificate import content_of, file_name, logos_of, paper, papers, to_set
from donations.jobs.certificates import begin_certificates, certificates_job, certificates_to_set
from donations.store.jobs import Job, JobLostError, JobState, is_left_alone, made_by
from donations.store.session import ID_MAX, ReadSession, as_reader, reading, writing
from donations.store.statements.coverage import covered_days
from donations.views.donor import certificates_view
from donations.web.access import VisitorHere, needs
from donations.web.own_name import name_given_out, shown_name
from donations.web.pages import Site, SiteHere, attachment, page

certificate_batch_router = APIRouter(prefix="/certificates/{year}")

Year = Annotated[int, Path(ge=2000, le=2100)]


def begin(site: Site, year: int) -> None:
    """Have all certificates of a year set that can be given to donors; those that are set already stay."""
    with writing(site.engine) as session:
        begin_certificates(session, year, now=site.clock())
    site.jobs.wake(site.engine, site.clock)


@certificate_batch_router.post("/papers")
@needs(Permission.SEE_NAMES)
def begin_papers(site: SiteHere, year: Year) -> Response:
    """Have them set."""
    begin(site, year)
    return RedirectResponse(f"/treasurer/certificates/{year}/papers", status_code=303)


@certificate_batch_router.get("/papers")
@needs(Permission.SEE_NAMES)
def progress(
    request: Request, site: SiteHere, year: Year, made: Annotated[int, Query(ge=0, le=1_000_000)] = 0
) -> Response:
    """Show how many are set, whatever server does it; asks for nothing else, for it is looked at again and again."""
    with reading(site.engine) as session:
        job = certificates_job(session, year, now=site.clock())
        left_alone = job is not None and is_left_alone(session, job, now=site.clock())
    return page(
        request, "treasurer/papers/certificate_batch.html", year=year, job=job, left_alone=left_alone, made=made
    )


@certificate_batch_router.get("/papers.zip")
@needs(Permission.SEE_NAMES, fresh=True)
def archive(site: SiteHere, year: Year) -> Response:
    """Return them as one archive; where other certificates stand by now than when they were set, they are set again."""
    file: IO[bytes] | None = None
    with reading(site.engine) as session:
        found = certificates_to_set(session, year, now=site.clock())
        job = certificates_job(session, year, now=site.clock())
        is_outdated = job is not None and job.content != content_of(found)
        if job is not None and job.state is JobState.DONE and not is_outdated:
            file = _opened(session, job)
    if not found:
        return RedirectResponse(f"/treasurer/certificates?year={year}", status_code=303)
    if is_outdated:
        begin(site, year)
    if job is None or file is None:
        return RedirectResponse(f"/treasurer/certificates/{year}/papers", status_code=303)
    headers = {
        "Content-Disposition": f'attachment; filename="certificates-{year}.zip"',
        "Content-Length": str(job.size),
    }
    return _GivenArchive(file, media_type="application/zip", headers=headers)


_AT_ONCE = 256 * 1024


def _opened(session: ReadSession, job: Job) -> IO[bytes] | None:
    """Return what was made in a file without a name: whoever takes it along slowly holds no connection."""
    file = TemporaryFile()  # noqa: SIM115 - `_GivenArchive` closes it
    try:
        file.writelines(made_by(session, job))
    except JobLostError:
        file.close()
        return None
    file.seek(0)
    return file


class _GivenArchive(StreamingResponse):
    """Closes the file whether it was taken along, or whoever asked went before its first byte."""

    def __init__(self, file: IO[bytes], **named: Any) -> None:
        super().__init__(iter(partial(file.read, _AT_ONCE), b""), **named)
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        with self._file:
            await super().__call__(scope, receive, send)


router = APIRouter(prefix="/certificates")


@router.get("")
@needs(Permission.SEE_NAMES)
def certificates(
    request: Request,
    site: SiteHere,
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    made: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """Show what there is to issue for a year, and what was issued."""
    return _certificates_page(request, site, year, made=made)


def _certificates_page(
    request: Request, site: Site, year: int | None, *, made: int = 0, is_outdated: bool = False
) -> Response:
    today = site.today
    with reading(site.engine) as session:
        covered = covered_days(session)
        first = covered.first_day or today
        known = year_of_certificates(session, year or max(today.year - 1, first.year), today=today)
        issuer = letterhead(session, organisation=shown_name(session, site))
    found, ready = certificates_view(known), {each.donor: each for each in known.ready}
    return page(
        request,
        "treasurer/papers/certificates.html",
        status=409 if is_outdated else 200,
        outdated=is_outdated,
        promised_all=promise_of(to_issue(known.ready, issuer)),
        promised=lambda donor: promise_of(to_issue([ready[DonorId(donor)]], issuer)),
        found=found,
        why_none=WHY_NONE,
        in_force=[each for each in found.issued if each.state is CertificateState.STANDS],
        void=[each for each in found.issued if each.state is CertificateState.VOID],
        replaced=[each for each in found.issued if each.state is CertificateState.REPLACED],
        letterhead=issuer,
        made=made,
        years=range(today.year, min(first.year, found.year) - 1, -1),
    )


@router.post("/{year}/issue")
@needs(Permission.DECIDE)
def issue_certificates(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    year: Year,
    donor: Annotated[int | None, Form(ge=1, le=ID_MAX)] = None,
    at: Annotated[Literal["certificates", "donor"], Form()] = "certificates",
    promised: Annotated[str | None, Form(max_length=64)] = None,
) -> Response:
    """Issue one certificate as shown, or one to everybody who can get one; then all of them are set as PDF.

    `at` is the page that one alone was asked for on, and goes back to.
    """
    try:
        with writing(site.engine) as session:
            numbers = issue(
                session,
                year,
                donors=None if donor is None else {DonorId(donor)},
                issuer=letterhead(as_reader(session), organisation=name_given_out(session, site, by=visitor.name)),
                by=visitor.name,
                now=site.clock(),
                today=site.today,
                promised=promised,
            )
            if donor is None and len(numbers) > 1:
                begin_certificates(session, year, now=site.clock())
    except Refusal as refusal:
        if refusal.code is not RequestCode.PREVIEW_OUTDATED:
            raise
        return _certificates_page(request, site, year, is_outdated=True)
    if donor is not None and at == "donor":
        return RedirectResponse(f"/treasurer/donors/{donor}?done=certificate#certificates", status_code=303)
    if len(numbers) == 1:
        return RedirectResponse(f"/treasurer/certificates?year={year}&made=1", status_code=303)
    site.jobs.wake(site.engine, site.clock)
    return RedirectResponse(f"/treasurer/certificates/{year}/papers?made={len(numbers)}", status_code=303)


@router.get("/{year}/all.zip")
@needs(Permission.SEE_NAMES, fresh=True)
def all_certificates(site: SiteHere, year: Year) -> Response:
    """Return every certificate of a year that stands, set one after the other while they are taken along."""
    with reading(site.engine) as session:
        found = to_set(year_of_certificates(session, year, today=site.today).issued)
        logos = logos_of(session, found)
    headers = {"Content-Disposition": f'attachment; filename="certificates-{year}.zip"'}
    return StreamingResponse(zipped(papers(found, logos)), media_type="application/zip", headers=headers)


@router.get("/{year}/{number}.pdf")
@needs(Permission.SEE_NAMES)
def certificate_file(site: SiteHere, year: Year, number: Annotated[int, Path(ge=1, le=9_999_999)]) -> Response:
    """Return one certificate; one that is void says so."""
    with reading(site.engine) as session:
        found = find_certificate(session, year, number)
        logos = logos_of(session, [found] if found else [])
    if found is None:
        raise Refusal(RequestCode.UNKNOWN_PAGE)
    return attachment(paper(found, logos), media_type="application/pdf", name=file_name(found))
