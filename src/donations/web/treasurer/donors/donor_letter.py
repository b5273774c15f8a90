"""The letter with everything that is held on a donor: looked through on a page, taken along as PDF or JSON."""

from __future__ import annotations

import json
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.core.donor import ANONYMOUS, Donor
from donations.core.language import Language
from donations.core.refusal import Refusal
from donations.core.refusals import DonorCode
from donations.documents.certificate import letter_paper
from donations.documents.printed import Imprint, cells_of
from donations.reports.letter import Letter, letter, texts
from donations.store.donors.held import SubjectAccess, held_on
from donations.store.papers.certificates import languages_wished
from donations.store.session import ReadSession, reading
from donations.views.formats import TELLER
from donations.views.language import speaking
from donations.web.access import Visitor, VisitorHere, needs
from donations.web.downloads import attachment
from donations.web.own_name import name_for_paper, shown_name
from donations.web.pages import SiteHere, page
from donations.web.treasurer.donors.donors import DonorNumber, donor_here

router = APIRouter(prefix="/donors/{donor_id}")

Key = Annotated[str, Field(pattern=r"^[a-z]{1,10}-[0-9]{1,10}$")]


class AskedLetter(BaseModel):
    """In which language, and which texts are left out."""

    language: Language | None = None
    without: list[Key] = Field(default=[], max_length=5_000)
    looked: bool = False
    """Whether somebody looked through the texts; until then the doubtful ones are left out."""

    def address(self, language: Language) -> str:
        """Return the query of the same letter, for links."""
        chosen = {"looked": "true", "without": self.without} if self.looked else {}
        return urlencode({"language": language.value, **chosen}, doseq=True)


@router.get("/held")
@needs(Permission.READ_HELD)
def held(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    donor_id: DonorNumber,
    asked: Annotated[AskedLetter, Query()],
) -> Response:
    """Show the letter as it would be, and what could be left out of it."""
    with reading(site.engine) as session:
        donor = _named(session, donor_id)
        language = _language(session, donor, asked)
        everything = held_on(session, donor.id)
        found = _letter(everything, visitor, asked, organisation=shown_name(session, site))
        free = texts(everything)
    with speaking(language):
        told = found.told(TELLER)
        parts = [(part.title, cells_of(part, TELLER)) for part in told.parts]
    return page(
        request,
        "treasurer/donors/donor_held.html",
        donor=donor,
        letter=told,
        parts=parts,
        texts=free,
        without=set(asked.without) if asked.looked else {each.key for each in free if each.is_doubtful},
        spoken=language,
        languages=list(Language),
        address=asked.address(language),
    )


@router.get("/held.pdf")
@needs(Permission.READ_HELD, fresh=True)
def held_pdf(
    site: SiteHere, visitor: VisitorHere, donor_id: DonorNumber, asked: Annotated[AskedLetter, Query()]
) -> Response:
    """Return the letter as PDF, to be sent to the donor."""
    with reading(site.engine) as session:
        donor = _named(session, donor_id)
        language = _language(session, donor, asked)
        organisation = name_for_paper(session, site)
        found = _letter(held_on(session, donor.id), visitor, asked, organisation=organisation)
    with speaking(language):
        imprint = Imprint(organisation=organisation, language=language, teller=TELLER, made_on=site.today)
        content = letter_paper(found, imprint)
    return attachment(content, media_type="application/pdf", name=f"donor-{donor_id}.pdf")


@router.get("/held.json")
@needs(Permission.READ_HELD, fresh=True)
def held_json(
    site: SiteHere, visitor: VisitorHere, donor_id: DonorNumber, asked: Annotated[AskedLetter, Query()]
) -> Response:
    """Return the same for programs, in English and with stable keys (GDPR Art. 20)."""
    with reading(site.engine) as session:
        everything, organisation = held_on(session, _named(session, donor_id).id), name_for_paper(session, site)
        found = _letter(everything, visitor, asked, organisation=organisation)
    content = json.dumps(found.document(), ensure_ascii=False, indent=2).encode()
    return attachment(content, media_type="application/json", name=f"donor-{donor_id}.json")


def _letter(everything: SubjectAccess, visitor: Visitor, asked: AskedLetter, *, organisation: str) -> Letter:
    return letter(
        everything,
        organisation=organisation,
        without=frozenset(asked.without) if asked.looked else None,
        has_codes=visitor.may(Permission.TAKE_CODES),
    )


def _named(session: ReadSession, donor_id: int) -> Donor:
    """Return a donor who is somebody; raises `Refusal`."""
    if donor_id == ANONYMOUS:
        raise Refusal(DonorCode.ANONYMOUS_DONOR)
    return donor_here(session, donor_id)


def _language(session: ReadSession, donor: Donor, asked: AskedLetter) -> Language:
    """Return the language that is asked for, else the donor's own, else Estonian."""
    return asked.language or languages_wished(session).get(donor.id, Language.ESTONIAN)
