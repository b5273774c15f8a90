"""Templates to answers: the one Jinja environment, and what every page is given."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from donations.assets import directory
from donations.core.refusal import Refusal
from donations.core.refusals import RunningCode
from donations.views.language import current_language, gettext, ngettext
from donations.web.access import visitor_of
from donations.web.api.problems import is_api, problem
from donations.web.browser import form_token_for, hand_over
from donations.web.filters import FILTERS
from donations.web.navigation import home_of, navigation_for
from donations.web.refused import status_of, told
from donations.web.site import Site, SiteHere, site_of

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
    )
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.filters.update(FILTERS)
    made.filters["told"] = told
    return made


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a template as an answer."""
    site = site_of(request)
    content = (
        environment()
        .get_template(template)
        .render(
            organisation=site.organisation,
            is_demo=site.is_demo,
            path=request.scope["path"],
            this_page=_this_page(request),
            language=current_language(),
            visitor=visitor_of(request),
            navigation=navigation_for(request),
            form_token=lambda: form_token_for(request),
            **values,
        )
    )
    answer = HTMLResponse(content, status_code=status)
    hand_over(request, answer)
    return answer


def _this_page(request: Request) -> str:
    """Return where the page can be asked for again; the answer to a form often cannot."""
    path, query = str(request.scope["path"]), request.url.query
    if request.method == "GET":
        return f"{path}?{query}" if query else path
    return path if site_of(request).routes.page(path) else home_of(request, visitor_of(request))


def see(request: Request, path: str) -> RedirectResponse:
    """Send the browser to another page after a change."""
    answer = RedirectResponse(path, status_code=303)
    hand_over(request, answer)
    return answer


def refusal_page(request: Request, refusal: Refusal) -> Response:
    """Render what was refused; a program is told as a problem."""
    if is_api(request.scope["path"]):
        return problem(refusal)
    answer = page(request, "refusal.html", status=status_of(refusal.code), refusal=told(refusal))
    if refusal.code is RunningCode.BUSY:
        answer.headers["Retry-After"] = "5"
    return answer
