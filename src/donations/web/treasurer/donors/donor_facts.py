"""What a person says of a donor: by what it is recognised, another spelling of the name, fields, notes, consents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Form, Path
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.acts.claiming import ClaimResult, code_claim, recognise, take_back
from donations.acts.erasing import refuse_restricted
from donations.acts.promise import Act, Shown, do_as_shown, show_first
from donations.core.donor import ANONYMOUS, Claim, Donor, DonorId, PayerClaim
from donations.core.donor_field import donor_fields
from donations.core.iban import parse_iban
from donations.core.language import Language
from donations.core.name import name_key
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode, DonorCode, RequestCode
from donations.core.typed import LINE_MAX
from donations.store.donors.donor_facts import (
    ConsentKind,
    correct_name,
    erase_note,
    record_consent,
    set_field,
    write_note,
)
from donations.store.organisation import Beliefs, paper_settings
from donations.store.session import WriteSession, as_reader, writing
from donations.web.access import VisitorHere, needs
from donations.web.going_on import kept_as
from donations.web.pages import Site, SiteHere, see
from donations.web.treasurer.donors.donors import DonorNumber, donor_here
from donations.web.treasurer.step_page import step_page

claims_router = APIRouter(prefix="/donors/{donor_id}/claims")


class ClaimKind(StrEnum):
    """What a donor is recognised by."""

    PAYER = "payer"
    CODE = "code"


class ClaimForm(BaseModel):
    """What a person filled in."""

    model_config = ConfigDict(str_strip_whitespace=True)

    kind: ClaimKind
    iban: str = Field(default="", max_length=60)
    name: str = Field(default="", max_length=140)
    code: str = Field(default="", max_length=20)
    promised: str = Field(default="", max_length=64)

    def claim(self) -> Claim:
        """Return what it says; raises `Refusal` where it cannot be."""
        if self.kind is ClaimKind.CODE:
            return code_claim(self.code)
        iban, name = parse_iban(self.iban), name_key(self.name)
        if iban is None:
            raise Refusal(BooksCode.IBAN_INVALID)
        if not name:
            raise Refusal(RequestCode.BAD_FORM)
        return PayerClaim(iban, name)


@claims_router.post("")
@needs(Permission.DECIDE)
def consider(
    request: Request, site: SiteHere, visitor: VisitorHere, donor_id: DonorNumber, form: Annotated[ClaimForm, Form()]
) -> Response:
    """Show what would become of the gifts, by doing it and rolling back."""
    return _give_page(request, form, show_first(site.engine, _give(donor_id, form, by=visitor.name, site=site)))


@claims_router.post("/add")
@needs(Permission.DECIDE)
def add(
    request: Request, site: SiteHere, visitor: VisitorHere, donor_id: DonorNumber, form: Annotated[ClaimForm, Form()]
) -> Response:
    """Do it exactly as shown, or show the new outcome where it would differ."""
    outcome = do_as_shown(site.engine, _give(donor_id, form, by=visitor.name, site=site), promised=form.promised)
    if outcome.is_outdated:
        return _give_page(request, form, outcome)
    return see(request, f"/treasurer/donors/{donor_id}?done=claim")


@claims_router.get("/{claim_id}/back")
@needs(Permission.DECIDE)
def consider_back(request: Request, site: SiteHere, donor_id: DonorNumber, claim_id: int) -> Response:
    """Show what taking it back would come to, by doing it and rolling back."""
    kept = kept_as(site, "claim back", claim_id)
    return _back_page(request, donor_id, claim_id, show_first(site.engine, _take_back(claim_id, site), kept=kept))


@claims_router.post("/{claim_id}/back")
@needs(Permission.DECIDE)
def back(
    request: Request,
    site: SiteHere,
    donor_id: DonorNumber,
    claim_id: int,
    promised: Annotated[str, Form(max_length=64)],
) -> Response:
    """Take it back exactly as shown, or show the new outcome where it would differ."""
    outcome = do_as_shown(site.engine, _take_back(claim_id, site), promised=promised)
    if outcome.is_outdated:
        return _back_page(request, donor_id, claim_id, outcome)
    return see(request, f"/treasurer/donors/{donor_id}?done=unclaimed")


def _give(donor_id: int, form: ClaimForm, *, by: str, site: Site) -> Act[ClaimResult]:
    claim = form.claim()
    return lambda session: recognise(session, DonorId(donor_id), claim, by=by, now=site.clock())


def _take_back(claim_id: int, site: Site) -> Act[ClaimResult]:
    return lambda session: take_back(session, claim_id, now=site.clock())


def _give_page(request: Request, form: ClaimForm, outcome: Shown[ClaimResult]) -> Response:
    return step_page(request, "treasurer/donors/claim.html", outcome, form=form)


def _back_page(request: Request, donor_id: int, claim_id: int, outcome: Shown[ClaimResult]) -> Response:
    return step_page(request, "treasurer/donors/claim_back.html", outcome, donor_id=donor_id, claim_id=claim_id)


router = APIRouter(prefix="/donors/{donor_id}")

_WORDS_OF = {
    ConsentKind.PUBLIC_NAME: frozenset({"yes", "no"}),
    ConsentKind.CERTIFICATE_LANGUAGE: frozenset(Language),
}
"""What may be said in a matter; anything where it is not told."""


class TextForm(BaseModel):
    """A text."""

    model_config = ConfigDict(str_strip_whitespace=True)

    text: str = Field(min_length=1, max_length=2_000)


class ConsentForm(BaseModel):
    """What a donor said, when, and how we know."""

    model_config = ConfigDict(str_strip_whitespace=True)

    kind: ConsentKind
    value: str = Field(min_length=1, max_length=200)
    given_on: date
    source: str = Field(min_length=1, max_length=200)


@router.post("/name")
@needs(Permission.DECIDE)
def rename(
    request: Request, site: SiteHere, visitor: VisitorHere, donor_id: DonorNumber, said: Annotated[TextForm, Form()]
) -> Response:
    """Correct the name; the one before is kept beside it."""
    if not name_key(said.text) or donor_id == ANONYMOUS:
        raise Refusal(RequestCode.BAD_FORM)
    with _about(site, donor_id) as (session, donor):
        correct_name(session, donor.id, said.text[:140], by=visitor.name, at=site.clock())
    return _back(request, donor_id, "name")


@router.post("/fields/{field}")
@needs(Permission.DECIDE)
def fill(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    donor_id: DonorNumber,
    field: Annotated[str, Path(max_length=40)],
    value: Annotated[str, Form(max_length=LINE_MAX)] = "",
) -> Response:
    """Put another value into a declared field; an empty one empties it."""
    declared = donor_fields().get(field)
    if declared is None or donor_id == ANONYMOUS:
        raise Refusal(DonorCode.UNKNOWN_FIELD)
    with _about(site, donor_id) as (session, donor):
        set_field(session, donor.id, declared, value, by=visitor.name, at=site.clock())
    return _back(request, donor_id, "field")


@router.post("/notes")
@needs(Permission.DECIDE)
def note(
    request: Request, site: SiteHere, visitor: VisitorHere, donor_id: DonorNumber, said: Annotated[TextForm, Form()]
) -> Response:
    """Write a note."""
    with _about(site, donor_id) as (session, donor):
        write_note(session, donor.id, said.text, by=visitor.name, at=site.clock())
    return _back(request, donor_id, "note")


@router.post("/notes/{number}/erase")
@needs(Permission.DECIDE)
def erase(request: Request, site: SiteHere, donor_id: DonorNumber, number: int) -> Response:
    """Erase a note."""
    with _about(site, donor_id) as (session, donor):
        erase_note(session, donor.id, number)
    return _back(request, donor_id, "erased")


@router.post("/consents")
@needs(Permission.DECIDE)
def consent(
    request: Request, site: SiteHere, visitor: VisitorHere, donor_id: DonorNumber, said: Annotated[ConsentForm, Form()]
) -> Response:
    """Keep what the donor said; an earlier word stays beside it."""
    if said.value not in _WORDS_OF.get(said.kind, {said.value}) or said.given_on > site.clock().date():
        raise Refusal(RequestCode.BAD_FORM)
    with _about(site, donor_id) as (session, donor):
        is_shown = said.kind is ConsentKind.PUBLIC_NAME and said.value == "yes"
        if is_shown and paper_settings(as_reader(session), Beliefs).gifts_tell:
            raise Refusal(BooksCode.NAMES_NEVER_SHOWN)
        record_consent(
            session,
            donor.id,
            said.kind,
            said.value,
            given_on=said.given_on,
            source=said.source,
            by=visitor.name,
            at=site.clock(),
        )
    return _back(request, donor_id, "consent")


@contextmanager
def _about(site: Site, donor_id: int) -> Iterator[tuple[WriteSession, Donor]]:
    with writing(site.engine) as session:
        donor = donor_here(as_reader(session), donor_id)
        refuse_restricted(as_reader(session), [donor.id])
        yield session, donor


def _back(request: Request, donor_id: int, done: str) -> Response:
    return see(request, f"/treasurer/donors/{donor_id}?done={done}")
