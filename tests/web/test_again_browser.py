"""Proving again in a real browser: a file comes by itself, a form is sent once more, with and without script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser
from sqlalchemy import Engine
from tests.web.browsing import SCREENS, WAYS, app_over, browser, engine, served, shuts_nobody_out, watched
from tests.web.conftest import PASSWORD, enter

from donations.access.person import Role
from donations.access.session import FRESH_FOR

__all__ = ["browser", "engine"]

pytestmark = pytest.mark.browser


@dataclass(slots=True)
class Ahead:
    """The time of the browser, and what a test lets pass besides."""

    by: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        """Return the time."""
        return datetime.now(UTC) + self.by


@pytest.fixture
def clock() -> Ahead:
    return Ahead()


@pytest.fixture
def app(engine: Engine, clock: Ahead) -> FastAPI:
    made = app_over(engine, clock=clock)
    enter(made, Role.ADMIN, Role.TREASURER, name="Mari Mets")
    return made


@pytest.fixture
def site(app: FastAPI) -> Iterator[str]:
    with served(app) as address:
        yield address


@WAYS
def test_one_goes_on_from_where_one_was(
    browser: Browser,
    site: str,
    clock: Ahead,
    screen: str,
    *,
    with_script: bool,
) -> None:
    context = browser.new_context(
        viewport=SCREENS[screen],  # type: ignore[arg-type]
        java_script_enabled=with_script,
        locale="en-GB",
    )
    page, complaints = watched(context, site)

    def looked_at(step: str) -> None:
        if with_script:
            shuts_nobody_out(page, step)

    page.goto(f"{site}/sign-in?next=/treasurer/reports/donors")
    page.get_by_label("Name or e-mail").fill("Mari Mets")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/reports/donors")

    clock.by += FRESH_FOR
    page.goto(f"{site}/treasurer/reports/donors.csv?all=true", referer=page.url)
    looked_at("asked for a file")
    page.get_by_label("Your present password").fill(PASSWORD)
    with page.expect_download() as coming:
        page.get_by_role("button", name="Continue").click()
    assert coming.value.suggested_filename == "donors-all-time.csv"
    looked_at("downloading")
    page.get_by_role("link", name="Back to where you were").click()
    page.wait_for_url("**/reports/donors")

    clock.by += FRESH_FOR
    page.goto(f"{site}/admin/people")
    page.locator("input[name=name]").fill("Jaan “Õ” Kask")
    page.get_by_role("button", name="Make the account").click()
    looked_at("asked for a form")
    page.get_by_label("Your present password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Identity confirmed. Thank you.").wait_for()
    looked_at("the form once more")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="A link for Jaan “Õ” Kask").wait_for()
    assert [each for each in complaints if "401" not in each] == []
    context.close()
