"""Imports: a list to search, one with what it states and brought, the file as given, and taking it back."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Path, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.acts.promise import Shown
from donations.acts.undoing import UndoResult, undo
from donations.core.payment import Purpose
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.reports.imports import content_view, import_report
from donations.store.session import ID_MAX, ReadSession, reading
from donations.store.statements.brought import attested_by
from donations.store.statements.findings import disagreements
from donations.store.statements.imports import ImportFilter, count_imports, import_with_id, list_imports, original
from donations.views.account import accounts_view
from donations.views.formats import TELLER
from donations.views.imported import ImportContentView
from donations.views.question import disagreement_views
from donations.web.access import VisitorHere, needs
from donations.web.addresses import Paging
from donations.web.going_on import ToldAct, do_long, kept_as, show_long
from donations.web.pages import Site, SiteHere, attachment, page
from donations.web.treasurer.statements.preview import REMEDIES, owner_of, totals_of
from donations.web.treasurer.step_page import step_page

IMPORTS_AT_ONCE = 50

router = APIRouter(prefix="/imports")


@router.get("")
@needs(Permission.SEE_NAMES)
def imports(
    request: Request,
    site: SiteHere,
    name: Annotated[str, Query(max_length=120)] = "",
    account: str = "",
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    undone: int | None = None,
    at: Annotated[int, Query(alias="page", ge=1, le=10_000_000)] = 1,
) -> Response:
    """List the imports, or those of a name, an account or the days that their statements cover."""
    with reading(site.engine) as session:
        accounts = accounts_view(session).items
        wanted = ImportFilter(
            name=name.strip(),
            account_id=next((row.id for row in accounts if str(row.id) == account), None),
            first_day=first,
            last_day=last,
            # Who asks for days asks what covers them: an import that was undone does not.
            only_active=first is not None or last is not None,
        )
        asked = {"name": wanted.name, "account": wanted.account_id, "from": first, "to": last}
        paging = Paging(at=at, size=IMPORTS_AT_ONCE, total=count_imports(session, wanted))
        return page(
            request,
            "treasurer/statements/imports.html",
            imports=list_imports(session, wanted, start=paging.start, size=paging.size),
            paging=paging,
            wanted=wanted,
            query=urlencode({key: value for key, value in asked.items() if value}),
            accounts=accounts,
            names={row.id: row.name for row in accounts},
            undone=undone,
        )


taking_back_router = APIRouter(prefix="/imports/{file_id}/undo")


@taking_back_router.get("")
@needs(Permission.IMPORT)
def consequences(request: Request, site: SiteHere, visitor: VisitorHere, file_id: FileNumber) -> Response:
    """Show what undoing would do, by doing it and rolling back."""
    kept = kept_as(site, "undo", file_id)
    return _undo_page(request, show_long(request, _undo(site, file_id, by=visitor.name), kept=kept))


@taking_back_router.post("")
@needs(Permission.IMPORT)
def take_back(
    request: Request, site: SiteHere, visitor: VisitorHere, file_id: FileNumber, promised: Annotated[str, Form()]
) -> Response:
    """Undo the import exactly as shown, or show the new consequences where they would differ."""
    done = do_long(request, _undo(site, file_id, by=visitor.name), promised=promised)
    if done.is_outdated:
        return _undo_page(request, done)
    return RedirectResponse(f"/treasurer/imports?undone={file_id}", status_code=303)


def _undo(site: Site, file_id: int, *, by: str) -> ToldAct[UndoResult]:
    return lambda session, tell: undo(session, file_id, by=by, now=site.clock(), tell=tell)


def _undo_page(request: Request, shown: Shown[UndoResult]) -> Response:
    return step_page(request, "treasurer/statements/undo.html", shown)


imported_router = APIRouter(prefix="/imports")

DISAGREED_SHOWN = 20

FileNumber = Annotated[int, Path(ge=1, le=ID_MAX)]


@imported_router.get("/done")
@needs(Permission.SEE_NAMES)
def done(
    request: Request,
    site: SiteHere,
    ids: Annotated[list[Annotated[int, Field(ge=1, le=ID_MAX)]], Query(alias="id", max_length=20)],
    refused: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """Say what was done, and what comes next."""
    with reading(site.engine) as session:
        found = [_content(session, file_id) for file_id in ids]
        owner = owner_of(session, site)
    return page(
        request,
        "treasurer/statements/imported.html",
        is_owner=owner,
        imports=found,
        refused=refused,
        payments=sum(each.effect.payments for each in found),
        gifts=sum(each.effect.of(Purpose.GIFT).count for each in found),
        gift_totals=totals_of([each.effect for each in found], Purpose.GIFT),
        questions=sum(each.effect.questions for each in found),
    )


@imported_router.get("/{file_id}")
@needs(Permission.SEE_NAMES)
def imported(request: Request, site: SiteHere, file_id: FileNumber) -> Response:
    """Show one import."""
    with reading(site.engine) as session:
        found = _content(session, file_id)
        shown = attested_by(session, file_id)
        disagreed = [each for each in disagreements(session) if shown.keys() & {each.payment, each.other}]
        views, owner = disagreement_views(session, disagreed[:DISAGREED_SHOWN], TELLER), owner_of(session, site)
    return page(
        request,
        "treasurer/statements/import.html",
        file=found,
        disagreed=views,
        more_disagreed=len(disagreed) - len(views),
        is_owner=owner,
    )


@imported_router.get("/{file_id}/original")
@needs(Permission.SEE_NAMES, fresh=True)
def download(site: SiteHere, file_id: FileNumber) -> Response:
    """Give the file back as it came, to be saved and never shown: it is somebody else's content."""
    with reading(site.engine) as session:
        file = import_with_id(session, file_id)
        if file is None:
            raise Refusal(BooksCode.UNKNOWN_IMPORT)
        content = original(session, file.sha256)
    if not content:
        raise Refusal(BooksCode.FILE_LET_GO)
    return attachment(content, media_type="application/octet-stream", name=_safe_name(file.name, file_id))


def _safe_name(name: str, file_id: int) -> str:
    """Return letters, digits, dots and dashes of a name: quotes, paths and marks of direction have no place here."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip(".-")[-80:] or f"statement-{file_id}"


def _content(session: ReadSession, file_id: int) -> ImportContentView:
    report = import_report(session, file_id)
    if report is None:
        raise Refusal(BooksCode.UNKNOWN_IMPORT)
    return content_view(report, TELLER, sees_names=True, remedies=REMEDIES)
