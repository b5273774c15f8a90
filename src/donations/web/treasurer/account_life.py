"""The beginning and the end of an own account, from its entry on the page of settings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.permission import Permission
from donations.account_life import begin_account, end_account, reopen_account
from donations.core.iban import parse_iban
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.store.session import WriteSession, writing
from donations.web.access import needs
from donations.web.pages import Site, SiteHere
from donations.web.treasurer.settings import Done, Number, settings_page

router = APIRouter(prefix="/settings/accounts/{account_id}")


@router.post("/begin")
@needs(Permission.MANAGE_BOOKS)
def begin(
    request: Request, site: SiteHere, account_id: Number, first_day: Annotated[date | Literal[""], Form()] = ""
) -> Response:
    """Let the account begin with a day; without one, with what statements and transfers tell."""
    wanted = first_day or None
    return _done(request, site, lambda session: begin_account(session, account_id, wanted), Done.BEGUN)


@router.post("/end")
@needs(Permission.MANAGE_BOOKS)
def end(
    request: Request,
    site: SiteHere,
    account_id: Number,
    last_day: Annotated[date, Form()],
    became: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """Let the account end with a day, empty or as another account."""
    other = parse_iban(became)
    if became.strip() and other is None:
        return settings_page(request, site, refusal=Refusal(BooksCode.IBAN_INVALID))
    return _done(
        request,
        site,
        lambda session: end_account(session, account_id, last_day, became=other, today=site.today),
        Done.ENDED,
    )


@router.post("/reopen")
@needs(Permission.MANAGE_BOOKS)
def reopen(request: Request, site: SiteHere, account_id: Number) -> Response:
    """Take the end back."""
    return _done(request, site, lambda session: reopen_account(session, account_id), Done.REOPENED)


def _done(request: Request, site: Site, act: Callable[[WriteSession], None], done: Done) -> Response:
    try:
        with writing(site.engine) as session:
            act(session)
    except Refusal as refusal:
        return settings_page(request, site, refusal=refusal)
    return RedirectResponse(f"/treasurer/settings?done={done}", status_code=303)
