"""Every route with what it asks for, found in the application itself; one that declares nothing stops the start."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.requests import Request
from starlette.routing import BaseRoute, compile_path

from donations.access.person import Permission
from donations.web.access import visitor_of

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
ASKED = "donations.asked"
"""Where the guard leaves in the scope which permission it has checked."""


class UndeclaredRouteError(RuntimeError):
    """A route does not say who may use it, or could be used from another site."""


class UnguardedRouteError(RuntimeError):
    """A route was reached for which the guard has not checked its permission."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A route and what it asks for."""

    methods: frozenset[str]
    """Empty where the route itself decides."""
    path: str
    pattern: re.Pattern[str]
    permission: Permission
    form_token: bool
    """Whether changes have to come from a form that was made for this browser."""
    fresh: bool
    """Whether who asks has to have proved a moment ago who is there."""
    is_for_programs: bool
    """Asks for a bearer token itself, before the body; what browsers send by themselves opens nothing there."""


@dataclass(frozen=True, slots=True)
class Routes:
    """All routes in the order in which they are tried."""

    declared: tuple[Declared, ...]

    def asked(self, *, method: str, path: str) -> Declared | None:
        """Return the route that will answer, or (then it is a 405) one for other methods; None is a 404."""
        at_path = [each for each in self.declared if each.pattern.match(path)]
        fitting = (each for each in at_path if not each.methods or method in each.methods)
        return next(fitting, at_path[0] if at_path else None)

    def page(self, path: str) -> Declared | None:
        """Return the page at a path, or None where there is none."""
        found = self.asked(method="GET", path=path)
        return found if found is not None and "GET" in found.methods else None


def routes_of(app: FastAPI) -> Routes:
    """Return what the routes of an application declare; raises `UndeclaredRouteError`."""
    return Routes(tuple(_declared(app.routes, "")))


def _declared(routes: Iterable[BaseRoute], prefix: str) -> Iterator[Declared]:
    for route in iter_route_contexts(list(routes)):
        path = prefix + str(route.path)
        mounted = getattr(route, "app", None) if route.methods is None else None
        inside = getattr(mounted, "routes", None)
        if inside:
            yield from _declared(inside, path)
            continue
        yield _one(route.endpoint if mounted is None else mounted, route, path)


def _one(endpoint: Any, route: Any, path: str) -> Declared:
    methods = frozenset(route.methods or ())
    name = f"{' '.join(sorted(methods)) or 'everything'} {path}"
    permission = getattr(endpoint, "__permission__", None)
    if not isinstance(permission, Permission):
        raise UndeclaredRouteError(f"{name} declares no permission: put @needs(...) under its router decorator")
    form_token = getattr(endpoint, "__form_token__", True)
    if not form_token and permission is not Permission.PUBLIC:
        raise UndeclaredRouteError(f"{name} could be used from another site: only public routes do without the token")
    return Declared(
        methods=methods,
        path=path,
        pattern=compile_path(path if methods else f"{path}/{{path:path}}")[0],
        permission=permission,
        form_token=form_token,
        fresh=getattr(endpoint, "__fresh__", False),
        is_for_programs=getattr(route.original_route, "is_for_programs", False),
    )


def check_asked(request: Request) -> None:
    """Stop where the guard took the request for another route than the one that answers: the second lock."""
    endpoint = request.scope["endpoint"]
    is_stale = getattr(endpoint, "__fresh__", False) and not visitor_of(request).is_fresh
    if is_stale or getattr(endpoint, "__permission__", None) is not request.scope.get(ASKED):
        raise UnguardedRouteError
