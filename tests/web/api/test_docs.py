"""The pages for people who write programs: they load nothing from elsewhere and shut nobody out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, expect
from starlette.testclient import TestClient
from tests.web.api.conftest import Tokens
from tests.web.browsing import browser, served, watched
from tests.web.reading_pages import text_of

__all__ = ["browser"]


def test_the_description_is_public_and_of_the_api_only(stranger: TestClient) -> None:
    description = stranger.get("/openapi.json").json()
    assert all(path.startswith("/api/v1/") for path in description["paths"])
    assert description["paths"]["/api/v1/imports"]["post"]["security"] == [{"token": ["statement:write"]}]
    assert description["openapi"].startswith("3.1")


def test_the_page_names_its_own_files_only(stranger: TestClient) -> None:
    page = stranger.get("/docs")
    assert page.status_code == 200
    assert "http" not in page.text
    for name in ("swagger-ui-bundle.js", "swagger-ui.css"):
        assert f"/docs/static/{name}" in page.text
        assert stranger.get(f"/docs/static/{name}").status_code == 200
    picture = stranger.get("/docs/static/pictures/0.svg")
    assert (picture.headers["content-type"], picture.text[:5]) == ("image/svg+xml", "<svg ")


@pytest.mark.parametrize("name", ["redoc.standalone.js", "..%2f__init__.py", "pictures/99.svg", "pictures/..%2f0.svg"])
def test_no_other_file_is_given(stranger: TestClient, name: str) -> None:
    assert stranger.get(f"/docs/static/{name}").status_code == 404


def test_every_code_of_a_problem_is_explained(stranger: TestClient, program: TestClient) -> None:
    page = stranger.get("/docs/problems").text
    kind = program.get("/api/v1/donors/99").json()["type"]
    assert kind == "/docs/problems#unknown_donor"
    assert 'id="unknown_donor"' in page
    assert "token_expired" in text_of(page)


@pytest.fixture
def site(app: FastAPI) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.usefixtures("lived_in")
def test_the_description_is_read_and_tried_in_a_browser(
    browser: Browser, site: str, tokens: Tokens, width: int
) -> None:
    """Nothing is loaded from elsewhere, the policy is never hit, and a call with a token is answered."""
    page, complaints = watched(browser.new_context(viewport={"width": width, "height": 900}), site)
    page.goto(f"{site}/docs")
    operation = page.locator("#operations-accounts-list_accounts")
    page.get_by_role("button", name="Authorize").first.click()
    page.locator(".auth-container input").fill(tokens.made(tokens.person())[1])
    page.locator(".auth-btn-wrapper .authorize").click()
    page.locator(".auth-btn-wrapper .btn-done").click()
    operation.get_by_role("button").first.click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    answered = operation.locator(".live-responses-table").get_by_role("cell", name="200", exact=True)
    expect(answered).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert complaints == []
