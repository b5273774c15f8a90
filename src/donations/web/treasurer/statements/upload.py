"""Statements come in: the form, and the body that it sends, read only after everything that can refuse it unread."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import Message

from donations.access.person import Permission
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.core.statement_file import GivenFile
from donations.settings import MIB
from donations.store.donors import people
from donations.store.session import reading, writing
from donations.store.statements import pending
from donations.web.access import needs
from donations.web.pages import Site, SiteHere, page
from donations.web.refused import OF_STATUS, status_of

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
def form(request: Request, site: SiteHere) -> Response:
    """Show the form."""
    return _form_page(request, site)


@router.post("")
@needs(Permission.IMPORT)
def receive(
    request: Request, site: SiteHere, files: Annotated[list[GivenFile] | Refusal, Depends(uploaded)]
) -> Response:
    """Let the files wait, and go to their preview; the script on the page asks for its address instead."""
    if isinstance(files, Refusal):
        return _form_page(request, site, refusal=files)
    with writing(site.engine) as session:
        token = pending.keep(session, files, now=site.clock())
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
