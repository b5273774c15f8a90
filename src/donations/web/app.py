"""The application: pages, guards, error pages and the record of what is looked at, put together.

Nobody waits for the record of a look: the page is sent first. What is taken along is written down before it leaves.
Which answers count is not left to each page: every file that is taken along, every page of one donor, and whatever
programs read that names people.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from urllib.parse import urlencode

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy import Engine
from sqlalchemy.exc import DataError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from donations.access.password import Passwords
from donations.access.person import Permission
from donations.access.session import Lifetime
from donations.access.signing_in import Entrance
from donations.core.name import PLACEHOLDER
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode, RunningCode
from donations.core.typed import text_refused
from donations.jobs.known import KINDS
from donations.jobs.running import Runner
from donations.ledger.audit import About, Action, Noted
from donations.settings import Settings
from donations.store.place import foreseen
from donations.views.language import speak
from donations.web import caching
from donations.web.access import ASKED, SAFE_METHODS, check_asked, routes_of, visitor_of
from donations.web.admin import audit_router as audit_pages
from donations.web.admin import router as admin_pages
from donations.web.admin import second_step_router as second_step_pages
from donations.web.api.description import router as description_pages
from donations.web.api.description import routes_router as api
from donations.web.api.problems import is_api
from donations.web.api.tokens_page import router as token_pages
from donations.web.arriving import router as arriving_pages
from donations.web.backups import router as backup_pages
from donations.web.changes import router as change_pages
from donations.web.guard import Guard, ProofNeededError, SignInNeededError, StepNeededError
from donations.web.headers import Headers, headers_for, is_public
from donations.web.health import router as health_pages
from donations.web.language import Languages, language_wanted
from donations.web.metrics import router as metrics_page
from donations.web.notices import router as notices
from donations.web.open_data import embedding_router as cards
from donations.web.open_data import router as open_data
from donations.web.own_files import router as own_files
from donations.web.pages import SIGN_IN_PATH, refusal_page, see
from donations.web.public import router as public_pages
from donations.web.ready import ReadyPages
from donations.web.refused import OF_STATUS
from donations.web.routes import sign_in_pages, staff_pages, treasurer_pages
from donations.web.search import router as search_pages
from donations.web.sign_in.account import ACCOUNT_PATH
from donations.web.sign_in.proof import interrupted_at, path_asked, proof_page
from donations.web.site import Called, Site, site_of
from donations.web.traffic import Told, id_of, route_of

_LOG = logging.getLogger(__name__)


def _sign_in_needed(request: Request, _: Exception) -> Response:
    """Send to the sign-in page, and back here afterwards where nothing was being changed."""
    if request.method not in SAFE_METHODS:
        return see(request, SIGN_IN_PATH)
    return see(request, f"{SIGN_IN_PATH}?{urlencode({'next': path_asked(request)})}")


def _proof_needed(request: Request, error: Exception) -> Response:
    """Ask who is there: at an address of its own for a page, and here for a form, whose content is in no address."""
    errand = interrupted_at(request, fields=error.fields if isinstance(error, ProofNeededError) else None)
    return see(request, errand.proof_path) if errand.fields is None else proof_page(request, errand, status=401)


def _step_needed(request: Request, _: Exception) -> Response:
    return see(request, ACCOUNT_PATH)


def _refused(request: Request, error: Exception) -> Response:
    return refusal_page(request, error if isinstance(error, Refusal) else Refusal(RequestCode.INTERNAL))


def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return refusal_page(request, Refusal(OF_STATUS.get(status, RequestCode.INTERNAL)))


def _beyond_numbers(request: Request, _: Exception) -> Response:
    """Nothing is kept under a number that the database cannot hold."""
    return refusal_page(request, Refusal(RequestCode.UNKNOWN_PAGE))


def _bad_form(request: Request, error: Exception) -> Response:
    """Say so without what was sent, which the framework's own answer would repeat."""
    wrong = error.errors() if isinstance(error, RequestValidationError) else []
    too_long = next((each for each in wrong if each["type"] == "string_too_long"), None)
    if too_long is not None:
        return refusal_page(request, text_refused(str(too_long["loc"][-1]), too_long["ctx"]["max_length"]))
    return refusal_page(request, Refusal(RequestCode.BAD_FORM))


_FORESEEN = {
    *(RunningCode.BUSY, RunningCode.STATEMENT_TOO_LONG, RunningCode.TRANSACTION_IDLE, RunningCode.STORAGE_FULL),
}


def _database(request: Request, error: Exception) -> Response:
    """Tell a lock that will pass, what took too long and a full disk from what nobody foresaw."""
    code = foreseen(error)
    if code not in _FORESEEN:
        raise error
    return refusal_page(request, Refusal(code))


def _no_connection(request: Request, _: Exception) -> Response:
    return refusal_page(request, Refusal(RunningCode.BUSY))


def internal_error(request: Request, error: Exception) -> Response:
    """Answer without details; this page is made outside all middleware, so it brings its headers itself."""
    # The route and not the path: a link's secret stands in its path, and it may still be good.
    _LOG.error("unforeseen %s on %s (request %s)", type(error).__name__, route_of(request.scope), id_of(request.scope))
    answer = refusal_page(request, Refusal(RequestCode.INTERNAL))
    answer.headers.update(headers_for(request.scope["path"]))
    return answer


