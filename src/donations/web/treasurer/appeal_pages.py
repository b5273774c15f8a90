"""What is said of an appeal, a part of the settings: its name, what the public is told, what its money is for."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.acts.appeal_pages import call_appeal, restrict_money, say_of_appeal
from donations.core.donor import AppealId
from donations.core.language import Language
from donations.core.refusal import Refusal
from donations.core.spending import CategoryId
from donations.store.session import writing
from donations.web.access import VisitorHere, needs
from donations.web.pages import SiteHere
from donations.web.treasurer.appeal_form import AppealForm
from donations.web.treasurer.settings import Name, Number, SettingsDone, settings_page

InLanguage = Annotated[str, Form(max_length=200)]


router = APIRouter(prefix="/settings/appeals/{appeal_id}")


@router.post("")
@needs(Permission.MANAGE_BOOKS)
def rename_appeal(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    appeal_id: Number,
    name: Name,
    en: InLanguage = "",
    ru: InLanguage = "",
) -> Response:
    """Call an appeal otherwise, also in other languages."""
    words = {Language.ENGLISH: en, Language.RUSSIAN: ru}
    try:
        with writing(site.engine) as session:
            call_appeal(session, AppealId(appeal_id), name.strip(), words, by=visitor.name, at=site.clock())
    except Refusal as refusal:
        return settings_page(request, site, refusal=refusal)
    return RedirectResponse(f"/treasurer/settings?done={SettingsDone.RENAMED}", status_code=303)


@router.post("/money")
@needs(Permission.MANAGE_BOOKS)
def restrict(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    appeal_id: Number,
    *,
    is_restricted: Annotated[bool, Form()] = False,
    category: Annotated[list[int] | None, Form()] = None,
) -> Response:
    """Say what the money given to an appeal may be spent on."""
    wanted = list(map(CategoryId, category or ())) if is_restricted else None
    try:
        with writing(site.engine) as session:
            restrict_money(session, AppealId(appeal_id), wanted, by=visitor.name, at=site.clock())
    except Refusal as refusal:
        return settings_page(request, site, refusal=refusal)
    return RedirectResponse(f"/treasurer/settings?done={SettingsDone.RESTRICTED}", status_code=303)


@router.post("/page")
@needs(Permission.MANAGE_BOOKS)
def say(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    appeal_id: Number,
    form: Annotated[AppealForm, Form()],
) -> Response:
    """Keep what the public is told of an appeal."""
    try:
        with writing(site.engine) as session:
            say_of_appeal(session, AppealId(appeal_id), form.said, by=visitor.name, at=site.clock())
    except Refusal as refusal:
        return settings_page(request, site, refusal=refusal, told={appeal_id: form})
    return RedirectResponse(f"/treasurer/settings?done={SettingsDone.TOLD}", status_code=303)
