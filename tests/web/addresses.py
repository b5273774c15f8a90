"""Every route of the application as an address that a browser can ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI

from donations.web.access import Declared

_SAMPLES = {"month": "2026-03", "year": "2026", "token": "none", "secret": "none"}
"""What stands for a part of an address; numbers are the rest."""


@dataclass(frozen=True, slots=True)
class Address:
    """One method of one route."""

    method: str
    path: str
    """With samples in it."""
    route: Declared

    def __str__(self) -> str:
        """Return it as the routes declare it."""
        return f"{self.method} {self.route.path}"


def addresses(app: FastAPI) -> Iterator[Address]:
    """Return every method of every route but those that are mounted."""
    for route in app.state.site.routes.declared:
        for method in sorted(route.methods):
            yield Address(method, filled(route.path), route)


def filled(path: str) -> str:
    """Return a route's path with samples in it."""
    return re.sub(r"{(\w+)(:\w+)?}", lambda found: _SAMPLES.get(found[1], "1"), path)
