"""A second step asked of all, by the pages: one is led to add it, sees nothing else until then, is not locked out."""

from __future__ import annotations

from collections.abc import Iterator

import pyotp
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.web.addresses import addresses
from tests.web.conftest import Clock, browser, enter, renewed
from tests.web.reading_pages import text_of
from tests.web.test_sign_in import sign_in

from donations.access.person import Permission, Role
from donations.web.access import SAFE_METHODS


@pytest.fixture
def anna(app: FastAPI) -> Iterator[TestClient]:
    """The administrator, who has no second step yet."""
    with browser(app, enter(app, Role.ADMIN, name="Anna Admin"), follow_redirects=False) as made:
        yield made


def add_app(client: TestClient, clock: Clock) -> str:
    """Add an authenticator app to one's account, and return its secret."""
    begun = client.post("/account/app").text
    secret = begun.partition('<code class="secret">')[2].partition("<")[0]
    done = client.post("/account/app/confirm", data={"code": pyotp.TOTP(secret).at(clock())})
    assert "Your recovery codes" in text_of(done.text)
    renewed(client)
    return secret


def ask_of_all(client: TestClient, *, asked: bool = True) -> int:
    return client.post("/admin/people/second-step", data={"asked": str(asked).lower()}).status_code


def test_it_is_off_recommended_and_asked_by_who_has_one(anna: TestClient, clock: Clock) -> None:
    said = text_of(anna.get("/admin/people").text)
    assert "Second step for everybody off" in said
    assert "1 person has none yet: Anna Admin" in said
    refused = anna.post("/admin/people/second-step", data={"asked": "true"})
    assert (refused.status_code, "to your own account first" in text_of(refused.text)) == (409, True)
    add_app(anna, clock)
    assert ask_of_all(anna) == 303
    said = text_of(anna.get("/admin/people").text)
    assert "Second step for everybody on" in said
    assert "none yet" not in said


def test_who_has_none_is_led_to_add_one(app: FastAPI, anna: TestClient, clock: Clock) -> None:
    add_app(anna, clock)
    ask_of_all(anna)
    enter(app, Role.TREASURER, name="Mari Mets")
    mari = browser(app, follow_redirects=False)
    answer = sign_in(mari, "Mari Mets", path="/sign-in?next=/treasurer/donors")
    assert answer.headers["location"] == "/treasurer/donors"
    led = mari.get("/treasurer/donors")
    assert (led.status_code, led.headers["location"]) == (303, "/account")
    assert mari.get("/sign-in").headers["location"] == "/account"
    page = mari.get("/account").text
    assert "First a second step" in text_of(page)
    assert "/treasurer" not in page
    renewed(mari)
    add_app(mari, clock)
    assert mari.get("/treasurer/donors").status_code == 200
    assert "First a second step" not in text_of(mari.get("/account").text)


def test_nothing_else_is_open_until_then(app: FastAPI, anna: TestClient, clock: Clock) -> None:
    mari = browser(app, enter(app, *Role, name="Mari Mets"), follow_redirects=False)
    add_app(anna, clock)
    ask_of_all(anna)
    for address in addresses(app):
        is_own = address.route.permission in {Permission.PUBLIC, Permission.SIGNED_IN}
        if is_own or address.route.is_for_programs:
            continue
        answer = mari.request(address.method, address.path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/account"), address
    own = {str(each) for each in addresses(app) if each.route.permission is Permission.SIGNED_IN}
    assert {each for each in own if each.split()[0] in SAFE_METHODS} == {
        *("GET /account", "GET /account/app/qr.svg", "GET /sign-in/again"),
    }


def test_the_last_administrator_is_not_locked_out(anna: TestClient, clock: Clock) -> None:
    add_app(anna, clock)
    ask_of_all(anna)
    anna.post("/account/app/remove")
    renewed(anna)
    assert anna.get("/admin/people").headers["location"] == "/account"
    add_app(anna, clock)
    assert anna.get("/admin/people").status_code == 200
    assert ask_of_all(anna, asked=False) == 303
    assert "Second step for everybody off" in text_of(anna.get("/admin/people").text)


def test_figures_without_names_need_none(app: FastAPI, anna: TestClient, clock: Clock) -> None:
    add_app(anna, clock)
    ask_of_all(anna)
    viewer = browser(app, enter(app, Role.VIEWER, name="Viewer"), follow_redirects=False)
    assert viewer.get("/staff").status_code == 200
