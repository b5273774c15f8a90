"""Certificates for donors: who can get one and why not, one to look at, issuing, and all of a year as PDF."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from tempfile import TemporaryFile
from typing import IO, Annotated, Literal

from fastapi import APIRouter, Form, Path, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from donations.access.person import Permission
from donations.acts.certificate import WHY_NONE, CertificateState, Ready
from donations.acts.choosing_certificates import given_at_least, sample
from donations.acts.donor_certificates import find_certificate
from donations.acts.issuing import issue, letterhead, to_issue, year_of_certificates
from donations.acts.promise import promise_of
from donations.core.donor import DonorId
from donations.core.money import EUR, Currency, Minor
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.core.typed import typed_amount
from donations.documents.archive import zipped
from donations.documents.certificate import file_name
from donations.documents.certificate_archive import content_of, files, one_paper, to_set
from donations.jobs.certificates import begin_certificates, certificates_job
from donations.store.jobs import Job, JobLostError, JobState, is_left_alone, made_by
from donations.store.papers import last_number
from donations.store.session import ID_MAX, ReadSession, as_reader, reading, writing
from donations.store.statements.coverage import covered_days
from donations.views.donor import certificates_view
from donations.views.value import Money, money_by_currency
from donations.web.access import VisitorHere, needs
from donations.web.own_name import name_for_paper, name_given_out, shown_name
from donations.web.pages import Site, SiteHere, attachment, page
from donations.web.sent_file import SentFile

certificate_batch_router = APIRouter(prefix="/certificates/{year}")

Year = Annotated[int, Path(ge=2000, le=2100)]
Least = Annotated[str, Query(max_length=20)]
"""The smallest sum in euros, as it was typed; empty: whatever was given."""


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
def archive(site: SiteHere, visitor: VisitorHere, year: Year) -> Response:
    """Return them as one archive; where other certificates stand by now than when they were set, they are set again.

    Who may not take codes along gets them set with the ends of the codes.
    """
    if not visitor.may(Permission.TAKE_CODES):
        return RedirectResponse(f"/treasurer/certificates/{year}/all.zip", status_code=303)
    file: IO[bytes] | None = None
    with reading(site.engine) as session:
        known = site.found_by(session, year_of_certificates, year, today=site.today)
        found = to_set(session, known.issued, has_codes=True)
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
    return SentFile(file, name=f"certificates-{year}.zip", size=job.size, media_type="application/zip")


def _opened(session: ReadSession, job: Job) -> IO[bytes] | None:
    """Return what was made in a file without a name."""
    file = TemporaryFile()  # noqa: SIM115 - `SentFile` closes it
    try:
        file.writelines(made_by(session, job))
    except JobLostError:
        file.close()
        return None
    file.seek(0)
    return file


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
        wanted = year or max(today.year - 1, first.year)
        known = site.found_by(session, year_of_certificates, wanted, today=today)
        issuer = letterhead(session, organisation=shown_name(session, site))
    found, ready = certificates_view(known), {each.donor: each for each in known.ready}
    return page(
        request,
        "treasurer/papers/certificates.html",
        status=409 if is_outdated else 200,
        outdated=is_outdated,
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


def _issue_page(request: Request, site: Site, year: int, least: str, *, is_outdated: bool = False) -> Response:
    with reading(site.engine) as session:
        known = site.found_by(session, year_of_certificates, year, today=site.today)
        issuer = letterhead(session, organisation=shown_name(session, site))
        first = last_number(session, year) + 1
    wanted = given_at_least(known.ready, _least(least))
    return page(
        request,
        "treasurer/papers/certificates_issue.html",
        status=409 if is_outdated else 200,
        outdated=is_outdated,
        year=year,
        may_issue=known.may_issue,
        wanted=wanted,
        left_out=len(known.ready) - len(wanted),
        totals=_sums(wanted),
        numbers=[f"{year}-{number:04}" for number in (first, first + len(wanted) - 1)],
        languages=Counter(each.language.value for each in wanted),
        letterhead=issuer,
        least=least,
        promised=promise_of(to_issue(wanted, issuer)),
    )


def _sums(wanted: Iterable[Ready]) -> list[Money]:
    found: Counter[Currency] = Counter()
    for each in wanted:
        found.update(dict(each.sums))
    return money_by_currency(sorted(found.items()))


def _least(typed: str) -> Minor:
    return typed_amount(typed, EUR) if typed.strip() else 0


@router.get("/{year}/issue")
@needs(Permission.DECIDE)
def look_before_issuing(request: Request, site: SiteHere, year: Year, least: Least = "") -> Response:
    """Show how many would be issued, to whom not, and under which numbers."""
    return _issue_page(request, site, year, least)


@router.get("/{year}/sample.pdf")
@needs(Permission.SEE_NAMES)
def sample_file(
    site: SiteHere,
    visitor: VisitorHere,
    year: Year,
    donor: Annotated[int | None, Query(ge=1, le=ID_MAX)] = None,
    least: Least = "",
) -> Response:
    """Return a certificate as it would be, to look at: of this donor, else of the first one. Nothing is issued."""
    with reading(site.engine) as session:
        known = site.found_by(session, year_of_certificates, year, today=site.today)
        fitting = [each for each in given_at_least(known.ready, _least(least)) if donor in {None, each.donor}]
        if not fitting:
            raise Refusal(RequestCode.UNKNOWN_PAGE)
        issuer = letterhead(session, organisation=name_for_paper(session, site))
        shown = sample(session, fitting[0], year, issuer=issuer, by=visitor.name, now=site.clock())
        content = one_paper(session, shown, has_codes=visitor.may(Permission.TAKE_CODES), is_sample=True)
    return attachment(content, media_type="application/pdf", name=f"sample-{year}.pdf")


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
    least: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Issue one certificate as shown, or one to everybody who can get one and gave so much; then all are set as PDF.

    `at` is the page that one alone was asked for on, and goes back to.
    """
    smallest = _least(least)
    try:
        with writing(site.engine) as session:
            ready = year_of_certificates(as_reader(session), year, today=site.today).ready
            everybody = {each.donor for each in given_at_least(ready, smallest)}
            numbers = issue(
                session,
                year,
                donors=everybody if donor is None else {DonorId(donor)},
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
        if donor is None:
            return _issue_page(request, site, year, least, is_outdated=True)
        return _certificates_page(request, site, year, is_outdated=True)
    if donor is not None and at == "donor":
        return RedirectResponse(f"/treasurer/donors/{donor}?done=certificate#certificates", status_code=303)
    if len(numbers) == 1:
        return RedirectResponse(f"/treasurer/certificates?year={year}&made=1", status_code=303)
    site.jobs.wake(site.engine, site.clock)
    return RedirectResponse(f"/treasurer/certificates/{year}/papers?made={len(numbers)}", status_code=303)


@router.get("/{year}/all.zip")
@needs(Permission.SEE_NAMES, fresh=True)
def all_certificates(site: SiteHere, visitor: VisitorHere, year: Year) -> Response:
    """Return every certificate of a year that stands, set one after the other while they are taken along."""
    with reading(site.engine) as session:
        issued = site.found_by(session, year_of_certificates, year, today=site.today).issued
        found = to_set(session, issued, has_codes=visitor.may(Permission.TAKE_CODES))
    headers = {"Content-Disposition": f'attachment; filename="certificates-{year}.zip"'}
    return StreamingResponse(zipped(files(found)), media_type="application/zip", headers=headers)


@router.get("/{year}/{number}.pdf")
@needs(Permission.SEE_NAMES)
def certificate_file(
    site: SiteHere, visitor: VisitorHere, year: Year, number: Annotated[int, Path(ge=1, le=9_999_999)]
) -> Response:
    """Return one certificate; one that is void says so."""
    with reading(site.engine) as session:
        found = find_certificate(session, year, number)
        if found is None:
            raise Refusal(RequestCode.UNKNOWN_PAGE)
        content = one_paper(session, found, has_codes=visitor.may(Permission.TAKE_CODES))
    return attachment(content, media_type="application/pdf", name=file_name(found))
