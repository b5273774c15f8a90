"""Dashboards: the month and the year, amounts, donors, twelve months, gifts, and money without a purpose."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.core.donor import DonorId
from donations.core.money import MINOR_MAX, Minor
from donations.core.refusal import Refusal
from donations.core.refusals import DonorCode
from donations.reports.dashboard.grid import cohort_grid, count_shown, grid, months_until
from donations.reports.dashboard.overview import overview
from donations.reports.dashboard.series import Amounts, MonthByMonth, amounts, waiting
from donations.reports.exceptions import DonorNotice, Exceptions, exceptions_of
from donations.store.donors import people
from donations.store.given import GiftScope
from donations.store.giving.gift_sums import Which, gift_lines, lines_sum, sums
from donations.store.giving.givers import count_givers
from donations.store.session import ReadSession, reading
from donations.views.formats import month_short, round_amount
from donations.views.language import gettext
from donations.web.access import VisitorHere, needs
from donations.web.charts import ColumnChart, columns, month_labels, strip
from donations.web.pages import SiteHere, page
from donations.web.paging import Paging
from donations.web.staff.chosen import AskedChoice, AskedHere, Chosen, chosen

overview_router = APIRouter()


@overview_router.get("")
@needs(Permission.SEE_FIGURES)
def show_overview(request: Request, site: SiteHere, visitor: VisitorHere, asked: AskedHere) -> Response:
    """Show how a month and the year go."""
    with reading(site.engine) as session:
        choice = chosen(session, asked, visitor, site)
        figures = overview(session, choice.month, choice.covered, choice.scope, with_small=choice.sees_names)
    charts = {each.currency: _chart(each.chart) for each in figures.currencies}
    names = {each.currency: _names(each.chart, choice) for each in figures.currencies}
    late = choice.covered.behind(figures.spans.month.last_day)
    return page(request, "staff/overview.html", choice=choice, figures=figures, charts=charts, names=names, late=late)


def _names(months: MonthByMonth | None, choice: Chosen) -> list[str]:
    return [choice.appeal_name(each.appeal_id) or gettext("All others") for each in months.series] if months else []


def _chart(months: MonthByMonth | None) -> ColumnChart | None:
    if months is None:
        return None
    stacks = list(zip(*(each.minor for each in months.series), strict=True))
    return columns(stacks, month_labels(months.months, month_short))


amounts_router = APIRouter(prefix="/amounts")


class Over(StrEnum):
    """Which gifts are counted."""

    MONTH = "month"
    TWELVE_MONTHS = "twelve_months"


class AskedAmounts(AskedChoice):
    """The choice, and over how many months."""

    over: Over = Over.TWELVE_MONTHS


@amounts_router.get("")
@needs(Permission.SEE_FIGURES)
def show_amounts(
    request: Request, site: SiteHere, visitor: VisitorHere, asked: Annotated[AskedAmounts, Query()]
) -> Response:
    """Show the middle gift, the quarters, and how many gifts lie between round amounts."""
    with reading(site.engine) as session:
        choice = chosen(session, asked, visitor, site)
        scope = _scope(choice, asked.over)
        found = amounts(session, scope, with_small=choice.sees_names)
    charts = {each.currency: _chart_of_amounts(each) for each in found}
    return page(request, "staff/amounts.html", choice=choice, scope=scope, over=asked.over, found=found, charts=charts)


def _scope(choice: Chosen, over: Over) -> GiftScope:
    """Return which gifts are counted; without names those of a year, for overlapping spans tell by their difference."""
    if not choice.sees_names:
        return choice.year
    return choice.scope if over is Over.MONTH else choice.since(months_until(choice.month)[0])


def _chart_of_amounts(found: Amounts) -> ColumnChart | None:
    shown = [band for band, is_shown in found.bands if is_shown]
    # The unit stands in the description: a label for each band has no room for it.
    labels = [(round_amount(band.least, found.currency).rpartition("\N{NO-BREAK SPACE}")[0], True) for band in shown]
    return columns([[band.gifts] for band in shown], labels) if shown else None


FEW = 5
"""So many donors of each list stand on the page of all lists."""
DONORS_AT_ONCE = 100

donors_router = APIRouter(prefix="/donors")


class AskedDonors(AskedChoice):
    """The choice, and one list of all."""

    list: DonorNotice | None = None


@donors_router.get("")
@needs(Permission.SEE_FIGURES)
def show_donors(
    request: Request, site: SiteHere, visitor: VisitorHere, asked: Annotated[AskedDonors, Query()]
) -> Response:
    """Show what is to notice of the donors of a month, or one list of it."""
    with reading(site.engine) as session:
        choice = chosen(session, asked, visitor, site)
        found = exceptions_of(session, choice.month, appeal_id=choice.appeal, account_id=choice.account)
        if not choice.sees_names:
            counts = {notice: count_shown(len({each.donor for each in many})) for notice, many in found.noticed.items()}
            return page(request, "staff/donors_counted.html", choice=choice, found=found, counts=counts)
        if asked.list is not None:
            return _list(request, session, choice, found, asked)
        few = {notice: many[:FEW] for notice, many in found.noticed.items()}
        donors = people.donors(session, {each.donor for many in few.values() for each in many})
        return page(request, "staff/donors.html", choice=choice, found=found, few=few, donors=donors)


def _list(request: Request, session: ReadSession, choice: Chosen, found: Exceptions, asked: AskedDonors) -> Response:
    many = found.noticed[asked.list or DonorNotice.NEW]
    paging = Paging(at=asked.page, size=DONORS_AT_ONCE, total=len(many))
    shown = many[paging.start : paging.end]
    return page(
        request,
        "staff/donors_list.html",
        choice=choice,
        notice=asked.list,
        shown=shown,
        paging=paging,
        donors=people.donors(session, {each.donor for each in shown}),
    )


GRID_DONORS_AT_ONCE = 50

grid_router = APIRouter(prefix="/grid")


@grid_router.get("")
@needs(Permission.SEE_FIGURES)
def show_grid(request: Request, site: SiteHere, visitor: VisitorHere, asked: AskedHere) -> Response:
    """Show who gave in which of the twelve months that end with the chosen one."""
    with reading(site.engine) as session:
        choice = chosen(session, asked, visitor, site)
        scope = choice.since(months_until(choice.month)[0])
        given: dict[str, Any] = {
            "choice": choice,
            "scope": scope,
            "currencies": [each.currency for each in sums(session, scope)],
        }
        if not choice.sees_names:
            return page(request, "staff/cohorts.html", grid=cohort_grid(session, scope, choice.currency), **given)
        total = count_givers(session, scope, choice.currency)
        paging = Paging(at=asked.page, size=GRID_DONORS_AT_ONCE, total=total)
        found = grid(session, scope, choice.currency, start=paging.start, size=paging.size)
        donors = people.donors(session, {row.donor for row in found.rows})
        return page(request, "staff/grid.html", grid=found, paging=paging, donors=donors, **given)


GIFTS_AT_ONCE = 100

lines_router = APIRouter(prefix="/lines")


class AskedLines(AskedChoice):
    """Which gifts: days and currency, and what else narrows them."""

    first: date
    last: date
    donor: int | None = None
    least: Minor = Field(0, ge=0, le=MINOR_MAX)
    below: Minor | None = Field(None, ge=0, le=MINOR_MAX)


@lines_router.get("")
@needs(Permission.SEE_NAMES)
def show_lines(
    request: Request, site: SiteHere, visitor: VisitorHere, asked: Annotated[AskedLines, Query()]
) -> Response:
    """List the gifts that a number is made of, the newest first."""
    with reading(site.engine) as session:
        choice = chosen(session, asked, visitor, site)
        which = Which(
            scope=GiftScope(
                first_day=asked.first, last_day=asked.last, appeal_id=choice.appeal, account_id=choice.account
            ),
            currency=choice.currency,
            donor=None if asked.donor is None else DonorId(asked.donor),
            least=asked.least,
            below=asked.below,
        )
        total = lines_sum(session, which)
        paging = Paging(at=asked.page, size=GIFTS_AT_ONCE, total=total.gifts)
        lines = gift_lines(session, which, start=paging.start, size=paging.size)
        donors = people.donors(session, {line.donor for line in lines} | ({which.donor} if which.donor else set()))
        if which.donor is not None and which.donor not in donors:
            raise Refusal(DonorCode.UNKNOWN_DONOR)
        own = asked.model_dump(mode="json", exclude={"page"}, exclude_none=True)
        return page(
            request,
            "staff/lines.html",
            choice=choice,
            which=which,
            total=total,
            lines=lines,
            donors=donors,
            paging=paging,
            address="?" + urlencode(own) + "&",
        )


unallocated_router = APIRouter(prefix="/unallocated")


@unallocated_router.get("")
@needs(Permission.SEE_FIGURES)
def show_unallocated(request: Request, site: SiteHere, visitor: VisitorHere, asked: AskedHere) -> Response:
    """Show what waits for a purpose as things stand today."""
    today = site.today
    with reading(site.engine) as session:
        choice = chosen(session, asked, visitor, site)
        found = waiting(session, today=today, account_id=choice.account)
    strips = {each.currency: strip(each.by_age) for each in found}
    return page(request, "staff/unallocated.html", choice=choice, found=found, strips=strips)
