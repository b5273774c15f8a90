"""Imports: a statement file comes in, once however often it is sent, and is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import APIRouter, Depends, Header, Query
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from donations.access.person import Permission
from donations.acts.importing import FileStatus
from donations.acts.promise import refuse_outdated
from donations.acts.reading_files import ReadFile, Terms, read_new_files
from donations.acts.undoing import undo
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode, RequestCode
from donations.core.statement import GivenFile
from donations.reports.imports import all_results, content_view, import_report, result_view, take_files
from donations.store.donors import people
from donations.store.session import WriteSession, reading, writing
from donations.store.statements.imports import imports_after
from donations.views.formats import PLAIN_TELLER as TELLER
from donations.views.imported import (
    ImportContentView,
    ImportResultsView,
    ImportResultView,
    ImportView,
    UndoneView,
    import_view,
    undone_view,
)
from donations.views.value import ListOf
from donations.web.access import Visitor, VisitorHere, needs
from donations.web.api.idempotency import KeptAnswer, Key, once
from donations.web.api.paging import PageHere
from donations.web.api.problems import RefusedForProblems, problems_of_file
from donations.web.api.route import ApiRoute, InPath, OwnerHere, refusal
from donations.web.going_on import long_step
from donations.web.long_steps import Phase
from donations.web.site import SiteHere

IMPORTS_PATH = "/api/v1/imports"
_ANSWER: TypeAdapter[ImportResultView | ImportResultsView] = TypeAdapter(ImportResultView | ImportResultsView)

router = APIRouter(prefix="/imports", tags=["imports"], route_class=ApiRoute)

Promised = Annotated[
    str | None,
    Query(
        pattern="^[0-9a-f]{64}$",
        description="The digest of a preview: where it would come out otherwise now, nothing is changed.",
    ),
]
IsPreview = Annotated[bool, Query(description="Tell what it would do, and change nothing.")]


async def sent_file(
    request: Request,
    file_name: Annotated[
        str, Header(max_length=400, description="The file's name, percent-encoded where it is not ASCII.")
    ] = "",
) -> GivenFile:
    """Read the body; who sends it was asked before."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        raise Refusal(RequestCode.UNSUPPORTED_MEDIA_TYPE)
    return GivenFile(name=unquote(file_name), content=await request.body())


_BODY = {
    "requestBody": {
        "description": "The bytes of one statement file, or of a ZIP of them; what it is, its content says.",
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_REFUSALS: dict[int | str, dict[str, Any]] = {
    409: refusal("In the way of another one, or not what the preview promised"),
    413: refusal("Too large"),
    415: refusal("Not the bytes of one file"),
}


@router.get("")
@needs(Permission.SEE_NAMES)
def list_imports(site: SiteHere, page: PageHere) -> ListOf[ImportView]:
    """List imports in the order they came, those taken back too."""
    with reading(site.engine) as session:
        found, cursor = page.cut(imports_after(session, after=page.after, limit=page.one_more), lambda file: file.id)
        numbers = {row.id: row.number for row in people.accounts(session)}
        return ListOf(items=[import_view(each, numbers) for each in found], next=cursor)


@router.get("/{import_id}")
@needs(Permission.SEE_NAMES)
def show_import(site: SiteHere, import_id: InPath) -> ImportContentView:
    """Show one import: what its statements state, how far that is proven, and what it brought to the books."""
    with reading(site.engine) as session:
        found = import_report(session, import_id)
        if found is None:
            raise Refusal(BooksCode.UNKNOWN_IMPORT)
        return content_view(found, TELLER, sees_names=True)


@router.post(
    "",
    status_code=201,
    response_model=ImportResultView | ImportResultsView,
    responses={
        200: {"model": ImportResultView | ImportResultsView, "description": "A preview, or imported already"},
        **_REFUSALS,
    },
    openapi_extra=_BODY,
)
@needs(Permission.IMPORT)
def import_file(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    owner: OwnerHere,
    file: Annotated[GivenFile, Depends(sent_file)],
    key: Key = None,
    promised: Promised = None,
    *,
    preview: IsPreview = False,
) -> Response:
    """Import one statement file: all of it, or nothing. An account that is not registered is refused.

    The answer to a ZIP of statements has `items`, one for each of its files, of which some may be refused or wait while
    others are imported; where nothing came of any, it is refused.
    A preview says of which, with the status `waits`. Sent again with the same key, it is not done again: the answer
    is the one of the first time. A refusal is not kept, for its cause can be mended. Balances that do not add up are
    accepted by a person on the page only.
    """
    terms = Terms(by=visitor.name, now=site.clock(), limits=site.settings.upload_limits)
    read = read_new_files(site.engine, file, terms)
    is_archive = read[0].given is not file
    if preview:
        with writing(site.engine, keep=False) as session:
            return _answered(
                _take(session, terms, visitor, read, is_archive=is_archive, promised=promised, is_preview=True)
            )
    with long_step(request) as step:
        return _answered(
            once(
                site,
                owner_id=owner,
                key=key,
                request=(file.name.encode(), file.content, (promised or "").encode()),
                work=lambda session: _take(
                    session,
                    replace(terms, tell=step.at(Phase.BOOKING)),
                    visitor,
                    read,
                    is_archive=is_archive,
                    promised=promised,
                ),
            )
        )


@router.delete("/{import_id}", responses=_REFUSALS)
@needs(Permission.IMPORT)
def undo_import(
    site: SiteHere,
    visitor: VisitorHere,
    import_id: InPath,
    promised: Promised = None,
    *,
    preview: IsPreview = False,
) -> UndoneView:
    """Take an import back: the books are then as if the file had never come. The file itself is kept."""
    with writing(site.engine, keep=not preview) as session:
        result = undo(session, import_id, by=visitor.name, now=site.clock())
        told = undone_view(result, is_preview=preview)
        refuse_outdated(promised, result)
    return told


def _take(
    session: WriteSession,
    terms: Terms,
    visitor: Visitor,
    files: Sequence[ReadFile],
    *,
    is_archive: bool,
    promised: str | None,
    is_preview: bool = False,
) -> KeptAnswer:
    taken = take_files(session, files, terms)
    left = {FileStatus.REFUSED} if is_preview else {FileStatus.REFUSED, FileStatus.WAITS}
    if all(each.result.status in left for each in taken):
        problems = [problem for each in taken for problem in each.result.problems]
        raise RefusedForProblems(RequestCode.FILE_REFUSED, problems_of_file(problems))
    sees_names = visitor.may(Permission.SEE_NAMES)
    told = [result_view(each, TELLER, is_preview=is_preview, sees_names=sees_names) for each in taken]
    was_made = not is_preview and any(each.report is not None for each in taken)
    refuse_outdated(promised, taken if is_archive else taken[0])
    answer = all_results(zip(taken, told, strict=True)) if is_archive else told[0]
    return KeptAnswer(201 if was_made else 200, answer.model_dump_json())


def _answered(answer: KeptAnswer) -> Response:
    told = _ANSWER.validate_json(answer.body)
    if isinstance(told, ImportResultsView):
        return JSONResponse(told.model_dump(mode="json"), answer.status)
    place = {} if told.id is None else {"Location": f"{IMPORTS_PATH}/{told.id}"}
    return JSONResponse(told.model_dump(mode="json"), answer.status, place)
