"""By what a donor is recognised, on a person's word: given with the outcome shown first, and taken back."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from donations.access.permission import Permission
from donations.core.donor import Claim, CodeClaim, DonorId, PayerClaim
from donations.core.iban import parse_iban
from donations.core.name import name_key
from donations.core.person_code import UnverifiedCode, parse_code
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode, DonorCode, RequestCode
from donations.knowing.recognising import ClaimResult, recognise, take_back
from donations.web.access import VisitorHere, needs
from donations.web.pages import Site, SiteHere, page, see
from donations.web.promised import Act, Outcome, taken, tried
from donations.web.treasurer.donors.donors import DonorNumber

router = APIRouter(prefix="/donors/{donor_id}/claims")


class Kind(StrEnum):
    """What a donor is recognised by."""

    PAYER = "payer"
    CODE = "code"


class ClaimForm(BaseModel):
    """What a person filled in."""

    model_config = ConfigDict(str_strip_whitespace=True)

    kind: Kind
    iban: str = Field(default="", max_length=60)
    name: str = Field(default="", max_length=140)
    code: str = Field(default="", max_length=20)
    promised: str = Field(default="", max_length=64)

    def claim(self) -> Claim:
        """Return what it says; raises `Refusal` where it cannot be."""
        if self.kind is Kind.CODE:
            code = parse_code(self.code)
            if code is None or isinstance(code, UnverifiedCode):
                raise Refusal(DonorCode.BAD_CODE)
            return CodeClaim(code)
        iban, name = parse_iban(self.iban), name_key(self.name)
        if iban is None:
            raise Refusal(BooksCode.IBAN_INVALID)
        if not name:
            raise Refusal(RequestCode.BAD_FORM)
        return PayerClaim(iban, name)


@router.post("")
@needs(Permission.DECIDE)
def consider(
    request: Request, site: SiteHere, visitor: VisitorHere, donor_id: DonorNumber, form: Annotated[ClaimForm, Form()]
) -> Response:
    """Show what would become of the gifts, by doing it and rolling back."""
    return _give_page(request, form, tried(site, _give(donor_id, form, by=visitor.name, site=site)))


@router.post("/add")
@needs(Permission.DECIDE)
def add(
    request: Request, site: SiteHere, visitor: VisitorHere, donor_id: DonorNumber, form: Annotated[ClaimForm, Form()]
) -> Response:
    """Do it exactly as shown, or show the new outcome where it would differ."""
    outcome = taken(site, _give(donor_id, form, by=visitor.name, site=site), promised=form.promised)
    if outcome.is_outdated:
        return _give_page(request, form, outcome)
    return see(request, f"/treasurer/donors/{donor_id}?done=claim")


@router.get("/{claim_id}/back")
@needs(Permission.DECIDE)
def consider_back(request: Request, site: SiteHere, donor_id: DonorNumber, claim_id: int) -> Response:
    """Show what taking it back would come to, by doing it and rolling back."""
    return _back_page(request, donor_id, claim_id, tried(site, _take_back(claim_id, site)))


@router.post("/{claim_id}/back")
@needs(Permission.DECIDE)
def back(
    request: Request,
    site: SiteHere,
    donor_id: DonorNumber,
    claim_id: int,
    promised: Annotated[str, Form(max_length=64)],
) -> Response:
    """Take it back exactly as shown, or show the new outcome where it would differ."""
    outcome = taken(site, _take_back(claim_id, site), promised=promised)
    if outcome.is_outdated:
        return _back_page(request, donor_id, claim_id, outcome)
    return see(request, f"/treasurer/donors/{donor_id}?done=unclaimed")


def _give(donor_id: int, form: ClaimForm, *, by: str, site: Site) -> Act[ClaimResult]:
    claim = form.claim()
    return lambda session: recognise(session, DonorId(donor_id), claim, by=by, now=site.clock())


def _take_back(claim_id: int, site: Site) -> Act[ClaimResult]:
    return lambda session: take_back(session, claim_id, now=site.clock())


def _give_page(request: Request, form: ClaimForm, outcome: Outcome[ClaimResult]) -> Response:
    return page(request, "treasurer/donors/claim.html", form=form, **outcome.shown)


def _back_page(request: Request, donor_id: int, claim_id: int, outcome: Outcome[ClaimResult]) -> Response:
    return page(request, "treasurer/donors/claim_back.html", donor_id=donor_id, claim_id=claim_id, **outcome.shown)
