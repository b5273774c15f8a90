"""What strangers may ask: by account number only where the association lets them, never where gifts tell beliefs."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.acts.describing import Described, describe
from donations.core.refusal import Refusal
from donations.store.organisation import AskingByAccount, Beliefs, BeliefsGround
from donations.store.session import writing
from donations.web.access import VisitorHere, needs
from donations.web.pages import SiteHere
from donations.web.treasurer.settings import SettingsDone, settings_page


class AskingForm(BaseModel):
    """What a person ticked."""

    gifts_tell_beliefs: bool = False
    ground: BeliefsGround | Literal[""] = ""
    by_account: bool = False


router = APIRouter(prefix="/settings")


@router.post("/asking")
@needs(Permission.MANAGE_BOOKS)
def let_ask(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    form: Annotated[AskingForm, Form()],
) -> Response:
    """Keep what gifts tell, and whether strangers may ask by account number."""
    ground = form.ground or None if form.gifts_tell_beliefs else None
    wanted = Described(
        beliefs=Beliefs(gifts_tell=form.gifts_tell_beliefs, ground=ground),
        asking=AskingByAccount(is_on=form.by_account),
    )
    try:
        with writing(site.engine) as session:
            describe(session, wanted, by=visitor.name, at=site.clock())
    except Refusal as refusal:
        return settings_page(request, site, refusal=refusal)
    return RedirectResponse(f"/treasurer/settings?done={SettingsDone.KEPT}#asking", status_code=303)
