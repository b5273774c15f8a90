"""Templates to answers: the one Jinja environment, what every page is given, the ways through them, files to keep."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from donations.access.person import Role
from donations.assets import directory
from donations.core.language import N_
from donations.core.refusal import Refusal
from donations.views.language import current_language, gettext, ngettext
from donations.web.access import Visitor, visitor_of
from donations.web.api.problems import is_api, problem
from donations.web.browser import form_token_for, hand_over
from donations.web.filters import FILTERS
from donations.web.headers import is_public
from donations.web.refused import refusal_in_words, retry_after, status_of
from donations.web.site import Site, SiteHere, in_the_way, site_of

SIGN_IN_PATH, SEARCH_PATH = "/sign-in", "/search"
THREAD = "donations.thread"
"""Where the scope has where the evening stands (`web/evening_bar.py`), for who keeps the books."""
START_PATH, PROOF_PATH = "/treasurer", "/treasurer/proof"
_MAIN = (
    (START_PATH, N_("Start")),
    ("/treasurer/ledger", N_("Payments")),
    ("/treasurer/donors", N_("Donors")),
    ("/treasurer/reports", N_("Reports")),
    ("/treasurer/publishing", N_("Public page")),
    ("/staff", N_("Dashboards")),
)
_MORE = (
    (
        N_("Books"),
        (
            ("/treasurer/upload", N_("Upload")),
            ("/treasurer/cash", N_("Cash box")),
            ("/treasurer/questions", N_("Questions")),
            ("/treasurer/months", N_("Months")),
            ("/treasurer/imports", N_("Imports")),
            ("/treasurer/coverage", N_("Missing days")),
            ("/treasurer/rules", N_("Rules")),
            (PROOF_PATH, N_("Proof of the books")),
        ),
    ),
    (
        N_("Donors and papers"),
        (
            ("/treasurer/certificates", N_("Certificates for donors")),
            ("/treasurer/inf4", N_("Working list for INF 4")),
            ("/treasurer/journal", N_("Journal for the accountant")),
            ("/treasurer/spending", N_("Spending")),
            ("/treasurer/mail", N_("Mail")),
        ),
    ),
    (
        N_("Association"),
        (
            ("/treasurer/association", N_("Settings")),
            ("/treasurer/settings", N_("Accounts and appeals")),
        ),
    ),
    (
        N_("People and safety"),
        (
            ("/admin/people", N_("People")),
            ("/admin/changes", N_("Changes that wait")),
            ("/admin/backup", N_("Backup")),
            ("/admin/audit", N_("Log")),
        ),
    ),
)
_BELOW = {
    "/treasurer/ledger": ("/treasurer/payments",),
    "/treasurer/reports": ("/treasurer/certificates", "/treasurer/inf4", "/treasurer/journal", "/treasurer/spending"),
}
"""Which pages belong to an entry of the head besides those whose path says so."""
_OWN = (
    ("/account", N_("My account")),
    ("/me/tokens", N_("Programs")),
)
_HOMES = (
    (Role.TREASURER, START_PATH),
    (Role.AUDITOR, PROOF_PATH),
    (Role.VIEWER, "/staff"),
    (Role.ADMIN, "/admin/people"),
)
_MORE_MIN = 2
"""A list to open for one entry would be in the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationEntry:
    """One entry."""

    path: str
    label: str
    current: str
    """As `aria-current` says it: `page` on it, `true` below it, else empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Navigation:
    """What one visitor sees on one page."""

    main: list[NavigationEntry]
    more: list[tuple[str, list[NavigationEntry]]]
    """Below headings."""
    own: list[NavigationEntry]
    home: str
    finds: bool
    """Whether there is anything to search for."""

    @property
    def is_in_more(self) -> bool:
        """Whether the page shown is among those that have to be opened first."""
        return not any(way.current for way in self.main) and any(way.current for _, ways in self.more for way in ways)


def navigation_for(request: Request) -> Navigation:
    """Return the ways that are open to who asks; a page's own declaration says to whom."""
    home = home_of(request, visitor_of(request))
    main = _open(request, _MAIN)
    more = [(heading, ways) for heading, entries in _MORE if (ways := _open(request, entries))]
    if home == PROOF_PATH:  # who only audits begins there, and has no evening's work
        main = _open(request, ((PROOF_PATH, N_("Proof of the books")), *_MAIN[1:]))
        more = [(heading, [way for way in ways if way.path != PROOF_PATH]) for heading, ways in more]
    if sum(len(ways) for _, ways in more) < _MORE_MIN:
        main, more = [*main, *(way for _, ways in more for way in ways)], []
    return Navigation(
        main=main,
        more=more,
        own=_open(request, _OWN),
        home=home,
        finds=bool(_open(request, ((SEARCH_PATH, ""),))),
    )


