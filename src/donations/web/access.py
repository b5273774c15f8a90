"""Who is asking, and what a route asks of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends
from starlette.requests import Request

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


VisitorHere = Annotated[Visitor, Depends(visitor_of)]
