"""An import is taken back, at any time, with its consequences shown first."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.permission import Permission
from donations.store.session import writing
from donations.undo import UndoResult, undo
from donations.web.access import VisitorHere, needs
from donations.web.pages import Site, SiteHere, page
from donations.web.treasurer.imported import FileNumber

router = APIRouter(prefix="/imports/{file_id}/undo")


@router.get("")
@needs(Permission.IMPORT)
def consequences(request: Request, site: SiteHere, visitor: VisitorHere, file_id: FileNumber) -> Response:
    """Show what undoing would do, by doing it and rolling back."""
    with writing(site.engine, keep=False) as session:
        result = undo(session, file_id, by=visitor.name, now=site.clock())
    return _page(request, result, outdated=False)


@router.post("")
@needs(Permission.IMPORT)
def take_back(
    request: Request, site: SiteHere, visitor: VisitorHere, file_id: FileNumber, promised: Annotated[str, Form()]
) -> Response:
    """Undo the import exactly as shown, or show the new consequences where they would differ."""
    try:
        _undo(site, file_id, by=visitor.name, promised=promised)
    except _OutdatedError as outdated:
        return _page(request, outdated.result, outdated=True)
    return RedirectResponse(f"/treasurer/imports?undone={file_id}", status_code=303)


class _OutdatedError(Exception):
    """Something changed since the consequences were shown; raised to roll the undoing back."""

    def __init__(self, result: UndoResult) -> None:
        self.result = result
        super().__init__("preview_outdated")


def _undo(site: Site, file_id: int, *, by: str, promised: str) -> None:
    with writing(site.engine) as session:
        result = undo(session, file_id, by=by, now=site.clock())
        if _digest(result) != promised:
            raise _OutdatedError(result)


def _digest(result: UndoResult) -> str:
    return hashlib.sha256(repr(result).encode()).hexdigest()


def _page(request: Request, result: UndoResult, *, outdated: bool) -> Response:
    return page(
        request,
        "treasurer/undo.html",
        status=409 if outdated else 200,
        result=result,
        promised=_digest(result),
        outdated=outdated,
    )
