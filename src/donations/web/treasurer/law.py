"""What the law's pages and papers follow: financial year, tax board's list, and contact."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from fastapi import APIRouter, Form
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.acts.describing import Described, contact, describe, listed
from donations.core.refusal import Refusal
from donations.store.organisation import FinancialYear, IncentiveList
from donations.store.session import writing
from donations.web.access import VisitorHere, needs
from donations.web.pages import SiteHere
from donations.web.treasurer.settings import SettingsDone, settings_page


class Listed(StrEnum):
    """Whether the association is on the tax board's list."""

    UNSAID = ""
    NEVER = "never"
    ON_DAYS = "on_days"


class LawForm(BaseModel):
    """What a person filled in; empty: nobody says it."""

    first_month: Annotated[int, Field(ge=1, le=12)] | Literal[""] = ""
    listed: Listed = Listed.UNSAID
    since: str = Field(default="", max_length=10)
    until: str = Field(default="", max_length=10)
    email: str = Field(default="", max_length=200)
    security: str = Field(default="", max_length=300)

    def described(self) -> Described:
        """Return what is said. Raises `Refusal`."""
        incentives = None
        if self.listed is not Listed.UNSAID:
            is_never = self.listed is Listed.NEVER
            incentives = IncentiveList() if is_never else listed(since=self.since, until=self.until)
        return Described(
            year=None if self.first_month == "" else FinancialYear(first_month=self.first_month),
            incentives=incentives,
            contact=contact(email=self.email, security=self.security),
        )


router = APIRouter(prefix="/settings")


@router.post("/law")
@needs(Permission.MANAGE_BOOKS)
def say(request: Request, site: SiteHere, visitor: VisitorHere, form: Annotated[LawForm, Form()]) -> Response:
    """Keep what is said; what is left empty stays as it was, but for the contact."""
    try:
        with writing(site.engine) as session:
            describe(session, form.described(), by=visitor.name, at=site.clock())
    except Refusal as refusal:
        return settings_page(request, site, refusal=refusal, law=form.model_dump(mode="json"))
    return RedirectResponse(f"/treasurer/settings?done={SettingsDone.KEPT}#law", status_code=303)
