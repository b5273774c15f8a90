"""Statements come in: the form and its body, an upload that waits with its preview, and the import exactly as shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from pydantic import StringConstraints
from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import Message

from donations.access.person import Permission
from donations.acts.agreeing import change
from donations.acts.guarded import AccountWanted
from donations.acts.importing import FileStatus
from donations.acts.promise import Act, Shown, do_as_shown, show_first
from donations.acts.reading_files import ReadFile, Terms, read_new_file
from donations.acts.registering import NewAccount
from donations.core.iban import parse_account
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.core.statement import GivenFile
from donations.readers import UNPACKED_BYTES_MAX
from donations.readers.door import files_of
from donations.reports.imports import TakenFile, take_files
from donations.settings import MIB
from donations.store.donors import people
from donations.store.session import ID_MAX, WriteSession, as_reader, reading, writing
from donations.store.statements import imports
from donations.web.access import Visitor, VisitorHere, needs, visitor_of
from donations.web.changes import WAITING_PATH, asker_of
from donations.web.going_on import kept_as, long_step
from donations.web.long_steps import LongStep, Phase
from donations.web.pages import Site, SiteHere, page, site_of
from donations.web.refused import OF_STATUS, status_of
from donations.web.treasurer.statements.preview import PreviewFigures, owner_of, preview_of
from donations.web.treasurer.step_page import step_page

FILES_MAX = 20
_BOUNDARY_MAX = 256
"""Longer than any boundary with its dashes and line breaks (RFC 2046 allows 70 characters)."""


router = APIRouter(prefix="/upload")


async def uploaded(request: Request) -> list[GivenFile] | Refusal:
    """Read the body; the guard and the length were checked before, for a dependency runs after the middleware.

    A body without its end is refused: the form parser would pass over the file that was cut off.
    """
    _, options = parse_options_header(request.headers.get("content-type", ""))
    end, tail = b"--" + options.get(b"boundary", b"") + b"--", b""

    async def receive() -> Message:
        nonlocal tail
        message = await request.receive()
        tail = (tail + message.get("body", b""))[-_BOUNDARY_MAX:]
        if not message.get("more_body", False) and not tail.rstrip().endswith(end):
            raise MultiPartException("the end is missing")
        return message

    whole = Request(request.scope, receive)
    try:
        async with whole.form(max_files=FILES_MAX, max_fields=8, max_part_size=64 * 1024) as sent:
            files = [each for each in sent.getlist("files") if isinstance(each, UploadFile)]
            given = [
                GivenFile(name=each.filename or "", content=await each.read())
                for each in files
                if each.filename or each.size
            ]
    except HTTPException as error:
        return Refusal(OF_STATUS.get(error.status_code, RequestCode.BAD_UPLOAD))
    return given or Refusal(RequestCode.NO_FILE)


@router.get("")
@needs(Permission.IMPORT)
def upload_form(request: Request, site: SiteHere) -> Response:
    """Show the form."""
    return _form_page(request, site)


@router.post("")
@needs(Permission.IMPORT)
def receive(
    request: Request, site: SiteHere, files: Annotated[list[GivenFile] | Refusal, Depends(uploaded)]
) -> Response:
    """Let the files wait, and those of archives, and go to their preview; the page's script asks for its address."""
    if isinstance(files, Refusal):
        return _form_page(request, site, refusal=files)
    unpacked = list[GivenFile]()
    for given in files:
        unpacked += files_of(given, site.settings.upload_limits)
        if sum(len(each.content) for each in unpacked) > UNPACKED_BYTES_MAX:
            return _form_page(request, site, refusal=Refusal(RequestCode.FILE_TOO_LARGE))
    with writing(site.engine) as session:
        token = imports.keep_upload(session, unpacked, now=site.clock())
    address = f"/treasurer/upload/{token}"
    if request.headers.get("accept") == "application/json":
        return JSONResponse({"preview": address}, status_code=201)
    return RedirectResponse(address, status_code=303)


def _form_page(request: Request, site: Site, *, refusal: Refusal | None = None) -> Response:
    with reading(site.engine) as session:
        accounts = [(row.name, row.number) for row in people.accounts(session)]
    return page(
        request,
        "treasurer/statements/upload.html",
        status=200 if refusal is None else status_of(refusal.code),
        refusal=refusal,
        accounts=accounts,
        bytes_max=site.settings.max_upload_bytes,
        limit=f"{site.settings.max_upload_bytes / MIB:.0f}",
        files_max=FILES_MAX,
    )


waiting_router = APIRouter(prefix="/upload/{token}")


@waiting_router.get("")
@needs(Permission.IMPORT)
def show(request: Request, visitor: VisitorHere, token: str) -> Response:
    """Show what committing would do."""
    return _preview_page(request, visitor, token, _try(request, token))


@waiting_router.post("")
@needs(Permission.IMPORT)
def reconsider(
    request: Request, visitor: VisitorHere, token: str, reason: Annotated[str, Form(max_length=500)]
) -> Response:
    """Show what committing would do if balances that do not add up were accepted for the reason given."""
    accepting = reason.strip()
    if not accepting:
        raise Refusal(RequestCode.BAD_FORM)
    preview = _try(request, token, accepting=accepting)
    return _preview_page(request, visitor, token, preview, accepting=accepting)


