"""Whether the owner of an account, as a statement names it, is the organisation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from donations.core.organisation import is_placeholder
from donations.core.owner import is_owner
from donations.naming import called
from donations.store.public.publishing import terms
from donations.store.session import ReadSession
from donations.web.site import Site


def owner_of(session: ReadSession, site: Site) -> Callable[[str], bool]:
    """Return what tells whether a name is the payee's whom donors are told, else the organisation's."""
    payee = terms(session).payee or called(session, said=site.settings.organisation)
    return partial(is_owner, "" if is_placeholder(payee) else payee)
