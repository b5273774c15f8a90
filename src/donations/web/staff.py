"""Dashboards for the staff: figures for everybody who is at home here, names only for who may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, field_validator
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.core.calendar import Month
from donations.core.donor import Appeal, AppealId, DonorId
from donations.core.money import EUR, MINOR_MAX, Currency, Minor
from donations.core.refusal import Refusal
from donations.core.refusals import DonorCode, RequestCode
from donations.reports.dashboard.overview import overview
from donations.reports.dashboard.series import (
    Amounts,
    MonthByMonth,
    amounts,
    cohort_grid,
    count_shown,
    grid,
    months_until,
    waiting,
)
from donations.reports.exceptions import DonorNotice, Exceptions, exceptions_of
from donations.store.donors import people
from donations.store.given import GiftScope
from donations.store.giving.gift_sums import GiftFilter, gift_lines, lines_sum, sums
from donations.store.giving.givers import count_givers
from donations.store.session import ReadSession, reading
from donations.store.statements.coverage import CoveredDays, covered_days
from donations.views.formats import month_short, round_amount
from donations.views.language import gettext
from donations.web.access import Visitor, VisitorHere, needs
from donations.web.addresses import Paging, month_named
from donations.web.changes import changes_shown
from donations.web.charts import ColumnChart, columns, month_labels, strip
from donations.web.pages import SiteHere, page
from donations.web.site import Site


class AskedSelection(BaseModel):
    """The choice as the address has it."""

    month: str | None = Field(None, max_length=7)
    appeal: int | None = None
    account: int | None = None
    currency: str = Field(EUR, pattern="^[A-Z]{3}$")
    page: int = Field(1, ge=1, le=1_000_000)

    @field_validator("month", "appeal", "account", mode="before")
    @classmethod
    def _is_none(cls, written: str) -> str | None:
        """Take what a form sends for "all" as nothing chosen."""
        return written or None


AskedHere = Annotated[AskedSelection, Query()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The choice, and what else can be chosen."""

    month: Month
    appeal: AppealId | None
    account: int | None
    currency: Currency
    covered: CoveredDays
    months: tuple[Month, ...]
    """Those that statements cover, the newest first, and the chosen one."""
    appeals: tuple[Appeal, ...]
    accounts: dict[int, str]
    """Own accounts by id, with what they are called."""
    sees_names: bool

    @property
    def scope(self) -> GiftScope:
        """The chosen month's gifts."""
        return self.since(self.month)

    def since(self, first: Month) -> GiftScope:
        """Return the gifts from the first day of a month to the last of the chosen one."""
        return GiftScope(
            first_day=first.first_day,
            last_day=self.month.last_day,
            appeal_id=self.appeal,
            account_id=self.account,
        )

    @property
    def year(self) -> GiftScope:
        """Every gift of the chosen month's year, whatever else was chosen."""
        return GiftScope(first_day=date(self.month.year, 1, 1), last_day=date(self.month.year, 12, 31))

    @property
    def is_covered(self) -> bool:
        """Whether any statement is of the chosen month."""
        return self.covered.touches(self.month.first_day, self.month.last_day)

    @property
    def before(self) -> Month | None:
        """The month before, if it can be chosen."""
        return self.month.before if self.month.before in self.months else None

    @property
    def after(self) -> Month | None:
        """The month after, if it can be chosen."""
        return self.month.next if self.month.next in self.months else None

    def address(self, **other: object) -> str:
        """Return the choice as the end of an address, with something else chosen."""
        own = {"month": self.month, "appeal": self.appeal, "account": self.account, "currency": self.currency}
        return "?" + urlencode({name: str(value) for name, value in (own | other).items() if value is not None})

    @property
    def only(self) -> str:
        """The chosen appeal and account, to stand behind the days in an address."""
        own = {"appeal": self.appeal, "account": self.account}
        return "".join(f"&{name}={value}" for name, value in own.items() if value is not None)

    def appeal_name(self, appeal: AppealId | None) -> str | None:
        """Return the name of an appeal."""
        return next((each.name for each in self.appeals if each.id == appeal), None)


def selection_asked(session: ReadSession, asked: AskedSelection, visitor: Visitor, site: Site) -> Selection:
    """Return what was chosen; without a month the last one with statements. Raises `Refusal` for no month.

    Who may not see names chooses no appeal and no account: small ones would tell a single donor's gifts.
    """
    covered = covered_days(session)
    today = site.today
    newest = Month.of(covered.last_day or today)
    month = newest if asked.month is None else month_named(asked.month)
    if not Month(2000, 1) <= month <= Month(9998, 12):
        raise Refusal(RequestCode.UNKNOWN_PAGE)
    months, oldest = {month}, Month.of(covered.first_day or today)
    while oldest <= newest:
        months.add(oldest)
        oldest = oldest.next
    sees_names = visitor.may(Permission.SEE_NAMES)
    return Selection(
        month=month,
        appeal=AppealId(asked.appeal) if sees_names and asked.appeal is not None else None,
        account=asked.account if sees_names else None,
        currency=Currency(asked.currency),
        covered=covered,
        months=tuple(sorted(months, reverse=True)),
        appeals=people.appeals(session),
        accounts={row.id: row.name for row in people.accounts(session)},
        sees_names=sees_names,
    )


