"""Standing rules: "always do this", shown with all that it would change before it is kept, and switched off as well."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.permission import Permission
from donations.core.payment import Payment, PaymentId
from donations.matching.standing import RuleNumber
from donations.review import payment_with_id
from donations.review.teaching import Replay, make_rule, switch_rule
from donations.store import people, rules
from donations.store.session import ReadSession, WriteSession, as_reader, reading, writing
from donations.web.access import VisitorHere, needs
from donations.web.pages import Site, SiteHere, page
from donations.web.treasurer.replayed import replay_view
from donations.web.treasurer.rule_form import PromisedForm, RuleForm, first_guess
from donations.web.treasurer.rule_words import sentences

router = APIRouter(prefix="/rules")


class Switch(StrEnum):
    """Which way a rule is switched."""

    ON = "on"
    OFF = "off"


class _OutdatedError(Exception):
    """Something changed since the preview; raised to roll the change back."""


@router.get("")
@needs(Permission.SEE_NAMES)
def all_rules(request: Request, site: SiteHere, made: int | None = None, switched: int | None = None) -> Response:
    """List the rules with what each of them booked."""
    with reading(site.engine) as session:
        rows = rules.rule_rows(session)
        return page(
            request,
            "treasurer/rules.html",
            rules=[row for row in rows.values() if row.switched_off_at is None],
            ended=[row for row in rows.values() if row.switched_off_at is not None],
            sentences=sentences(session, rules.rules_of(rows.values())),
            uses=rules.uses(session),
            made=made,
            switched=switched,
        )


@router.get("/new")
@needs(Permission.DECIDE)
def new_rule(request: Request, site: SiteHere, payment_id: Annotated[int, Query(alias="payment")]) -> Response:
    """Show the form for payments like this one, filled in as it was answered."""
    with reading(site.engine) as session:
        payment = payment_with_id(session, PaymentId(payment_id))
        return page(request, "treasurer/rule.html", **_around(session, payment), said=first_guess(session, payment))


@router.post("/preview")
@needs(Permission.DECIDE)
def preview(request: Request, site: SiteHere, visitor: VisitorHere, said: Annotated[RuleForm, Form()]) -> Response:
    """Show what the rule would do to all payments of all years, by doing it and rolling back."""
    return _preview(request, site, said, by=visitor.name)


@router.post("")
@needs(Permission.DECIDE)
def make(request: Request, site: SiteHere, visitor: VisitorHere, said: Annotated[PromisedForm, Form()]) -> Response:
    """Keep the rule exactly as shown, or show what it would do now where that is something else."""
    try:
        made = _kept(site, lambda session: _make(session, site, said, by=visitor.name), promised=said.promised)
    except _OutdatedError:
        return _preview(request, site, said, by=visitor.name, outdated=True)
    return RedirectResponse(f"/treasurer/rules?made={made.rule.number}#rule-{made.rule.number}", status_code=303)


@router.get("/{number}/{switch}")
@needs(Permission.DECIDE)
def consequences(request: Request, site: SiteHere, visitor: VisitorHere, number: int, switch: Switch) -> Response:
    """Show what switching a rule would do."""
    return _consequences(request, site, number, switch, by=visitor.name)


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
    try:
        _kept(site, lambda session: _switched(session, site, number, switch, by=visitor.name), promised=promised)
    except _OutdatedError:
        return _consequences(request, site, number, switch, by=visitor.name, outdated=True)
    return RedirectResponse(f"/treasurer/rules?switched={number}#rule-{number}", status_code=303)


def _kept(site: Site, change: Callable[[WriteSession], Replay], *, promised: str) -> Replay:
    with writing(site.engine) as session:
        done = change(session)
        if done.digest != promised:
            raise _OutdatedError
    return done


def _make(session: WriteSession, site: Site, said: RuleForm, *, by: str) -> Replay:
    payment = payment_with_id(as_reader(session), PaymentId(said.payment))
    when, meant = said.condition(payment), said.meaning(payment)
    return make_rule(session, when, meant, label=said.label, payment=payment, by=by, now=site.clock())


def _switched(session: WriteSession, site: Site, number: int, switch: Switch, *, by: str) -> Replay:
    return switch_rule(session, RuleNumber(number), on=switch is Switch.ON, by=by, now=site.clock())


def _preview(request: Request, site: Site, said: RuleForm, *, by: str, outdated: bool = False) -> Response:
    with writing(site.engine, keep=False) as session:
        replay = _make(session, site, said, by=by)
        reader = as_reader(session)
        payment = payment_with_id(reader, PaymentId(said.payment))
        shown = replay_view(reader, replay)
        around = _around(reader, payment)
    return page(
        request,
        "treasurer/rule.html",
        status=409 if outdated else 200,
        **{**around, "said": said, "preview": shown, "outdated": outdated},
    )


def _consequences(
    request: Request, site: Site, number: int, switch: Switch, *, by: str, outdated: bool = False
) -> Response:
    with writing(site.engine, keep=False) as session:
        replay = _switched(session, site, number, switch, by=by)
        shown = replay_view(as_reader(session), replay)
    status = 409 if outdated else 200
    return page(request, "treasurer/switch.html", status=status, preview=shown, switch=switch, outdated=outdated)


def _around(session: ReadSession, payment: Payment) -> dict[str, Any]:
    return {"payment": payment, "appeals": people.appeals(session), "preview": None, "outdated": False}
