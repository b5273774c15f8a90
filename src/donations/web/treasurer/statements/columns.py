"""A table of an unknown layout: what its columns mean is said on one page, tried, and kept for the next one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.acts.reading_files import Terms, look_at_table, read_file
from donations.core.language import N_
from donations.core.money import Currency, Minor, MoneyIn
from donations.core.problem import Refused
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.core.statement import GivenFile, Reading, Statement
from donations.core.table_layout import (
    COLUMNS_MAX,
    MAGIC,
    ColumnMeaning,
    DayOrder,
    LayoutFault,
    TableLayout,
    TableLook,
    said_of,
    what_was_said,
)
from donations.store.donors import people
from donations.store.session import reading, writing
from donations.store.statements import imports
from donations.store.table_layouts import KeptLayout, drop_layout, keep_layout, table_layouts
from donations.views.formats import TELLER
from donations.views.phrases import problem_views
from donations.views.value import Money, money
from donations.web.access import Visitor, VisitorHere, needs
from donations.web.pages import Site, SiteHere, attachment, page, see

T = TypeVar("T", bound=StrEnum)
V = TypeVar("V")

router = APIRouter(prefix="/upload/{token}/columns/{number}")
layouts_router = APIRouter(prefix="/layouts")
_SHOWN, _FIELD_MAX, _OTHER_FIELDS = 8, 200, 12

MEANINGS: Mapping[ColumnMeaning, str] = {
    ColumnMeaning.DAY: N_("Booking date"),
    ColumnMeaning.AMOUNT: N_("Amount, with its sign or beside a direction"),
    ColumnMeaning.MONEY_IN: N_("Money in"),
    ColumnMeaning.MONEY_OUT: N_("Money out"),
    ColumnMeaning.DIRECTION: N_("Direction: in or out"),
    ColumnMeaning.CURRENCY: N_("Currency"),
    ColumnMeaning.NAME: N_("Payer or payee"),
    ColumnMeaning.ACCOUNT: N_("Account of the other side"),
    ColumnMeaning.CODE: N_("Personal or registry code"),
    ColumnMeaning.TEXT: N_("Explanation"),
    ColumnMeaning.REFERENCE: N_("Reference number"),
    ColumnMeaning.BANK_ID: N_("Number of the transaction at the bank"),
    ColumnMeaning.BALANCE: N_("Balance after the row"),
    ColumnMeaning.OWN_ACCOUNT: N_("Your own account"),
}
ORDERS: Mapping[DayOrder, str] = {
    DayOrder.DAY_FIRST: N_("day, month, year"),
    DayOrder.MONTH_FIRST: N_("month, day, year"),
    DayOrder.YEAR_FIRST: N_("year, month, day"),
}
FAULTS: Mapping[LayoutFault, str] = {
    LayoutFault.NO_DAY: N_("Say which column is the booking date."),
    LayoutFault.NO_AMOUNT: N_("Say which column is the amount, or which ones are money in and money out."),
    LayoutFault.TWO_AMOUNTS: N_("Either one column is the amount, or two are money in and money out: not both."),
    LayoutFault.TWICE: N_("Two columns mean the same: only explanations may be several."),
    LayoutFault.NO_ORDER: N_("Say in which order the dates are written: here both would be dates."),
    LayoutFault.NO_MARK: N_("Say which mark stands before cents: here both would be amounts."),
    LayoutFault.NO_DIRECTION: N_("Say which word means that money came in."),
    LayoutFault.NO_SIGN: N_(
        "No amount has a minus. Say which column tells money in from money out, or that all of it came in."
    ),
    LayoutFault.NO_CURRENCY: N_("Say which currency the amounts are in."),
    LayoutFault.NO_ACCOUNT: N_("Say which of your accounts this table is of."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What stands in the form."""

    meanings: tuple[ColumnMeaning | None, ...]
    days: DayOrder | None
    mark: str
    money_in: str
    currency: str
    account: str
    called: str
    all_in: bool
    """Whether amounts without any minus are all money in."""

    @classmethod
    def at_first(cls, seen: TableLook, kept: KeptLayout | None, *, account: str) -> Said:
        """Return what was said of such a table before, else what its columns show."""
        layout = None if kept is None else kept.layout
        return cls(
            meanings=tuple(each.proposed for each in seen.columns) if layout is None else layout.meanings,
            days=None if layout is None else layout.days,
            mark="" if layout is None else layout.mark,
            money_in="" if layout is None else layout.money_in,
            currency="EUR" if layout is None else layout.currency,
            account=account,
            called="" if kept is None else kept.called,
            all_in=kept is not None and any(seen.heading),
        )

    def layout(self, seen: TableLook) -> TableLayout | tuple[LayoutFault, ...]:
        """Return the layout, with what the whole column leaves one way for; or what has still to be said."""
        orders, marks, words = seen.orders(self.meanings), seen.marks(self.meanings), seen.words(self.meanings)
        days = _chosen(self.days, orders)
        mark = _chosen(self.mark, marks)
        made = TableLayout(
            heading=seen.heading,
            separator=seen.separator,
            meanings=self.meanings,
            days=days or DayOrder.YEAR_FIRST,
            mark=mark or ".",
            money_in=self.money_in if self.money_in in words else "",
            money_out=next((each for each in words if each != self.money_in), "") if self.money_in in words else "",
            currency="" if ColumnMeaning.CURRENCY in self.meanings else self.currency.strip().upper(),
        )
        is_of_nobody = ColumnMeaning.OWN_ACCOUNT not in self.meanings and not self.account
        faults = made.faults()
        faults += (LayoutFault.NO_ORDER,) if days is None and LayoutFault.NO_DAY not in faults else ()
        faults += (LayoutFault.NO_MARK,) if mark is None and LayoutFault.NO_AMOUNT not in faults else ()
        faults += () if self.all_in or seen.says_direction(self.meanings) else (LayoutFault.NO_SIGN,)
        faults += (LayoutFault.NO_ACCOUNT,) if is_of_nobody else ()
        return faults or made


