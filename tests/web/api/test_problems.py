"""Whatever fails under /api is told as a problem (RFC 9457), in full sentences, and without what was sent."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError
from starlette.testclient import TestClient

from donations.store.donors import people

MEMBERS = {"type", "title", "status", "detail", "code", "money", "remedy", "problems"}


def told(answer: Any) -> tuple[int, str]:
    """Return status and code of a problem that has everything a problem has."""
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    said = answer.json()
    assert said.keys() == MEMBERS
    assert said["status"] == answer.status_code
    assert said["type"] == f"/docs/problems#{said['code']}"
    assert all(said[name] for name in ("title", "detail", "money", "remedy"))
    return answer.status_code, said["code"]


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "nothing", (404, "unknown_page")),
        ("GET", "payments/1/nothing", (404, "unknown_page")),
        ("DELETE", "payments", (405, "method_not_allowed")),
        ("PUT", "imports/1", (405, "method_not_allowed")),
        ("GET", "payments/9223372036854775808", (422, "invalid_input")),
        ("GET", "donors/99999999999999999999999", (422, "invalid_input")),
        ("GET", "payments/0", (422, "invalid_input")),
        ("GET", "payments/-1", (422, "invalid_input")),
        ("GET", "payments/1.0", (422, "invalid_input")),
        ("GET", "gifts?donor=9223372036854775808", (422, "invalid_input")),
        ("GET", "donors?name=%00", (422, "invalid_input")),
        ("GET", "donors?name=" + "x" * 141, (422, "invalid_input")),
        ("GET", "payments?from=1234567890", (422, "invalid_input")),
        ("GET", "payments?from=2026-02-30", (422, "invalid_input")),
        ("GET", "payments?from=2026-03-01T00:00:00", (422, "invalid_input")),
        ("GET", "payments?purpose=tax", (422, "invalid_input")),
        ("GET", "reports/gifts?from=2026-3-1", (422, "invalid_input")),
        ("GET", "reports/months?from=20260301", (422, "invalid_input")),
        ("GET", "gifts?form=2026-03-01", (422, "invalid_input")),
        ("GET", "reports/appeals?year=2026", (422, "invalid_input")),
        ("GET", "accounts?limit=1", (422, "invalid_input")),
    ],
)
def test_requests_that_cannot_be(program: TestClient, method: str, path: str, expected: tuple[int, str]) -> None:
    assert told(program.request(method, f"/api/v1/{path}")) == expected


def test_what_was_sent_is_not_repeated(program: TestClient) -> None:
    answer = program.get("/api/v1/payments", params={"from": "49403136526", "purpose": "Mari Mets"})
    assert {each["at"] for each in answer.json()["problems"]} == {"query.from", "query.purpose"}
    assert "49403136526" not in answer.text
    assert "Mari" not in answer.text


def test_names_that_are_not_known_are_not_repeated_either(program: TestClient) -> None:
    answer = program.post("/api/v1/questions/1/answer", json={"proposal": 1, "promised": "", "49403136526": 1})
    assert told(answer) == (422, "invalid_input")
    assert "49403136526" not in answer.text


def test_the_unforeseen(app: FastAPI, program: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("Mari Mets, EE382200221020145685")

    monkeypatch.setattr(people, "accounts", fail)
    quiet = TestClient(app, "http://localhost", raise_server_exceptions=False, headers=dict(program.headers))
    answer = quiet.get("/api/v1/accounts")
    assert told(answer) == (500, "internal")
    assert "Mari" not in answer.text


def test_a_busy_database(program: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise OperationalError("SELECT", None, Exception("database is locked"))

    monkeypatch.setattr(people, "accounts", fail)
    answer = program.get("/api/v1/accounts")
    assert told(answer) == (503, "busy")
    assert answer.headers["retry-after"] == "5"


@pytest.mark.parametrize(
    ("kind", "said", "code"),
    [
        (OperationalError, "canceling statement due to statement timeout", "statement_too_long"),
        (InternalError, "terminating connection due to idle-in-transaction timeout", "transaction_idle"),
    ],
)
def test_what_the_database_broke_off(
    program: TestClient, monkeypatch: pytest.MonkeyPatch, kind: type[DBAPIError], said: str, code: str
) -> None:
    def fail(_: object) -> None:
        raise kind("SELECT", None, Exception(said))

    monkeypatch.setattr(people, "accounts", fail)
    assert told(program.get("/api/v1/accounts")) == (503, code)


@pytest.mark.parametrize("host", ["example.org", "", "localhost.example.org"])
def test_another_name_of_this_server(program: TestClient, host: str) -> None:
    assert told(program.get("/api/v1/accounts", headers={"host": host})) == (400, "bad_host")
