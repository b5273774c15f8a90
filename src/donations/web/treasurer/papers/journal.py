"""A month as bookings for the accountant: with the accountant's numbers, and what other programs read."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Path, Query
from pydantic import BaseModel, Field, ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.core.calendar import Month, Period
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.documents.tax_list import JournalFormat, as_file
from donations.reports.journal import journal_table
from donations.reports.words import PURPOSES, WITHOUT_PURPOSE
from donations.store.donors import people
from donations.store.months import closed_months
from donations.store.organisation import AccountNumbers, paper_settings, set_papers
from donations.store.session import reading, writing
from donations.store.statements.coverage import CoveredDays, covered_days
from donations.views.formats import TELLER
from donations.web.access import VisitorHere, needs
from donations.web.addresses import month_named
from donations.web.pages import XLSX, SiteHere, attachment, page
from donations.web.treasurer.papers.reports import shown_table

ROWS_SHOWN = 30
_FILES = {
    JournalFormat.CSV: ("text/csv; charset=utf-8", "journal-{month}.csv"),
    JournalFormat.XLSX: (XLSX, "journal-{month}.xlsx"),
    JournalFormat.HLEDGER: ("text/plain; charset=utf-8", "{month}.journal"),
    JournalFormat.BEANCOUNT: ("text/plain; charset=utf-8", "{month}.beancount"),
    JournalFormat.MERIT: ("application/json", "{month}-merit.json"),
}
"""Media types and names."""

router = APIRouter(prefix="/journal")


class Wishes(BaseModel):
    """What goes into the file."""

    names: bool = False
    """Names of donors: the accountant seldom needs them."""
    opening: bool = False
    """Begin with the opening balances: only in the first file that a program gets."""

    @property
    def query(self) -> str:
        """The wishes as the query of an address."""
        return "&".join(f"{name}=true" for name, value in self.model_dump().items() if value)


@router.get("")
@needs(Permission.SEE_NAMES)
def journal_page(
    request: Request,
    site: SiteHere,
    wishes: Annotated[Wishes, Query()],
    month: Annotated[str, Query(pattern=r"^([12][0-9]{3}-[0-9]{2})?$")] = "",
) -> Response:
    """Show a month as bookings, by default the last that is closed."""
    today = site.today
    with reading(site.engine) as session:
        covered, closed = covered_days(session), closed_months(session)
        chosen = month_named(month) if month else max(closed, default=Month.of(covered.last_day or today))
        numbers = paper_settings(session, AccountNumbers)
        period = Period(chosen.first_day, chosen.last_day)
        table = journal_table(session, period, numbers, with_names=wishes.names).translated(TELLER)
        accounts = [(row.number, row.name) for row in people.accounts(session)]
        appeals = people.appeals(session)
    return page(
        request,
        "treasurer/papers/journal.html",
        month=chosen,
        months=_months(covered),
        is_closed=chosen in closed,
        wishes=wishes,
        table=table,
        shown=shown_table(table, size=ROWS_SHOWN),
        kinds=list(JournalFormat),
        numbers=numbers,
        purposes=[(purpose.value, word.phrase.english) for purpose, word in PURPOSES.items()]
        + [("unallocated", WITHOUT_PURPOSE.phrase.english)],
        accounts=accounts,
        appeals=appeals,
    )


class NumbersForm(BaseModel):
    """Account numbers as the form gives them: each with what it is for."""

    purpose: list[str] = Field(max_length=20)
    purpose_number: list[str] = Field(max_length=20)
    own: list[str] = Field(default=[], max_length=200)
    own_number: list[str] = Field(default=[], max_length=200)
    appeal: list[str] = Field(default=[], max_length=1_000)
    appeal_number: list[str] = Field(default=[], max_length=1_000)

    def numbers(self) -> AccountNumbers:
        """Return the numbers; raises `ValueError` where they do not fit."""
        own, projects = _written(self.own, self.own_number), _written(self.appeal, self.appeal_number)
        return AccountNumbers(
            purposes=dict(zip(self.purpose, self.purpose_number, strict=True)),
            own=own,
            projects=projects,
        )


@router.post("/accounts")
@needs(Permission.MANAGE_BOOKS)
def set_numbers(site: SiteHere, visitor: VisitorHere, form: Annotated[NumbersForm, Form()]) -> Response:
    """Let journals call accounts so from now on."""
    try:
        numbers = form.numbers()
    except (ValidationError, ValueError) as error:
        raise Refusal(RequestCode.BAD_FORM) from error
    with writing(site.engine) as session:
        set_papers(session, numbers, by=visitor.name, at=site.clock())
    return RedirectResponse("/treasurer/journal#accounts", status_code=303)


@router.get("/{month}.{kind}")
@needs(Permission.SEE_NAMES, fresh=True)
def journal_file(
    site: SiteHere,
    month: Annotated[str, Path(pattern=r"^[12][0-9]{3}-[0-9]{2}$")],
    kind: JournalFormat,
    wishes: Annotated[Wishes, Query()],
) -> Response:
    """Return a month as a file."""
    one = month_named(month)
    with reading(site.engine) as session:
        content = as_file(session, one, kind, with_names=wishes.names, with_opening=wishes.opening)
    media_type, name = _FILES[kind]
    return attachment(content, media_type=media_type, name=name.format(month=one))


def _written(keys: list[str], numbers: list[str]) -> dict[str, str]:
    """Return the numbers that somebody wrote; raises `ValueError` where one has no key."""
    return {key: number for key, number in zip(keys, numbers, strict=True) if number.strip()}


def _months(covered: CoveredDays) -> list[Month]:
    """Return the months with statements, the newest first."""
    if covered.first_day is None or covered.last_day is None:
        return []
    found = [Month.of(covered.last_day)]
    while found[-1] > Month.of(covered.first_day):
        found.append(found[-1].before)
    return found
