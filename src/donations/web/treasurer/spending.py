"""Where the money went in a year: costs by category, who has none yet, and the categories themselves."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.acts.describing import translate_name
from donations.core.calendar import Period
from donations.core.iban import UnverifiedAccount
from donations.core.language import N_, Language
from donations.core.money import EUR
from donations.core.payment import Payment, PaymentId
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.core.spending import BANKS_OWN, CategoryId, the_bank
from donations.core.statement import LineKind
from donations.reports.spending import Spending, costs_in, spending_of
from donations.store.association import names_in_languages
from donations.store.session import ID_MAX, reading, writing
from donations.store.spending import add_category, categorise_payees, change_category, keep_payee_categories
from donations.store.statements.coverage import covered_days
from donations.views.language import catalogue, gettext
from donations.web.access import VisitorHere, needs
from donations.web.addresses import Paging
from donations.web.charts import PARTS_MAX, BarStrip, folded, strip
from donations.web.pages import SiteHere, page

ROWS_AT_ONCE = 100
USUAL = (
    (N_("Wages and fees, with the taxes on them"), True),
    (N_("Rooms"), False),
    (N_("Computers and telephone"), False),
    (N_("Printing and post"), False),
    (N_("Events and materials"), False),
    (N_("Bank fees"), False),
)
"""To begin with, each with whether it pays people; the last is what the bank itself takes."""
_BANK = {
    LineKind.FEE: N_("The bank: fees"),
    LineKind.INTEREST: N_("The bank: interest"),
    LineKind.TAX: N_("Tax on interest"),
}
_OTHER = N_("Other")

router = APIRouter(prefix="/spending")

Number = Annotated[int, Path(ge=1, le=ID_MAX)]
Year = Annotated[int, Form(ge=2000, le=2100)]


class SpendingDone(StrEnum):
    """What was done just now."""

    KEPT = "kept"
    SAME = "same"
    ADDED = "added"
    CHANGED = "changed"


class CategoriesForm(BaseModel):
    """A category for each payee, who is named by a payment; 0 is none."""

    year: int = Field(ge=2000, le=2100)
    payment: list[int] = Field(max_length=2_000)
    category: list[int] = Field(max_length=2_000)

    def wanted(self) -> dict[PaymentId, CategoryId | None]:
        """Return what the form says; raises `ValueError` where it is cut off."""
        pairs = zip(self.payment, self.category, strict=True)
        return {PaymentId(payment): CategoryId(category) if category else None for payment, category in pairs}


class CategoryForm(BaseModel):
    """A category; `year` is where one comes from."""

    year: int = Field(ge=2000, le=2100)
    name: str = Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")
    pays_people: bool = False
    en: str = Field(default="", max_length=200)
    ru: str = Field(default="", max_length=200)


@router.get("")
@needs(Permission.SEE_NAMES)
def spending_page(
    request: Request,
    site: SiteHere,
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    category: Annotated[int | None, Query(ge=0, le=ID_MAX)] = None,
    at: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1,
    done: SpendingDone | None = None,
) -> Response:
    """Show the costs of a year by category, and of one category payment by payment."""
    today = site.today
    with reading(site.engine) as session:
        covered = covered_days(session)
        first, last = covered.first_day or today, covered.last_day or today
        period = Period.of(year=year or last.year)
        found, names = spending_of(session, period), names_in_languages(session)
        listed = [] if category is None else costs_in(session, period, CategoryId(category) if category else None)
    paging = Paging(at=at, size=ROWS_AT_ONCE, total=len(listed))
    return page(
        request,
        "treasurer/books/spending.html",
        year=period.first_day.year,
        years=range(last.year, first.year - 1, -1),
        period=period,
        found=found,
        names=names,
        chart=_chart(found),
        bank_names=_BANK,
        account_of=_account_of,
        chosen=category,
        listed=listed[paging.start : paging.start + paging.size],
        paging=paging,
        usual=USUAL,
        done=done,
    )


@router.post("/payees")
@needs(Permission.DECIDE)
def keep_payees(site: SiteHere, visitor: VisitorHere, form: Annotated[CategoriesForm, Form()]) -> Response:
    """Let payees have these categories, from now on and before."""
    try:
        with writing(site.engine) as session:
            changed = categorise_payees(session, form.wanted(), by=visitor.name, at=site.clock())
    except ValueError as error:
        raise Refusal(RequestCode.BAD_FORM) from error
    return _back(form.year, SpendingDone.KEPT if changed else SpendingDone.SAME)


@router.post("/usual")
@needs(Permission.MANAGE_BOOKS)
def begin(site: SiteHere, visitor: VisitorHere, year: Year) -> Response:
    """Make the usual categories, named in the language of who asks and in the others; the last is the bank's own."""
    by, at = visitor.name, site.clock()
    with writing(site.engine) as session:
        for name, _ in USUAL:
            words = {each: catalogue(each).gettext(name) for each in (Language.ENGLISH, Language.RUSSIAN)}
            translate_name(session, gettext(name), words, by=by, at=at)
        made = [add_category(session, gettext(name), pays_people=people, by=by, at=at) for name, people in USUAL]
        keep_payee_categories(session, dict.fromkeys(map(the_bank, BANKS_OWN), made[-1]), by=by, at=at)
    return _back(year, SpendingDone.ADDED)


@router.post("/categories")
@needs(Permission.MANAGE_BOOKS)
def add(site: SiteHere, visitor: VisitorHere, form: Annotated[CategoryForm, Form()]) -> Response:
    """Add a category."""
    name, by = form.name.strip(), visitor.name
    with writing(site.engine) as session:
        add_category(session, name, pays_people=form.pays_people, by=by, at=site.clock())
    return _back(form.year, SpendingDone.ADDED)


@router.post("/categories/{category_id}")
@needs(Permission.MANAGE_BOOKS)
def change(
    site: SiteHere, visitor: VisitorHere, category_id: Number, form: Annotated[CategoryForm, Form()]
) -> Response:
    """Call a category otherwise, also in other languages, or say otherwise whom it pays."""
    category, name = CategoryId(category_id), form.name.strip()
    with writing(site.engine) as session:
        if not change_category(session, category, name, pays_people=form.pays_people):
            raise Refusal(RequestCode.UNKNOWN_PAGE)
        words = {Language.ENGLISH: form.en, Language.RUSSIAN: form.ru}
        translate_name(session, name, words, by=visitor.name, at=site.clock())
    return _back(form.year, SpendingDone.CHANGED)


def _chart(found: Spending) -> tuple[BarStrip | None, list[str]]:
    """Return the bar of the euros by category, with its names; corrections below nothing have no width."""
    parts = [
        (gettext("No category yet") if each.category is None else each.category.name, max(0, each.minor))
        for each in found.by_category
        if each.currency == EUR
    ]
    # A part alone takes no more room under its own name.
    shown = parts if len(parts) == PARTS_MAX + 1 else folded(parts, rest_name=gettext(_OTHER))
    return strip([minor for _, minor in shown]), [name for name, _ in shown]


def _account_of(payment: Payment) -> str:
    account = payment.counterparty.account
    return "" if account is None or isinstance(account, UnverifiedAccount) else account


def _back(year: int, done: SpendingDone) -> Response:
    return RedirectResponse(f"/treasurer/spending?year={year}&done={done}", status_code=303)
