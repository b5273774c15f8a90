"""The days of each account with their reasons, what to do next, balances entered by hand, days that were quiet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.acts.accounts import confirm_no_movement, enter_balance, remove_balance, withdraw_no_movement
from donations.core.typed import typed_balance, typed_currency
from donations.identity.proof import DayState
from donations.reports.coverage import CoveredAccount, covered_accounts, year_of
from donations.reports.day_reasons import ReasonedRun
from donations.reports.words import MEANINGS
from donations.store.session import ID_MAX, reading, writing
from donations.store.statements.files import Ledger
from donations.web.access import VisitorHere, needs
from donations.web.pages import SiteHere, page

router = APIRouter(prefix="/coverage")


class CoverageDone(StrEnum):
    """What was done just now."""

    REMOVED = "removed"
    CONFIRMED = "confirmed"
    TAKEN_BACK = "taken_back"


def _ledger(account: Annotated[int, Form(ge=1, le=ID_MAX)], currency: Annotated[str, Form(max_length=3)]) -> Ledger:
    return Ledger(account_id=account, currency=typed_currency(currency))


LedgerGiven = Annotated[Ledger, Depends(_ledger)]
Back = Annotated[str, Form(pattern=r"^(2[0-9]{3}-[0-9]{2})?$")]
"""The month whose page the button stands on."""


@router.get("")
@needs(Permission.SEE_FIGURES)
def coverage(
    request: Request,
    site: SiteHere,
    year: Annotated[int | None, Query(ge=2000, le=9998)] = None,
    kept: date | None = None,
    of: Annotated[int, Query(ge=0, le=ID_MAX)] = 0,
    done: CoverageDone | None = None,
) -> Response:
    """Show the calendar of a year, by default of the last one that a statement covers."""
    today = site.today
    with reading(site.engine) as session:
        accounts = covered_accounts(session, today=today)
    ends = [run.last_day.year for each in accounts for run in each.runs[-1:]]
    begins = [run.first_day.year for each in accounts for run in each.runs[:1]]
    chosen = year or max(ends, default=today.year)
    return page(
        request,
        "treasurer/statements/coverage.html",
        accounts=accounts,
        calendars=[year_of(each.runs, chosen) for each in accounts],
        year=chosen,
        years=list(range(min(begins, default=chosen), max(ends, default=chosen) + 1)),
        yesterday=today - timedelta(days=1),
        kept=kept,
        clash=None if kept is None else _clash(accounts, of, kept),
        done=done,
        states=MEANINGS,
    )


def _clash(accounts: Sequence[CoveredAccount], account: int, day: date) -> ReasonedRun | None:
    """Return what contradicts at the end of a day: the day itself, or the one that begins with it."""
    here = (found for each in accounts if each.account_id == account for found in each.reasoned)
    at_end = {day, day + timedelta(days=1)}
    return next(
        (each for each in here if each.state is DayState.CONFLICT and any(end in each.days for end in at_end)), None
    )


@router.post("/balance")
@needs(Permission.IMPORT)
def enter(
    site: SiteHere,
    visitor: VisitorHere,
    ledger: LedgerGiven,
    day: Annotated[date, Form()],
    balance: Annotated[str, Form(max_length=30)],
) -> Response:
    """Keep a balance that a person read in the internet bank: it proves days whose files state none."""
    minor = typed_balance(balance, ledger.currency)
    with writing(site.engine) as session:
        enter_balance(session, ledger, day, minor, by=visitor.name, now=site.clock(), today=site.today)
    return _back(day, kept=day, of=ledger.account_id)


@router.post("/balance/remove")
@needs(Permission.IMPORT)
def remove(site: SiteHere, ledger: LedgerGiven, day: Annotated[date, Form()]) -> Response:
    """Take a balance back that was entered."""
    with writing(site.engine) as session:
        remove_balance(session, ledger, day)
    return _back(day, done=CoverageDone.REMOVED)


@router.post("/quiet")
@needs(Permission.IMPORT)
def confirm(
    site: SiteHere,
    visitor: VisitorHere,
    ledger: LedgerGiven,
    first_day: Annotated[date, Form()],
    last_day: Annotated[date, Form()],
    back: Back = "",
) -> Response:
    """Keep that nothing moved on days that no statement covers."""
    with writing(site.engine) as session:
        confirm_no_movement(session, ledger, first_day, last_day, by=visitor.name, now=site.clock())
    return (
        RedirectResponse(f"/treasurer/months/{back}#close", 303)
        if back
        else _back(first_day, done=CoverageDone.CONFIRMED)
    )


@router.post("/quiet/take-back")
@needs(Permission.IMPORT)
def take_back(site: SiteHere, ledger: LedgerGiven, day: Annotated[date, Form()]) -> Response:
    """Take back that nothing moved."""
    with writing(site.engine) as session:
        withdraw_no_movement(session, ledger, day)
    return _back(day, done=CoverageDone.TAKEN_BACK)


def _back(day: date, **said: object) -> Response:
    return RedirectResponse(f"/treasurer/coverage?{urlencode({'year': day.year, **said})}", status_code=303)
