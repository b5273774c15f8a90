"""Every route × every role × every way to leave the token out: generated from the application and from GRANTS.

The golden table `permissions.tsv` shows a new route in the diff, and whether it asks for a proof of the last minutes
(`fresh`); `--update-expected` writes it anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, func
from sqlmodel import select
from starlette.testclient import TestClient
from tests.conftest import FreshEngine
from tests.web.addresses import Address, addresses
from tests.web.conftest import LOCAL, Clock, enter
from tests.web.test_guard import code_of

from donations.access.event import Origin
from donations.access.person import Permission, Role, granted
from donations.access.secret import form_token, new_secret
from donations.access.session import begin
from donations.store.session import writing
from donations.store.tables import metadata
from donations.web.access import SAFE_METHODS, Declared
from donations.web.browser import COOKIE

GOLDEN = Path(__file__).with_name("permissions.tsv")
WITHOUT_TOKEN = {"POST /language", "POST /find-my-gift", "POST /find-my-gift/account"}
"""They keep nothing here; and public pages, which have the forms, are the same for everyone."""
GROUPS = {
    "signed out": frozenset[Role](),
    **{role.value: frozenset({role}) for role in Role},
    "viewer with names": frozenset({Role.VIEWER}),
    "treasurer and admin": frozenset({Role.TREASURER, Role.ADMIN}),
}


@pytest.fixture
def engine(fresh_sqlite: FreshEngine) -> Iterator[Engine]:
    """One database is enough: what is asked here is decided before any is."""
    with fresh_sqlite() as opened:
        yield opened


class People:
    """People of every kind, each with as many sessions as are asked for."""

    def __init__(self, app: FastAPI, clock: Clock) -> None:
        """Let everybody in once."""
        self.app, self.clock = app, clock
        self.ids: dict[str, int] = {}
        for number, (group, roles) in enumerate(GROUPS.items(), 1):
            enter(app, *(roles or {Role.VIEWER}), name=group, sees_names=group == "viewer with names")
            self.ids[group] = number

    def browser(self, group: str, *, token: bool = True) -> TestClient:
        """Return a browser in which somebody of the group has just signed in: some requests sign out."""
        headers = {"accept-language": "en", "sec-fetch-site": "same-origin"}
        client = TestClient(self.app, base_url="https://localhost", client=LOCAL, follow_redirects=False)
        secret = new_secret() if group == "signed out" else self._secret(group)
        client.cookies.set(COOKIE, secret, domain="localhost.local")
        client.headers.update(headers | ({"x-form-token": form_token(secret)} if token else {}))
        return client

    def _secret(self, group: str) -> str:
        site = self.app.state.site
        origin = Origin(address="127.0.0.1", browser="a test", at=self.clock())
        with writing(site.engine) as session:
            return begin(session, self.ids[group], origin, lifetime=site.lifetime).secret


@pytest.fixture
def people(app: FastAPI, clock: Clock) -> People:
    return People(app, clock)


def allowed(group: str, permission: Permission) -> bool:
    """Whether the table of grants gives the permission to a group."""
    if group == "signed out":
        return permission is Permission.PUBLIC
    return permission in granted(GROUPS[group], sees_names=group == "viewer with names")


def _further(route: Declared) -> str:
    """Return what a route asks for besides the permission."""
    if route.is_for_programs:
        return " (bearer token)"
    return "\tfresh" if route.fresh else ""


def test_routes_and_what_they_ask_for(app: FastAPI, *, update_expected: bool) -> None:
    table = sorted((each.route.path, each.method, each.route) for each in addresses(app))
    lines = [f"{method}\t{path}\t{route.permission}{_further(route)}\n" for path, method, route in table]
    if update_expected:
        GOLDEN.write_text("".join(lines), encoding="utf-8")
    assert GOLDEN.read_text(encoding="utf-8") == "".join(lines)


@pytest.mark.parametrize("group", GROUPS)
def test_each_role_may_do_what_it_was_granted(app: FastAPI, people: People, group: str) -> None:
    for address in addresses(app):
        if address.route.is_for_programs:
            continue
        answer = people.browser(group).request(address.method, address.path)
        location = answer.headers.get("location", "")
        code = code_of(answer.text)
        if allowed(group, address.route.permission):
            assert code not in {"not_allowed", "csrf_failed", "bad_host"}, (address, answer.status_code, code)
            assert not location.startswith("/sign-in?next="), address
            assert answer.status_code < 500 or code == "busy", (address, code)
        elif group == "signed out":
            assert answer.status_code == 303, (address, code)
            assert location.startswith("/sign-in"), address
        else:
            assert (answer.status_code, code) == (403, "not_allowed"), address


def rows(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


def unsafe(app: FastAPI) -> list[Address]:
    return [each for each in addresses(app) if each.method not in SAFE_METHODS and not each.route.is_for_programs]


def test_only_these_do_without_the_token(app: FastAPI) -> None:
    assert {str(each) for each in unsafe(app) if not each.route.form_token} == WITHOUT_TOKEN


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({}, None),
        ({}, "wrong"),
        ({}, "others"),
        ({"sec-fetch-site": "cross-site"}, "right"),
        ({"sec-fetch-site": "same-site"}, "right"),
        ({"sec-fetch-site": "", "origin": "null"}, "right"),
        ({"sec-fetch-site": "", "origin": "https://evil.example"}, "right"),
        ({"sec-fetch-site": ""}, "right"),
        ({"content-type": "text/plain"}, None),
    ],
    ids=[
        *("no token", "wrong token", "another's token", "cross-site", "same-site", "origin null", "other origin"),
        *("no headers", "text/plain"),
    ],
)
def test_nothing_is_changed_from_another_site(
    app: FastAPI, people: People, engine: Engine, headers: dict[str, str], token: str | None
) -> None:
    client = people.browser("treasurer and admin", token=False)
    right = form_token(client.cookies[COOKIE])
    sent = {"right": right, "wrong": "0" * 64, "others": form_token(new_secret())}
    if "sec-fetch-site" in headers and not headers["sec-fetch-site"]:
        del client.headers["sec-fetch-site"]
    client.headers.update({name: value for name, value in headers.items() if value})
    before = rows(engine)
    for address in unsafe(app):
        if not address.route.form_token and token != "right":  # noqa: S105 - which of the three is sent
            continue
        data = None if token is None else {"token": sent[token]}
        if "content-type" in headers:
            answer = client.request(address.method, address.path, content=f"token={right}")
        else:
            answer = client.request(address.method, address.path, data=data)
        assert (answer.status_code, code_of(answer.text)) == (403, "csrf_failed"), address
    assert rows(engine) == before


def test_cookies_open_nothing_for_programs(app: FastAPI, people: People) -> None:
    client = people.browser("treasurer and admin")
    programs = [each for each in addresses(app) if each.route.is_for_programs]
    for address in programs:
        assert client.request(address.method, address.path).status_code == 401, address
