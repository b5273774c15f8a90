"""A donor who asks to be forgotten: what would go and what must stay is shown first, then done with one button."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.acts.erasing import Purged, Restricted, hold, purge, release, restrict, standing_of
from donations.acts.merging import side
from donations.acts.promise import Act, Shown, do_as_shown, show_first
from donations.core.donor import DonorId
from donations.core.refusal import Refusal
from donations.core.refusals import DonorCode, RequestCode
from donations.ledger.retention import REASONS, RetentionReason, RetentionStanding, RetentionState, Step
from donations.reports.letter import REASONS as REASON_WORDS
from donations.reports.letter import STEPS
from donations.store.donors.links import links_behind
from donations.store.donors.restricted import history_of, new_gifts, notice, state_of
from donations.store.session import WriteSession, as_reader, reading, writing
from donations.store.sweeping import sweep
from donations.web.access import Visitor, VisitorHere, needs
from donations.web.pages import Site, SiteHere, see
from donations.web.treasurer.donors.donors import DonorNumber, donor_here
from donations.web.treasurer.step_page import step_page

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
        standing = standing_of(session, donor.id)
    if standing.state is RetentionState.NAMED and not visitor.may(Permission.ERASE):
        return see(request, f"/treasurer/donors/{donor_id}")
    outcome: Shown[Restricted] | Shown[Purged] | None = None
    if visitor.may(Permission.ERASE):
        if standing.obstacle(Step.RESTRICT, today=site.today) is None:
            outcome = show_first(site.engine, _restrict(donor_id, RetentionReason.ASKED, visitor, site))
        elif standing.obstacle(Step.PURGE, today=site.today) is None:
            outcome = show_first(site.engine, _purge(donor_id, visitor, site))
    return _page(request, site, donor_id, standing, outcome, done=done)


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
def hold_data(
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
def noticed(request: Request, site: SiteHere, donor_id: DonorNumber) -> Response:
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
        standing = standing_of(session, donor_here(session, donor_id).id)
    return _page(request, site, donor_id, standing, outcome)


def _page(
    request: Request,
    site: Site,
    donor_id: int,
    standing: RetentionStanding,
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
            standing=standing,
            links=links_behind(session, donor.id) if standing.is_partly else (),
            may_hold=standing.obstacle(Step.HOLD, today=site.today) is None,
            years=side(session, donor.id).years,
            new_gifts=0 if standing.state is RetentionState.NAMED else new_gifts(session, donor.id),
            history=history_of(session, donor.id),
            steps=STEPS,
            reasons=REASON_WORDS,
            ways=REASONS,
            done=done,
        )


def _back(request: Request, donor_id: int, done: str) -> Response:
    return see(request, f"/treasurer/donors/{donor_id}/erase?done={done}")