overview_router = APIRouter()


@overview_router.get("")
@needs(Permission.SEE_FIGURES)
def show_overview(request: Request, site: SiteHere, visitor: VisitorHere, asked: AskedHere) -> Response:
    """Show how a month and the year go."""
    with reading(site.engine) as session:
        choice = selection_asked(session, asked, visitor, site)
        figures = overview(session, choice.month, choice.covered, choice.scope, with_small=choice.sees_names)
        told = changes_shown(session, request, site)
    charts = {each.currency: _chart(each.chart) for each in figures.currencies}
    names = {each.currency: _names(each.chart, choice) for each in figures.currencies}
    late = choice.covered.behind(figures.spans.month.last_day)
    return page(
        request,
        "staff/overview.html",
        choice=choice,
        figures=figures,
        charts=charts,
        names=names,
        late=late,
        waiting=told,
    )


def _names(months: MonthByMonth | None, choice: Selection) -> list[str]:
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


class AskedAmounts(AskedSelection):
    """The choice, and over how many months."""

    over: Over = Over.TWELVE_MONTHS


@amounts_router.get("")
@needs(Permission.SEE_FIGURES)
def show_amounts(
    request: Request, site: SiteHere, visitor: VisitorHere, asked: Annotated[AskedAmounts, Query()]
) -> Response:
    """Show the middle gift, the quarters, and how many gifts lie between round amounts."""
    with reading(site.engine) as session:
        choice = selection_asked(session, asked, visitor, site)
        scope = _scope(choice, asked.over)
        found = site.found_by(session, amounts, scope, with_small=choice.sees_names)
    charts = {each.currency: _chart_of_amounts(each) for each in found}
    return page(request, "staff/amounts.html", choice=choice, scope=scope, over=asked.over, found=found, charts=charts)


def _scope(choice: Selection, over: Over) -> GiftScope:
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


class AskedDonors(AskedSelection):
    """The choice, and one list of all."""

    list: DonorNotice | None = None


@donors_router.get("")
@needs(Permission.SEE_FIGURES)
def show_donors(
    request: Request, site: SiteHere, visitor: VisitorHere, asked: Annotated[AskedDonors, Query()]
) -> Response:
    """Show what is to notice of the donors of a month, or one list of it."""
    with reading(site.engine) as session:
        choice = selection_asked(session, asked, visitor, site)
        narrowed = {"appeal_id": choice.appeal, "account_id": choice.account}
        found = site.found_by(session, exceptions_of, choice.month, **narrowed)
        if not choice.sees_names:
            counts = {notice: count_shown(len({each.donor for each in many})) for notice, many in found.noticed.items()}
            return page(request, "staff/donors_counted.html", choice=choice, found=found, counts=counts)
        if asked.list is not None:
            return _list(request, session, choice, found, asked)
        few = {notice: many[:FEW] for notice, many in found.noticed.items()}
        donors = people.donors(session, {each.donor for many in few.values() for each in many})
        return page(request, "staff/donors.html", choice=choice, found=found, few=few, donors=donors)


def _list(request: Request, session: ReadSession, choice: Selection, found: Exceptions, asked: AskedDonors) -> Response:
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
        choice = selection_asked(session, asked, visitor, site)
        scope = choice.since(months_until(choice.month)[0])
        given: dict[str, Any] = {
            "choice": choice,
            "scope": scope,
            "currencies": [each.currency for each in sums(session, scope)],
        }
        if not choice.sees_names:
            cohorts = site.found_by(session, cohort_grid, scope, choice.currency)
            return page(request, "staff/cohorts.html", grid=cohorts, **given)
        total = site.found_by(session, count_givers, scope, choice.currency)
        paging = Paging(at=asked.page, size=GRID_DONORS_AT_ONCE, total=total)
        found = site.found_by(session, grid, scope, choice.currency, start=paging.start, size=paging.size)
        donors = people.donors(session, {row.donor for row in found.rows})
        return page(request, "staff/grid.html", grid=found, paging=paging, donors=donors, **given)


GIFTS_AT_ONCE = 100

lines_router = APIRouter(prefix="/lines")


class AskedLines(AskedSelection):
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
        choice = selection_asked(session, asked, visitor, site)
        which = GiftFilter(
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
        choice = selection_asked(session, asked, visitor, site)
        found = waiting(session, today=today, account_id=choice.account)
    strips = {each.currency: strip(each.by_age) for each in found}
    return page(request, "staff/unallocated.html", choice=choice, found=found, strips=strips)