@waiting_router.post("/accounts")
@needs(Permission.MANAGE_BOOKS)
def register_accounts(
    request: Request,
    site: SiteHere,
    token: str,
    number: Annotated[list[Annotated[str, StringConstraints(max_length=50)]], Form()],
    name: Annotated[list[Annotated[str, StringConstraints(max_length=80)]], Form()],
    only: Annotated[str, Form(max_length=50)] = "",
) -> Response:
    """Register own accounts, all that were asked of or `only` one, and show the preview again.

    One that is registered meanwhile is as good; where another person has to agree, it waits.
    """
    wanted = [(parse_account(each), called) for each, called in zip(number, name, strict=False) if only in {"", each}]
    waits = False
    with writing(site.engine) as session:
        for parsed, called in wanted:
            if parsed is None:
                raise Refusal(RequestCode.BAD_FORM)
            if people.account_with(as_reader(session), parsed) is None:
                account = AccountWanted.of(NewAccount(number=parsed, name=called.strip()))
                waits = change(session, account, asker_of(request)) is not None or waits
    return RedirectResponse(WAITING_PATH if waits else f"/treasurer/upload/{token}", status_code=303)


@waiting_router.post("/commit")
@needs(Permission.IMPORT)
def commit(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    token: str,
    promised: Annotated[str, Form()],
    shown: Annotated[str, Form()] = "",
    accepting: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Import exactly what the preview promised, or show the new preview where it would come out otherwise."""
    reason = accepting.strip()
    with long_step(request) as step:
        read, act = _import(request, token, _waiting(site, token), step, Phase.BOOKING, accepting=reason)
        read()
        done = do_as_shown(site.engine, act, promised=promised)
    if done.is_outdated:
        return _preview_page(request, visitor, token, done, accepting=reason, figures=shown)
    site.readings.forget((token, reason))
    imported = [each.result.file_id for _, each in done.result if each.report is not None]
    left = {FileStatus.REFUSED, FileStatus.WAITS}
    refused = sum(each.result.status in left for _, each in done.result)
    query = "&".join([*(f"id={each}" for each in imported), f"refused={refused}"])
    return RedirectResponse(f"/treasurer/imports/done?{query}", status_code=303)


@waiting_router.post("/drop")
@needs(Permission.IMPORT)
def drop(site: SiteHere, token: str, number: Annotated[int | None, Form(le=ID_MAX)] = None) -> Response:
    """Forget the upload, or one file of it."""
    site.readings.forget((token, ""))
    with writing(site.engine) as session:
        imports.drop_upload(session, token, number=number)
        is_over = not imports.waiting_upload(as_reader(session), token, now=site.clock())
    return RedirectResponse("/treasurer/upload" if is_over else f"/treasurer/upload/{token}", status_code=303)


Taken = tuple[tuple[int, TakenFile], ...]
"""The files by their numbers in the upload."""


def _try(request: Request, token: str, *, accepting: str = "") -> Shown[Taken]:
    site = site_of(request)
    files = _waiting(site, token)
    name = ("import", token, tuple(each.number for each in files), accepting)
    with long_step(request) as step:
        read, act = _import(request, token, files, step, Phase.TRYING, accepting=accepting)
        return show_first(site.engine, act, kept=kept_as(site, *name), before=read)


def _import(
    request: Request, token: str, files: Sequence[imports.WaitingFile], step: LongStep, phase: Phase, *, accepting: str
) -> tuple[Callable[[], object], Act[Taken]]:
    """Return what reads the files, once, and what imports them then; `phase` is what importing them is called."""
    site = site_of(request)
    terms = Terms(
        by=visitor_of(request).name,
        now=site.clock(),
        limits=site.settings.upload_limits,
        accept_imbalance=accepting or None,
    )

    @cache
    def read() -> list[ReadFile]:
        name, state = (token, accepting), terms.now.date()
        known: dict[int, ReadFile] = site.readings.get(name, state=state) or {}
        tell, found = step.at(Phase.READING, len(files)), list[ReadFile]()
        for each in files:
            found.append(known.get(each.number) or read_new_file(site.engine, each.given, terms))
            tell(len(found), len(files))
        whole = {each.number: one for each, one in zip(files, found, strict=True) if one.found is not None}
        site.readings.keep(name, whole, state=state)
        step.at(Phase.WAITING)
        return found

    def act(session: WriteSession) -> Taken:
        tell = step.at(phase, sum(each.lines for each in read()))
        taken = take_files(session, read(), replace(terms, tell=tell))
        imports.drop_upload(session, token)
        return tuple(zip((each.number for each in files), taken, strict=True))

    return read, act


def _waiting(site: Site, token: str) -> list[imports.WaitingFile]:
    with reading(site.engine) as session:
        files = imports.waiting_upload(session, token, now=site.clock())
    if not files:
        with writing(site.engine, seconds=0) as session:  # whoever only looks waits for nobody
            imports.drop_expired_uploads(session, now=site.clock())
        raise Refusal(RequestCode.UPLOAD_GONE)
    return files


def _preview_page(
    request: Request, visitor: Visitor, token: str, shown: Shown[Taken], *, accepting: str = "", figures: str = ""
) -> Response:
    """Render the preview; `figures` are those of an outdated one."""
    site, taken = site_of(request), [each for _, each in shown.result]
    numbers = [number for number, _ in shown.result]
    preview = preview_of(taken, numbers, sees_names=visitor.may(Permission.SEE_NAMES))
    with reading(site.engine) as session:
        owner = owner_of(session, site)
    return step_page(
        request,
        "treasurer/statements/preview.html",
        shown,
        token=token,
        preview=preview,
        accepting=accepting,
        changed=preview.changed_since(PreviewFigures.read(figures)),
        is_owner=owner,
        is_nothing=all(each.status is FileStatus.ALREADY_IMPORTED for each in preview.files.items),
    )
