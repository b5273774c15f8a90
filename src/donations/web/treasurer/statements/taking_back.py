"""An import is taken back, at any time, with its consequences shown first."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.permission import Permission
from donations.undo import UndoResult, undo
from donations.web.access import VisitorHere, needs
from donations.web.pages import Site, SiteHere, page
from donations.web.promised import Act, taken, tried
from donations.web.treasurer.statements.imported import FileNumber

router = APIRouter(prefix="/imports/{file_id}/undo")


@router.get("")
@needs(Permission.IMPORT)
def consequences(request: Request, site: SiteHere, visitor: VisitorHere, file_id: FileNumber) -> Response:
    """Show what undoing would do, by doing it and rolling back."""
    outcome = tried(site, _undo(site, file_id, by=visitor.name), again=("undo", file_id))
    return page(request, "treasurer/statements/undo.html", **outcome.shown)


@router.post("")
@needs(Permission.IMPORT)
def take_back(
    request: Request, site: SiteHere, visitor: VisitorHere, file_id: FileNumber, promised: Annotated[str, Form()]
) -> Response:
    """Undo the import exactly as shown, or show the new consequences where they would differ."""
    outcome = taken(site, _undo(site, file_id, by=visitor.name), promised=promised)
    if outcome.is_outdated:
        return page(request, "treasurer/statements/undo.html", **outcome.shown)
    return RedirectResponse(f"/treasurer/imports?undone={file_id}", status_code=303)


def _undo(site: Site, file_id: int, *, by: str) -> Act[UndoResult]:
    return lambda session: undo(session, file_id, by=by, now=site.clock())
