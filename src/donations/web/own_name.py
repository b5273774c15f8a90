"""The organisation's name on pages: as they show it, and as it may stand on what is given out."""

from __future__ import annotations

from donations.acts.registering import called, given_out, name_to_give_out
from donations.core.refusal import Refusal
from donations.reports.association import association
from donations.store.session import ReadSession, WriteSession
from donations.web.site import Site


def shown_name(session: ReadSession, site: Site) -> str:
    """Return what pages call the organisation."""
    return called(session, configured=site.settings.organisation)


def look_for_name(session: ReadSession, site: Site) -> None:
    """Let pages show what another server was told meanwhile, the logo and the colour too."""
    site.called.name = shown_name(session, site)
    site.published.own = association(session, called="")


def name_for_paper(session: ReadSession, site: Site) -> str:
    """Return the name for a paper that is only read from the books. Raises `Refusal`."""
    return name_to_give_out(session, configured=site.settings.organisation)


def name_given_out(session: WriteSession, site: Site, *, by: str) -> str:
    """Return the name for what is given out and kept, and keep the name too. Raises `Refusal`."""
    site.called.name = given_out(session, configured=site.settings.organisation, by=by, at=site.clock())
    return site.called.name


def why_not(session: ReadSession, site: Site) -> Refusal | None:
    """Return why nothing can be given out now; None where it can."""
    try:
        name_for_paper(session, site)
    except Refusal as refusal:
        return refusal
    return None
