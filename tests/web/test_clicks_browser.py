"""How many clicks the evening's tasks take in a real browser, and that nobody is shut out on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine
from tests.book import Book, gift, statement
from tests.web.browsing import SCREENS, app_over, browser, engine, served, shuts_nobody_out, watched
from tests.web.conftest import STATEMENTS, Clock

from donations.core.calendar import Month
from donations.store.months import closed_months
from donations.store.session import reading
from donations.store.statements.files import count_active

__all__ = ["browser", "engine"]

pytestmark = pytest.mark.browser

EIGHT_FILES = [
    *("lhv-2026-01-month.xml", "lhv-2026-01-same-month.csv", "lhv-2026-02-near-misses.xml", "lhv-2026-03-overlap.xml"),
    *("lhv-2026-04-english.csv", "swedbank-2026-01-03-quarter.xml", "swedbank-2026-03-same-month.csv"),
    "swedbank-2026-04-english.csv",
]


@dataclass
class Clicks:
    """Somebody who counts; each page that comes is looked at."""

    page: Page
    count: int = 0

    def click(self, role: str, name: str) -> None:
        """Click the first button or link with this name."""
        self.page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]
        self.count += 1

    def heading(self, text: str) -> None:
        """Wait for a page that has this heading, and look at it."""
        self.page.get_by_role("heading", name=text).first.wait_for()
        shuts_nobody_out(self.page, text)


@pytest.fixture
def site(engine: Engine) -> Iterator[str]:
    with served(app_over(engine, clock=Clock(), demo=True)) as address:
        yield address


@pytest.fixture
def clicks(browser: Browser, site: str) -> Iterator[Clicks]:
    context = browser.new_context(viewport=SCREENS["phone"], locale="en-GB", color_scheme="dark")  # type: ignore[arg-type]
    page, complaints = watched(context, site)
    yield Clicks(page)
    assert complaints == []
    context.close()


def test_the_first_eight_files_are_in_the_books_with_three_clicks(clicks: Clicks, site: str, engine: Engine) -> None:
    clicks.page.goto(f"{site}/treasurer/upload")
    clicks.page.set_input_files("#files", [STATEMENTS / each for each in EIGHT_FILES])
    clicks.click("button", "Show me what they would do")
    clicks.heading("2 accounts found in your files")
    clicks.click("button", "Both are ours")
    clicks.heading("8 files")
    clicks.click("button", "Import exactly this")
    clicks.heading("Done: it is in the books")
    assert clicks.count == 3
    with reading(engine) as session:
        assert count_active(session) == len(EIGHT_FILES)


def test_three_months_are_closed_with_four_clicks(clicks: Clicks, site: str, engine: Engine) -> None:
    book, months = Book(engine), [Month(2026, each) for each in (4, 5, 6)]
    for at, month in enumerate(months):
        given = gift(f"{month.first_day:%m-%d}", 1_000)
        days = (f"{month.first_day:%m-%d}", f"{month.last_day:%m-%d}")
        book.take(statement(*days, given, opening=1_000 * at))
    clicks.page.goto(f"{site}/treasurer")
    clicks.heading("April 2026 can be closed")
    clicks.click("link", "Look and close it")
    for month in months:
        clicks.heading(f"{month.first_day:%B %Y}")
        clicks.click("button", f"Close {month.first_day:%B %Y}")
        expect(clicks.page.get_by_role("status")).to_contain_text(f"{month.first_day:%B %Y} is closed.")
    assert clicks.count == 4
    with reading(engine) as session:
        assert closed_months(session) == months
    clicks.page.goto(f"{site}/treasurer/evening")
    clicks.heading("Summary of the evening")
