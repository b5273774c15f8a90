"""The public pages: published figures from the snapshot, and how to give; no donor is in reach.

What everybody sees is the same for everybody. A giver's own code is made by a page of its own, and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from typing import Annotated, Any

import segno
from fastapi import APIRouter, Path
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.access.secret import new_giving_code
from donations.core.calendar import Month
from donations.core.giving_code import GivingCode, grouped
from donations.core.iban import parse_iban
from donations.core.language import N_
from donations.core.money import Minor
from donations.core.reference import CannotEncodeError, transfer_code
from donations.published.document import HowToGive, TransferWay
from donations.reports.association import Association, style_of
from donations.reports.public import PublicFigures, SpendingYear
from donations.store.appeal_pages import AppealState, ShownAppeal
from donations.store.session import ID_MAX
from donations.views.formats import month_short
from donations.views.language import current_language, gettext
from donations.web.access import needs
from donations.web.beside import beside
from donations.web.browser import home_reached, leads_nowhere
from donations.web.caching import for_everyone
from donations.web.charts import BarStrip, columns, folded, month_labels, strip
from donations.web.open_data import linked_data
from donations.web.pages import SiteHere, page


@dataclass(frozen=True, slots=True, kw_only=True)
class Collecting:
    """An appeal with a page of its own, and what is published of it."""

    appeal: ShownAppeal
    state: AppealState
    given: Minor | None
    """Since its first day; None where nothing is told of it."""

    @property
    def percent(self) -> int | None:
        """How much of its goal that is, rounded down; None without either."""
        goal = self.appeal.page.goal_minor
        return None if goal is None or self.given is None else max(0, self.given) * 100 // goal


def collecting(figures: PublicFigures | None, own: Association, day: date) -> list[Collecting]:
    """Return the appeals with a page, what goes on first."""
    found = [
        Collecting(
            appeal=each,
            state=each.state(day),
            given=figures.given_for(each.names, each.page.begins_on) if figures else None,
        )
        for each in own.appeals
    ]
    return sorted(found, key=lambda each: each.state is AppealState.ENDED)


@dataclass(frozen=True, slots=True)
class ShownWay:
    """What to write into a transfer, and the same drawn for banking applications."""

    way: TransferWay | None
    """None where no keyword is published."""
    text: str
    drawn: Markup | None
    """None where the payee's name does not fit into a code."""
    saved: str = ""
    """The same as a picture to be saved, as an address that holds it (`data:`)."""


def ways_to_give(giving: HowToGive | None, code: GivingCode | None = None) -> Iterator[ShownWay]:
    """Yield the ways to give, with the giver's own code behind the keyword if there is one."""
    if giving is None:
        return
    drawing = drawn_once if code is None else drawn
    for way in giving.ways or (None,):
        text = " ".join(each for each in (way and way.keyword, code and grouped(code)) if each)
        yield ShownWay(way, text, *(drawing(giving.payee, giving.iban, text) or (None, "")))


def drawn(payee: str, account: str, text: str) -> tuple[Markup, str] | None:
    """Return the code for a gift as SVG and as a picture to save; None where the payee's name does not fit into one.

    Error correction M and a quiet zone of four modules, as EPC069-12 asks.
    """
    iban = parse_iban(account)
    if iban is None:
        return None
    try:
        payload = transfer_code(payee=payee, iban=iban, text=text)
    except CannotEncodeError:
        return None
    code = segno.make(payload, error="m", micro=False, boost_error=False)
    svg = code.svg_inline(border=4, omitsize=True, svgclass="qr", lineclass=None, light="#fff", dark="#000")
    return Markup(svg), code.png_data_uri(scale=10, border=4)  # noqa: S704 - drawn from modules: no text is in it


drawn_once = lru_cache(maxsize=64)(drawn)
"""Not for codes of givers: they are kept nowhere."""

CHART_BLOCKS = 24
"""The newest; the table has all."""

_OTHER = N_("Other")
_OTHER_SPENDING = N_("Other spending")

router = APIRouter()


