"""An upload that waits: shown as a preview that changes nothing, and committed exactly as shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.acts.importing import FileStatus, Terms, take_all
from donations.acts.promise import Act, KeptAs, Shown, do_as_shown, show_first
from donations.acts.registering import NewAccount, register
from donations.core.iban import parse_account
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.store.donors import people
from donations.store.ids import ID_MAX
from donations.store.session import WriteSession, as_reader, reading, writing
from donations.store.statements import pending
from donations.web.access import VisitorHere, needs
from donations.web.pages import Site, SiteHere, site_of
from donations.web.treasurer.statements.preview import Preview, PreviewFigures, owner_of, preview_of
from donations.web.treasurer.step_page import step_page

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
        raise Refusal(RequestCode.BAD_FORM)
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
        raise Refusal(RequestCode.BAD_FORM)
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
    act = _import(site, token, _waiting(site, token), by=visitor.name, accepting=reason)
    done = do_as_shown(site.engine, act, promised=promised)
    if done.is_outdated:
        return _preview_page(request, token, done, accepting=reason, figures=shown)
    imported = [each.result.file_id for each in done.result.files if each.report is not None]
    query = "&".join([*(f"id={each}" for each in imported), f"refused={done.result.shown.refused}"])
    return RedirectResponse(f"/treasurer/imports/done?{query}", status_code=303)


@router.post("/drop")
@needs(Permission.IMPORT)
def drop(site: SiteHere, token: str, number: Annotated[int | None, Form(le=ID_MAX)] = None) -> Response:
    """Forget the upload, or one file of it."""
    with writing(site.engine) as session:
        pending.drop(session, token, number=number)
        is_over = not pending.waiting(as_reader(session), token, now=site.clock())
    return RedirectResponse("/treasurer/upload" if is_over else f"/treasurer/upload/{token}", status_code=303)


def _try(site: Site, token: str, *, by: str, accepting: str = "") -> Shown[Preview]:
    files = _waiting(site, token)
    name = ("import", token, tuple(each.number for each in files), accepting)
    act = _import(site, token, files, by=by, accepting=accepting)
    return show_first(site.engine, act, kept=KeptAs(site.previews, name, site.today))


def _import(site: Site, token: str, files: Sequence[pending.WaitingFile], *, by: str, accepting: str) -> Act[Preview]:
    terms = Terms(by=by, now=site.clock(), limits=site.settings.upload_limits, accept_imbalance=accepting or None)

    def act(session: WriteSession) -> Preview:
        results = take_all(session, [each.given for each in files], terms)
        pending.drop(session, token)
        return preview_of(as_reader(session), files, results)

    return act


def _waiting(site: Site, token: str) -> list[pending.WaitingFile]:
    with reading(site.engine) as session:
        files = pending.waiting(session, token, now=site.clock())
    if not files:
        with writing(site.engine) as session:
            pending.drop_expired(session, now=site.clock())
        raise Refusal(RequestCode.UPLOAD_GONE)
    return files


def _preview_page(
    request: Request, token: str, shown: Shown[Preview], *, accepting: str = "", figures: str = ""
) -> Response:
    """Render the preview; `figures` are those of an outdated one."""
    site, preview = site_of(request), shown.result
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
        is_nothing=all(each.result.status is FileStatus.ALREADY_IMPORTED for each in preview.files),
    )
