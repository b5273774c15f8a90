"""The columns of an unknown table are said in a real browser, by the keyboard, with scripts and without."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine
from tests.book import Book, gift, statement
from tests.web.browsing import SCREENS, WAYS, app_over, browser, engine, served, shuts_nobody_out, watched
from tests.web.conftest import Clock
from tests.web.test_columns import TABLES

__all__ = ["browser", "engine"]

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PICTURES")


@pytest.fixture
def site(engine: Engine) -> Iterator[str]:
    Book(engine).take(statement("01-01", "01-31", gift("01-05", 1_000)))
    with served(app_over(engine, clock=Clock(), demo=True)) as address:
        yield address


@WAYS
def test_a_table_is_said_by_keys_alone(
    browser: Browser, site: str, tmp_path: Path, screen: str, with_script: bool
) -> None:
    table = tmp_path / "liikmed.csv"
    table.write_text(TABLES["commas, point, month first"].text, encoding="utf-8")
    language, scheme = ("et", "dark") if with_script else ("ru", "light")
    context = browser.new_context(
        locale=language,
        color_scheme=scheme,  # type: ignore[arg-type]
        viewport=SCREENS[screen],  # type: ignore[arg-type]
        java_script_enabled=with_script,
    )
    page, complaints = watched(context, site)

    def look(step: str) -> None:
        if with_script:
            shuts_nobody_out(page, step)
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{step}-{screen}-{language}.png", full_page=True)

    page.goto(f"{site}/treasurer/upload")
    page.set_input_files("#files", table)
    page.locator("main form button:not([type=button])").first.press("Enter")
    page.locator("a[href*=columns]").wait_for()
    look("refused")
    page.locator("a[href*=columns]").press("Enter")
    page.locator("select[name=m0]").wait_for()
    look("columns")
    ask = page.locator("form#columns .actions button")
    ask.press("Enter")
    page.get_by_role("alert").wait_for()
    look("asked")
    page.locator("select[name=days]").select_option("month_first")
    page.locator("input[name=all_in]").press("Space")
    ask.press("Enter")
    page.locator("button[name=use]").wait_for()
    look("read")
    assert page.locator("caption").count() == 1
    page.locator("button[name=use]").press("Enter")
    page.locator("form[action$=commit]").wait_for()
    look("preview")
    page.goto(f"{site}/treasurer/layouts")
    look("layouts")
    assert [each for each in complaints if "422" not in each] == []  # what has still to be said
    context.close()
