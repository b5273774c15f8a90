"""The one page of settings of the association: who it is, how it is reached, what it shows, what the law asks of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form
from pydantic import BaseModel, Field
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.acts.describing import Described, contact, describe, letterhead, listed, presence, show_logo
from donations.core.language import Language
from donations.core.name import is_owner
from donations.core.refusal import Refusal
from donations.documents.logo import checked_logo
from donations.reports.association import UNSAID, Association, association
from donations.store.association import LOGO_BYTES_MAX, THANKS_MAX, WORDS_MAX, Presence, owners_in_statements
from donations.store.organisation import (
    AskingByAccount,
    Beliefs,
    BeliefsGround,
    FinancialYear,
    IncentiveList,
    paper_settings,
)
from donations.store.session import as_reader, reading, writing
from donations.views.colour import Colour, shades
from donations.views.formats import month_alone
from donations.web.access import VisitorHere, needs
from donations.web.going_on import long_step
from donations.web.long_steps import Phase
from donations.web.own_name import look_for_name, shown_name, why_not
from donations.web.pages import Site, SiteHere, page
from donations.web.refused import status_of

PATH = "/treasurer/association"


class Listed(StrEnum):
    """Whether the association is on the tax board's list."""

    UNSAID = ""
    NEVER = "never"
    ON_DAYS = "on_days"


Line = Annotated[str, Field(max_length=300)]
Long = Annotated[str, Field(max_length=4 * WORDS_MAX)]


class AssociationForm(BaseModel):
    """What a person filled in, the whole of it: what is empty is said no more, but for what no law lets be unsaid."""

    name: Line = ""
    registry_code: Line = ""
    address: Line = ""
    signer: Line = ""
    role: Line = ""
    email: Line = ""
    security: Line = ""
    phone: Line = ""
    web: Line = ""
    statutes: Line = ""
    board: Line = ""
    colour: Line = ""
    about_et: Long = ""
    about_en: Long = ""
    about_ru: Long = ""
    deeds_et: Long = ""
    deeds_en: Long = ""
    deeds_ru: Long = ""
    thanks_et: Long = ""
    thanks_en: Long = ""
    thanks_ru: Long = ""
    first_month: Annotated[int, Field(ge=1, le=12)] | Literal[""] = ""
    listed: Listed = Listed.UNSAID
    since: Annotated[str, Field(max_length=10)] = ""
    until: Annotated[str, Field(max_length=10)] = ""

    def described(self, known: Presence) -> Described:
        """Return what is said; `known` has the logo, which is no field of the form. Raises `Refusal`."""
        incentives = None
        if self.listed is not Listed.UNSAID:
            is_never = self.listed is Listed.NEVER
            incentives = IncentiveList() if is_never else listed(since=self.since, until=self.until)
        return Described(
            name=self.name.strip() or None,
            letterhead=letterhead(self.model_dump(include={"registry_code", "address", "signer", "role"})),
            presence=presence(known, self._shown()),
            year=None if self.first_month == "" else FinancialYear(first_month=self.first_month),
            incentives=incentives,
            contact=contact(email=self.email, security=self.security),
        )

    def _shown(self) -> dict[str, Any]:
        lines = self.model_dump(include={"phone", "web", "statutes", "board", "colour"})
        texts = {
            name: {each.value: getattr(self, f"{name}_{each}").replace("\r\n", "\n") for each in Language}
            for name in ("about", "deeds", "thanks")
        }
        return lines | texts


class AskingForm(BaseModel):
    """What a person ticked."""

    gifts_tell_beliefs: bool = False
    ground: BeliefsGround | Literal[""] = ""
    by_account: bool = False


router = APIRouter(prefix="/association")


@router.get("")
@needs(Permission.MANAGE_BOOKS)
def show(request: Request, site: SiteHere, done: Literal["kept", ""] = "") -> Response:
    """Show what was said."""
    return _association_page(request, site, is_done=bool(done))


