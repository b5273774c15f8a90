"""The months: what is not as expected in each, what is in the way of closing, and what came after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query
from pydantic import StringConstraints
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.acts.closing import close, prospect, reopen
from donations.acts.promise import promise_of
from donations.acts.proving import proofs
from donations.core.calendar import Month, Period
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.ledger.obstacles import read
from donations.reports.exceptions import exceptions_of
from donations.reports.month import months as month_report
from donations.reports.months_of_year import changed_since, months_of_year
from donations.reports.obstacles import money_under_way, obstacles_in_words, set_aside_in_words, under_way_in_words
from donations.store.donors import people
from donations.store.months import closed_months, closings, corrections, count_corrections, first_open_month
from donations.store.session import ReadSession, as_reader, reading, writing
from donations.views.formats import TELLER, account
from donations.views.month import correction_views
from donations.web.access import VisitorHere, needs
from donations.web.addresses import Paging, month_named
from donations.web.pages import Site, SiteHere, attachment, page


def account_names(session: ReadSession) -> dict[str, str]:
    """Return the names by number; the number itself where a person gave no name."""
    return {row.number: row.name for row in people.accounts(session)}


def account_called(names: Mapping[str, str]) -> Callable[[str], str]:
    """Return what tells an own account's name by its number, with its last digits where two have the same name."""
    often = Counter(names.values())

    def call(number: str) -> str:
        name = names.get(number, number)
        if name == number:
            return account(number)
        return name if often[name] == 1 else f"{name} …{number[-4:]}"

    return call


CORRECTIONS_AT_ONCE = 50

router = APIRouter(prefix="/months")


MONTH = r"^2[0-9]{3}-[0-9]{2}$"


def _month(month: Annotated[str, Path(pattern=MONTH)]) -> Month:
    return month_named(month)


MonthHere = Annotated[Month, Depends(_month)]
Reason = Annotated[str, StringConstraints(max_length=1_000)]


@router.get("")
@needs(Permission.SEE_NAMES)
def all_months(
    request: Request, site: SiteHere, year: Annotated[int | None, Query(ge=2000, le=9999)] = None
) -> Response:
    """List the months of a year, the newest first."""
    with reading(site.engine) as session:
        return page(
            request, "treasurer/books/months.html", found=months_of_year(session, year), was_said=set_aside_in_words
        )


@router.get("/{month}")
@needs(Permission.SEE_NAMES)
def month(
    request: Request,
    site: SiteHere,
    month: MonthHere,
    at: Annotated[int, Query(alias="page", ge=1)] = 1,
    closed: Annotated[str, Query(pattern=MONTH)] = "",
) -> Response:
    """Show a month, what is not as expected first; `closed` is one that was closed just before."""
    return _month_page(request, site, month, at=at, just_closed=month_named(closed) if closed else None)


@router.get("/{month}/month.csv")
@needs(Permission.SEE_NAMES)
def month_csv(site: SiteHere, month: MonthHere) -> Response:
    """Return the month for the accountant's books, with everything that is to be said of it."""
    with reading(site.engine) as session:
        content = month_report(session, Period(month.first_day, month.last_day)).to_csv()
    return attachment(content, media_type="text/csv; charset=utf-8", name=f"{month}.csv")


@router.post("/{month}/close")
@needs(Permission.CLOSE_MONTHS)
def close_month(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    month: MonthHere,
    promised: Annotated[str, Form(max_length=64)],
    about: Annotated[list[str] | None, Form()] = None,
    reason: Annotated[list[Reason] | None, Form()] = None,
) -> Response:
    """Close the month exactly as shown and go on to the next that is over; or show it anew where it is another."""
    written = dict(zip(about or (), reason or (), strict=False))
    try:
        with writing(site.engine) as session:
            close(
                session,
                month,
                by=visitor.name,
                now=site.clock(),
                today=site.today,
                reasons=lambda obstacle: written.get(obstacle.key, ""),
                promised=promised,
            )
            following = first_open_month(as_reader(session), before=Month.of(site.today)) or month
    except Refusal as refusal:
        if refusal.code is not RequestCode.PREVIEW_OUTDATED:
            raise
        return _month_page(request, site, month, is_outdated=True)
    return RedirectResponse(f"/treasurer/months/{following}?closed={month}", status_code=303)


@router.post("/{month}/reopen")
@needs(Permission.CLOSE_MONTHS)
def reopen_month(site: SiteHere, visitor: VisitorHere, month: MonthHere, reason: Annotated[Reason, Form()]) -> Response:
    """Open the newest closed month again."""
    with writing(site.engine) as session:
        reopen(session, month, by=visitor.name, now=site.clock(), reason=reason)
    return RedirectResponse(f"/treasurer/months/{month}", status_code=303)


def _month_page(
    request: Request,
    site: Site,
    month: Month,
    *,
    at: int = 1,
    is_outdated: bool = False,
    just_closed: Month | None = None,
) -> Response:
    with reading(site.engine) as session:
        proved = proofs(session)
        ahead = prospect(session, month, today=site.today, proved=proved)
        made = closings(session, first_day=month.first_day, last_day=month.last_day)
        closing = next((each for each in made if each.reopening is None), None)
        after = [] if closing is None else [closing]
        paging = Paging(at=at, size=CORRECTIONS_AT_ONCE, total=sum(count_corrections(session, after).values()))
        later = corrections(session, after, start=paging.start, size=paging.size)
        unexpected = site.found_by(session, exceptions_of, month)
        own_accounts = account_names(session)
        days = Period(month.first_day, month.last_day)
        all_closed = closed_months(session)
        moving = [each for each in money_under_way(session, proved, today=site.today) if each.side.booked_on in days]
        return page(
            request,
            "treasurer/books/month_review.html",
            status=409 if is_outdated else 200,
            month=month,
            ahead=ahead,
            promised=promise_of(ahead),
            ways=obstacles_in_words(session, ahead.obstacles, proved, account_called(own_accounts)),
            under_way=under_way_in_words(session, moving, proved, account_called(own_accounts)),
            closing=closing,
            set_aside=[]
            if closing is None
            else [(set_aside_in_words(each), each.reason) for each in read(closing.seal.reason)],
            figures=ahead.figures if closing is None else closing.figures,
            opened=[each for each in made if each.reopening is not None],
            is_newest=closing is not None and all_closed[-1] == month,
            just_closed=just_closed if just_closed in all_closed else None,
            changed=[] if closing is None else changed_since(session, closing),
            corrections=correction_views(later, TELLER),
            paging=paging,
            unexpected=unexpected,
            donors=people.donors(session, unexpected.donors),
            own_accounts=own_accounts,
            is_outdated=is_outdated,
        )
