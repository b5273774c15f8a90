"""Who issues certificates."""

from __future__ import annotations

from donations.core.organisation import is_placeholder
from donations.store.donors.own_codes import own_codes
from donations.store.papers.paper_settings import Letterhead, paper_settings
from donations.store.session import ReadSession


def letterhead(session: ReadSession, *, organisation: str) -> Letterhead:
    """Return who issues; what was never set is as the books know it."""
    given = paper_settings(session, Letterhead)
    return given.model_copy(
        update={
            "organisation": organisation if is_placeholder(given.organisation) else given.organisation,
            "registry_code": given.registry_code or str(min(own_codes(session), default="")),
        }
    )
