"""Making tokens: shown once, limited to what one may do oneself, listed with their last use, revoked by their owner."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient
from tests.web.api.conftest import Tokens
from tests.web.conftest import Clock, browser, enter, prove
from tests.web.reading_pages import text_of

from donations.access.person import Role
from donations.access.tokens import Scope, recognise
from donations.store.session import reading

_GIVEN: dict[str, object] = {
    "name": "Nightly import",
    "scopes": "report:read",
    "days": "30",
}


def make(client: TestClient, **said: object) -> tuple[int, str]:
    answer = client.post("/me/tokens", data=_GIVEN | said)
    return answer.status_code, answer.text


def shown_in(page: str) -> str:
    found = re.search(r"dt_[0-9]+_[A-Za-z0-9_-]{43}", page)
    assert found is not None
    return found[0]


def test_a_token_is_shown_once_and_works(client: TestClient, stranger: TestClient) -> None:
    status, page = make(client, scopes=["report:read", "statement:write"])
    token = shown_in(page)
    assert status == 200
    assert "This is the only time that it is shown." in text_of(page)
    assert token not in client.get("/me/tokens").text
    answer = stranger.get("/api/v1/accounts", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    listed = text_of(client.get("/me/tokens").text)
    assert "Nightly import" in listed
    assert "report:read statement:write" in listed
    assert "4 August 2026" in listed
    assert "5 July 2026" in listed


@pytest.mark.parametrize(
    "said",
    [
        {"name": " "},
        {"name": "x" * 81},
        {"scopes": []},
        {"scopes": "everything"},
        {"days": "0"},
        {"days": "366"},
        {"days": "9" * 30},
    ],
)
def test_what_is_no_token_is_refused(client: TestClient, said: dict[str, object]) -> None:
    assert make(client, **said)[0] == 422
    assert "Your tokens" not in client.get("/me/tokens").text


def test_only_what_one_may_oneself_is_offered(app: FastAPI) -> None:
    with browser(app, enter(app, Role.VIEWER, name="Viewer")) as viewer:
        page = viewer.get("/me/tokens").text
        assert "report:read" in page
        assert "statement:write" not in page
        _, page = make(viewer, scopes=["statement:write"])
        answer = viewer.post("/api/v1/imports", headers={"authorization": f"Bearer {shown_in(page)}"})
        assert (answer.status_code, answer.json()["code"]) == (403, "role_missing")


def test_a_role_that_no_program_could_use_is_told_so(app: FastAPI) -> None:
    with browser(app, enter(app, Role.ADMIN, name="Admin")) as admin:
        assert "Your roles allow nothing that a program could do." in text_of(admin.get("/me/tokens").text)


def test_a_session_alone_makes_no_token(client: TestClient, clock: Clock) -> None:
    """Else whoever sits down at an open browser takes a year's access along."""
    clock.advance(timedelta(minutes=10))
    status, page = make(client)
    assert (status, "dt_" in page) == (401, False)
    assert "Your tokens" not in client.get("/me/tokens").text
    prove(client)
    assert make(client)[0] == 200


def test_revoking(client: TestClient, stranger: TestClient, clock: Clock) -> None:
    token = shown_in(make(client)[1])
    clock.advance(timedelta(days=1))
    answer = client.post("/me/tokens/1/revoke", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/me/tokens")
    assert "revoked" in text_of(client.get("/me/tokens").text)
    answer = stranger.get("/api/v1/accounts", headers={"authorization": f"Bearer {token}"})
    assert answer.json()["code"] == "token_revoked"


def test_the_history_of_the_account_tells(client: TestClient) -> None:
    make(client)
    client.post("/me/tokens/1/revoke")
    said = text_of(client.get("/account").text)
    assert "Token for a program made" in said
    assert "Token of a program revoked" in said


def test_nobody_revokes_or_sees_anothers(client: TestClient, tokens: Tokens, clock: Clock, engine: Engine) -> None:
    made, text = tokens.made(tokens.person("Another"), {Scope.REPORT_READ})
    client.post(f"/me/tokens/{made.id}/revoke")
    client.post("/me/tokens/99999999999999999999/revoke")
    with reading(engine) as session:
        assert recognise(session, text, now=clock()).token.id == made.id
    assert "A script" not in client.get("/me/tokens").text


def test_it_is_for_those_who_signed_in(stranger: TestClient) -> None:
    answer = stranger.get("/me/tokens", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fme%2Ftokens")
