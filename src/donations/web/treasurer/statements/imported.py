"""One import: what it states and brought, the file as given, what was done with a whole upload, and taking it back."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.acts.promise import Act, KeptAs, Shown, do_as_shown, show_first
from donations.acts.undoing import UndoResult, undo
from donations.core.payment import Purpose
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.reports.imports import ImportReport, import_report
from donations.store.ids import ID_MAX
from donations.store.session import ReadSession, reading
from donations.store.statements.brought import attested_by
from donations.store.statements.findings import disagreements
from donations.store.statements.imports import import_with_id, original
from donations.views.disagreement import disagreement_views
from donations.views.formats import TELLER
from donations.web.access import VisitorHere, needs
from donations.web.downloads import attachment
from donations.web.pages import Site, SiteHere, page
from donations.web.treasurer.statements.preview import first_questions, owner_of, say, totals_of
from donations.web.treasurer.step_page import step_page

taking_back_router = APIRouter(prefix="/imports/{file_id}/undo")


@taking_back_router.get("")
@needs(Permission.IMPORT)
def consequences(request: Request, site: SiteHere, visitor: VisitorHere, file_id: FileNumber) -> Response:
    """Show what undoing would do, by doing it and rolling back."""
    kept = KeptAs(site.previews, ("undo", file_id), site.today)
    return _undo_page(request, show_first(site.engine, _undo(site, file_id, by=visitor.name), kept=kept))


@taking_back_router.post("")
@needs(Permission.IMPORT)
def take_back(
    request: Request, site: SiteHere, visitor: VisitorHere, file_id: FileNumber, promised: Annotated[str, Form()]
) -> Response:
    """Undo the import exactly as shown, or show the new consequences where they would differ."""
    done = do_as_shown(site.engine, _undo(site, file_id, by=visitor.name), promised=promised)
    if done.is_outdated:
        return _undo_page(request, done)
    return RedirectResponse(f"/treasurer/imports?undone={file_id}", status_code=303)


def _undo(site: Site, file_id: int, *, by: str) -> Act[UndoResult]:
    return lambda session: undo(session, file_id, by=by, now=site.clock())


def _undo_page(request: Request, shown: Shown[UndoResult]) -> Response:
    return step_page(request, "treasurer/statements/undo.html", shown)


router = APIRouter(prefix="/imports")

DISAGREED_SHOWN = 20

FileNumber = Annotated[int, Path(ge=1, le=ID_MAX)]


@router.get("/done")
@needs(Permission.SEE_NAMES)
def done(
    request: Request,
    site: SiteHere,
    ids: Annotated[list[Annotated[int, Field(ge=1, le=ID_MAX)]], Query(alias="id", max_length=20)],
    refused: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """Say what was done, and what comes next."""
    with reading(site.engine) as session:
        reports = [_report(session, file_id) for file_id in ids]
        owner = owner_of(session, site)
    return page(
        request,
        "treasurer/statements/imported.html",
        is_owner=owner,
        reports=reports,
        refused=refused,
        payments=sum(len(each.brought.payments) for each in reports),
        gifts=sum(each.brought.sum_of(Purpose.GIFT).count for each in reports),
        gift_totals=totals_of(reports, Purpose.GIFT),
        questions=sum(len(each.brought.open) for each in reports),
    )


@router.get("/{file_id}")
@needs(Permission.SEE_NAMES)
def imported(request: Request, site: SiteHere, file_id: FileNumber) -> Response:
    """Show one import."""
    with reading(site.engine) as session:
        report = _report(session, file_id)
        questions = first_questions(session, report)
        shown = attested_by(session, file_id)
        disagreed = [each for each in disagreements(session) if shown.keys() & {each.payment, each.other}]
        views, owner = disagreement_views(session, disagreed[:DISAGREED_SHOWN], TELLER), owner_of(session, site)
    return page(
        request,
        "treasurer/statements/import.html",
        report=report,
        problems=tuple(map(say, report.notices)),
        questions=questions,
        more_questions=len(report.brought.open) - len(questions),
        disagreed=views,
        more_disagreed=len(disagreed) - len(views),
        is_owner=owner,
    )


@router.get("/{file_id}/original")
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


def _report(session: ReadSession, file_id: int) -> ImportReport:
    report = import_report(session, file_id)
    if report is None:
        raise Refusal(BooksCode.UNKNOWN_IMPORT)
    return report
