"""The public pages and the report for readers in a real browser: on a desk and a phone, in light and dark, on paper."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine
from tests.acts.test_publishing import LATER, agreed, gifts_in, lived, published
from tests.book import Book, line
from tests.web.browsing import LOOKS, SCREENS, browser, engine, served, shuts_nobody_out, watched
from tests.web.conftest import QUICK, Clock

from donations.published.document import Goal
from donations.settings import Settings
from donations.store.publishing import PublishingTerms
from donations.web import create_app

__all__ = ["browser", "engine"]

pytestmark = pytest.mark.browser


@pytest.fixture
def site(engine: Engine, clock: Clock) -> Iterator[str]:
    """The real server over books of which four months are published."""
    book = Book(engine)
    agreed(book, PublishingTerms(goal=Goal(minor=100_000, text="Uus katus", since=date(2026, 1, 1))))
    jaan = line("01-11", 2_500, "Jaan", "EE432200221000004321", "annetus")
    lived(book, [*gifts_in(1, 12), jaan], *(gifts_in(month, 10 + month, minor=month * 1_000) for month in range(2, 6)))
    published(book)
    clock.now = LATER
    with served(
        create_app(Settings(organisation="MTÜ Rohutirts"), engine, clock=clock, passwords=QUICK, demo=True)
    ) as address:
        yield address


def asked(page: Page, site: str, last_four: str, amount: str, day: str) -> None:
    page.goto(f"{site}/find-my-gift")
    page.get_by_label("The last four characters of your own IBAN").fill(last_four)
    page.get_by_label("Amount in euros").fill(amount)
    page.get_by_label("Day of the transfer").fill(day)
    page.get_by_role("button", name="Look for it").click()
    page.get_by_role("status").wait_for()


def pages_of(page: Page, site: str) -> Iterator[str]:
    """Visit every page and name each."""
    for path in ("", "embed/month", "embed/goal"):
        page.goto(f"{site}/{path}")
        yield path.replace("/", "-") or "public"
    page.goto(f"{site}/")
    page.get_by_role("link", name="Did my gift arrive?").click()
    page.get_by_role("heading", name="Did my gift arrive?").wait_for()
    yield "find-my-gift"
    asked(page, site, "4321", "25,00", "2026-01-12")
    page.get_by_text("Yes, it arrived. Thank you.").wait_for()
    assert page.url == f"{site}/find-my-gift"
    yield "find-my-gift-published"
    asked(page, site, "0000", "25,00", "2026-01-12")
    page.get_by_text("No such gift is in the books.").wait_for()
    yield "find-my-gift-not-received"
    page.goto(f"{site}/treasurer/publishing/report?in=et")
    yield "report"
    page.goto(f"{site}/treasurer/publishing/embedding")
    yield "embedding"


@LOOKS
@pytest.mark.parametrize("with_script", [True, False], ids=["script", "no script"])
def test_no_page_shuts_anybody_out(browser: Browser, site: str, screen: str, scheme: str, *, with_script: bool) -> None:
    """Without script axe cannot look, but everything has to work; DONATIONS_SCREENSHOTS names a folder for pictures."""
    context = browser.new_context(
        viewport=SCREENS[screen],  # type: ignore[arg-type]
        color_scheme=scheme,  # type: ignore[arg-type]
        java_script_enabled=with_script,
        locale="en",
    )
    page, complaints = watched(context, site)
    folder = os.environ.get("DONATIONS_SCREENSHOTS")
    for name in pages_of(page, site):
        if with_script:
            shuts_nobody_out(page, name)
        if folder and with_script:
            page.screenshot(path=Path(folder) / f"{name}-{screen}-{scheme}.png", full_page=True)
    assert complaints == []
    context.close()


@pytest.mark.parametrize(("scheme", "ground"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(29, 35, 32)")])
def test_a_card_has_the_colours_of_its_readers_screen(browser: Browser, site: str, scheme: str, ground: str) -> None:
    """Opened by itself, where the policy that came with it counts too."""
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page, complaints = watched(context, site)
    page.goto(f"{site}/embed/goal.svg")
    assert page.evaluate("getComputedStyle(document.querySelector('rect')).fill") == ground
    assert [each for each in complaints if "404" not in each] == []  # a browser may ask for an icon
    context.close()