def _chosen(said: V | None, possible: Sequence[V]) -> V | None:
    """Return what was said where it is possible, else the only way there is."""
    return said if said in possible else possible[0] if len(possible) == 1 else None


@router.get("")
@needs(Permission.IMPORT)
def ask(request: Request, site: SiteHere, visitor: VisitorHere, token: str, number: int) -> Response:
    """Show the columns with what they probably mean."""
    table = _table(site, visitor, token, number)
    account = next(iter(table.own)) if len(table.own) == 1 else ""
    return _columns_page(request, table, Said.at_first(table.seen, table.kept, account=account))


@router.post("")
@needs(Permission.IMPORT)
async def say(request: Request, site: SiteHere, visitor: VisitorHere, token: str, number: int) -> Response:
    """Show what would be read so, or keep it and go on with the upload."""
    form = await request.form(max_files=0, max_fields=COLUMNS_MAX + _OTHER_FIELDS)
    written = {key: str(value)[:_FIELD_MAX] for key, value in form.items()}
    return await run_in_threadpool(_said, request, site, visitor, token, number, written)


def _said(
    request: Request, site: Site, visitor: Visitor, token: str, number: int, written: Mapping[str, str]
) -> Response:
    table = _table(site, visitor, token, number)
    seen, account = table.seen, written.get("account", "")
    said = Said(
        meanings=tuple(_one_of(ColumnMeaning, written.get(f"m{at}", "")) for at in range(len(seen.columns))),
        days=_one_of(DayOrder, written.get("days", "")),
        mark=written.get("mark", ""),
        money_in=written.get("money_in", ""),
        currency=written.get("currency", ""),
        account=account if account in table.own else "",
        called=written.get("called", "").strip(),
        all_in="all_in" in written,
    )
    layout = said.layout(seen)
    if not isinstance(layout, TableLayout):
        return _columns_page(request, table, said, faults=layout)
    whole = GivenFile(name=table.given.name, content=said_of(table.given.content, layout, account=said.account))
    found = read_file(whole, _terms(site, visitor)).found
    if isinstance(found, Refused) or "use" not in written:
        return _columns_page(request, table, said, found=found)
    with writing(site.engine) as session:
        keep_layout(session, layout, called=said.called, by=visitor.name, at=site.clock())
        imports.replace_upload(session, token, number, whole.content)
    site.readings.forget((token, ""))
    return see(request, f"/treasurer/upload/{token}")


