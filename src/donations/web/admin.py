"""Pages of those who look after people: who may come in, and the audit log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query
from pydantic import BeforeValidator
from starlette.requests import Request
from starlette.responses import Response

from donations.access import members
from donations.access.account import account
from donations.access.event import Origin
from donations.access.link import LINK_PATH, PASSWORD_LIFE
from donations.access.person import Permission, Role
from donations.access.second_step import OwnStepFirstError, ask_of_all, is_asked_of_all, who_owe_it
from donations.acts import agreeing
from donations.acts.guarded import EntryWanted
from donations.core.language import N_
from donations.core.payment import Purpose
from donations.core.refusal import Refusal
from donations.core.refusals import AccessCode
from donations.jobs.inviting import mail_invitation
from donations.ledger.audit import AREAS, About, Action, Area, StoredEntry
from donations.reports.audited import ABOUT_NAMES, ACTION_NAMES, AREA_NAMES
from donations.reports.words import PURPOSES
from donations.store.log.audit import EntryFilter, count_entries, entries, head, people_acting
from donations.store.session import WriteSession, as_reader, reading, writing
from donations.store.users import person_here
from donations.views.formats import TELLER
from donations.views.language import gettext
from donations.web.access import Visitor, VisitorHere, needs
from donations.web.addresses import Paging
from donations.web.browser import origin_of, place_of
from donations.web.changes import WAITING_PATH, asker_of, changes_shown
from donations.web.own_name import shown_name
from donations.web.pages import SiteHere, page, see
from donations.web.refused import status_of
from donations.web.site import Site

PEOPLE_PATH = "/admin/people"
ROLE_NAMES: dict[Role, tuple[str, str]] = {
    Role.VIEWER: (N_("Viewer"), N_("Sees sums, counts and charts. No names, no single payments.")),
    Role.TREASURER: (
        N_("Treasurer"),
        N_("Does the work: uploads statements, answers questions, closes months, publishes. Sees all donors."),
    ),
    Role.ADMIN: (N_("Administrator"), N_("Lets people in, keeps settings and backups. Sees no donors by this alone.")),
    Role.AUDITOR: (N_("Auditor"), N_("Reads everything, with names, and the log. Changes nothing.")),
}

router = APIRouter(prefix=PEOPLE_PATH)
Roles = Annotated[list[Role], Form()]
LastDay = Annotated[date | None, BeforeValidator(lambda given: given or None), Form()]
"""Empty where no end is set."""


@router.get("")
@needs(Permission.MANAGE_PEOPLE)
def people(request: Request, site: SiteHere) -> Response:
    """List everybody, and offer to invite somebody."""
    return people_page(request, site)


def people_page(
    request: Request,
    site: Site,
    *,
    wrong: str = "",
    status: int = 200,
    refusal: Refusal | None = None,
    **given: object,
) -> Response:
    """Render the list, with what went wrong on top and what was filled in."""
    with reading(site.engine) as session:
        everybody = members.everybody(session)
        is_asked, without = is_asked_of_all(session), who_owe_it(session, now=site.clock())
        waiting = changes_shown(session, request, site)
    given = {"name": "", "email": "", "roles": frozenset({Role.VIEWER}), "sees_names": False, "until": None} | given
    return page(
        request,
        "admin/people.html",
        status=status if refusal is None else status_of(refusal.code),
        refusal=refusal,
        people=everybody,
        role_names=ROLE_NAMES,
        wrong=wrong,
        given=given,
        today=site.today,
        audited_until=site.today + members.AUDITED_FOR,
        is_step_asked=is_asked,
        without_step=without,
        waiting=waiting,
    )


@router.post("")
@needs(Permission.MANAGE_PEOPLE, fresh=True)
def invite(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    *,
    name: Annotated[str, Form()] = "",
    email: Annotated[str, Form()] = "",
    role: Roles = [],  # noqa: B006 - the framework copies defaults
    sees_names: Annotated[bool, Form()] = False,
    until: LastDay = None,
) -> Response:
    """Make an account, and send the link to its owner, or show it once where that cannot be."""
    given: dict[str, Any] = {
        "name": name,
        "email": email,
        "roles": frozenset(role),
        "sees_names": sees_names,
        "until": until,
    }
    try:
        with writing(site.engine) as session:
            secret, waits = agreeing.invite(session, **given, asker=asker_of(request))
            called = " ".join(name.split())
            sent_to = mail_invitation(
                session,
                _link(request, secret),
                name=called,
                email=email,
                organisation=shown_name(as_reader(session), site),
                by=visitor.name,
                now=site.clock(),
            )
    except Refusal as refusal:
        return people_page(request, site, refusal=refusal, **given)
    if sent_to:
        site.jobs.wake(site.engine, site.clock)
    return _link_page(request, secret, name=called, waits=waits is not None, sent_to=sent_to)


@router.get("/{person_id}")
@needs(Permission.MANAGE_PEOPLE)
def show(request: Request, site: SiteHere, person_id: int) -> Response:
    """Show one person's account."""
    return _show(request, site, person_id)


