"""What a person says of a donor: another spelling of the name, notes, and consents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from donations.access.permission import Permission
from donations.core.donor import ANONYMOUS, Donor
from donations.core.language import Language
from donations.core.name import name_key
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.knowing.erasure import refuse_restricted
from donations.store.donors.donor_facts import ConsentKind, correct_name, erase_note, record_consent, write_note
from donations.store.session import WriteSession, as_reader, writing
from donations.web.access import VisitorHere, needs
from donations.web.pages import Site, SiteHere, see
from donations.web.treasurer.donors.donors import DonorNumber, donor_here

router = APIRouter(prefix="/donors/{donor_id}")

_WORDS_OF = {
    ConsentKind.PUBLIC_NAME: frozenset({"yes", "no"}),
    ConsentKind.CERTIFICATE_LANGUAGE: frozenset(Language),
}
"""What may be said in a matter; anything where it is not told."""


class Said(BaseModel):
    """A text."""

    model_config = ConfigDict(str_strip_whitespace=True)

    text: str = Field(min_length=1, max_length=2_000)


class SaidConsent(BaseModel):
    """What a donor said, when, and how we know."""

    model_config = ConfigDict(str_strip_whitespace=True)

    kind: ConsentKind
    value: str = Field(min_length=1, max_length=200)
    given_on: date
    source: str = Field(min_length=1, max_length=200)


@router.post("/name")
@needs(Permission.DECIDE)
def rename(
    request: Request, site: SiteHere, visitor: VisitorHere, donor_id: DonorNumber, said: Annotated[Said, Form()]
) -> Response:
    """Correct the name; the one before is kept beside it."""
    if not name_key(said.text) or donor_id == ANONYMOUS:
        raise Refusal(RequestCode.BAD_FORM)
    with _about(site, donor_id) as (session, donor):
        correct_name(session, donor.id, said.text[:140], by=visitor.name, at=site.clock())
    return _back(request, donor_id, "name")


@router.post("/notes")
@needs(Permission.DECIDE)
def note(
    request: Request, site: SiteHere, visitor: VisitorHere, donor_id: DonorNumber, said: Annotated[Said, Form()]
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
    request: Request, site: SiteHere, visitor: VisitorHere, donor_id: DonorNumber, said: Annotated[SaidConsent, Form()]
) -> Response:
    """Keep what the donor said; an earlier word stays beside it."""
    if said.value not in _WORDS_OF.get(said.kind, {said.value}) or said.given_on > site.clock().date():
        raise Refusal(RequestCode.BAD_FORM)
    with _about(site, donor_id) as (session, donor):
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
