"""Views of the ledger that one keeps for oneself: what is looked for stands in no address, only the view's number."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Path
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.core.typed import NAME_MAX
from donations.store.ledger_views import drop_ledger_view, keep_ledger_view, rename_ledger_view
from donations.store.session import ID_MAX, as_reader, writing
from donations.web.access import VisitorHere, needs
from donations.web.pages import SiteHere
from donations.web.treasurer.ledger import AskedLedger, chosen

router = APIRouter(prefix="/ledger/views")

ViewNumber = Annotated[int, Path(ge=1, le=ID_MAX)]
ViewName = Annotated[str, Form(max_length=NAME_MAX)]


class KeptLedger(AskedLedger):
    """What is looked for, and what the view is to be called."""

    name: str = ""


@router.post("")
@needs(Permission.SEE_NAMES)
def keep_view(site: SiteHere, visitor: VisitorHere, form: Annotated[KeptLedger, Form()]) -> Response:
    """Keep what is looked for under a name."""
    with writing(site.engine) as session:
        chosen(as_reader(session), form, (), site)  # what nobody could be shown is refused
        number = keep_ledger_view(session, visitor.person_id, form.name, form.kept)
    return RedirectResponse(f"/treasurer/ledger?view={number}", status_code=303)


@router.post("/{number}/rename")
@needs(Permission.SEE_NAMES)
def rename_view(site: SiteHere, visitor: VisitorHere, number: ViewNumber, name: ViewName = "") -> Response:
    """Call a view otherwise."""
    with writing(site.engine) as session:
        rename_ledger_view(session, visitor.person_id, number, name)
    return RedirectResponse(f"/treasurer/ledger?view={number}", status_code=303)


@router.post("/{number}/remove")
@needs(Permission.SEE_NAMES)
def remove_view(site: SiteHere, visitor: VisitorHere, number: ViewNumber) -> Response:
    """Keep a view no longer; no payment changes."""
    with writing(site.engine) as session:
        drop_ledger_view(session, visitor.person_id, number)
    return RedirectResponse("/treasurer/ledger", status_code=303)
