"""What people and programs look at or take along is written into the audit log, once they have been answered.

Nobody waits for it: the answer is sent first. Which answers count is not left to each page: every file that is taken
along, every page of one donor, and whatever programs read that names people.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from donations.access.person import Permission
from donations.ledger.audit import About, Action, Noted
from donations.web.access import visitor_of
from donations.web.api.problems import is_api
from donations.web.declared import ASKED
from donations.web.headers import is_public
from donations.web.site import site_of

_DONOR = "donor_id"
"""What routes call the number of a donor in their path."""


class Recording:
    """ASGI middleware inside the guard, which has found out who asks."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and then write down what was seen."""
        if scope["type"] != "http" or scope["method"] != "GET" or is_public(scope["path"]):
            await self.app(scope, receive, send)
            return
        begun: Message = {}

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                begun.update(message)
            await send(message)

        await self.app(scope, receive, watched)
        site, noted = site_of(Request(scope)), _seen(Request(scope), begun)
        if noted is not None:
            await run_in_threadpool(site.looks.note, site.engine, noted)


def _seen(request: Request, begun: Message) -> Noted | None:
    """Return what an answer showed that is to be told; None where it is nothing of the kind."""
    if begun.get("status") != 200:
        return None
    path, donor = str(request.scope["path"]), request.path_params.get(_DONOR)
    about, id_ = (About.ADDRESS, path) if donor is None else (About.DONOR, str(donor))
    if dict(begun["headers"]).get(b"content-disposition", b"").startswith(b"attachment"):
        action = Action.EXPORTED
    elif donor is not None:
        action = Action.DONOR_VIEWED
    elif is_api(path) and request.scope.get(ASKED) is Permission.SEE_NAMES:
        action = Action.PROGRAM_READ
    else:
        return None
    asked = {"path": path, "query": request.url.query}
    by, at = visitor_of(request).name, site_of(request).clock()
    return Noted(action=action, about=about, id=id_, by=by, at=at, details=asked)