def _show(request: Request, site: Site, person_id: int, *, refusal: Refusal | None = None) -> Response:
    with reading(site.engine) as session:
        members.member(session, person_id)
        found = account(session, person_id, now=site.clock(), lifetime=site.lifetime)
    return page(
        request,
        "admin/person.html",
        status=200 if refusal is None else status_of(refusal.code),
        account=found,
        role_names=ROLE_NAMES,
        refusal=refusal,
        today=site.today,
        audited_until=site.today + members.AUDITED_FOR,
    )


@router.post("/{person_id}/roles")
@needs(Permission.MANAGE_PEOPLE, fresh=True)
def change_roles(
    request: Request,
    site: SiteHere,
    person_id: int,
    *,
    role: Roles = [],  # noqa: B006
    sees_names: Annotated[bool, Form()] = False,
) -> Response:
    """Give a person other roles; they sign in anew with them."""
    roles = frozenset(role)
    try:
        with writing(site.engine) as session:
            now = EntryWanted.now(as_reader(session), person_id)
            until = now.until or members.usual_until(roles, today=site.today)
            wanted = replace(now, roles=roles, sees_names=sees_names, until=until)
            waits = agreeing.change(session, wanted, asker_of(request))
    except Refusal as refusal:
        if refusal.code is not AccessCode.NO_ROLE:
            raise
        return _show(request, site, person_id, refusal=refusal)
    return _see(request, person_id, waits=waits is not None)


@router.post("/{person_id}/until")
@needs(Permission.MANAGE_PEOPLE, fresh=True)
def set_until(request: Request, site: SiteHere, person_id: int, until: LastDay = None) -> Response:
    """Let a person come in until a day, or without an end."""
    with writing(site.engine) as session:
        wanted = replace(EntryWanted.now(as_reader(session), person_id), until=until)
        waits = agreeing.change(session, wanted, asker_of(request))
    return _see(request, person_id, waits=waits is not None)


def _see(request: Request, person_id: int, *, waits: bool) -> Response:
    return see(request, WAITING_PATH if waits else f"{PEOPLE_PATH}/{person_id}")


@router.post("/{person_id}/link")
@needs(Permission.MANAGE_PEOPLE, fresh=True)
def new_link(request: Request, site: SiteHere, visitor: VisitorHere, person_id: int) -> Response:
    """Show a link by which the person sets a new password, once."""
    with writing(site.engine) as session:
        secret = members.new_link(session, person_id, origin_of(request, by=visitor.name))
        name = members.member(as_reader(session), person_id).name
    return _link_page(request, secret, name=name)


@router.post("/{person_id}/switch-off")
@needs(Permission.MANAGE_PEOPLE)
def switch_off(request: Request, site: SiteHere, visitor: VisitorHere, person_id: int) -> Response:
    """Let a person in no more."""
    return _done(members.switch_off, request, site, visitor, person_id)


@router.post("/{person_id}/switch-on")
@needs(Permission.MANAGE_PEOPLE, fresh=True)
def switch_on(request: Request, site: SiteHere, person_id: int) -> Response:
    """Let a person in again."""
    with writing(site.engine) as session:
        wanted = replace(EntryWanted.now(as_reader(session), person_id), is_on=True)
        waits = agreeing.change(session, wanted, asker_of(request))
    return _see(request, person_id, waits=waits is not None)


@router.post("/{person_id}/sign-out")
@needs(Permission.MANAGE_PEOPLE)
def end_sessions(request: Request, site: SiteHere, visitor: VisitorHere, person_id: int) -> Response:
    """Sign a person out everywhere."""
    return _done(members.end_sessions, request, site, visitor, person_id)


@router.post("/{person_id}/second-step/reset")
@needs(Permission.MANAGE_PEOPLE, fresh=True)
def reset_second_step(request: Request, site: SiteHere, visitor: VisitorHere, person_id: int) -> Response:
    """Take app and passkeys away from a person who lost them."""
    return _done(members.reset_second_step, request, site, visitor, person_id)


def _done(
    act: Callable[[WriteSession, int, Origin], None], request: Request, site: Site, visitor: Visitor, person_id: int
) -> Response:
    with writing(site.engine) as session:
        act(session, person_id, origin_of(request, by=visitor.name))
    return see(request, f"{PEOPLE_PATH}/{person_id}")


def _link(request: Request, secret: str) -> str:
    return f"{place_of(request).origin}{LINK_PATH}{secret}"


