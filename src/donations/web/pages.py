"""Templates to answers: the one Jinja environment, and what every page is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Annotated, Any

from fastapi import Depends
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import HTMLResponse

from donations.assets import directory
from donations.settings import Settings
from donations.web import formats
from donations.web.access import visitor_of
from donations.web.failures import Failure
from donations.web.headers import is_private
from donations.web.language import current_language, gettext, ngettext


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the application was made with."""

    settings: Settings
    engine: Engine
    clock: Callable[[], datetime]
    """Tells the time with its zone; tests have their own."""


def site_of(request: Request) -> Site:
    """Return what the application was made with."""
    site = request.app.state.site
    if not isinstance(site, Site):
        raise TypeError
    return site


SiteHere = Annotated[Site, Depends(site_of)]


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
    made.filters.update(formats.FILTERS)
    return made


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a template as an answer."""
    path = request.scope["path"]
    content = (
        environment()
        .get_template(template)
        .render(
            organisation=site_of(request).settings.organisation,
            path=path,
            is_private=is_private(path),
            language=current_language(),
            visitor=visitor_of(request),
            **values,
        )
    )
    return HTMLResponse(content, status_code=status)


def failure_page(request: Request, failure: Failure) -> HTMLResponse:
    """Render what went wrong."""
    return page(request, "failure.html", status=failure.status, failure=failure)