def home_of(request: Request, visitor: Visitor) -> str:
    """Return where somebody begins who has just signed in."""
    homes = (path for role, path in _HOMES if role in visitor.roles and site_of(request).routes.page(path))
    return next(homes, "/account" if visitor.is_signed_in else "/")


def _open(request: Request, entries: tuple[tuple[str, str], ...]) -> list[NavigationEntry]:
    visitor, routes, here = visitor_of(request), site_of(request).routes, str(request.scope["path"])
    found = []
    for path, label in entries:
        page = routes.page(path)
        if page is not None and visitor.may(page.permission):
            found.append(NavigationEntry(path=path, label=label, current=_current(here, path)))
    return found


def _current(here: str, path: str) -> str:
    if here == path:
        return "page"
    below = (path, *_BELOW.get(path, ()))
    return "true" if path != START_PATH and f"{here}/".startswith(tuple(f"{each}/" for each in below)) else ""


__all__ = ["Site", "SiteHere", "environment", "page", "refusal_page", "see", "site_of"]


@cache
def environment() -> Environment:
    """Return the environment; every template is escaped whatever its suffix, and a missing value is an error."""
    made = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=FileSystemLoader(directory("templates")),
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # forty files need not be looked at for each page; who changes one starts anew
    )
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.filters.update(FILTERS)
    return made


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a template as an answer."""
    site = site_of(request)
    content = (
        environment()
        .get_template(template)
        .render(
            organisation=site.organisation,
            brand=site.own,
            is_demo=site.is_demo,
            path=request.scope["path"],
            this_page=_this_page(request),
            language=current_language(),
            visitor=visitor_of(request),
            navigation=navigation_for(request),
            thread=request.scope.get(THREAD),
            form_token=lambda: form_token_for(request),
            refusal_in_words=lambda refusal: refusal_in_words(refusal, in_the_way(request)),
            **values,
        )
    )
    answer = HTMLResponse(content, status_code=status)
    hand_over(request, answer)
    return answer


def _this_page(request: Request) -> str:
    """Return where the page can be asked for again; the answer to a form often cannot, and public pages ask nothing."""
    path, query = str(request.scope["path"]), request.url.query
    if request.method == "GET":
        return f"{path}?{query}" if query and not is_public(path) else path
    return path if site_of(request).routes.page(path) else home_of(request, visitor_of(request))


def see(request: Request, path: str) -> RedirectResponse:
    """Send the browser to another page after a change."""
    answer = RedirectResponse(path, status_code=303)
    hand_over(request, answer)
    return answer


def refusal_page(request: Request, refusal: Refusal) -> Response:
    """Render what was refused; a program is told as a problem."""
    if is_api(request.scope["path"]):
        return problem(refusal, in_the_way(request))
    words = refusal_in_words(refusal, in_the_way(request))
    answer = page(request, "refusal.html", status=status_of(refusal.code), refusal=words)
    answer.headers.update(retry_after(refusal, in_the_way(request)))
    return answer


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(content: bytes, *, media_type: str, name: str) -> Response:
    """Return a file to be kept under this name, which is ours and plain ASCII; browsers do not open it as a page."""
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
