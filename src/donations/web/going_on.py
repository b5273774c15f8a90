"""Long steps of the pages: taken so that who waits sees how far they are, and who is refused meanwhile is told."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query
from starlette.requests import Request

from donations.access.person import Permission
from donations.acts.promise import KeptAs, Shown, do_as_shown, show_first
from donations.core.progress import Tell
from donations.store.session import WriteSession
from donations.web.access import VisitorHere, needs, visitor_of
from donations.web.long_steps import LongStep, Phase
from donations.web.site import Site, SiteHere, site_of

Result = TypeVar("Result")
ToldAct = Callable[[WriteSession, Tell], Result]
"""An act that tells how far it is."""

router = APIRouter(prefix="/progress")


@router.get("")
@needs(Permission.MANAGE_BOOKS)
async def how_far(
    site: SiteHere, visitor: VisitorHere, of: Annotated[str, Query(max_length=200)] = ""
) -> dict[str, str | int]:
    """Say how far the step is that this visitor asked for at an address; it is in memory, so nothing is waited for."""
    return site.long_steps.document(visitor.session, of)


def long_step(request: Request) -> AbstractContextManager[LongStep]:
    """Let it be seen how far a step is that was asked for."""
    return site_of(request).long_steps.step(visitor_of(request).session, request.scope["path"])


def kept_as(site: Site, *name: Hashable) -> KeptAs:
    """Return how a preview is kept until the books change, under a name: what it is of, and in whose name it is."""
    return KeptAs(site.previews, name, site.today)


def show_long(request: Request, act: ToldAct[Result], *, kept: KeptAs | None = None) -> Shown[Result]:
    """Show what a step comes to, as `show_first`."""
    with long_step(request) as step:
        return show_first(site_of(request).engine, lambda session: act(session, step.at(Phase.TRYING)), kept=kept)


def do_long(request: Request, act: ToldAct[Result], *, promised: str) -> Shown[Result]:
    """Take a step as it was shown, as `do_as_shown`."""
    with long_step(request) as step:
        engine = site_of(request).engine
        return do_as_shown(engine, lambda session: act(session, step.at(Phase.JUDGING)), promised=promised)
