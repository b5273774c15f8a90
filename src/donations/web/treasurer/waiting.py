"""An upload that waits: shown as a preview that changes nothing, and committed exactly as shown."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.permission import Permission
from donations.core.iban import parse_account
from donations.intake import FileStatus, Terms, take_all
from donations.registering import NewAccount, register
from donations.store import people
from donations.store.session import as_reader, reading, writing
from donations.web import pending
from donations.web.access import VisitorHere, needs
from donations.web.failures import FailureCode, PageError
from donations.web.pages import Site, SiteHere, page
from donations.web.treasurer.preview import Preview, Shown, preview_of

router = APIRouter(prefix="/upload/{token}")


@router.get("")
@needs(Permission.IMPORT)
def show(request: Request, site: SiteHere, visitor: VisitorHere, token: str) -> Response:
    """Show what committing would do."""
    return _preview_page(request, token, _try(site, token, by=visitor.name))


@router.post("")
@needs(Permission.IMPORT)
def reconsider(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    token: str,
    reason: Annotated[str, Form(max_length=500)],
) -> Response:
    """Show what committing would do if balances that do not add up were accepted for the reason given."""
    accepting = reason.strip()
    if not accepting:
        raise PageError(FailureCode.BAD_FORM)
    preview = _try(site, token, by=visitor.name, accepting=accepting)
    return _preview_page(request, token, preview, accepting=accepting)


@router.post("/accounts")
@needs(Permission.MANAGE_BOOKS)
def register_account(
    site: SiteHere,
    token: str,
    number: Annotated[str, Form(max_length=50)],
    name: Annotated[str, Form(max_length=80)] = "",
) -> Response:
    """Register an own account, and show the preview again; one that is registered meanwhile is as good."""
    parsed = parse_account(number)
    if parsed is None:
        raise PageError(FailureCode.BAD_FORM)
    with writing(site.engine) as session:
        if people.account_with(as_reader(session), parsed) is None:
            register(session, NewAccount(number=parsed, name=name.strip()), now=site.clock())
    return RedirectResponse(f"/treasurer/upload/{token}", status_code=303)


@router.post("/commit")
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
    try:
        done = _import(site, token, by=visitor.name, promised=promised, accepting=reason)
    except _OutdatedError as outdated:
        return _preview_page(request, token, outdated.preview, accepting=reason, shown=shown)
    taken = [each.result.file_id for each in done.files if each.report is not None]
    query = "&".join([*(f"id={each}" for each in taken), f"refused={done.shown.refused}"])
    return RedirectResponse(f"/treasurer/imports/done?{query}", status_code=303)


@router.post("/drop")
@needs(Permission.IMPORT)
def drop(site: SiteHere, token: str, number: Annotated[int | None, Form(le=2**31 - 1)] = None) -> Response:
    """Forget the upload, or one file of it."""
    with writing(site.engine) as session:
        pending.drop(session, token, number=number)
        is_over = not pending.waiting(as_reader(session), token, now=site.clock())
    return RedirectResponse("/treasurer/upload" if is_over else f"/treasurer/upload/{token}", status_code=303)


class _OutdatedError(Exception):
    """Something changed since the preview; raised to roll the import back."""

    def __init__(self, preview: Preview) -> None:
        self.preview = preview
        super().__init__("preview_outdated")


def _try(site: Site, token: str, *, by: str, accepting: str = "") -> Preview:
    files = _waiting(site, token)
    with writing(site.engine, keep=False) as session:
        results = take_all(session, [each.given for each in files], _terms(site, by, accepting=accepting))
        return preview_of(as_reader(session), files, results)


def _import(site: Site, token: str, *, by: str, promised: str, accepting: str) -> Preview:
    files = _waiting(site, token)
    with writing(site.engine) as session:
        results = take_all(session, [each.given for each in files], _terms(site, by, accepting=accepting))
        preview = preview_of(as_reader(session), files, results)
        if preview.digest != promised:
            raise _OutdatedError(preview)
        pending.drop(session, token)
    return preview


def _waiting(site: Site, token: str) -> list[pending.WaitingFile]:
    with reading(site.engine) as session:
        files = pending.waiting(session, token, now=site.clock())
    if not files:
        with writing(site.engine) as session:
            pending.drop_expired(session, now=site.clock())
        raise PageError(FailureCode.UPLOAD_GONE)
    return files


def _terms(site: Site, by: str, *, accepting: str) -> Terms:
    return Terms(by=by, now=site.clock(), limits=site.settings.upload_limits, accept_imbalance=accepting or None)


def _preview_page(
    request: Request, token: str, preview: Preview, *, accepting: str = "", shown: str | None = None
) -> Response:
    """Render the preview; `shown` are the figures of an outdated one."""
    return page(
        request,
        "treasurer/preview.html",
        status=200 if shown is None else 409,
        token=token,
        preview=preview,
        accepting=accepting,
        outdated=shown is not None,
        changed=preview.changed_since(Shown.read(shown or "")),
        is_nothing=all(each.result.status is FileStatus.ALREADY_IMPORTED for each in preview.files),
    )
