"""A donor's letter and a donor's way out of the books in a real browser: without script, on paper and on a phone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine
from tests.book import OTHER_OWN, Book, gift, line, statement
from tests.web.browsing import LOOKS, app_over, browser, engine, in_turn, served, shuts_nobody_out, watched
from tests.web.conftest import Clock

from donations.core.donor import DonorId
from donations.store.donors.donor_facts import write_note
from donations.store.session import writing

__all__ = ["browser", "engine"]

pytestmark = pytest.mark.browser

CODE = "49403136526"


@pytest.fixture
def site(engine: Engine, clock: Clock) -> Iterator[str]:
    """The real server over some months of a donor, a note that names somebody else, and a joint account."""
    book = Book(engine)
    monthly = [gift(f"0{month}-05", 1_000 * month, code=CODE) for month in range(1, 6)]
    others = (gift("02-06", 2_000, "Jaan Tamm", OTHER_OWN), gift("03-06", 700, account=OTHER_OWN, code=CODE))
    book.take(statement("01-01", "05-31", *monthly, *others, line("05-07", -250, "Pood")))
    with writing(engine) as session:
        for note in ("Tänukiri saadetud.", "Abikaasa Jaan Tamm annetab samalt kontolt."):
            write_note(session, DonorId(2), note, by="treasurer", at=clock())
    app = app_over(engine, clock=clock, demo=True)
    with served(app) as address:
        yield address


@LOOKS
def test_everybody_can_read_them(browser: Browser, site: str, clock: Clock, looks: list[tuple[str, str]]) -> None:
    context = browser.new_context(reduced_motion="reduce", locale="et")
    page, complaints = watched(context, site)
    for name in in_turn(page, _steps(page, site, clock), looks):
        page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
        shuts_nobody_out(page, name)
        if folder := os.environ.get("DONATIONS_SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"rights-{name}.png", full_page=True)
    assert complaints == []
    context.close()


def _steps(page: Page, site: str, clock: Clock) -> Iterator[str]:
    """Go the whole way, and say where."""
    page.goto(f"{site}/treasurer/donors/2#rights")
    yield "donor"
    page.goto(f"{site}/treasurer/donors/2/held")
    yield "letter"
    page.goto(f"{site}/treasurer/donors/2/erase")
    yield "preview"
    page.locator("button.danger").click()
    yield "restricted"
    clock.now = datetime(2034, 12, 31, 12, tzinfo=UTC)
    page.goto(f"{site}/treasurer/donors/2/erase")
    yield "due"
    page.locator("button.danger").click()
    yield "forgotten"


def test_the_whole_way_without_script(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en", accept_downloads=True)
    page, _ = watched(context, site)
    page.goto(f"{site}/treasurer/donors/2")
    page.get_by_role("link", name="Everything held on this donor …").click()
    assert page.get_by_label("Abikaasa Jaan Tamm").is_checked()
    page.get_by_label("Tänukiri").check()
    page.get_by_label("Language of the letter").select_option("en")
    page.get_by_role("button", name="Show the letter so").click()
    page.get_by_role("cell", name="(left out)").nth(1).wait_for()
    assert "Jaan" not in page.get_by_role("article").inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as PDF").click()
    assert download.value.suggested_filename == "donor-2.pdf"
    page.goto(f"{site}/treasurer/donors/2")
    page.get_by_role("link", name="Forget this donor …").click()
    page.get_by_role("button", name="Forget the donor").click()
    page.get_by_role("heading", name="Donor 2 asked to be forgotten").wait_for()
    context.close()


def test_the_letter_prints_without_what_is_around_it(browser: Browser, site: str) -> None:
    context = browser.new_context(locale="en")
    page, _ = watched(context, site)
    page.goto(f"{site}/treasurer/donors/2/held")
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="Show the letter so").is_visible()
    assert page.get_by_role("article").is_visible()
    context.close()
