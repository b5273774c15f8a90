"""A donor's rights: the letter with everything on the donor, and being forgotten, with the outcome shown first."""

from __future__ import annotations

import json
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.acts.erasing import Purged, Restricted, hold, purge, release, restrict, retention_status_of
from donations.acts.merging import side
from donations.acts.promise import Act, Shown, do_as_shown, show_first
from donations.core.donor import ANONYMOUS, Donor, DonorId
from donations.core.language import Language
from donations.core.refusal import Refusal
from donations.core.refusals import DonorCode, RequestCode
from donations.documents.certificate import letter_paper
from donations.documents.printed import Imprint, cells_of
from donations.ledger.retention import REASONS, RetentionReason, RetentionState, RetentionStatus, Step
from donations.reports.association import UNSAID, Association, association
from donations.reports.letter import Letter, letter, texts
from donations.reports.words import REASONS as REASON_WORDS
from donations.reports.words import STEPS
from donations.store.association import logo
from donations.store.donors.links import links_behind
from donations.store.donors.restricted import history_of, new_gifts, notice, state_of
from donations.store.donors.subject_access import SubjectAccess, everything_on
from donations.store.papers import languages_asked_for
from donations.store.personal_data import sweep
from donations.store.session import ReadSession, WriteSession, as_reader, reading, writing
from donations.views.formats import TELLER
from donations.views.language import speaking
from donations.web.access import Visitor, VisitorHere, needs
from donations.web.going_on import kept_as
from donations.web.own_name import name_for_paper, shown_name
from donations.web.pages import Site, SiteHere, attachment, page, see
from donations.web.treasurer.donors.donors import DonorNumber, donor_here
from donations.web.treasurer.step_page import step_page

donor_letter_router = APIRouter(prefix="/donors/{donor_id}")

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


@donor_letter_router.get("/held")
@needs(Permission.READ_HELD)
def letter_page(
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
        everything = everything_on(session, donor.id)
        sender = association(session, called=shown_name(session, site))
        found = _letter(everything, sender, visitor, asked)
        free = texts(everything)
    with speaking(language):
        told = found.translated(TELLER)
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
        unsaid=[UNSAID[each] for each in sender.unsaid],
    )


@donor_letter_router.get("/held.pdf")
@needs(Permission.READ_HELD, fresh=True)
def letter_pdf(
    site: SiteHere, visitor: VisitorHere, donor_id: DonorNumber, asked: Annotated[AskedLetter, Query()]
) -> Response:
    """Return the letter as PDF, to be sent to the donor."""
    with reading(site.engine) as session:
        donor = _named(session, donor_id)
        language = _language(session, donor, asked)
        organisation = name_for_paper(session, site)
        sender = association(session, called=organisation)
        found = _letter(everything_on(session, donor.id), sender, visitor, asked)
        own_logo = logo(session, sender.presence.logo)
    with speaking(language):
        imprint = Imprint(organisation=organisation, language=language, teller=TELLER, made_on=site.today)
        content = letter_paper(found, imprint, sender, own_logo)
    return attachment(content, media_type="application/pdf", name=f"donor-{donor_id}.pdf")


@donor_letter_router.get("/held.json")
@needs(Permission.READ_HELD, fresh=True)
def letter_json(
    site: SiteHere, visitor: VisitorHere, donor_id: DonorNumber, asked: Annotated[AskedLetter, Query()]
) -> Response:
    """Return the same for programs, in English and with stable keys (GDPR Art. 20)."""
    with reading(site.engine) as session:
        everything = everything_on(session, _named(session, donor_id).id)
        found = _letter(everything, association(session, called=name_for_paper(session, site)), visitor, asked)
    content = json.dumps(found.document(), ensure_ascii=False, indent=2).encode()
    return attachment(content, media_type="application/json", name=f"donor-{donor_id}.json")


