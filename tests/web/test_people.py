"""People by the pages: invited with a link shown once, given roles, switched off; one administrator remains."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.web.conftest import PASSWORD, browser, enter
from tests.web.reading_pages import hidden_of, text_of
from tests.web.test_guard import code_of
from tests.web.test_sign_in import sign_in

from donations.access.person import Role


@pytest.fixture
def admin(app: FastAPI) -> Iterator[TestClient]:
    """Anna, who looks after people, and is the first of them."""
    with browser(app, enter(app, Role.ADMIN, name="Anna Admin")) as made:
        yield made


def link_in(page: str) -> str:
    found = re.search(r">(https://localhost/link/[\w-]{43})<", page)
    assert found is not None
    return found[1]


def invite(admin: TestClient, name: str = "Mari Mets", **fields: object) -> str:
    return link_in(admin.post("/admin/people", data={"name": name, "role": "treasurer"} | fields).text)


def test_somebody_is_invited(app: FastAPI, admin: TestClient) -> None:
    link = invite(admin, email="mari@mets.ee", role=["viewer", "auditor"])
    assert "has not signed in yet" in admin.get("/admin/people").text
    mari = browser(app)
    page = mari.get(link).text
    assert "Welcome, Mari Mets" in text_of(page)
    mari.post(link, data=hidden_of(page, action="") | {"password": PASSWORD, "again": PASSWORD})
    assert mari.get("/treasurer/donors").status_code == 200
    assert mari.get("/treasurer/upload").status_code == 403
    assert mari.get(link).status_code == 404
    assert sign_in(browser(app), "MARI@mets.ee").status_code == 303
    assert link.rpartition("/")[2] not in admin.get("/admin/people/2").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "x"}, "2 to 80 characters"),
        ({"email": "mari"}, "whole e-mail address"),
        ({"name": "anna ADMIN"}, "already"),
        ({"role": []}, "at least one role"),
    ],
)
def test_what_is_wrong_is_said_and_kept_to_be_mended(admin: TestClient, fields: dict[str, object], said: str) -> None:
    given = {"name": "Mari Mets", "email": "mari@mets.ee", "role": ["auditor"]} | fields
    answer = admin.post("/admin/people", data=given)
    assert (answer.status_code, said in answer.text) == (409 if said == "already" else 422, True)
    assert f'value="{given["name"]}"' in answer.text
    assert admin.get("/admin/people/2").status_code == 404


def test_a_role_that_is_none_is_refused(admin: TestClient) -> None:
    answer = admin.post("/admin/people", data={"name": "Mari Mets", "role": "owner"})
    assert (answer.status_code, code_of(answer.text)) == (422, "bad_form")


def test_new_roles_hold_at_once(app: FastAPI, admin: TestClient) -> None:
    mari = browser(app, enter(app, Role.TREASURER, name="Mari Mets"))
    assert mari.get("/treasurer/upload").status_code == 200
    admin.post("/admin/people/2/roles", data={"role": "viewer"})
    assert mari.get("/treasurer/upload", follow_redirects=False).status_code == 303
    sign_in(mari, "Mari Mets")
    assert mari.get("/treasurer/upload").status_code == 403
    said = text_of(admin.get("/admin/people/2").text)
    assert "Roles changed by Anna Admin" in said


def test_an_auditor_comes_until_a_day_that_is_shown_and_can_be_changed(admin: TestClient) -> None:
    assert "who only audits comes in until 3 October 2026" in text_of(admin.get("/admin/people").text)
    invite(admin, role="auditor")
    said = text_of(admin.get("/admin/people").text)
    assert "Auditor · until 3 October 2026" in said
    assert 'value="2026-10-03"' in admin.get("/admin/people/2").text
    admin.post("/admin/people/2/until", data={"until": "2026-07-04"})
    assert "access ended" in text_of(admin.get("/admin/people").text)
    said = text_of(admin.get("/admin/people/2").text)
    assert "Last day changed by Anna Admin" in said
    admin.post("/admin/people/2/until", data={"until": ""})
    assert "This auditor may come in without an end" in text_of(admin.get("/admin/people/2").text)


def test_a_last_day_holds_at_once(app: FastAPI, admin: TestClient) -> None:
    mari = browser(app, enter(app, Role.TREASURER, name="Mari Mets"), follow_redirects=False)
    for day, status in (("2026-07-05", 200), ("2026-07-04", 303)):
        admin.post("/admin/people/2/until", data={"until": day})
        assert mari.get("/treasurer").status_code == status
    assert sign_in(browser(app), "Mari Mets").status_code == 401


def test_a_day_that_is_none_and_the_last_administrators(admin: TestClient) -> None:
    for day, expected in (("tomorrow", (422, "bad_form")), ("2026-12-31", (409, "last_admin"))):
        answer = admin.post("/admin/people/1/until", data={"until": day})
        assert (answer.status_code, code_of(answer.text)) == expected


def test_one_administrator_remains(app: FastAPI, admin: TestClient) -> None:
    enter(app, Role.TREASURER, name="Mari Mets")
    for path, data in (("switch-off", {}), ("roles", {"role": "treasurer"})):
        answer = admin.post(f"/admin/people/1/{path}", data=data)
        assert (answer.status_code, code_of(answer.text)) == (409, "last_admin")
    assert admin.post("/admin/people/1/roles", data={}).status_code == 422
    assert admin.get("/admin/people").status_code == 200


def test_switched_off_signed_out_and_let_in_again(app: FastAPI, admin: TestClient) -> None:
    mari = browser(app, enter(app, Role.TREASURER, name="Mari Mets"))
    admin.post("/admin/people/2/sign-out")
    assert mari.get("/treasurer", follow_redirects=False).status_code == 303
    sign_in(mari, "Mari Mets")
    admin.post("/admin/people/2/switch-off")
    assert mari.get("/treasurer", follow_redirects=False).status_code == 303
    assert sign_in(browser(app), "Mari Mets").status_code == 401
    assert "switched off" in admin.get("/admin/people").text
    admin.post("/admin/people/2/switch-on")
    assert sign_in(browser(app), "Mari Mets").status_code == 303


def test_a_forgotten_password_and_a_lost_phone(app: FastAPI, admin: TestClient) -> None:
    enter(app, Role.TREASURER, name="Mari Mets")
    first = link_in(admin.post("/admin/people/2/link").text)
    second = link_in(admin.post("/admin/people/2/link").text)
    assert browser(app).get(first).status_code == 404
    mari = browser(app)
    page = mari.get(second).text
    mari.post(second, data=hidden_of(page, action="") | {"password": "neli suurt põtra", "again": "neli suurt põtra"})
    assert mari.get("/treasurer").status_code == 200
    admin.post("/admin/people/2/second-step/reset")
    assert "Second step removed by Anna Admin" in text_of(admin.get("/admin/people/2").text)


def test_an_administrator_sees_no_donors(admin: TestClient) -> None:
    for path in ("/treasurer", "/treasurer/donors", "/treasurer/questions", "/treasurer/ledger"):
        assert admin.get(path).status_code == 403, path


def test_nobody_else_looks_after_people(client: TestClient) -> None:
    for path in ("", "/1"):
        assert client.get(f"/admin/people{path}").status_code == 403