def _link_page(request: Request, secret: str, *, name: str, waits: bool = False, sent_to: str = "") -> Response:
    link = "" if sent_to else _link(request, secret)
    return page(request, "admin/link.html", name=name, link=link, days=PASSWORD_LIFE.days, waits=waits, sent_to=sent_to)


_OWN_FIRST = N_("Add a second step to your own account first. So you know that it works here, and are not locked out.")

second_step_router = APIRouter(prefix=f"{PEOPLE_PATH}/second-step")


@second_step_router.post("")
@needs(Permission.MANAGE_PEOPLE, fresh=True)
def ask_of_all_people(
    request: Request, site: SiteHere, visitor: VisitorHere, *, asked: Annotated[bool, Form()] = False
) -> Response:
    """Ask it of all, or no more."""
    if visitor.person_id is None:  # the demonstration: nobody has an account that could have one
        raise Refusal(AccessCode.NOT_ALLOWED)
    try:
        with writing(site.engine) as session:
            asker = person_here(as_reader(session), visitor.person_id)
            ask_of_all(session, is_asked=asked, asker=asker, at=site.clock())
    except OwnStepFirstError:
        return people_page(request, site, wrong=_OWN_FIRST, status=409)
    return see(request, f"{PEOPLE_PATH}#second-step")


ENTRIES_AT_ONCE = 50
_PLACES = {
    About.IMPORT: "/treasurer/imports/{}",
    About.PAYMENT: "/treasurer/payments/{}",
    About.DONOR: "/treasurer/donors/{}",
    About.MONTH: "/treasurer/months/{}",
    About.PERSON: "/admin/people/{}",
    About.CHANGE: WAITING_PATH,
}

audit_router = APIRouter(prefix="/admin/audit")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryShown:
    """One entry as the page shows it."""

    number: int
    at: datetime
    by: str
    action: str
    said: str
    """What was answered: what for, and the numbers of donors, never their names; empty of anything else."""
    about: str
    """What names the thing, with a place for its number; the path itself for an address."""
    id: str
    more: int
    """Further things that the same act was about."""
    place: str | None
    """Where it can be looked at by who asks."""


@audit_router.get("")
@needs(Permission.SEE_LOG)
def audit_log(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    by: str = "",
    area: str = "",
    at: Annotated[int, Query(alias="page", ge=1, le=10_000_000)] = 1,
) -> Response:
    """List what was done, by everybody or one person, in all or one part of the work."""
    chosen = Area(area) if area in set(Area) else None
    site.looks.write_waiting(site.engine)
    with reading(site.engine) as session:
        people = people_acting(session)
        person = next((each for each in people if str(each[0]) == by), None)
        wanted = EntryFilter(
            by=None if person is None else person[1], actions=None if chosen is None else AREAS[chosen]
        )
        paging = Paging(at=at, size=ENTRIES_AT_ONCE, total=count_entries(session, wanted))
        found = entries(session, wanted, start=paging.start, size=paging.size)
        newest = head(session)
    return page(
        request,
        "admin/audit.html",
        entries=list(_views(found, site=site, visitor=visitor)),
        paging=paging,
        people=people,
        areas=AREA_NAMES,
        by=None if person is None else person[0],
        area=chosen,
        query=urlencode({key: value for key, value in {"by": by, "area": area}.items() if value}),
        newest=newest,
    )


def _views(found: Sequence[StoredEntry], *, site: Site, visitor: Visitor) -> Iterator[EntryShown]:
    for kept in found:
        entry = kept.entry
        about = About(entry.about)
        place = _PLACES[about].format(entry.id) if about in _PLACES and entry.id else None
        route = None if place is None else site.routes.page(place)
        yield EntryShown(
            number=entry.number,
            at=entry.at,
            by=entry.by,
            action=ACTION_NAMES[entry.done],
            said=_answered(kept),
            about=ABOUT_NAMES.get(about, "") if entry.id else "",
            id=entry.id if about in ABOUT_NAMES or about is About.ADDRESS else "",
            more=max(0, len(kept.detail_values.get("all", ())) - 1),
            place=place if route is not None and visitor.may(route.permission) else None,
        )


def _answered(kept: StoredEntry) -> str:
    """Return what was answered, where that is what an entry tells; older ones do not say whose gift it was."""
    if kept.entry.done not in {Action.ANSWERED, Action.ANSWER_TAKEN_BACK}:
        return ""
    parts = kept.detail_values.get("parts") or [kept.detail_values]
    purposes = dict.fromkeys(
        TELLER.tell(PURPOSES[Purpose(each["purpose"])].phrase) for each in parts if "purpose" in each
    )
    donors = dict.fromkeys(each["donor_id"] for each in parts if each.get("donor_id"))
    named = (gettext(ABOUT_NAMES[About.DONOR]) % {"id": each} for each in donors)
    return ", ".join((*purposes, *named))