_HANDLERS: dict[int | type[Exception], Callable[[Request, Exception], Response]] = {
    SignInNeededError: _sign_in_needed,
    ProofNeededError: _proof_needed,
    StepNeededError: _step_needed,
    Refusal: _refused,
    HTTPException: _http_error,
    RequestValidationError: _bad_form,
    OperationalError: _database,
    InternalError: _database,  # PostgreSQL's word that a transaction stood still
    NoConnectionError: _no_connection,
    OverflowError: _beyond_numbers,
    DataError: _beyond_numbers,
}
"""What the unforeseen is answered with is `internal_error`."""


def _at_once(handler: Callable[[Request, Exception], Response]) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Answer without a thread, which may be what is lacking."""

    async def handle(request: Request, error: Exception) -> Response:
        return handler(request, error)

    return handle


HANDLERS = {kind: _at_once(handler) for kind, handler in _HANDLERS.items()}


_DONOR = "donor_id"
"""What routes call the number of a donor in their path."""


class Recording:
    """ASGI middleware inside the guard, which has found out who asks."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and then write down what was seen; what is taken along is written down first, or does not leave."""
        if scope["type"] != "http" or scope["method"] != "GET" or is_public(scope["path"]):
            await self.app(scope, receive, send)
            return
        site, noted, kept_back = site_of(Request(scope)), None, None

        async def watched(message: Message) -> None:
            nonlocal noted, kept_back
            if message["type"] == "http.response.start":
                noted = _seen(Request(scope), message)
                if noted is not None and noted.action is Action.EXPORTED:
                    try:
                        await run_in_threadpool(site.looks.note, site.engine, noted)
                    except (OperationalError, Refusal) as error:
                        kept_back = error
            if kept_back is None:
                await send(message)

        await self.app(scope, receive, watched)
        if kept_back is not None:
            raise kept_back
        if noted is not None and noted.action is not Action.EXPORTED:
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


class PublicFiles(StaticFiles):
    """Style, scripts and pictures of the pages: the same for everyone."""

    __permission__ = Permission.PUBLIC

    async def check_config(self) -> None:
        """Look at no folder: what is in it is known."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with a file, from memory; the stylesheet is made of several."""
        if path in caching.static_files() and scope["method"] in {"GET", "HEAD"}:
            return caching.static_file(Request(scope), path)
        return await super().get_response(path, scope)


def create_app(
    settings: Settings,
    engine: Engine,
    *,
    clock: Callable[[], datetime] | None = None,
    passwords: Passwords | None = None,
    called: str = "",
    demo: bool = False,
) -> FastAPI:
    """Make the application over a migrated database; `clock` tells the time with its zone.

    `called` is the organisation's name as the books have it, where they have one.

    With `demo` nobody signs in: made-up books are shown to whoever sits at this computer, as their treasurer.
    Raises `donations.web.access.UndeclaredRouteError` where a route does not say who may use it.
    """
    app = FastAPI(
        title=called or settings.organisation or PLACEHOLDER,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        # Nobody traces who asks for what: paths may be secret, and the access log names nobody.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        dependencies=[Depends(check_asked)],
    )
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)
    app.add_exception_handler(Exception, _at_once(internal_error))
    own_pages = (
        *(sign_in_pages, treasurer_pages, staff_pages, search_pages),
        *(admin_pages, second_step_pages, change_pages, backup_pages, audit_pages, token_pages),
    )
    public = (public_pages, own_files, notices, arriving_pages, open_data, cards)
    for router in (*public, health_pages, metrics_page, api, description_pages, *own_pages):
        app.include_router(router)
    app.mount("/static", PublicFiles(directory=caching.STATIC), name="static")
    lifetime = Lifetime(idle=settings.session_idle, absolute=settings.session_absolute)
    app.state.site = Site(
        settings=settings,
        engine=engine,
        clock=clock or (lambda: datetime.now(UTC)),
        entrance=Entrance(
            engine=engine,
            passwords=passwords or Passwords(),
            lifetime=lifetime,
        ),
        called=Called(called),
        routes=routes_of(app),
        jobs=Runner(KINDS if settings.jobs_here else {}),
        is_demo=demo,
    )
    app.add_middleware(Recording)
    app.add_middleware(Guard)
    app.add_middleware(ExceptionMiddleware, handlers=HANDLERS)
    app.add_middleware(Languages)
    app.add_middleware(Headers)
    app.middleware_stack = Told(ReadyPages(app.build_middleware_stack()))
    return app


def only_public(app: FastAPI) -> ASGIApp:
    """Return an application that shows what is public, and says of all else that the database does not answer."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or is_public(path) or path == "/healthz":
            await app(scope, receive, send)
            return
        request = Request({**scope, "app": app})
        speak(language_wanted(request))
        answer = refusal_page(request, Refusal(RunningCode.DATABASE_SILENT))
        answer.headers.update(headers_for(path))
        await answer(scope, receive, send)

    return answered
