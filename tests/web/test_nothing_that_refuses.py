"""Nobody is shown a link, a form or a button that would refuse: every page as every role, in books that were used."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from benchmarks.routes import addresses
from fastapi import FastAPI
from lxml import html
from sqlalchemy import Engine
from starlette.testclient import TestClient
from tests.conftest import FreshEngine
from tests.web.conftest import Clock, browser, enter

from donations.access.person import Permission, Role, granted
from donations.core.calendar import Month
from donations.demo.evenings import Evenings
from donations.demo.story import Plot, tell

NOW = datetime(2026, 7, 5, 17, 30, tzinfo=UTC)
OF_A_KIND = 1
"""How many addresses of one route, with parameters of the same names, are looked at besides the first ones."""
GROUPS = {
    **{role.value: frozenset({role}) for role in Role},
    "viewer with names": frozenset({Role.VIEWER}),
}


@pytest.fixture
def engine(fresh_sqlite: FreshEngine) -> Iterator[Engine]:
    with fresh_sqlite() as opened:
        yield opened


@pytest.fixture
def lived_in(engine: Engine, app: FastAPI, clock: Clock) -> FastAPI:
    """Two months of evenings; of five questions one is put aside, one is no payment, one answered, one has a note."""
    clock.now = NOW
    list(Evenings(engine, tell(Plot(last=Month(2026, 6), months=2, donors=25, seed=1)), now=NOW, left_open=5).all())
    client = browser(app, enter(app, Role.TREASURER, name="Laine Laekur"), follow_redirects=False)
    asked = re.findall(r'id="question-(\d+)"', client.get("/treasurer/questions").text)
    kind = {"kind": "other", "reason": "a sale"}
    steps = {"hold": {}, "leave-out": {"reason": "a mistake"}, "answer": kind, "notes": {"text": "asked"}}
    for number, (step, sent) in zip(asked, steps.items(), strict=False):
        answer = client.post(f"/treasurer/payments/{number}/{step}", data=sent)
        assert answer.status_code == 303, (step, answer.text)
    return app


class Walk:
    """What one visitor is offered on all pages that are open to the visitor."""

    def __init__(self, app: FastAPI, client: TestClient, permissions: frozenset[Permission]) -> None:
        """Begin with nothing seen."""
        self.app, self.client, self.permissions = app, client, permissions
        self.counted = Counter[object]()
        self.refusing = set[str]()

    def through(self, starts: list[str]) -> None:
        """Look at the pages, and at what they lead to."""
        waiting, seen = [*starts], set(starts)
        for at, path in enumerate(waiting):  # grows
            if not self._is_wanted(path, is_start=at < len(starts)):
                continue
            answer = self.client.get(path, follow_redirects=False)
            if answer.headers.get("content-type", "").startswith("text/html"):
                assert answer.status_code != 403, path
                new = [each for each in self._offered(path, answer.text) if each not in seen]
                seen.update(new)
                waiting += new

    def _is_wanted(self, path: str, *, is_start: bool) -> bool:
        parts = urlsplit(path)
        route = self.app.state.site.routes.page(parts.path)
        if route is None or route.permission not in self.permissions or Path(parts.path).suffix:
            return False
        kind = (route.path, tuple(sorted(name for name, _ in parse_qsl(parts.query, keep_blank_values=True))))
        self.counted[kind] += 1
        return is_start or self.counted[kind] <= OF_A_KIND

    def _offered(self, path: str, text: str) -> Iterator[str]:
        page = html.fromstring(text)
        ways = [("GET", str(each)) for each in page.xpath("//a/@href")]
        for form in page.xpath("//form"):
            method = form.get("method", "get").upper()
            ways.append((method, form.get("action") or path))
            ways += [(method, str(each)) for each in form.xpath(".//@formaction")]
        for method, target in ways:
            parts = urlsplit(urljoin(f"https://localhost{path}", target))
            if parts.netloc != "localhost" or parts.scheme != "https":
                continue
            route = self.app.state.site.routes.asked(method=method, path=parts.path)
            assert route is not None, (path, target)
            if route.permission not in self.permissions and not route.is_for_programs:
                self.refusing.add(f"{path}: {method} {route.path}")
            elif method == "GET":
                yield f"{parts.path}?{parts.query}" if parts.query else parts.path


def refusing_in(app: FastAPI, engine: Engine) -> dict[str, list[str]]:
    """Return for each role what its pages offer and would refuse."""
    refusing = {}
    for group, roles in GROUPS.items():
        sees_names = group == "viewer with names"
        client = browser(app, enter(app, *roles, name=group, sees_names=sees_names))
        walk = Walk(app, client, granted(roles, sees_names=sees_names))
        walk.through([each.path for each in addresses(app, engine, {"person_id": "1"}) if each.path])
        assert len(walk.counted) > 5, group
        if walk.refusing:
            refusing[group] = sorted(walk.refusing)
    return refusing


def test_nobody_is_shown_what_refuses(lived_in: FastAPI, engine: Engine) -> None:
    assert refusing_in(lived_in, engine) == {}


def test_nobody_is_shown_what_refuses_in_empty_books(app: FastAPI, engine: Engine) -> None:
    assert refusing_in(app, engine) == {}