@router.post("")
@needs(Permission.MANAGE_BOOKS)
def say(request: Request, site: SiteHere, visitor: VisitorHere, form: Annotated[AssociationForm, Form()]) -> Response:
    """Keep what is said; what was given out stays as it is."""
    try:
        with long_step(request) as step, writing(site.engine) as session:
            said = form.described(paper_settings(as_reader(session), Presence))
            describe(session, said, by=visitor.name, at=site.clock(), tell=step.at(Phase.JUDGING))
    except Refusal as refusal:
        return _association_page(request, site, refusal=refusal, form=form)
    return RedirectResponse(f"{PATH}?done=kept", status_code=303)


@router.post("/asking")
@needs(Permission.MANAGE_BOOKS)
def let_ask(request: Request, site: SiteHere, visitor: VisitorHere, form: Annotated[AskingForm, Form()]) -> Response:
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
        return _association_page(request, site, refusal=refusal)
    return RedirectResponse(f"{PATH}?done=kept#asking", status_code=303)


async def _picture(request: Request) -> bytes | None:
    """Return the file that was sent, None where the form has none; empty, and so no logo, where the body is damaged."""
    try:
        async with request.form(max_files=1, max_fields=2) as sent:
            file = sent.get("logo")
            return await file.read() if isinstance(file, UploadFile) else None
    except HTTPException:
        return b""


@router.post("/logo")
@needs(Permission.MANAGE_BOOKS)
def keep_picture(
    request: Request, site: SiteHere, visitor: VisitorHere, content: Annotated[bytes | None, Depends(_picture)]
) -> Response:
    """Show this logo from now on; without a file none is shown. Papers that were issued keep theirs."""
    try:
        found = None if content is None else checked_logo(content)
    except Refusal as refusal:
        return _association_page(request, site, refusal=refusal)
    with writing(site.engine) as session:
        show_logo(session, found, by=visitor.name, at=site.clock())
    return RedirectResponse(f"{PATH}?done=kept#logo", status_code=303)


def _association_page(
    request: Request,
    site: Site,
    *,
    is_done: bool = False,
    refusal: Refusal | None = None,
    form: AssociationForm | None = None,
) -> Response:
    with reading(site.engine) as session:
        look_for_name(session, site)
        nameless = why_not(session, site)
        own = association(session, called=shown_name(session, site))
        owners = owners_in_statements(session)
        asking = paper_settings(session, AskingByAccount)
    said = _said(own) | ({} if form is None else form.model_dump(mode="json"))
    return page(
        request,
        "treasurer/association.html",
        status=200 if refusal is None else status_of(refusal.code),
        own=own,
        said=said,
        differing=[each for each in owners if own.name and not is_owner(each, own.name)],
        nameless=nameless,
        swatches=_swatches(own.presence.colour),
        month_names=[(number, month_alone(number)) for number in range(1, 13)],
        unsaid=[UNSAID[each] for each in own.unsaid],
        gifts_tell_beliefs=own.gifts_tell_beliefs,
        beliefs_ground=own.beliefs_ground,
        asks_by_account=asking.is_on,
        limits={"words": WORDS_MAX, "thanks": THANKS_MAX, "logo": LOGO_BYTES_MAX // 1000},
        is_done=is_done,
        refusal=refusal,
    )


def _said(own: Association) -> dict[str, object]:
    """Return what the form is filled in with."""
    days, shown = own.incentives, own.presence
    texts = {"about": shown.about, "deeds": shown.deeds, "thanks": shown.thanks}
    return {
        "name": own.name,
        **own.letterhead.model_dump(),
        **shown.model_dump(),
        **{f"{name}_{each}": getattr(text, each) for name, text in texts.items() for each in Language},
        **own.contact.model_dump(),
        "first_month": own.first_month,
        "listed": "" if days is None else "never" if days.since is None else "on_days",
        "since": "" if days is None or days.since is None else days.since.isoformat(),
        "until": "" if days is None or days.until is None else days.until.isoformat(),
    }


def _swatches(colour: str) -> list[tuple[bool, str, bool]]:
    """Return for light and dark pages what the colour becomes there, and whether it had to be changed to be read."""
    if not colour:
        return []
    accents = [(dark, str(shades(Colour.read(colour), dark=dark).accent)) for dark in (False, True)]
    return [(dark, accent, accent != colour) for dark, accent in accents]
