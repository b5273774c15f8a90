"""The ways through the pages: a table, of which everybody sees what exists and is open to them."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from donations.access.person import Role
from donations.core.language import N_
from donations.web.access import Visitor, visitor_of
from donations.web.site import site_of

SIGN_IN_PATH = "/sign-in"
_MAIN = (
    ("/treasurer", N_("Start")),
    ("/treasurer/upload", N_("Upload")),
    ("/treasurer/questions", N_("Questions")),
    ("/treasurer/months", N_("Months")),
    ("/treasurer/ledger", N_("Ledger")),
    ("/treasurer/donors", N_("Donors")),
    ("/treasurer/reports", N_("Reports")),
    ("/staff", N_("Dashboards")),
)
_MORE = (
    ("/treasurer/spending", N_("Spending")),
    ("/treasurer/publishing", N_("Public page")),
    ("/treasurer/imports", N_("Imports")),
    ("/treasurer/coverage", N_("Coverage")),
    ("/treasurer/rules", N_("Rules")),
    ("/treasurer/settings", N_("Settings")),
    ("/admin/people", N_("People")),
    ("/admin/audit", N_("Log")),
)
_OWN = (
    ("/account", N_("My account")),
    ("/me/tokens", N_("Programs")),
)
_HOMES = (
    (Role.TREASURER, "/treasurer"),
    (Role.AUDITOR, "/treasurer"),
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
    more: list[NavigationEntry]
    own: list[NavigationEntry]
    home: str

    @property
    def is_in_more(self) -> bool:
        """Whether the page shown is among those that have to be opened first."""
        return any(way.current for way in self.more)


def navigation_for(request: Request) -> Navigation:
    """Return the ways that are open to who asks; a page's own declaration says to whom."""
    main, more = _open(request, _MAIN), _open(request, _MORE)
    if len(more) < _MORE_MIN:
        main, more = [*main, *more], []
    return Navigation(main=main, more=more, own=_open(request, _OWN), home=home_of(request, visitor_of(request)))


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
    return "true" if path != "/treasurer" and here.startswith(f"{path}/") else ""
