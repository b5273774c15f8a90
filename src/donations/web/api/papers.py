"""What days come to: a month and its closing, certificates of a year, and the working list for form INF 4."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from donations.access.person import Permission
from donations.acts.issuing import year_of_certificates
from donations.core.typed import typed_month
from donations.reports.inf4 import inf4, inf4_view
from donations.reports.months_of_year import month_shown
from donations.store.session import reading
from donations.views.donor import CertificatesView, certificates_view
from donations.views.formats import PLAIN_TELLER
from donations.views.inf4 import Inf4View
from donations.views.month import MonthView
from donations.web.access import needs
from donations.web.api.route import ApiRoute
from donations.web.site import SiteHere

router = APIRouter(tags=["papers"], route_class=ApiRoute)

Year = Annotated[int, Path(ge=2000, le=2100)]


@router.get("/months/{month}")
@needs(Permission.SEE_NAMES)
def show_month(site: SiteHere, month: Annotated[str, Path(description="Like 2026-03.", max_length=10)]) -> MonthView:
    """Show what a month comes to, what is in the way of closing it, and what came after it was closed."""
    with reading(site.engine) as session:
        return month_shown(session, typed_month(month), PLAIN_TELLER, today=site.today)


@router.get("/inf4/{year}")
@needs(Permission.SEE_NAMES)
def show_inf4(site: SiteHere, year: Year) -> Inf4View:
    """Show who can be told to the tax board for a year, and who cannot be listed yet and why. Codes are never told."""
    with reading(site.engine) as session:
        return inf4_view(session, inf4(session, year))


@router.get("/certificates/{year}")
@needs(Permission.SEE_NAMES)
def show_certificates(site: SiteHere, year: Year) -> CertificatesView:
    """Show which certificates of a year were issued, who can get one, and who cannot."""
    with reading(site.engine) as session:
        return certificates_view(year_of_certificates(session, year, today=site.today))
