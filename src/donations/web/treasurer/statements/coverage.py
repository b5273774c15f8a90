"""Which days of each account are proven, what to download next, and a balance entered where the files state none."""

from __future__ import annotations

import re
from datetime import UTC, date
from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.permission import Permission
from donations.core.money import BadAmountError, BadCurrencyError, Currency, Minor, parse_currency, parse_minor
from donations.reports.calendar import year_of
from donations.reports.covered import covered_accounts
from donations.store.donors import people
from donations.store.session import as_reader, reading, writing
from donations.store.statements.coverage import give_balance
from donations.store.statements.files import Ledger
from donations.web.access import VisitorHere, needs
from donations.web.failure_code import FailureCode
from donations.web.failures import PageError
from donations.web.pages import SiteHere, page

router = APIRouter(prefix="/coverage")

_WRITTEN = re.compile(r"[+-]?(?:\d{1,12}|\d{1,3}(?: \d{3}){1,3})(?:[.,]\d{2})?", re.ASCII)
"""As internet banks show a balance: `1 234,56` is clear, `1,234` is not and is refused."""


@router.get("")
@needs(Permission.SEE_FIGURES)
def coverage(
    request: Request,
    site: SiteHere,
    year: Annotated[int | None, Query(ge=2000, le=9998)] = None,
    kept: date | None = None,
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
        "treasurer/coverage.html",
        accounts=accounts,
        calendars=[year_of(each.runs, chosen) for each in accounts],
        year=chosen,
        years=list(range(min(begins, default=chosen), max(ends, default=chosen) + 1)),
        today=today,
        kept=kept,
    )


@router.post("/balance")
@needs(Permission.IMPORT)
def enter_balance(
    site: SiteHere,
    visitor: VisitorHere,
    account: Annotated[int, Form()],
    currency: Annotated[str, Form(max_length=3)],
    day: Annotated[date, Form()],
    balance: Annotated[str, Form(max_length=30)],
) -> Response:
    """Keep a balance that a person read in the internet bank: it proves days whose files state none."""
    try:
        unit = parse_currency(currency)
    except BadCurrencyError as error:
        raise PageError(FailureCode.BAD_FORM) from error
    minor = _balance(balance, unit)
    # The end of today has not come yet.
    if day >= site.today:
        raise PageError(FailureCode.BALANCE_TOO_EARLY)
    with writing(site.engine) as session:
        if account not in {row.id for row in people.accounts(as_reader(session))}:
            raise PageError(FailureCode.BAD_FORM)
        ledger = Ledger(account_id=account, currency=unit)
        give_balance(session, ledger, day, minor, by=visitor.name, at=site.clock().astimezone(UTC))
    return RedirectResponse(f"/treasurer/coverage?year={day.year}&kept={day}", status_code=303)


def _balance(text: str, currency: Currency) -> Minor:
    written = " ".join(text.replace("\N{MINUS SIGN}", "-").split())
    if _WRITTEN.fullmatch(written) is None:
        raise PageError(FailureCode.BAD_BALANCE)
    try:
        return parse_minor(written.replace(" ", ""), currency=currency, mark="," if "," in written else ".")
    except BadAmountError as error:
        raise PageError(FailureCode.BAD_BALANCE) from error
