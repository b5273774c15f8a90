"""Who may ask: the owner of a token, within its scopes and the owner's roles of today, and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import anyio
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy import Engine, delete, text
from starlette.testclient import TestClient
from starlette.types import Message
from tests.web.api.conftest import Tokens
from tests.web.conftest import Clock

from donations.access.person import Permission, Role
from donations.access.tokens import PERMISSIONS, SCOPE_FOR, Scope, recognise, revoke
from donations.store.session import reading, writing
from donations.store.tables.access import PersonRow, SignInEventRow
from donations.web.api.description import routes_router

ROUTES = [
    (min(route.methods or ()), str(route.path), getattr(route.endpoint, "__permission__", Permission.PUBLIC))
    for route in iter_route_contexts(routes_router.routes)
]


def asked(client: TestClient, token: str, path: str = "/api/v1/payments") -> tuple[int, str]:
    answer = client.get(path, headers={"authorization": f"Bearer {token}"})
    return answer.status_code, answer.json().get("code", "")


def test_every_scope_stands_for_one_permission() -> None:
    assert set(PERMISSIONS) == set(Scope)
    assert len(SCOPE_FOR) == len(PERMISSIONS)


def test_every_route_needs_a_scope() -> None:
    assert len(ROUTES) > 15
    assert {permission for *_, permission in ROUTES} == set(SCOPE_FOR)


@pytest.mark.parametrize(("method", "path", "permission"), ROUTES)
def test_each_route_opens_to_its_own_scope_only(
    stranger: TestClient, tokens: Tokens, method: str, path: str, permission: Permission
) -> None:
    path = path.format(
        month="2026-03", year=2026, name="gifts", **dict.fromkeys(("payment_id", "donor_id", "import_id"), 7)
    )
    owner = tokens.person()
    _, others = tokens.made(owner, set(Scope) - {SCOPE_FOR[permission]})
    _, own = tokens.made(owner, {SCOPE_FOR[permission]})
    for token, expected in ((None, "token_missing"), (others, "scope_missing")):
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        answer = stranger.request(method, path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401 if token is None else 403, expected)
        assert answer.headers["www-authenticate"].startswith("Bearer realm=")
    answer = stranger.request(method, path, headers={"authorization": f"Bearer {own}"})
    assert answer.status_code not in {401, 403, 405, 500}


def test_the_scope_that_is_missing_is_named(stranger: TestClient, tokens: Tokens) -> None:
    _, token = tokens.made(tokens.person(), {Scope.REPORT_READ})
    answer = stranger.get("/api/v1/payments", headers={"authorization": f"Bearer {token}"})
    assert answer.json()["problems"][0]["what"] == "donor:read"
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-1],
        lambda token: token + "A",
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: token.replace("dt_1_", "dt_2_"),
        lambda token: token.replace("dt_1_", "dt_01_"),
        lambda token: token.replace("dt_1_", "dt_99999999999999999999_"),
        lambda token: token.replace("dt_1_", "dt_１_"),
        lambda token: token.upper(),
        lambda _: "dt_1_",
        lambda _: "",
        lambda _: "\x00",
    ],
)
def test_a_token_is_whole_or_nothing(stranger: TestClient, tokens: Tokens, spoil: Callable[[str], str]) -> None:
    _, token = tokens.made(tokens.person())
    headers = [(b"authorization", b"Bearer " + spoil(token).encode())]
    answer = stranger.request("GET", "/api/v1/payments", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "token_unknown")


@pytest.mark.parametrize("scheme", ["Basic", "Token", "Digest"])
def test_no_other_way_of_asking(stranger: TestClient, tokens: Tokens, scheme: str) -> None:
    _, token = tokens.made(tokens.person())
    answer = stranger.get("/api/v1/payments", headers={"authorization": f"{scheme} {token}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "token_missing")
    twice = [(b"authorization", f"Bearer {token}".encode())] * 2
    assert stranger.request("GET", "/api/v1/payments", headers=twice).status_code == 401


def test_a_token_ends(stranger: TestClient, tokens: Tokens, clock: Clock) -> None:
    _, token = tokens.made(tokens.person(), days=30)
    clock.advance(timedelta(days=30) - timedelta(seconds=1))
    assert asked(stranger, token) == (200, "")
    clock.advance(timedelta(seconds=1))
    assert asked(stranger, token) == (401, "token_expired")


def test_a_revoked_token_opens_nothing(stranger: TestClient, tokens: Tokens, engine: Engine) -> None:
    made, token = tokens.made(tokens.person())
    assert asked(stranger, token) == (200, "")
    with writing(engine) as session:
        assert revoke(session, made.id, origin=tokens.origin()) is not None
    assert asked(stranger, token) == (401, "token_revoked")


def test_only_who_knows_the_secret_is_told_why(stranger: TestClient, tokens: Tokens, clock: Clock) -> None:
    made, _ = tokens.made(tokens.person(), days=1)
    clock.advance(timedelta(days=2))
    assert asked(stranger, f"dt_{made.id}_{'A' * 43}") == (401, "token_unknown")


def test_roles_are_those_of_today(stranger: TestClient, tokens: Tokens, engine: Engine) -> None:
    owner = tokens.person("Tiina", Role.TREASURER)
    _, token = tokens.made(owner)
    assert asked(stranger, token) == (200, "")
    _change(engine, owner, roles=Role.VIEWER)
    assert asked(stranger, token) == (403, "role_missing")
    assert asked(stranger, token, "/api/v1/accounts") == (200, "")
    _change(engine, owner, sees_names=True)
    assert asked(stranger, token) == (200, "")
    _change(engine, owner, roles=Role.ADMIN)
    assert asked(stranger, token, "/api/v1/accounts") == (403, "role_missing")


def test_who_left_cannot_ask_any_more(stranger: TestClient, tokens: Tokens, engine: Engine, clock: Clock) -> None:
    owner = tokens.person()
    _, token = tokens.made(owner)
    _change(engine, owner, disabled_at=clock())
    assert asked(stranger, token) == (401, "token_owner_left")


def test_tokens_go_with_their_owner(stranger: TestClient, tokens: Tokens, engine: Engine) -> None:
    owner = tokens.person()
    _, token = tokens.made(owner)
    with writing(engine) as session:
        session.execute(delete(SignInEventRow))
        session.delete(session.get_one(PersonRow, owner))
    assert asked(stranger, token) == (401, "token_unknown")


@pytest.mark.parametrize("query", ["access_token={0}", "token=x", "API_KEY=x", "name={0}", "from={0}"])
def test_a_token_in_an_address_is_refused(stranger: TestClient, tokens: Tokens, query: str) -> None:
    _, token = tokens.made(tokens.person())
    headers = {"authorization": f"Bearer {token}"}
    answer = stranger.get(f"/api/v1/donors?{query.format(token)}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "token_in_url")
    assert token not in answer.text


def test_a_browser_that_is_signed_in_opens_nothing(client: TestClient) -> None:
    """Cookies are not looked at, so no other site can ask in a person's name."""
    assert client.get("/api/v1/accounts").json()["code"] == "token_missing"


