"""What the law and good manners ask of public pages: privacy, accessibility, security.txt, robots.txt.

All is the same for everyone, and made from what the association said of itself: no donor is in reach.
"""

from __future__ import annotations

from datetime import UTC, datetime, time

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from donations.access.person import Permission
from donations.core.calendar import TALLINN
from donations.core.language import Language
from donations.reports.association import Association, association
from donations.store.session import reading
from donations.views.formats import month_alone
from donations.web.access import needs
from donations.web.caching import for_everyone
from donations.web.pages import SIGN_IN_PATH, Site, SiteHere, page

router = APIRouter()
_FOR_PEOPLE = (SIGN_IN_PATH, "/link/", "/healthz", "/metrics")
"""Public, but nothing that anybody looks for."""


@router.get("/privacy")
@needs(Permission.PUBLIC)
def privacy(request: Request, site: SiteHere) -> Response:
    """Tell what is known of givers, why, and what they may ask for (GDPR Art. 13)."""
    own = _said(site)
    begins = None if own.first_month is None else month_alone(own.first_month)
    answer = page(request, "public/privacy.html", own=own, year_begins=begins)
    return for_everyone(request, answer, by_language=True)


@router.get("/accessibility")
@needs(Permission.PUBLIC)
def accessibility(request: Request, site: SiteHere) -> Response:
    """Tell how far the pages are open to everybody, and whom to ask where they are not."""
    return for_everyone(request, page(request, "public/accessibility.html", own=_said(site)), by_language=True)


@router.get("/.well-known/security.txt")
@needs(Permission.PUBLIC)
def security_txt(request: Request, site: SiteHere) -> Response:
    """Tell where weak points are reported (RFC 9116); a 404 where nobody said it."""
    own, home = _said(site), site.settings.home
    contact, until = own.security_contact, own.security_until
    if not contact or until is None:
        raise HTTPException(404)
    expires = datetime.combine(until, time(), TALLINN).astimezone(UTC)
    lines = [
        f"Contact: {contact if contact.startswith('https://') else f'mailto:{contact}'}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(Language)}",
    ]
    if home.startswith("https://"):
        lines.append(f"Canonical: {home}/.well-known/security.txt")
    return for_everyone(request, PlainTextResponse("\n".join(lines) + "\n"))


@router.get("/robots.txt")
@needs(Permission.PUBLIC)
def robots_txt(request: Request, site: SiteHere) -> Response:
    """Ask search engines for public pages only (RFC 9309); what lets nobody in is each page's own permission."""
    private = (each.path for each in site.routes.declared if each.permission is not Permission.PUBLIC)
    closed = sorted({*(f"/{path.split('/')[1]}" for path in private), *_FOR_PEOPLE})
    lines = ["User-agent: *", *(f"Disallow: {each}" for each in closed), "Allow: /"]
    return for_everyone(request, PlainTextResponse("\n".join(lines) + "\n"))


def _said(site: Site) -> Association:
    with reading(site.engine) as session:
        own = site.published.own = association(session, called=site.organisation)
    return own
