"""How far the books prove themselves: the auditor's first page, its paper, and running all checks beside the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.core.calendar import Period
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.documents.printed import Imprint
from donations.documents.proof import proof_paper
from donations.jobs.checks import begin_checks, checks_failed, checks_going_on
from donations.reports.checking import NAMES, check, sentence_of
from donations.reports.decided import by_hand
from donations.reports.proof_of_books import (
    ProofOfBooks,
    exceptions_table,
    facts_of,
    fingerprints,
    paper_tables,
    proof_of_books,
)
from donations.reports.sample import SIZE, Seed, sample
from donations.reports.table import Table
from donations.store.check_results import last_check_run
from donations.store.jobs import is_left_alone
from donations.store.session import ReadSession, reading, writing
from donations.views.formats import TELLER
from donations.views.language import current_language, gettext
from donations.web.access import VisitorHere, needs
from donations.web.own_name import name_for_paper
from donations.web.pages import PROOF_PATH, Site, SiteHere, attachment, page, see
from donations.web.treasurer.months import account_called, account_names
from donations.web.treasurer.papers.reports import shown_table

router = APIRouter(prefix="/proof")
_NEWEST = 10
_RUN_PATH = f"{PROOF_PATH}/run"
SeedHere = Annotated[str, Query(max_length=30)]


def _proof(session: ReadSession, site: Site) -> ProofOfBooks:
    return proof_of_books(session, today=site.today, called=account_called(account_names(session)))


def _seed(session: ReadSession, site: Site, written: str) -> Seed:
    """Return what was passed on, else one that stays until the books change: a sample goes through all payments."""
    return Seed.read(written) if written else site.once(session, Seed, lambda: Seed.new(session))


def _known_check(name: str) -> str:
    if name not in NAMES:
        raise Refusal(RequestCode.UNKNOWN_PAGE)
    return name


@router.get("")
@needs(Permission.SEE_FIGURES)
def proof(
    request: Request, site: SiteHere, visitor: VisitorHere, seed: SeedHere = "", *, another: bool = False
) -> Response:
    """Show how things stand; payments only to who may see names. `another` draws a sample anew."""
    sees_names = visitor.may(Permission.SEE_NAMES)
    with reading(site.engine) as session:
        if another:
            return see(request, f"{PROOF_PATH}?seed={Seed.new(session)}#sample")
        found = _proof(session, site)
        drawn_by = _seed(session, site, seed)
        tables = [exceptions_table(found.exceptions, with_reasons=sees_names)]
        if sees_names:
            tables += [by_hand(session, Period(), newest=_NEWEST), site.found_by(session, sample, drawn_by)]
        failure, going_on = checks_failed(session), checks_going_on(session)
    exceptions, *of_payments = [
        shown_table(each.translated(TELLER), size=len(each.rows)) if each.rows else None for each in tables
    ]
    return page(
        request,
        "treasurer/proof.html",
        found=found,
        facts=facts_of(found),
        fingerprints=fingerprints(found),
        exceptions=exceptions,
        of_payments=of_payments,
        seed=drawn_by,
        size=SIZE,
        failure=failure,
        going_on=going_on,
    )


@router.post("/run")
@needs(Permission.SEE_FIGURES)
def run(request: Request, site: SiteHere, visitor: VisitorHere) -> Response:
    """Have all checks run, whoever serves; twice at once they are not."""
    with writing(site.engine) as session:
        begin_checks(session, person_id=visitor.person_id, now=site.clock())
    site.jobs.wake(site.engine, site.clock)
    return see(request, _RUN_PATH)


@router.get("/run")
@needs(Permission.SEE_FIGURES)
def progress(request: Request, site: SiteHere) -> Response:
    """Show how many checks are over; asks for nothing else, for it is looked at again and again."""
    with reading(site.engine) as session:
        job = checks_going_on(session)
        left_alone = job is not None and is_left_alone(session, job, now=site.clock())
    if job is None:
        return RedirectResponse(PROOF_PATH, status_code=303)
    return page(request, "treasurer/proof_run.html", job=job, left_alone=left_alone)


@dataclass(frozen=True, slots=True)
class Looked:
    """What one check found, and when it was run."""

    at: datetime
    table: Table


CheckName = Annotated[str, Depends(_known_check)]


@router.get("/checks/{name}")
@needs(Permission.SEE_NAMES)
def one_check(request: Request, site: SiteHere, name: CheckName) -> Response:
    """Show what one check found in these very books; nothing is looked for, as that takes as long as the books are."""
    with reading(site.engine) as session:
        looked = site.found_last(session, (Looked, name))
        run = last_check_run(session)
    shown = None
    if isinstance(looked, Looked):
        table = looked.table.translated(TELLER)
        shown = shown_table(table, size=len(table.rows))
    return page(
        request,
        "treasurer/proof_check.html",
        name=name,
        says=sentence_of(name),
        looked=looked,
        shown=shown,
        run=run,
        found=None if run is None else run.found.get(name),
    )


@router.post("/checks/{name}")
@needs(Permission.SEE_NAMES)
def look_now(request: Request, site: SiteHere, name: CheckName) -> Response:
    """Run one check now, and keep what does not hold in memory until the books change: it may name people."""
    with reading(site.engine) as session:
        site.find_anew(session, (Looked, name), lambda: Looked(site.clock(), check(session, [name]).table))
    return see(request, f"{PROOF_PATH}/checks/{name}")


@router.get("/paper.pdf")
@needs(Permission.SEE_FIGURES, fresh=True)
def paper(site: SiteHere, visitor: VisitorHere, seed: SeedHere = "") -> Response:
    """Return the same as a paper; a sample is only drawn for who may see names."""
    sees_names = visitor.may(Permission.SEE_NAMES)
    with reading(site.engine) as session:
        found = _proof(session, site)
        parts = list(paper_tables(found, with_reasons=sees_names))
        if sees_names:
            parts += [by_hand(session, Period(), newest=_NEWEST), sample(session, _seed(session, site, seed))]
        own_name = name_for_paper(session, site)
    imprint = Imprint(organisation=own_name, language=current_language(), teller=TELLER, made_on=site.today)
    facts = (*facts_of(found), *fingerprints(found))
    content = proof_paper(gettext("Proof of the books"), facts, parts, imprint)
    return attachment(content, media_type="application/pdf", name=f"proof-{site.today}.pdf")