def test_the_secret_is_not_kept(tokens: Tokens, engine: Engine, clock: Clock) -> None:
    _, token = tokens.made(tokens.person())
    secret = token.split("_", 2)[2]
    with reading(engine) as session:
        rows = session.execute(text("SELECT * FROM api_token")).all()
        assert recognise(session, token, now=clock()).token.scopes == set(Scope)
    assert rows
    assert secret not in repr(rows)


def test_the_day_of_the_last_use_is_kept(stranger: TestClient, tokens: Tokens, engine: Engine, clock: Clock) -> None:
    made, token = tokens.made(tokens.person())
    asked(stranger, token)
    clock.advance(timedelta(days=3))
    asked(stranger, token)
    with reading(engine) as session:
        assert recognise(session, token, now=clock()).token.last_used_on == clock().date()
    assert made.last_used_on is None


def test_a_body_without_a_right_is_not_read(app: FastAPI, tokens: Tokens) -> None:
    _, token = tokens.made(tokens.person(), {Scope.REPORT_READ})
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/v1/imports",
        "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"authorization", f"Bearer {token}".encode())],
        "client": ("127.0.0.1", 50_000),
        "server": ("localhost", 80),
        "scheme": "http",
        "app": app,
    }
    answers: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("the body was asked for")

    async def send(message: Message) -> None:
        answers.append(message)

    anyio.run(app, scope, receive, send)
    assert answers[0]["status"] == 403


def _change(engine: Engine, person: int, **columns: object) -> None:
    with writing(engine) as session:
        row = session.get_one(PersonRow, person)
        for name, value in columns.items():
            setattr(row, name, value)
        session.add(row)
