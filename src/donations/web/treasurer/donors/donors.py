"""Donors: found by one box and a few conditions, and a page on each with every gift."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.acts.donor_certificates import certificates_of_donor
from donations.acts.issuing import letterhead, to_issue
from donations.acts.promise import promise_of
from donations.core.calendar import Month
from donations.core.donor import Donor, DonorId, DonorKind
from donations.core.donor_field import donor_fields
from donations.core.money import Currency
from donations.core.refusal import Refusal
from donations.core.refusals import DonorCode
from donations.ledger.retention import RetentionState
from donations.reports.association import association
from donations.reports.donor import known_donor
from donations.store.donors import people
from donations.store.donors.donor_facts import ConsentKind
from donations.store.donors.donor_search import DonorFilter, Order, donor_filter_from, found_donors, search
from donations.store.donors.restricted import state_of
from donations.store.giving.donor_giving import count_gifts_of_donor, gifts_of_donor
from donations.store.session import ID_MAX, ReadSession, reading
from donations.store.statements.coverage import covered_days
from donations.views.decision import reasons_of
from donations.views.donor import KnownDonor, certificate_view
from donations.views.formats import TELLER, month_short
from donations.web.access import needs
from donations.web.addresses import Paging
from donations.web.charts import ColumnChart, columns, month_labels
from donations.web.own_name import shown_name
from donations.web.pages import SiteHere, page

DONORS_AT_ONCE = 50
GIFTS_AT_ONCE = 50
_MONTHS_MAX = 36
"""More columns are too narrow to see: then they are years."""

router = APIRouter(prefix="/donors")

DonorNumber = Annotated[int, Path(ge=1, le=ID_MAX)]


class DonorSearch(BaseModel):
    """What is looked for."""

    find: str = Field(default="", max_length=140)
    kind: DonorKind | None = None
    code: bool = False
    """Only those whose code is missing."""
    regular: bool = False
    notes: bool = False
    order: Order = Order.NAME
    page: int = Field(default=1, ge=1)

    @property
    def address(self) -> str:
        """The query of this choice without its page, for links."""
        chosen = self.model_dump(mode="json", exclude_defaults=True, exclude={"page"})
        return urlencode({name: str(value).lower() if value is True else value for name, value in chosen.items()})

    @property
    def is_narrowed(self) -> bool:
        """Whether not all donors are shown."""
        return bool(self.find.strip() or self.kind or self.code or self.regular or self.notes)


@router.get("")
@needs(Permission.SEE_NAMES)
def donors(request: Request, site: SiteHere, asked: Annotated[DonorSearch, Query()]) -> Response:
    """List those who gave, and what each gave this year and in all."""
    year = site.today.year
    with reading(site.engine) as session:
        found = site.found_by(session, search, _sought(session, asked))  # no database puts sealed names in their order
        paging = Paging(at=asked.page, size=DONORS_AT_ONCE, total=len(found))
        rows = found_donors(session, found, year=year, order=asked.order, start=paging.start, size=paging.size)
    return page(request, "treasurer/donors/donors.html", donors=rows, paging=paging, asked=asked, year=year)


def _sought(session: ReadSession, asked: DonorSearch) -> DonorFilter:
    until = covered_days(session).last_day or date.min
    return replace(
        donor_filter_from(asked.find),
        kind=asked.kind,
        without_code=asked.code,
        regular_after=until if asked.regular else None,
        has_notes=asked.notes,
    )


@router.get("/{donor_id}")
@needs(Permission.SEE_NAMES)
def donor(
    request: Request,
    site: SiteHere,
    donor_id: DonorNumber,
    at: Annotated[int, Query(alias="page", ge=1)] = 1,
    done: Annotated[str, Query(max_length=20)] = "",
    enter: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show one donor; who was merged leads to who stands for both. `enter` opens the form for what is missing."""
    with reading(site.engine, keeps_plans=True) as session:
        known = people.donors(session, [DonorId(donor_id)]).get(DonorId(donor_id))
        if known is None:
            raise Refusal(DonorCode.UNKNOWN_DONOR)
        if known.id != donor_id:
            return RedirectResponse(f"/treasurer/donors/{known.id}", status_code=303)
        if state_of(session, known.id) is not RetentionState.NAMED:
            return RedirectResponse(f"/treasurer/donors/{known.id}/erase", status_code=303)
        paging = Paging(at=at, size=GIFTS_AT_ONCE, total=count_gifts_of_donor(session, known.id))
        shown = known_donor(session, known.id)
        if shown is None:
            raise Refusal(DonorCode.UNKNOWN_DONOR)
        certificates = certificates_of_donor(session, known, today=site.today)
        gifts = gifts_of_donor(session, known.id, start=paging.start, size=paging.size)
        issuer = letterhead(session, organisation=shown_name(session, site))
        reasons = reasons_of(session, [gift.decision for gift in gifts], TELLER)
        return page(
            request,
            "treasurer/donors/donor.html",
            donor=shown,
            gifts=list(zip(gifts, reasons, strict=True)),
            paging=paging,
            chart=_chart(shown),
            issued=list(map(certificate_view, certificates.issued)),
            ready=certificates.ready,
            promised=lambda wanted: promise_of(to_issue(wanted, issuer)),
            donor_fields=list(donor_fields().values()),
            consent_kinds=list(ConsentKind),
            own=association(session, called=shown_name(session, site)),
            today=site.today,
            done=done,
            enter=enter,
        )


def donor_here(session: ReadSession, donor_id: int) -> Donor:
    """Return a standing donor; raises `Refusal`."""
    known = people.donors(session, [DonorId(donor_id)]).get(DonorId(donor_id))
    if known is None or known.id != donor_id:
        raise Refusal(DonorCode.UNKNOWN_DONOR)
    return known


def _chart(donor: KnownDonor) -> tuple[Currency, ColumnChart] | None:
    """Return the columns of what was given month by month, of long giving year by year, in the currency used most."""
    if not donor.months:
        return None
    currency, _ = Counter(one.currency for each in donor.months for one in each.totals).most_common(1)[0]
    sums = {
        Month.parse(each.period): max(0, one.minor)
        for each in donor.months
        for one in each.totals
        if one.currency == currency
    }
    first, last = min(sums), max(sums)
    span = [
        Month(at // 12, at % 12 + 1) for at in range(first.year * 12 + first.number - 1, last.year * 12 + last.number)
    ]
    if len(span) <= _MONTHS_MAX:
        drawn = columns([[sums.get(each, 0)] for each in span], month_labels(span, month_short))
    else:
        years = range(first.year, last.year + 1)
        by_year = [[sum(minor for month, minor in sums.items() if month.year == each)] for each in years]
        drawn = columns(by_year, [(str(each), True) for each in years])
    return None if drawn is None else (Currency(currency), drawn)
