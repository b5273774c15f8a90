"""A treasurer's evening in a real browser, with and without script, in light and dark, on a desk and on a phone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine
from tests.web.browsing import (
    LOOKS,
    SCREENS,
    WAYS,
    app_over,
    browser,
    engine,
    in_turn,
    served,
    shuts_nobody_out,
    watched,
)
from tests.web.conftest import REFUSED, STATEMENTS, Clock

from donations.reports.dump import dump
from donations.store.session import reading

JANUARY = [STATEMENTS / "lhv-2026-01-month.xml", STATEMENTS / "lhv-2026-01-same-month.csv"]
FEBRUARY = STATEMENTS / "lhv-2026-02-near-misses.xml"

__all__ = ["browser", "engine"]

pytestmark = pytest.mark.browser


@pytest.fixture
def site(engine: Engine, clock: Clock) -> Iterator[str]:
    """The real server on a free port of this computer."""
    app = app_over(engine, clock=clock, demo=True)
    with served(app) as address:
        yield address


def upload(page: Page, site: str, *files: Path) -> None:
    page.goto(f"{site}/treasurer/upload")
    page.set_input_files("input[type=file]", [str(each) for each in files])
    page.get_by_role("button", name="Show me what they would do").click()
    page.get_by_role("heading", name="Preview").wait_for()
    if page.get_by_role("heading", name="1 account found in your files").count():
        page.get_by_label("What you call it").fill("Main account")
        page.get_by_role("button", name="Yes, it is ours").click()


def commit(page: Page) -> None:
    page.get_by_role("button", name="Import exactly this").click()
    page.get_by_role("heading", name="Done: it is in the books").wait_for()


def dumped(engine: Engine) -> bytes:
    with reading(engine) as session:
        return dump(session)


@WAYS
def test_an_evening(browser: Browser, site: str, engine: Engine, screen: str, *, with_script: bool) -> None:
    context = browser.new_context(viewport=SCREENS[screen], java_script_enabled=with_script)  # type: ignore[arg-type]
    page, complaints = watched(context, site)
    upload(page, site, *JANUARY)
    assert page.get_by_text("readable, nothing new").count() == 1
    commit(page)
    january = dumped(engine)

    upload(page, site, FEBRUARY)
    commit(page)
    page.get_by_role("link", name="Answer").first.click()
    page.get_by_role("link", name="all as a list").click()
    page.get_by_role("heading", name="Questions").wait_for()
    questions = page.get_by_role("article").count()
    assert questions > 2
    page.get_by_role("button", name="Gift of Urmas Vaarikas").first.click()
    expect(page.get_by_role("article")).to_have_count(questions - 1)
    article = page.get_by_role("article").first
    article.locator("summary", has_text="Another answer").click()
    article.get_by_label("Reason").fill("He paid for a ticket")
    article.get_by_label("What it is").select_option("other")
    article.get_by_role("button", name="Book this answer").click()
    expect(page.get_by_role("article")).to_have_count(questions - 2)

    page.get_by_role("link", name="Payments", exact=True).first.click()
    page.get_by_role("link", name="Gifts", exact=True).click()
    page.get_by_role("cell", name="Urmas Vaarikas").first.wait_for()

    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Imports").click()
    page.get_by_role("link", name="Take it back").first.click()
    page.get_by_text("2 answers that a person gave").wait_for()
    page.get_by_role("button", name="Take the import back").click()
    page.get_by_text("is taken back").wait_for()
    assert dumped(engine) == january
    assert complaints == []
    context.close()


def test_the_keyboard_reaches_everything(browser: Browser, site: str) -> None:
    page, _ = watched(browser.new_context(), site)
    page.goto(f"{site}/treasurer/upload")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "files"
    page.context.close()


def pages_of(page: Page, site: str) -> Iterator[str]:
    """Visit every page, first of empty books and then of lived-in ones, and name each."""
    empty = ("", "treasurer", "treasurer/upload", "treasurer/questions", "treasurer/ledger", "treasurer/donors")
    dashboards = ("staff", "staff/donors", "staff/grid", "staff/amounts", "staff/unallocated")
    others = ("treasurer/imports", "treasurer/coverage", "treasurer/months", "treasurer/spending", "treasurer/none")
    for path in (*empty, *dashboards, *others):
        page.goto(f"{site}/{path}")
        yield f"empty/{path}"
    page.goto(f"{site}/treasurer/upload")
    files = [*JANUARY, FEBRUARY, STATEMENTS / "lhv-2026-04-english.csv", REFUSED / "balance_mismatch.xml"]
    page.set_input_files("input[type=file]", [str(each) for each in files])
    page.get_by_role("button", name="Show me what they would do").click()
    page.get_by_role("button", name="Yes, it is ours").wait_for()
    yield "unknown-account"
    page.get_by_role("button", name="Yes, it is ours").click()
    page.get_by_role("button", name="Import exactly this").wait_for()
    yield "preview"
    commit(page)
    yield "imported"
    lived_in = (
        *("payments/1", "payments/16", "ledger/2026-02", "donors/2", "donors/2/merge", "donors/duplicates"),
        *("imports/2", "imports/2/undo", "settings", "spending?category=0"),
    )
    lines = "staff/lines?first=2026-01-01&last=2026-02-28"
    for path in (
        *(*empty, *dashboards, lines, "treasurer/imports", "treasurer/coverage", "treasurer/months", "admin/audit"),
        *(f"treasurer/{each}" for each in lived_in),
    ):
        page.goto(f"{site}/{path}")
        yield path
    page.goto(f"{site}/treasurer/months/2026-01")
    yield "month-open"
    page.get_by_role("button", name="Close January 2026").click()
    page.get_by_text("January 2026 is closed.").wait_for()
    yield "next-month"
    page.goto(f"{site}/treasurer/months/2026-01")
    page.get_by_role("heading", name="Corrections since").wait_for()
    yield "month-closed"
    page.goto(f"{site}/treasurer/evening")
    yield "evening"
    page.goto(f"{site}/treasurer/questions")
    page.locator("summary", has_text="Another answer").first.click()
    yield "another-answer"
    page.goto(f"{site}/treasurer/payments/1")
    page.get_by_text("These lines are not one payment").click()
    yield "lines"
    page.get_by_label("Why payment 1 is not a real payment").fill("Shown twice")
    page.get_by_role("button", name="Exclude").click()
    page.get_by_role("heading", name="What you left out").wait_for()
    yield "left-out"
    page.goto(f"{site}/treasurer/months/2026-01")
    page.get_by_text("A payment went").wait_for()
    yield "month-corrected"


@LOOKS
def test_no_page_shuts_anybody_out(browser: Browser, site: str, looks: list[tuple[str, str]]) -> None:
    """DONATIONS_SCREENSHOTS names a folder for pictures."""
    context = browser.new_context(reduced_motion="reduce")
    page, complaints = watched(context, site)
    folder = os.environ.get("DONATIONS_SCREENSHOTS")
    for name in in_turn(page, pages_of(page, site), looks):
        shuts_nobody_out(page, name)
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    missing = [each for each in complaints if "404" not in each]
    assert missing == []
    context.close()