@router.get("/")
@needs(Permission.PUBLIC)
@beside
def front(request: Request, site: SiteHere) -> Response:
    """Show what was given, and how to give."""
    figures = site.published.figures(site.engine)
    home = home_reached(request)
    linked = linked_data(figures, home) if figures else None
    answer = page(
        request,
        "public/total.html",
        **shown(figures, site.own, site.today),
        linked=linked,
        home=home,
        is_local=leads_nowhere(home),
    )
    return for_everyone(request, answer, by_language=True)


@router.get("/appeal/{appeal_id}")
@needs(Permission.PUBLIC)
@beside
def appeal(request: Request, site: SiteHere, appeal_id: Annotated[int, Path(ge=1, le=ID_MAX)]) -> Response:
    """Show what one appeal is for, what is published of it, and how to give to it."""
    figures = site.published.figures(site.engine)
    found = next((each for each in collecting(figures, site.own, site.today) if each.appeal.id == appeal_id), None)
    if found is None:
        raise HTTPException(404)
    giving = _going_on(figures, site.own, site.today)
    own = tuple(each for each in giving.ways if each.appeal in found.appeal.names) if giving else ()
    ways = list(ways_to_give(replace(giving, ways=own))) if giving and own else []
    answer = page(
        request,
        "public/appeal.html",
        figures=figures if ways else None,
        shown=found,
        ways=ways,
        own_code="",
        is_preview=False,
        colour_path=style_of(found.appeal.page.colour),
    )
    return for_everyone(request, answer, by_language=True)


@router.get("/give")
@needs(Permission.PUBLIC)
@beside
def give(request: Request, site: SiteHere) -> Response:
    """Show how to give, with a code that is made for whoever asks and for nobody else."""
    figures = site.published.figures(site.engine)
    code = new_giving_code()
    ways = list(ways_to_give(_going_on(figures, site.own, site.today), code))
    return page(request, "public/give.html", figures=figures, ways=ways, own_code=grouped(code), is_preview=False)


def _going_on(figures: PublicFigures | None, own: Association, day: date) -> HowToGive | None:
    """Return how to give now: what was published may name an appeal with a page that ended since."""
    giving = figures.snapshot.giving if figures else None
    ended = {name for each in own.appeals if each.state(day) is AppealState.ENDED for name in each.names}
    return giving and replace(giving, ways=tuple(each for each in giving.ways if each.appeal not in ended))


def shown(figures: PublicFigures | None, own: Association, day: date) -> dict[str, Any]:
    """Return what the template of the public page is given, with names in the language of who reads."""
    if figures is None:
        return {"figures": None, "is_preview": False, "own_code": "", "collecting": collecting(figures, own, day)}
    named = partial(own.called, language=current_language())
    appeals = [(named(part.appeal), part.minor) for part in figures.appeals]
    rest = figures.minor_by_appeal - sum(minor for _, minor in appeals)
    appeals = folded(appeals, rest=rest, rest_name=gettext(_OTHER))
    newest = figures.blocks[-CHART_BLOCKS:]
    labels = month_labels([Month.of(block.last_day) for block in newest], month_short)
    return {
        "figures": figures,
        "is_preview": False,
        "own_code": "",
        "ways": list(ways_to_give(_going_on(figures, own, day))),
        "collecting": collecting(figures, own, day),
        "chart": columns([[block.monthly_minor] for block in newest], labels),
        "chart_blocks": CHART_BLOCKS,
        "appeals": appeals if figures.appeals else [],
        "appeal_chart": strip([minor for _, minor in appeals]),
        "spending": [(year, *_spending_chart(year, named)) for year in figures.spending],
    }


def _spending_chart(year: SpendingYear, named: Callable[[str], str]) -> tuple[BarStrip | None, list[str]]:
    """Return the bar of a year's spending with its names; corrections that outweigh a category have no width."""
    parts = [(named(each.category), each.minor) for each in year.categories]
    shown = folded(parts, rest=year.rest, rest_name=gettext(_OTHER_SPENDING))
    return strip([max(0, minor) for _, minor in shown]), [name for name, _ in shown]
