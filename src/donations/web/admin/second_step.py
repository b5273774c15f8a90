"""Whether everybody who can change or take along must have a second step: the association's choice."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from donations.access.permission import Permission
from donations.access.second_step import OwnStepFirstError, ask_of_all
from donations.core.language import N_
from donations.core.refusal import Refusal
from donations.core.refusals import AccessCode
from donations.store.access.people import person_here
from donations.store.session import as_reader, writing
from donations.web.access import VisitorHere, needs
from donations.web.admin.people import PEOPLE_PATH, people_page
from donations.web.pages import SiteHere, see

_OWN_FIRST = N_("Add a second step to your own account first. So you know that it works here, and are not locked out.")

router = APIRouter(prefix=f"{PEOPLE_PATH}/second-step")


@router.post("")
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
