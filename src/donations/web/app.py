"""The application: pages, guards and error pages put together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from fastapi import Depends, FastAPI
from sqlalchemy import Engine
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from donations.access.password import Passwords
from donations.access.person import Permission
from donations.access.secret import seal_for
from donations.access.session import Lifetime
from donations.access.signing_in import Entrance
from donations.core.name import PLACEHOLDER
from donations.settings import Settings
from donations.store.place import file_of
from donations.web import stylesheet
from donations.web.admin.audit import router as audit_pages
from donations.web.admin.people import router as admin_pages
from donations.web.admin.people import second_step_router as second_step_pages
from donations.web.api.description import router as description_pages
from donations.web.api.routes import router as api
from donations.web.api.tokens_page import router as token_pages
from donations.web.declared import check_asked, routes_of
from donations.web.embedding import router as cards
from donations.web.errors import HANDLERS, internal_error
from donations.web.find_gift import router as find_gift_pages
from donations.web.guard import Guard
from donations.web.headers import Headers
from donations.web.language import Languages
from donations.web.open_data import router as open_data
from donations.web.public import router as public_pages
from donations.web.recording import Recording
from donations.web.sign_in.routes import router as sign_in_pages
from donations.web.site import Called, Site
from donations.web.staff.routes import router as staff_pages
from donations.web.treasurer.routes import router as treasurer_pages


class PublicFiles(StaticFiles):
    """Style, scripts and pictures of the pages: the same for everyone."""

    __permission__ = Permission.PUBLIC

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with a file; the stylesheet is made of several."""
        if path == stylesheet.NAME and scope["method"] in {"GET", "HEAD"}:
            return stylesheet.stylesheet(Request(scope))
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
    Raises `donations.web.declared.UndeclaredRouteError` where a route does not say who may use it.
    """
    app = FastAPI(
        title=called or settings.organisation or PLACEHOLDER,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(check_asked)],
    )
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)
    app.add_exception_handler(Exception, internal_error)
    own_pages = (sign_in_pages, treasurer_pages, staff_pages, admin_pages, second_step_pages, audit_pages, token_pages)
    for router in (public_pages, find_gift_pages, open_data, cards, *own_pages, api, description_pages):
        app.include_router(router)
    app.mount("/static", PublicFiles(directory=Path(__file__).parent / "static"), name="static")
    lifetime = Lifetime(idle=settings.session_idle, absolute=settings.session_absolute)
    app.state.site = Site(
        settings=settings,
        engine=engine,
        clock=clock or (lambda: datetime.now(UTC)),
        entrance=Entrance(
            engine=engine,
            passwords=passwords or Passwords(),
            lifetime=lifetime,
            seal=seal_for(file_of(engine.url), word=settings.secret_key.get_secret_value()),
        ),
        called=Called(called),
        routes=routes_of(app),
        is_demo=demo,
    )
    app.add_middleware(Recording)
    app.add_middleware(Guard)
    app.add_middleware(ExceptionMiddleware, handlers=HANDLERS)
    app.add_middleware(Languages)
    app.add_middleware(Headers)
    return app