def _letter(everything: SubjectAccess, sender: Association, visitor: Visitor, asked: AskedLetter) -> Letter:
    return letter(
        everything,
        sender=sender,
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
    return asked.language or languages_asked_for(session).get(donor.id, Language.ESTONIAN)


router = APIRouter(prefix="/donors/{donor_id}")

Promised = Annotated[str, Form(max_length=64)]


@router.get("/erase")
@needs(Permission.SEE_NAMES)
def consider(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    donor_id: DonorNumber,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show where the donor's data stands, and what the next step would come to by doing it and rolling back."""
    with reading(site.engine) as session:
        donor = donor_here(session, donor_id)
        retention = retention_status_of(session, donor.id)
    if retention.state is RetentionState.NAMED and not visitor.may(Permission.ERASE):
        return see(request, f"/treasurer/donors/{donor_id}")
    outcome: Shown[Restricted] | Shown[Purged] | None = None
    if visitor.may(Permission.ERASE):
        if retention.obstacle(Step.RESTRICT, today=site.today) is None:
            act = _restrict(donor_id, RetentionReason.ASKED, visitor, site)
            outcome = show_first(site.engine, act, kept=kept_as(site, "restrict", donor_id, visitor.name))
        elif retention.obstacle(Step.PURGE, today=site.today) is None:
            kept = kept_as(site, "purge", donor_id, visitor.name)
            outcome = show_first(site.engine, _purge(donor_id, visitor, site), kept=kept)
    return _page(request, site, donor_id, retention, outcome, done=done)


@router.post("/erase")
@needs(Permission.ERASE, fresh=True)
def take_out(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    donor_id: DonorNumber,
    why: Annotated[RetentionReason, Form()],
    promised: Promised,
) -> Response:
    """Take the donor out of sight exactly as shown, or show the new outcome where it would differ."""
    _check(why, Step.RESTRICT)
    outcome = do_as_shown(site.engine, _restrict(donor_id, why, visitor, site), promised=promised)
    return _after(request, site, donor_id, outcome, done="restricted")


@router.post("/purge")
@needs(Permission.ERASE, fresh=True)
def destroy(
    request: Request, site: SiteHere, visitor: VisitorHere, donor_id: DonorNumber, promised: Promised
) -> Response:
    """Destroy the rest exactly as shown, or show the new outcome where it would differ."""
    outcome = do_as_shown(site.engine, _purge(donor_id, visitor, site), promised=promised)
    return _after(request, site, donor_id, outcome, done="purged")


@router.post("/hold")
@needs(Permission.ERASE)
def keep_data(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    donor_id: DonorNumber,
    why: Annotated[RetentionReason, Form()],
) -> Response:
    """Let nothing of the donor be destroyed until it is released."""
    _check(why, Step.HOLD)
    with writing(site.engine) as session:
        hold(session, DonorId(donor_id), why=why, by=visitor.name, now=site.clock(), today=site.today)
    return _back(request, donor_id, "held")


@router.post("/release")
@needs(Permission.ERASE)
def release_data(request: Request, site: SiteHere, visitor: VisitorHere, donor_id: DonorNumber) -> Response:
    """Let it be destroyed again when its time is over."""
    with writing(site.engine) as session:
        release(session, DonorId(donor_id), by=visitor.name, now=site.clock(), today=site.today)
    return _back(request, donor_id, "released")


@router.post("/noticed")
@needs(Permission.ERASE)
def answer_notice(request: Request, site: SiteHere, donor_id: DonorNumber) -> Response:
    """Remember that somebody saw that a restricted donor gave again."""
    with writing(site.engine) as session:
        if state_of(as_reader(session), DonorId(donor_id)) is RetentionState.NAMED:
            raise Refusal(DonorCode.DONOR_NOT_RESTRICTED)
        notice(session, DonorId(donor_id))
    return _back(request, donor_id, "noticed")


def _restrict(donor_id: int, why: RetentionReason, visitor: Visitor, site: Site) -> Act[Restricted]:
    def act(session: WriteSession) -> Restricted:
        return restrict(session, DonorId(donor_id), why=why, by=visitor.name, now=site.clock(), today=site.today)

    return act


def _purge(donor_id: int, visitor: Visitor, site: Site) -> Act[Purged]:
    return lambda session: purge(session, DonorId(donor_id), by=visitor.name, now=site.clock(), today=site.today)


def _check(why: RetentionReason, step: Step) -> None:
    if why not in REASONS[step]:
        raise Refusal(RequestCode.BAD_FORM)


def _after(
    request: Request,
    site: Site,
    donor_id: int,
    outcome: Shown[Restricted] | Shown[Purged],
    *,
    done: str,
) -> Response:
    if not outcome.is_outdated:
        sweep(site.engine)
        return _back(request, donor_id, done)
    with reading(site.engine) as session:
        retention = retention_status_of(session, donor_here(session, donor_id).id)
    return _page(request, site, donor_id, retention, outcome)


def _page(
    request: Request,
    site: Site,
    donor_id: int,
    retention: RetentionStatus,
    outcome: Shown[Restricted] | Shown[Purged] | None,
    *,
    done: str = "",
) -> Response:
    with reading(site.engine) as session:
        donor = donor_here(session, donor_id)
        return step_page(
            request,
            "treasurer/donors/donor_erase.html",
            outcome,
            donor=donor,
            retention=retention,
            links=links_behind(session, donor.id) if retention.is_partly else (),
            may_hold=retention.obstacle(Step.HOLD, today=site.today) is None,
            years=side(session, donor.id).years,
            new_gifts=0 if retention.state is RetentionState.NAMED else new_gifts(session, donor.id),
            history=history_of(session, donor.id),
            steps=STEPS,
            reasons=REASON_WORDS,
            ways=REASONS,
            done=done,
        )


def _back(request: Request, donor_id: int, done: str) -> Response:
    return see(request, f"/treasurer/donors/{donor_id}/erase?done={done}")
