"""A second person agrees on a page to what nobody changes alone, and everybody is told on the first page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.book import OTHER_OWN, OWN
from tests.web.conftest import Clock, browser, enter
from tests.web.reading_pages import hidden_of, text_of
from tests.web.test_guard import code_of
from tests.web.test_publishing import PAGE, TERMS
from tests.web.test_sign_in import send, sign_in

from donations.access.person import Role
from donations.acts.agreeing import waiting
from donations.cli.changes import _what
from donations.core.iban import parse_account
from donations.store.donors import people
from donations.store.publishing import PublishingTerms, set_terms, terms
from donations.store.session import as_reader, reading, writing
from donations.store.users import person_called
from donations.views.change import change_view
from donations.web.site import Site

THIRD = "EE237700010000000016"
SHOWN = "EE47 1000 0010 2014 5685"


@pytest.fixture
def client(app: FastAPI, client: TestClient, clock: Clock) -> TestClient:
    """The treasurer, of an association with two accounts that agreed on its terms."""
    with writing(app.state.site.engine) as session:
        for number in (OWN, OTHER_OWN):
            parsed = parse_account(number)
            assert parsed is not None
            people.add_account(session, parsed, name="x")
        set_terms(session, PublishingTerms(account_id=1), by="both", at=clock.now)
    return client


@pytest.fixture
def anna(app: FastAPI, client: TestClient) -> TestClient:
    """Look after people as Anna."""
    assert client.get("/treasurer").status_code == 200
    return browser(app, enter(app, Role.ADMIN, name="Anna Admin"))


def payee(app: FastAPI) -> int | None:
    site: Site = app.state.site
    with reading(site.engine) as session:
        return terms(session).account_id


def press(browser: TestClient, what: str, number: int = 1) -> tuple[int, str]:
    answer = browser.post(f"/admin/changes/{number}/{what}", data={})
    return answer.status_code, code_of(answer.text)


def test_the_payees_account_waits_for_a_second_person(app: FastAPI, client: TestClient, anna: TestClient) -> None:
    viewer = browser(app, enter(app, Role.VIEWER, name="Vaatleja"))
    wished = client.post(f"{PAGE}/terms", data=TERMS | {"account": "2", "goal_text": ""})
    assert wished.url.path == "/admin/changes"
    said = text_of(wished.text)
    assert f"Gifts are asked to another account: {SHOWN}" in said
    assert "May agree: Anna Admin" in said
    assert "Agree, and do it" not in said
    assert press(client, "agree") == (409, "second_needed")
    assert payee(app) == 1
    for told, first_page in ((client, "/treasurer"), (anna, "/admin/people"), (viewer, "/staff")):
        assert "treasurer wishes a change that waits: Gifts are asked to another account" in text_of(
            told.get(first_page).text
        )
    assert viewer.get("/admin/changes").status_code == 403
    assert press(anna, "agree") == (200, "")
    assert payee(app) == 2
    assert "Nothing waits." in text_of(client.get("/admin/changes").text)
    log = text_of(anna.get("/admin/audit").text)
    assert "Change agreed to" in log
    assert "Change wished" in log


def test_an_own_account_and_a_role_wait_and_are_withdrawn(client: TestClient, anna: TestClient) -> None:
    page = client.post("/treasurer/settings", data={"kind": "account", "number": THIRD, "name": "mine"}).text
    added = client.post("/treasurer/settings/add", data=hidden_of(page, action="/add"))
    assert "New own account: EE23 7700 0100 0000 0016 mine" in text_of(added.text)
    assert press(client, "withdraw") == (200, "")
    assert press(anna, "agree") == (409, "change_ended")
    waits = anna.post("/admin/people/1/roles", data={"role": ["treasurer", "admin"]})
    assert "treasurer comes in as: Treasurer, Administrator" in text_of(waits.text)
    assert press(client, "agree", 2) == (403, "may_not_decide")  # she may decide on accounts only
    link = anna.post("/admin/people", data={"name": "Uus Mees", "role": "admin"}).text
    assert "The roles wait until another person agrees" in text_of(link)
    assert "Uus Mees no role yet" in text_of(anna.get("/admin/people").text)
    assert press(anna, "agree", 3) == (409, "not_yet")
    assert press(anna, "agree", 4) == (404, "unknown_change")


def test_all_that_is_agreed_to_is_shown(app: FastAPI, anna: TestClient) -> None:
    anna.post("/admin/people/1/until", data={"until": "2026-12-31"})
    said = text_of(anna.post("/admin/people/1/until", data={"until": ""}).text)
    assert "treasurer comes in as: Treasurer · without a last day" in said
    enter(app, Role.VIEWER, name="Vaatleja")
    with writing(app.state.site.engine) as session:
        viewer = person_called(as_reader(session), "vaatleja")
        assert viewer is not None
        viewer.disabled_at = datetime(2026, 1, 1, tzinfo=UTC)
        session.add(viewer)
    said = text_of(anna.post(f"/admin/people/{viewer.id}/switch-on").text)
    assert "Vaatleja comes in as: Viewer · switched on again" in said
    with reading(app.state.site.engine) as session:
        assert [_what(change_view(session, each)) for each in waiting(session, now=app.state.site.clock())] == [
            "treasurer comes in as: treasurer without a last day",
            "Vaatleja comes in as: viewer switched on again",
        ]


def test_a_day_later_the_only_one_does_it(app: FastAPI, anna: TestClient, clock: Clock) -> None:
    anna.post("/admin/people/1/roles", data={"role": ["treasurer", "admin"]})
    assert "Nobody else may agree. It can be done from 6 July 2026, 15:00 on." in text_of(
        anna.get("/admin/changes").text
    )
    clock.advance(timedelta(days=1))
    anna = browser(app)
    sign_in(anna, "Anna Admin")
    assert "Do it" in text_of(anna.get("/admin/changes").text)
    send(anna, "/admin/changes", "/admin/changes/1/agree")
    assert "Treasurer, Administrator" in text_of(anna.get("/admin/people").text)
