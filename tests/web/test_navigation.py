"""The ways: what exists and is open to who asks, and nothing that would be refused."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from lxml import html
from starlette.testclient import TestClient
from tests.web.conftest import browser, enter

from donations.access.person import Role


def ways(client: TestClient, path: str) -> dict[str, str]:
    """Return where the ways of a page lead and what each says of itself."""
    page = html.fromstring(client.get(path).text)
    return {each.get("href"): each.get("aria-current") or "" for each in page.xpath("//header//li/a")}


@pytest.mark.parametrize(
    ("roles", "home", "shown", "hidden"),
    [
        ({Role.TREASURER}, "/treasurer", {"/treasurer/upload", "/treasurer/questions"}, {"/admin/people"}),
        (
            {Role.AUDITOR},
            "/treasurer/proof",
            {"/treasurer/ledger"},
            {"/treasurer", "/treasurer/upload", "/admin/people"},
        ),
        ({Role.ADMIN}, "/admin/people", {"/admin/people"}, {"/treasurer", "/treasurer/donors"}),
        ({Role.VIEWER}, "/staff", {"/staff"}, {"/treasurer/donors", "/treasurer/upload"}),
    ],
)
def test_everybody_sees_what_is_open_to_them(
    app: FastAPI, roles: set[Role], home: str, shown: set[str], hidden: set[str]
) -> None:
    client = browser(app, enter(app, *roles, name="Mari Mets"))
    found = ways(client, home)
    assert shown <= found.keys()
    assert not hidden & found.keys()
    assert "/account" in found
    for path in found:
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/treasurer", {"/treasurer": "page"}),
        ("/treasurer/upload", {"/treasurer/upload": "page"}),
        ("/treasurer/imports", {"/treasurer/imports": "page"}),
        ("/account", {"/account": "page"}),
        ("/treasurer/payments/1", {"/treasurer/ledger": "true"}),
        ("/treasurer/donors/duplicates", {"/treasurer/donors": "true"}),
        ("/treasurer/certificates", {"/treasurer/reports": "true", "/treasurer/certificates": "page"}),
        ("/treasurer/inf4", {"/treasurer/reports": "true", "/treasurer/inf4": "page"}),
    ],
)
def test_the_page_that_one_is_on_is_marked(client: TestClient, path: str, current: dict[str, str]) -> None:
    assert {way: mark for way, mark in ways(client, path).items() if mark} == current


@pytest.mark.parametrize("role", [Role.TREASURER, Role.AUDITOR, Role.VIEWER, Role.ADMIN])
def test_the_head_has_at_most_seven_words(app: FastAPI, role: Role) -> None:
    client = browser(app, enter(app, role, Role.ADMIN, name="Mari Mets"))
    page = html.fromstring(client.get("/account").text)
    assert len(page.xpath("//nav[@class='ways']/ul/li")) <= 7


def test_strangers_see_no_ways(app: FastAPI) -> None:
    assert ways(browser(app), "/") == {}
    assert ways(browser(app), "/sign-in") == {}


@pytest.mark.parametrize("path", ["/treasurer", "/account", "/admin/people", "/nowhere", "/sign-in"])
def test_every_form_of_ours_has_its_token(app: FastAPI, path: str) -> None:
    client = browser(app, enter(app, Role.TREASURER, Role.ADMIN, name="Mari Mets"))
    for form in html.fromstring(client.get(path).text).xpath("//form[@method='post'][not(@action='/language')]"):
        assert form.xpath(".//input[@name='token']/@value"), (path, form.get("action"))