def _columns_page(
    request: Request,
    table: WaitingTable,
    said: Said,
    *,
    faults: Sequence[LayoutFault] = (),
    found: Reading | Refused | None = None,
) -> Response:
    seen = table.seen
    return page(
        request,
        "treasurer/statements/columns.html",
        status=422 if faults or isinstance(found, Refused) else 200,
        table=table,
        seen=seen,
        said=said,
        orders=seen.orders(said.meanings),
        marks=seen.marks(said.meanings),
        words=seen.words(said.meanings),
        asks_sign=not seen.says_direction(said.meanings),
        meanings=MEANINGS,
        order_names=ORDERS,
        faults=[FAULTS[each] for each in faults],
        problems=problem_views(found.problems, TELLER) if isinstance(found, Refused) else [],
        readings=[_shown(each) for each in found.statements] if isinstance(found, Reading) else [],
    )


def _shown(statement: Statement) -> ShownReading:
    moved = [each.money for each in statement.lines]
    came = sum(each.amount.minor for each in moved if isinstance(each, MoneyIn))
    went = sum(each.amount.minor for each in moved if not isinstance(each, MoneyIn))
    first = [statement.lines[at] for at in range(min(_SHOWN, len(statement.lines)))]
    return ShownReading(
        account=str(statement.account),
        first_day=statement.first_day,
        last_day=statement.last_day,
        lines=len(statement.lines),
        came=money(came, statement.currency),
        went=money(went, statement.currency),
        has_balances=bool(statement.balances),
        first=[
            ShownLine(
                day=each.booked_on,
                name=each.counterparty.name,
                text=each.text,
                minor=each.money.amount.minor if isinstance(each.money, MoneyIn) else -each.money.amount.minor,
                currency=statement.currency,
            )
            for each in first
        ],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    """One line as it was read."""

    day: date
    name: str
    text: str
    minor: Minor
    currency: Currency


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownReading:
    """What a table says of one account, read so."""

    account: str
    first_day: date
    last_day: date
    lines: int
    came: Money
    went: Money
    has_balances: bool
    """Whether each row's balance is the one before it and what the row moved."""
    first: list[ShownLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingTable:
    """A table of an upload, with what it shows and what was said of such."""

    token: str
    number: int
    given: GivenFile
    seen: TableLook
    kept: KeptLayout | None
    own: Mapping[str, str]
    """Own accounts and what they are called."""


def _table(site: Site, visitor: Visitor, token: str, number: int) -> WaitingTable:
    """Return a table; raises `Refusal` where it waits no more or is none."""
    with reading(site.engine) as session:
        waiting = imports.waiting_upload(session, token, now=site.clock())
        own = {row.number: row.name for row in people.accounts(session)}
    given = next((each.given for each in waiting if each.number == number), None)
    if given is None:
        raise Refusal(RequestCode.UPLOAD_GONE)
    if given.content.startswith(MAGIC):
        given = GivenFile(name=given.name, content=what_was_said(given.content)[2])
    found = look_at_table(site.engine, given, _terms(site, visitor))
    if found is None:
        raise Refusal(RequestCode.NO_TABLE)
    seen, kept = found
    return WaitingTable(token=token, number=number, given=given, seen=seen, kept=kept, own=own)


def _terms(site: Site, visitor: Visitor) -> Terms:
    return Terms(by=visitor.name, now=site.clock(), limits=site.settings.upload_limits)


def _one_of(kind: type[T], text: str) -> T | None:
    return kind(text) if text in {each.value for each in kind} else None


@layouts_router.get("")
@needs(Permission.IMPORT)
def layouts(request: Request, site: SiteHere) -> Response:
    """List what was said of tables."""
    with reading(site.engine) as session:
        kept = {each: (said.called, said.layout) for each, said in table_layouts(session).items()}
    return page(request, "treasurer/statements/layouts.html", kept=kept, meanings=MEANINGS)


@layouts_router.get("/{fingerprint}.json")
@needs(Permission.IMPORT)
def take_along(site: SiteHere, fingerprint: str) -> Response:
    """Return a layout as a file for other associations; it names nobody."""
    with reading(site.engine) as session:
        kept = table_layouts(session).get(fingerprint)
    if kept is None:
        raise Refusal(RequestCode.UNKNOWN_PAGE)
    return attachment(kept.said.encode(), media_type="application/json", name=f"columns-{fingerprint}.json")


@layouts_router.post("/{fingerprint}/drop")
@needs(Permission.IMPORT)
def forget(request: Request, site: SiteHere, visitor: VisitorHere, fingerprint: str) -> Response:
    """Ask again from now on."""
    with writing(site.engine) as session:
        if not drop_layout(session, fingerprint, by=visitor.name, at=site.clock()):
            raise Refusal(RequestCode.UNKNOWN_PAGE)
    return see(request, "/treasurer/layouts")
