"""Statements come in: uploaded, shown as a preview that changes nothing, and committed exactly as shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Message

from donations.access.permission import Permission
from donations.bookkeeping import judge_all
from donations.core.iban import UnverifiedAccount, bank_name, parse_account
from donations.intake import FileResult, GivenFile, Terms, take_all
from donations.store import people
from donations.store.session import as_reader, reading, writing
from donations.web import pending
from donations.web.access import VisitorHere, needs
from donations.web.failures import FailureCode, PageError
from donations.web.pages import Site, SiteHere, page
from donations.web.treasurer.preview import Preview, digest_of, preview_of

FILES_MAX = 20
_BOUNDARY_MAX = 256
"""Longer than any boundary with its dashes and line breaks (RFC 2046 allows 70 characters)."""


router = APIRouter(prefix="/upload")


async def uploaded(request: Request) -> list[GivenFile]:
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
    async with whole.form(max_files=FILES_MAX, max_fields=8, max_part_size=64 * 1024) as sent:
        files = [each for each in sent.getlist("files") if isinstance(each, UploadFile)]
        return [
            GivenFile(name=each.filename or "", content=await each.read())
            for each in files
            if each.filename or each.size
        ]


@router.get("")
@needs(Permission.IMPORT)
def form(request: Request, site: SiteHere) -> Response:
    """Show the form."""
    with reading(site.engine) as session:
        accounts = [(row.name, row.number) for row in people.accounts(session)]
    return page(request, "treasurer/upload.html", accounts=accounts, bytes_max=site.settings.max_upload_bytes)


@router.post("")
@needs(Permission.IMPORT)
def receive(site: SiteHere, files: Annotated[list[GivenFile], Depends(uploaded)]) -> Response:
    """Let the files wait, and go to their preview."""
    if not files:
        raise PageError(FailureCode.NO_FILE)
    with writing(site.engine) as session:
        token = pending.keep(session, files, now=site.clock())
    return RedirectResponse(f"/treasurer/upload/{token}", status_code=303)


@router.get("/{token}")
@needs(Permission.IMPORT)
def show(request: Request, site: SiteHere, visitor: VisitorHere, token: str) -> Response:
    """Show what committing would do."""
    return _preview_page(request, token, _try(site, token, by=visitor.name, accepting=None), accepting=None)


@router.post("/{token}")
@needs(Permission.IMPORT)
def reconsider(
    request: Request, site: SiteHere, visitor: VisitorHere, token: str, reason: Annotated[str, Form()]
) -> Response:
    """Show what committing would do if balances that do not add up were accepted for the reason given."""
    accepting = reason.strip() or None
    if accepting is None:
        raise PageError(FailureCode.BAD_FORM)
    return _preview_page(request, token, _try(site, token, by=visitor.name, accepting=accepting), accepting=accepting)


@router.post("/{token}/accounts")
@needs(Permission.MANAGE_BOOKS)
def register(site: SiteHere, token: str, number: Annotated[str, Form()], name: Annotated[str, Form()] = "") -> Response:
    """Register an own account, and show the preview again."""
    parsed = parse_account(number)
    if parsed is None:
        raise PageError(FailureCode.BAD_FORM)
    bank = None if isinstance(parsed, UnverifiedAccount) else bank_name(parsed)
    with writing(site.engine) as session:
        if people.account_with(as_reader(session), parsed) is None:
            people.add_account(session, parsed, name=name.strip() or bank or people.number_text(parsed))
            judge_all(session, now=site.clock())
    return RedirectResponse(f"/treasurer/upload/{token}", status_code=303)


@router.post("/{token}/commit")
@needs(Permission.IMPORT)
def commit(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    token: str,
    promised: Annotated[str, Form()],
    accepting: Annotated[str, Form()] = "",
) -> Response:
    """Import exactly what the preview promised, or show the new preview where it would come out otherwise."""
    reason = accepting.strip() or None
    try:
        results = _import(site, token, by=visitor.name, promised=promised, accepting=reason)
    except _OutdatedError as outdated:
        return _preview_page(request, token, preview_of(outdated.results), accepting=reason, status=409)
    return page(request, "treasurer/imported.html", preview=preview_of(results))


@router.post("/{token}/drop")
@needs(Permission.IMPORT)
def drop(site: SiteHere, token: str) -> Response:
    """Forget the upload."""
    with writing(site.engine) as session:
        pending.drop(session, token)
    return RedirectResponse("/treasurer/upload", status_code=303)


class _OutdatedError(Exception):
    """Something changed since the preview; raised to roll the import back."""

    def __init__(self, results: Sequence[FileResult]) -> None:
        self.results = results
        super().__init__("preview_outdated")


def _try(site: Site, token: str, *, by: str, accepting: str | None) -> Preview:
    files = _waiting(site, token)
    with writing(site.engine, keep=False) as session:
        return preview_of(take_all(session, files, _terms(site, by, accepting=accepting)))


def _import(site: Site, token: str, *, by: str, promised: str, accepting: str | None) -> list[FileResult]:
    files = _waiting(site, token)
    with writing(site.engine) as session:
        results = take_all(session, files, _terms(site, by, accepting=accepting))
        if digest_of(results) != promised:
            raise _OutdatedError(results)
        pending.drop(session, token)
    return results


def _waiting(site: Site, token: str) -> list[GivenFile]:
    with reading(site.engine) as session:
        files = pending.waiting(session, token, now=site.clock())
    if not files:
        with writing(site.engine) as session:
            pending.drop_expired(session, now=site.clock())
        raise PageError(FailureCode.UPLOAD_GONE)
    return files


def _terms(site: Site, by: str, *, accepting: str | None) -> Terms:
    return Terms(by=by, now=site.clock(), limits=site.settings.upload_limits, accept_imbalance=accepting)


def _preview_page(
    request: Request, token: str, preview: Preview, *, accepting: str | None, status: int = 200
) -> Response:
    outdated = status == 409
    return page(
        request,
        "treasurer/preview.html",
        status=status,
        token=token,
        preview=preview,
        accepting=accepting,
        outdated=outdated,
    )
