"""Who is asking, and what each route asks of them; a route that declares nothing stops the start."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, FastAPI
from fastapi.routing import iter_route_contexts
from starlette.requests import Request
from starlette.routing import BaseRoute, compile_path

from donations.access.person import Permission, Role, granted
from donations.access.session import SignedIn

Endpoint = TypeVar("Endpoint", bound=Callable[..., object])
VISITOR = "donations.visitor"
"""Where the guard leaves in the scope who is asking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who is asking."""

    name: str
    """As decisions and imports are signed."""
    permissions: frozenset[Permission]
    roles: frozenset[Role] = frozenset()
    person_id: int | None = None
    """None for strangers, and in the demonstration, where nobody signs in."""
    session: str = ""
    """Digest of the session."""
    is_fresh: bool = False
    """Whether the person proved a moment ago who is there (donations.access.session.FRESH_FOR)."""
    owes_second_step: bool = False
    """Whether a second step has to be added to the account before anything else."""

    def may(self, permission: Permission) -> bool:
        """Whether this visitor may."""
        return permission in self.permissions

    @property
    def own_id(self) -> int:
        """The id of the person who signed in; pages that use it need `Permission.SIGNED_IN`."""
        if self.person_id is None:
            raise TypeError
        return self.person_id

    @property
    def is_signed_in(self) -> bool:
        """Whether a person signed in."""
        return self.person_id is not None

    @property
    def is_at_home(self) -> bool:
        """Whether the organisation's own pages are open to this visitor."""
        return bool(self.roles)


NOBODY = Visitor(name="", permissions=frozenset({Permission.PUBLIC}))
_DEMO_ROLES = frozenset({Role.TREASURER, Role.ADMIN})
_OF_PEOPLE = {Permission.SIGNED_IN, Permission.MAKE_TOKENS}
DEMO = Visitor(name="demo", roles=_DEMO_ROLES, permissions=granted(_DEMO_ROLES) - _OF_PEOPLE, is_fresh=True)
"""Everybody who looks at the demonstration; nobody there could prove anything, and nothing is worth it."""


def visitor_signed_in(found: SignedIn) -> Visitor:
    """Return the visitor that a complete session stands for; who owes a second step has no role until then."""
    person = found.person
    roles = frozenset[Role]() if found.owes_second_step else person.roles
    return Visitor(
        name=person.name,
        permissions=granted(roles, sees_names=person.sees_names),
        roles=roles,
        person_id=person.id,
        session=found.digest,
        is_fresh=found.is_fresh,
        owes_second_step=found.owes_second_step,
    )


def needs(permission: Permission, *, form_token: bool = True, fresh: bool = False) -> Callable[[Endpoint], Endpoint]:
    """Declare what a route asks for; the application does not start with a route that declares nothing.

    A public form that keeps nothing may do without the token, so that public pages are the same for everyone.
    What leaves the house in bulk, destroys, or lets people in is `fresh`: it asks for a proof of the last minutes, and
    goes on from where one was. Tokens of programs prove nothing: their scopes are their limit.
    """

    def declare(endpoint: Endpoint) -> Endpoint:
        endpoint.__permission__ = permission  # type: ignore[attr-defined]
        endpoint.__form_token__ = form_token  # type: ignore[attr-defined]
        endpoint.__fresh__ = fresh  # type: ignore[attr-defined]
        return endpoint

    return declare


def visitor_of(request: Request) -> Visitor:
    """Return who is asking."""
    visitor = request.scope.get(VISITOR, NOBODY)
    if not isinstance(visitor, Visitor):
        raise TypeError
    return visitor


async def _visitor(request: Request) -> Visitor:
    return visitor_of(request)


VisitorHere = Annotated[Visitor, Depends(_visitor)]


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


async def check_asked(request: Request) -> None:
    """Stop where the guard took the request for another route than the one that answers: the second lock."""
    endpoint = request.scope["endpoint"]
    is_stale = getattr(endpoint, "__fresh__", False) and not visitor_of(request).is_fresh
    if is_stale or getattr(endpoint, "__permission__", None) is not request.scope.get(ASKED):
        raise UnguardedRouteError
