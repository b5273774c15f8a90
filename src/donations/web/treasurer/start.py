"""The treasurer's first page: what to do this evening, in order, and how things stand."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.acts.backing_up import backup_due, last_backup
from donations.acts.publishing import blocks_ready, closed_for_long
from donations.reports.association import UNSAID, association
from donations.reports.evening import evening
from donations.store.donors import people
from donations.store.donors.restricted import giving_again, partly_restricted
from donations.store.session import reading
from donations.store.statements.files import count_active
from donations.web.access import VisitorHere, needs
from donations.web.changes import changes_shown
from donations.web.own_name import shown_name
from donations.web.pages import PROOF_PATH, SiteHere, home_of, page, see
from donations.web.treasurer.months import account_called, account_names

router = APIRouter()
_SOON = timedelta(days=30)


@router.get("")
@needs(Permission.SEE_NAMES)
def start(request: Request, site: SiteHere, visitor: VisitorHere) -> Response:
    """Show what to do next and how things stand; who only audits begins with the proof."""
    if home_of(request, visitor) == PROOF_PATH:
        return see(request, PROOF_PATH)
    with reading(site.engine) as session:
        own_accounts, now = account_names(session), site.clock()
        ready = site.once(
            session, (blocks_ready, closed_for_long(session, now=now)), lambda: blocks_ready(session, now=now)
        )
        found = evening(
            session,
            today=site.today,
            called=account_called(own_accounts),
            blocks_ready=ready,
        )
        own = association(session, called=shown_name(session, site))
        return page(
            request,
            "treasurer/start.html",
            unsaid=[UNSAID[each] for each in own.unsaid],
            security_ends=own.security_until is not None and own.security_until - _SOON <= site.today,
            imports=count_active(session),
            evening=found,
            under_way=found.under_way,
            appeals=people.appeals(session),
            giving_again=giving_again(session),
            turned_out=partly_restricted(session),
            backup=backup_due(session, now=site.clock()),
            last_backup=last_backup(session),
            waiting=changes_shown(session, request, site),
        )
