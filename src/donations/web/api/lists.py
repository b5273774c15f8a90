"""All that the API only reads: association, accounts, appeals, donors, gifts, reports, months, certificates, INF 4."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from donations.access.person import Permission
from donations.acts.issuing import year_of_certificates
from donations.core.calendar import Period
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode, DonorCode
from donations.core.typed import typed_month
from donations.reports.association import association, association_view
from donations.reports.catalogue import REPORTS
from donations.reports.donor import known_donor
from donations.reports.gifts import gifts_shown, row_of
from donations.reports.inf4 import inf4, inf4_view
from donations.reports.months_of_year import month_shown
from donations.store.donors import people
from donations.store.giving.gift_sums import gift_rows
from donations.store.listing import PaymentFilter, donors, gifts
from donations.store.session import reading
from donations.views.account import AccountView, AppealView, accounts_view, appeals_view
from donations.views.association import AssociationView
from donations.views.donor import (
    CertificatesView,
    DonorView,
    GiftView,
    KnownDonor,
    certificates_view,
    donor_view,
    gift_view,
)
from donations.views.formats import PLAIN_TELLER
from donations.views.inf4 import Inf4View
from donations.views.month import MonthView
from donations.views.value import ListOf, ReportView, View
from donations.web.access import Endpoint, needs
from donations.web.api.paging import PageHere
from donations.web.api.route import ApiRoute, Day, IdWanted, InPath, Name
from donations.web.own_name import shown_name
from donations.web.site import Site, SiteHere

accounts_router = APIRouter(prefix="/accounts", tags=["accounts"], route_class=ApiRoute)


@accounts_router.get("")
@needs(Permission.SEE_FIGURES)
def list_accounts(site: SiteHere) -> ListOf[AccountView]:
    """List the own accounts in the order they were registered."""
    with reading(site.engine) as session:
        return accounts_view(session)


association_router = APIRouter(prefix="/association", tags=["association"], route_class=ApiRoute)


@association_router.get("")
@needs(Permission.SEE_FIGURES)
def show_association(site: SiteHere) -> AssociationView:
    """Show what the association says of itself. The logo is under /own/SHA-256/logo."""
    with reading(site.engine) as session:
        return association_view(session, association(session, called=shown_name(session, site)))


appeals_router = APIRouter(prefix="/appeals", tags=["appeals"], route_class=ApiRoute)


@appeals_router.get("")
@needs(Permission.SEE_FIGURES)
def list_appeals(site: SiteHere) -> ListOf[AppealView]:
    """List the appeals with their keywords."""
    with reading(site.engine) as session:
        return appeals_view(session)


donors_router = APIRouter(prefix="/donors", tags=["donors"], route_class=ApiRoute)


@donors_router.get("")
@needs(Permission.SEE_NAMES)
def list_donors(
    site: SiteHere,
    page: PageHere,
    name: Annotated[Name, Query(description="All these words are in the name; accents and case do not matter.")] = "",
) -> ListOf[DonorView]:
    """List donors in the order they came into the books. A merged donor is listed as the one that stands for it."""
    with reading(site.engine) as session:
        found, cursor = page.cut(
            donors(session, name=name, after=page.after, limit=page.one_more), lambda donor: donor.id
        )
        return ListOf(items=list(map(donor_view, found)), next=cursor)


@donors_router.get("/{donor_id}")
@needs(Permission.SEE_NAMES)
def show_donor(site: SiteHere, donor_id: InPath) -> KnownDonor:
    """Show a donor, or the one that it was merged into. The gifts are under /gifts?donor=."""
    with reading(site.engine) as session:
        found = known_donor(session, donor_id)
    if found is None:
        raise Refusal(DonorCode.UNKNOWN_DONOR)
    return found


gifts_router = APIRouter(prefix="/gifts", tags=["gifts"], route_class=ApiRoute)


@gifts_router.get("")
@needs(Permission.SEE_NAMES)
def list_gifts(
    site: SiteHere,
    page: PageHere,
    first_day: Annotated[Day | None, Query(alias="from", description="The first booking date.")] = None,
    last_day: Annotated[Day | None, Query(alias="to", description="The last booking date.")] = None,
    account: IdWanted = None,
    donor: IdWanted = None,
    appeal: IdWanted = None,
) -> ListOf[GiftView]:
    """List gifts in the order they were booked. One that is reversed is gone; booked anew it has a new number."""
    wanted = PaymentFilter(first_day=first_day, last_day=last_day, account_id=account, donor_id=donor, appeal_id=appeal)
    with reading(site.engine) as session:
        numbers = {row.id: row.number for row in people.accounts(session)}
        found, cursor = page.cut(gifts(session, wanted, after=page.after, limit=page.one_more), lambda gift: gift.id)
        return ListOf(items=[gift_view(each, numbers[each.account]) for each in found], next=cursor)


router = APIRouter(prefix="/reports", tags=["reports"], route_class=ApiRoute)

CSV = "text/csv; charset=utf-8"
_ROWS_AT_ONCE = 1_000
From = Annotated[Day | None, Query(alias="from", description="First booking date; without it from the beginning.")]
To = Annotated[Day | None, Query(alias="to", description="Last booking date; without it to the end.")]


class ReportName(View):
    """A report and what it is for."""

    name: str
    title: str
    use: str


def _report(path: str) -> Callable[[Endpoint], Endpoint]:
    """Route a report under its path, and under the path with `.csv` for programs that cannot send a header."""

    def declare(endpoint: Endpoint) -> Endpoint:
        answers = {200: {"model": ReportView, "content": {"text/csv": {"schema": {"type": "string"}}}}}
        options: dict[str, Any] = {"response_model": ReportView, "responses": answers}
        router.get(f"{path}.csv", include_in_schema=False, **options)(endpoint)
        router.get(path, **options)(endpoint)
        return endpoint

    return declare


@router.get("")
@needs(Permission.SEE_NAMES)
def list_reports() -> ListOf[ReportName]:
    """List the reports that `/reports/{name}` has."""
    return ListOf(items=list(map(ReportName.made_of, REPORTS.values())))


@_report("/coverage")
@needs(Permission.SEE_FIGURES)
def coverage_report(request: Request, site: SiteHere, first: From = None, last: To = None) -> Response:
    """Show which days of each account are proven, and what to download next."""
    return _answer(request, site, "coverage", _period(first, last))


@_report("/gifts")
@needs(Permission.SEE_NAMES)
def gifts_report(
    request: Request, response: Response, site: SiteHere, page: PageHere, first: From = None, last: To = None
) -> object:
    """Show each gift of some days, a page at a time, with the sum of all; CSV has all. Refunds are not taken off."""
    period = _period(first, last)
    if _wants_csv(request):
        return StreamingResponse(_gifts_csv(site, period), media_type=CSV, headers={"Vary": "Accept"})
    days = {"first_day": period.first_day, "last_day": period.last_day}
    with reading(site.engine) as session:
        found = list(gift_rows(session, **days, after=page.after, limit=page.one_more))
        here, cursor = page.cut(found, lambda gift: gift.allocation_id)
        report = gifts_shown(session, period, here).view()
    response.headers["Vary"] = "Accept"
    return report.model_copy(update={"next": cursor})


@_report("/{name}")
@needs(Permission.SEE_NAMES)  # as their pages: of a small account a month tells what one donor gave
def report(
    request: Request, site: SiteHere, name: Annotated[str, Path(max_length=40)], first: From = None, last: To = None
) -> Response:
    """Show a report of some days, in English with stable codes; as CSV where `Accept` asks for it."""
    if name not in REPORTS:
        raise Refusal(BooksCode.UNKNOWN_REPORT, reports=", ".join(REPORTS))
    return _answer(request, site, name, _period(first, last))


def _period(first: date | None, last: date | None) -> Period:
    return Period(first or date.min, last or date.max)


def _answer(request: Request, site: Site, name: str, period: Period) -> Response:
    with reading(site.engine) as session:
        table = REPORTS[name].make(session, period, site.today)
    if _wants_csv(request):
        return Response(table.to_csv(), media_type=CSV, headers={"Vary": "Accept"})
    return JSONResponse(table.document(), headers={"Vary": "Accept"})


def _gifts_csv(site: Site, period: Period) -> Iterator[bytes]:
    """Yield the report as it comes from the database, in one state of it: years of gifts are never held in memory."""
    with reading(site.engine) as session:
        rows = map(row_of, gift_rows(session, first_day=period.first_day, last_day=period.last_day))
        batches = iter(lambda: list(islice(rows, _ROWS_AT_ONCE)), [])
        yield from gifts_shown(session, period, ()).csv_stream(batches)


def _wants_csv(request: Request) -> bool:
    accepted = request.headers.get("accept", "").lower()
    return request.scope["path"].endswith(".csv") or ("text/csv" in accepted and "json" not in accepted)


papers_router = APIRouter(tags=["papers"], route_class=ApiRoute)

Year = Annotated[int, Path(ge=2000, le=2100)]


@papers_router.get("/months/{month}")
@needs(Permission.SEE_NAMES)
def show_month(site: SiteHere, month: Annotated[str, Path(description="Like 2026-03.", max_length=10)]) -> MonthView:
    """Show what a month comes to, what is in the way of closing it, and what came after it was closed."""
    with reading(site.engine) as session:
        return month_shown(session, typed_month(month), PLAIN_TELLER, today=site.today)


@papers_router.get("/inf4/{year}")
@needs(Permission.SEE_NAMES)
def show_inf4(site: SiteHere, year: Year) -> Inf4View:
    """Show who can be told to the tax board for a year, and who cannot be listed yet and why. Codes are never told."""
    with reading(site.engine) as session:
        return inf4_view(session, site.found_by(session, inf4, year))


@papers_router.get("/certificates/{year}")
@needs(Permission.SEE_NAMES)
def show_certificates(site: SiteHere, year: Year) -> CertificatesView:
    """Show which certificates of a year were issued, who can get one, and who cannot."""
    with reading(site.engine) as session:
        return certificates_view(site.found_by(session, year_of_certificates, year, today=site.today))
