"""Standing rules: "always do this", shown with all that it would change before it is kept, and switched off as well."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.permission import Permission
from donations.core.payment import Payment, PaymentId
from donations.core.refusal import Refusal
from donations.core.refusals import DonorCode
from donations.matching.standing import RuleNumber
from donations.review import payment_with_id
from donations.review.teaching import make_rule, switch_rule
from donations.store.donors import people
from donations.store.payments.shown import unnamed_payers
from donations.store.session import ReadSession, WriteSession, as_reader, reading
from donations.views.rule import rule_views
from donations.web.access import VisitorHere, needs
from donations.web.formats import TELLER
from donations.web.pages import Site, SiteHere, page
from donations.web.promised import Act, Outcome, taken, tried
from donations.web.treasurer.questions.replayed import ReplayView, replay_view
from donations.web.treasurer.questions.rule_form import PromisedForm, RuleForm, first_guess

router = APIRouter(prefix="/rules")


class Switch(StrEnum):
    """Which way a rule is switched."""

    ON = "on"
    OFF = "off"


@router.get("")
@needs(Permission.SEE_NAMES)
def all_rules(request: Request, site: SiteHere, made: int | None = None, switched: int | None = None) -> Response:
    """List the rules with what each of them booked."""
    with reading(site.engine) as session:
        found = rule_views(session, TELLER)
        return page(
            request,
            "treasurer/questions/rules.html",
            rules=[each for each in found if each.switched_off_at is None],
            ended=[each for each in found if each.switched_off_at is not None],
            made=made,
            switched=switched,
        )


@router.get("/new")
@needs(Permission.DECIDE)
def new_rule(request: Request, site: SiteHere, payment_id: Annotated[int, Query(alias="payment")]) -> Response:
    """Show the form for payments like this one, filled in as it was answered."""
    return _rule_page(request, site, None, payment_id)


@router.post("/preview")
@needs(Permission.DECIDE)
def preview(request: Request, site: SiteHere, visitor: VisitorHere, said: Annotated[RuleForm, Form()]) -> Response:
    """Show what the rule would do to all payments of all years, by doing it and rolling back."""
    return _rule_page(request, site, said, said.payment, tried(site, _make(site, said, by=visitor.name)))


@router.post("")
@needs(Permission.DECIDE)
def make(request: Request, site: SiteHere, visitor: VisitorHere, said: Annotated[PromisedForm, Form()]) -> Response:
    """Keep the rule exactly as shown, or show what it would do now where that is something else."""
    outcome = _as_promised(site, _make(site, said, by=visitor.name), said.promised)
    if outcome.is_outdated:
        return _rule_page(request, site, said, said.payment, outcome)
    number = outcome.result.number
    return RedirectResponse(f"/treasurer/rules?made={number}#rule-{number}", status_code=303)


@router.get("/{number}/{switch}")
@needs(Permission.DECIDE)
def consequences(request: Request, site: SiteHere, visitor: VisitorHere, number: int, switch: Switch) -> Response:
    """Show what switching a rule would do."""
    return _switch_page(request, switch, tried(site, _switch(site, number, switch, by=visitor.name)))


@router.post("/{number}/{switch}")
@needs(Permission.DECIDE)
def switch_over(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    number: int,
    switch: Switch,
    promised: Annotated[str, Form(max_length=64)],
) -> Response:
    """Switch a rule exactly as shown, or show the new consequences where they would differ."""
    outcome = _as_promised(site, _switch(site, number, switch, by=visitor.name), promised)
    if outcome.is_outdated:
        return _switch_page(request, switch, outcome)
    return RedirectResponse(f"/treasurer/rules?switched={number}#rule-{number}", status_code=303)


def _make(site: Site, said: RuleForm, *, by: str) -> Act[ReplayView]:
    def act(session: WriteSession) -> ReplayView:
        payment = _payment(as_reader(session), said.payment)
        when, meant = said.condition(payment), said.meaning(payment)
        replay = make_rule(session, when, meant, label=said.label, payment=payment, by=by, now=site.clock())
        return replay_view(as_reader(session), replay)

    return act


def _payment(session: ReadSession, payment_id: int) -> Payment:
    """Return the payment that a rule is made from; raises `Refusal`, for of a restricted donor nothing is taught."""
    if unnamed_payers(session, [PaymentId(payment_id)]):
        raise Refusal(DonorCode.RESTRICTED_DONOR)
    return payment_with_id(session, PaymentId(payment_id))


def _switch(site: Site, number: int, switch: Switch, *, by: str) -> Act[ReplayView]:
    def act(session: WriteSession) -> ReplayView:
        replay = switch_rule(session, RuleNumber(number), on=switch is Switch.ON, by=by, now=site.clock())
        return replay_view(as_reader(session), replay)

    return act


def _as_promised(site: Site, act: Act[ReplayView], promised: str) -> Outcome[ReplayView]:
    return taken(site, act, promised=promised, digest=lambda view: view.promised)


def _rule_page(
    request: Request, site: Site, said: RuleForm | None, payment_id: int, outcome: Outcome[ReplayView] | None = None
) -> Response:
    """Show the form, as a person filled it in or else as the payment was answered, with what the rule would do."""
    with reading(site.engine) as session:
        payment = _payment(session, payment_id)
        is_outdated = outcome is not None and outcome.is_outdated
        return page(
            request,
            "treasurer/questions/rule.html",
            status=409 if is_outdated else 200,
            payment=payment,
            appeals=people.appeals(session),
            said=said or first_guess(session, payment),
            preview=None if outcome is None else outcome.result,
            outdated=is_outdated,
        )


def _switch_page(request: Request, switch: Switch, outcome: Outcome[ReplayView]) -> Response:
    return page(request, "treasurer/questions/switch.html", preview=outcome.result, switch=switch, **outcome.shown)
