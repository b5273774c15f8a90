"""The public pages: published figures from the snapshot, and whether a gift arrived; no donor is in reach.

The question for a gift is answered where it is sent, so that nothing of it gets into an address or a log.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any

import segno
from fastapi import APIRouter, Form
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from donations.access.person import Permission
from donations.core.calendar import Month
from donations.core.iban import parse_iban
from donations.core.language import N_
from donations.core.money import EUR
from donations.core.reference import CannotEncodeError, transfer_code
from donations.core.refusal import Refusal
from donations.core.typed import typed_amount, typed_day
from donations.published.document import HowToGive, TransferWay
from donations.reports.finding import (
    BadDescriptionError,
    Described,
    Found,
    FoundPublished,
    NotPublished,
    NotReceived,
    find_gift,
)
from donations.reports.public import PublicFigures, SpendingYear, public_figures
from donations.store.session import ask, reading
from donations.views.formats import month_short
from donations.views.language import gettext
from donations.web.access import needs
from donations.web.browser import origin_of
from donations.web.caching import for_everyone
from donations.web.charts import BarStrip, columns, folded, month_labels, strip
from donations.web.open_data import linked_data
from donations.web.pages import Site, SiteHere, page


@lru_cache(maxsize=64)
def giving_code(giving: HowToGive, way: TransferWay | None) -> Markup | None:
    """Return the code for a gift as SVG; None where the payee's name does not fit into one.

    Error correction M and a quiet zone of four modules, as EPC069-12 asks.
    """
    iban = parse_iban(giving.iban)
    if iban is None:
        return None
    try:
        payload = transfer_code(payee=giving.payee, iban=iban, text="" if way is None else way.keyword)
    except CannotEncodeError:
        return None
    drawn = segno.make(payload, error="m", micro=False, boost_error=False)
    svg = drawn.svg_inline(border=4, omitsize=True, svgclass="qr", lineclass=None, light="#fff", dark="#000")
    return Markup(svg)  # noqa: S704 - drawn from modules: no text of anybody is in it


CHART_BLOCKS = 24
"""The newest; the table has all."""

_OTHER = N_("Other")
_OTHER_SPENDING = N_("Other spending")

router = APIRouter()


@router.get("/")
@needs(Permission.PUBLIC)
def front(request: Request, site: SiteHere) -> Response:
    """Show what was given, and how to give."""
    with reading(site.engine) as session:
        figures = public_figures(session)
    linked = linked_data(figures, site.settings) if figures else None
    answer = page(request, "public/total.html", **shown(figures), linked=linked, home=site.settings.home)
    return for_everyone(request, answer, by_language=True)


@router.get("/healthz")
@needs(Permission.PUBLIC)
def healthz(site: SiteHere) -> Response:
    """Say that the database answers."""
    with reading(site.engine) as session:
        ask(session)
    return PlainTextResponse("ok\n")


def shown(figures: PublicFigures | None) -> dict[str, Any]:
    """Return what the template of the public page is given."""
    if figures is None:
        return {"figures": None, "is_preview": False}
    giving = figures.snapshot.giving
    appeals = [(part.appeal, part.minor) for part in figures.appeals]
    rest = figures.minor_by_appeal - sum(minor for _, minor in appeals)
    appeals = folded(appeals, rest=rest, rest_name=gettext(_OTHER))
    newest = figures.blocks[-CHART_BLOCKS:]
    labels = month_labels([Month.of(block.last_day) for block in newest], month_short)
    return {
        "figures": figures,
        "is_preview": False,
        "ways": [] if giving is None else [(way, giving_code(giving, way)) for way in giving.ways or (None,)],
        "chart": columns([[block.monthly_minor] for block in newest], labels),
        "chart_blocks": CHART_BLOCKS,
        "appeals": appeals if figures.appeals else [],
        "appeal_chart": strip([minor for _, minor in appeals]),
        "spending": [(year, *_spending_chart(year)) for year in figures.spending],
    }


def _spending_chart(year: SpendingYear) -> tuple[BarStrip | None, list[str]]:
    """Return the bar of a year's spending with its names; corrections that outweigh a category have no width."""
    parts = [(each.category, each.minor) for each in year.categories]
    shown = folded(parts, rest=year.rest, rest_name=gettext(_OTHER_SPENDING))
    return strip([max(0, minor) for _, minor in shown]), [name for name, _ in shown]


PATH = "/find-my-gift"
_WRONG = N_("That cannot be read. Write four characters, an amount such as 25,00, and a day such as 05.03.2026.")
_TOO_MANY = N_(
    "No more gifts are looked for today, so that nobody can guess. Come back tomorrow, or write to the association."
)
_STEP = 8 * 1024
"""Every answer is as long as a multiple of this: its length says nothing to whoever sees it pass by."""

find_gift_router = APIRouter()


@find_gift_router.get(PATH)
@needs(Permission.PUBLIC)
def gift_form(request: Request) -> Response:
    """Show the form."""
    return _page(request)


@find_gift_router.post(PATH)
@needs(Permission.PUBLIC, form_token=False)  # nothing is kept here, and public pages have nobody's token in them
def look_for_gift(
    request: Request,
    site: SiteHere,
    last_four: Annotated[str, Form(max_length=50)] = "",
    amount: Annotated[str, Form(max_length=50)] = "",
    day: Annotated[str, Form(max_length=50)] = "",
) -> Response:
    """Answer whether such a gift was received, unless too much was asked already."""
    try:
        described = Described(
            last_four="".join(last_four.split()).upper(), minor=typed_amount(amount, EUR), day=typed_day(day)
        )
    except (BadDescriptionError, Refusal):
        return _page(request, status=422, wrong=_WRONG)
    if not site.turnstile.admits(address=origin_of(request).address, about=described.last_four, now=site.clock()):
        return _page(request, status=429, wrong=_TOO_MANY)
    return _page(request, found=_found(site, described))


def _found(site: Site, described: Described) -> Found:
    """Ask the books: the only place where a public page does."""
    with reading(site.engine) as session:
        return find_gift(session, described)


def _page(request: Request, *, status: int = 200, found: Found | None = None, wrong: str = "") -> Response:
    answer = page(request, "public/find_gift.html", status=status, outcome=_outcome(found), found=found, wrong=wrong)
    answer.body = bytes(answer.body) + b"\n" * (-len(answer.body) % _STEP)
    answer.headers["Content-Length"] = str(len(answer.body))
    return answer


def _outcome(found: Found | None) -> str:
    match found:
        case None:
            return ""
        case NotReceived():
            return "not_received"
        case NotPublished():
            return "not_published"
        case FoundPublished():
            return "published"
