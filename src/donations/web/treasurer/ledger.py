"""The ledger: every payment in one list that can be narrowed, in views of one's own, and what each account holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query
from pydantic import AfterValidator, BaseModel, Field, field_validator
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from donations.access.person import Permission
from donations.acts.proving import Proved, proofs
from donations.core.calendar import Month, Period
from donations.core.money import EUR, Currency, Minor
from donations.core.payment import PaymentId
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.core.typed import typed_amount
from donations.identity.proof import DayState
from donations.reports.ledger import ledger_table
from donations.reports.obstacles import money_under_way
from donations.store.donors import people
from donations.store.ledger_views import LedgerView, ledger_views
from donations.store.payments.listed import Choice, ListedKind, Place, listed, page_of_payments, places, sums_of
from donations.store.session import ID_MAX, ReadSession, reading
from donations.views.formats import TELLER
from donations.web.access import VisitorHere, needs
from donations.web.addresses import month_named
from donations.web.pages import Site, SiteHere, page

PAYMENTS_AT_ONCE = 50
_ROWS_AT_ONCE = 1_000
router = APIRouter(prefix="/ledger")


def _place(written: str) -> Place | None:
    """Read a place as `2026-03-05.17`. Raises `ValueError`."""
    day, _, payment = written.partition(".")
    return Place(date.fromisoformat(day), PaymentId(int(payment))) if day else None


def _written(place: Place) -> str:
    return f"{place.day}.{place.payment}"


def _checked(written: str) -> str:
    _place(written)
    return written


PlaceAsked = Annotated[str, Field(max_length=30), AfterValidator(_checked)]


class Way(StrEnum):
    """In which direction money moved."""

    BOTH = ""
    IN = "in"
    OUT = "out"


class AskedLedger(BaseModel):
    """What is asked for: conditions, each of which narrows, and where in the list."""

    text: str = Field("", max_length=140)
    account: str = Field("", max_length=40)
    currency: str = Field("", pattern="^([A-Z]{3})?$")
    show: ListedKind = ListedKind.ALL
    way: Way = Way.BOTH
    appeal: int | None = Field(None, ge=1, le=ID_MAX)
    first: date | None = None
    last: date | None = None
    least: str = Field("", max_length=30)
    most: str = Field("", max_length=30)
    moving: bool = False
    """Only money under way between own accounts."""
    behind: PlaceAsked = ""
    before: PlaceAsked = ""
    end: bool = False
    """The last page."""
    view: int | None = Field(None, ge=1, le=ID_MAX)
    """A view that the person keeps; what is asked for besides takes the place of what the view says."""

    @field_validator("appeal", "first", "last", mode="before")
    @classmethod
    def _is_none(cls, written: object) -> object:
        """Take what a form sends for "all" as nothing chosen."""
        return written or None

    def address(self, **other: object) -> str:
        """Return the choice as the end of an address, its first page, with something else chosen."""
        own = {"view": self.view} if self.view else self.model_dump(mode="json", exclude_defaults=True, exclude=_PLACE)
        return "?" + urlencode({name: str(value) for name, value in (own | other).items() if value not in {None, ""}})

    @property
    def kept(self) -> str:
        """What a view of it keeps, as JSON: all but the place in the list."""
        return self.model_dump_json(exclude_defaults=True, include=_CONDITIONS)

    @property
    def conditions(self) -> list[tuple[str, str]]:
        """What is asked for, as a form sends it."""
        asked = self.model_dump(mode="json", exclude_defaults=True, include=_CONDITIONS)
        return [(name, str(value)) for name, value in asked.items()]

    def of_view(self, views: Sequence[LedgerView]) -> AskedLedger:
        """Return what is asked for, with what the view says. Raises `Refusal` where it is not among these."""
        if self.view is None:
            return self
        kept = next((each.choice for each in views if each.id == self.view), None)
        if kept is None:
            raise Refusal(RequestCode.UNKNOWN_PAGE)
        named = {name: getattr(self, name) for name in self.model_fields_set}
        is_changed = bool(self.model_fields_set & _CONDITIONS)
        asked = AskedLedger.model_validate_json(kept).model_copy(update=named)
        return asked.model_copy(update={"view": None}) if is_changed else asked

    @property
    def is_narrowed(self) -> bool:
        """Whether not all payments are listed."""
        return self.address() != "?"

    @property
    def month(self) -> Month | None:
        """The month that the days are, where they are a whole one."""
        if self.first is None or self.last is None:
            return None
        month = Month.of(self.first)
        return month if (month.first_day, month.last_day) == (self.first, self.last) else None

    def of_month(self, month: Month) -> str:
        """Return the address of the same choice in another month."""
        return self.address(first=month.first_day.isoformat(), last=month.last_day.isoformat())


_PLACE = {"behind", "before", "end", "view"}
_CONDITIONS = set(AskedLedger.model_fields) - _PLACE
AskedHere = Annotated[AskedLedger, Query()]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBalance:
    """What an own account held at the end of the last day that is known of it."""

    number: str
    currency: Currency
    minor: Minor | None
    """None where the bank states no balance."""
    day: date
    state: DayState
    """The worst that is known of the month of that day."""


@router.get("")
@needs(Permission.SEE_NAMES)
def ledger(request: Request, site: SiteHere, visitor: VisitorHere, asked: AskedHere) -> Response:
    """List the payments that are asked for, the newest first, with what each account holds and what they come to."""
    with reading(site.engine) as session:
        views = ledger_views(session, visitor.person_id)
        asked, proved = asked.of_view(views), proofs(session)
        choice = chosen(session, asked, proved, site)
        found = page_of_payments(
            session,
            choice,
            size=PAYMENTS_AT_ONCE,
            behind=_place(asked.behind),
            before=_place(asked.before),
            is_last=asked.end,
        )
        return page(
            request,
            "treasurer/books/ledger.html",
            asked=asked,
            views=views,
            view=next((each for each in views if each.id == asked.view), None),
            kinds=list(ListedKind),
            found=found,
            sums=sums_of(session, choice),
            address=_written,
            holdings=list(_holdings(proved)),
            own_accounts={row.number: row.name for row in people.accounts(session)},
            appeals={each.id: each.name for each in people.appeals(session)},
        )


@router.get("/payments.csv")
@needs(Permission.SEE_NAMES, fresh=True)
def ledger_csv(site: SiteHere, visitor: VisitorHere, asked: AskedHere) -> Response:
    """Return all that is asked for as a file, as it comes from the database."""
    with reading(site.engine) as session:
        asked = asked.of_view(ledger_views(session, visitor.person_id))
    headers = {"Content-Disposition": 'attachment; filename="payments.csv"'}
    return StreamingResponse(_csv(site, asked), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/{month}")
@needs(Permission.SEE_NAMES)
def payments_of_month(request: Request, month: Annotated[str, Path(pattern=r"^[0-9]{4}-[0-9]{2}$")]) -> Response:
    """Lead to the payments of a month, with whatever else is asked for; `show` may be a direction too."""
    chosen, asked = month_named(month), dict(request.query_params)
    if asked.get("show") in {Way.IN, Way.OUT}:
        asked["way"] = asked.pop("show")
    days = {"first": chosen.first_day.isoformat(), "last": chosen.last_day.isoformat()}
    return RedirectResponse(f"/treasurer/ledger?{urlencode(asked | days)}", status_code=303)


def _csv(site: Site, asked: AskedLedger) -> Iterator[bytes]:
    with reading(site.engine) as session:
        choice = chosen(session, asked, proofs(session) if asked.moving else (), site)
        found = (each.payment for each in places(session, choice))
        runs: Iterator[list[PaymentId]] = iter(lambda: list(islice(found, _ROWS_AT_ONCE)), [])
        appeals = {each.id: each.name for each in people.appeals(session)}
        tables = (ledger_table(listed(session, run), appeals).translated(TELLER) for run in runs)
        yield from ledger_table((), appeals).translated(TELLER).csv_stream(table.rows for table in tables)


def chosen(session: ReadSession, asked: AskedLedger, proved: Sequence[Proved], site: Site) -> Choice:
    """Return what is asked for. Raises `Refusal` for an amount that is none."""
    currency = Currency(asked.currency) if asked.currency else EUR
    number = next((row.id for row in people.accounts(session) if row.number == asked.account), 0)
    moving = (
        (each.side.payment for each in money_under_way(session, proved, today=site.today)) if asked.moving else None
    )
    return Choice(
        first_day=asked.first,
        last_day=asked.last,
        account_id=number if asked.account else None,
        currency=asked.currency or None,
        shown=asked.show,
        is_in=None if asked.way is Way.BOTH else asked.way is Way.IN,
        appeal_id=asked.appeal,
        least=typed_amount(asked.least, currency) if asked.least.strip() else None,
        most=typed_amount(asked.most, currency) if asked.most.strip() else None,
        wordings=site.wordings_with(session, asked.text) if asked.text.strip() else None,
        only=None if moving is None else frozenset(moving),
    )


def _holdings(proved: Sequence[Proved]) -> Iterator[HeldBalance]:
    for each in proved:
        if each.covered is not None:
            day = each.covered.last_day
            state = each.state_in(Period(Month.of(day).first_day, day))
            yield HeldBalance(number=each.number, currency=each.currency, minor=each.balance(day), day=day, state=state)
