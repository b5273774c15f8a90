"""Who is asking, and what a route asks of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends
from starlette.requests import Request

from donations.access.permission import Permission, Role, granted

Endpoint = TypeVar("Endpoint", bound=Callable[..., object])


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who is asking."""

    name: str
    """As decisions and imports are signed."""
    permissions: frozenset[Permission]

    def may(self, permission: Permission) -> bool:
        """Whether this visitor may."""
        return permission in self.permissions


def needs(permission: Permission) -> Callable[[Endpoint], Endpoint]:
    """Declare what a route asks for; the application does not start with a route that declares nothing."""

    def declare(endpoint: Endpoint) -> Endpoint:
        endpoint.__permission__ = permission  # type: ignore[attr-defined]
        return endpoint

    return declare


def visitor_of(request: Request) -> Visitor:
    """Return who is asking."""
    del request
    return Visitor(name="treasurer", permissions=granted(frozenset({Role.TREASURER})))


VisitorHere = Annotated[Visitor, Depends(visitor_of)]
