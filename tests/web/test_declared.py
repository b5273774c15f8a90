"""An application with a route that says nothing of who may use it does not start, and none is reached unguarded."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import APIRouter, FastAPI
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from tests.web.conftest import browser

from donations.access.person import Permission
from donations.web.access import UndeclaredRouteError, UnguardedRouteError, needs, routes_of


def says_nothing() -> None:
    """A route that somebody forgot to declare."""


@needs(Permission.IMPORT, form_token=False)
def could_be_used_from_another_site() -> None:
    """A route that keeps something, without the token."""


@needs(Permission.SEE_NAMES)
def declared() -> None:
    """A route as it should be."""


def nested(endpoint: Callable[[], None]) -> FastAPI:
    inner, outer, app = APIRouter(), APIRouter(), FastAPI(openapi_url=None)
    inner.add_api_route("/inner", endpoint)
    outer.include_router(inner, prefix="/outer")
    app.include_router(outer, prefix="/app")
    return app


def plain(*routes: Route | Mount | WebSocketRoute) -> FastAPI:
    return FastAPI(openapi_url=None, routes=list(routes))


@pytest.mark.parametrize(
    ("app", "named"),
    [
        (nested(says_nothing), "GET /app/outer/inner"),
        (nested(could_be_used_from_another_site), "from another site"),
        (plain(Route("/plain", says_nothing)), "/plain"),
        (plain(Mount("/files", StaticFiles(directory="."))), "everything /files"),
        (plain(Mount("/sub", routes=[Route("/in", says_nothing)])), "/sub/in"),
        (plain(Mount("/sub", app=nested(says_nothing))), "/sub/app/outer/inner"),
        (plain(WebSocketRoute("/socket", says_nothing)), "/socket"),
        (FastAPI(), "/openapi.json"),
    ],
)
def test_it_does_not_start(app: FastAPI, named: str) -> None:
    with pytest.raises(UndeclaredRouteError, match=named):
        routes_of(app)


def test_what_is_declared_is_found_by_path_and_method() -> None:
    routes = routes_of(nested(declared))
    found = routes.asked(method="GET", path="/app/outer/inner")
    assert found is not None
    assert found.permission is Permission.SEE_NAMES
    assert routes.asked(method="POST", path="/app/outer/inner") is found
    assert routes.asked(method="GET", path="/app/outer") is None
    assert routes.asked(method="GET", path="/app/outer/inner/x") is None
    assert routes.page("/app/outer/inner") is found


def test_a_route_that_the_guard_does_not_know_is_not_reached(app: FastAPI) -> None:
    """The guard looks routes up by itself; should it ever find another one than the router, nothing is shown."""
    router = APIRouter()
    router.add_api_route("/late", declared)
    app.include_router(router)
    with pytest.raises(UnguardedRouteError):
        browser(app).get("/late")
