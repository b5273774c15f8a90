"""The portal's front door in a real browser: every language, screen and scheme, on paper, with and without script."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine
from tests.acts.test_publishing import LATER, agreed, by_the_first_rule, gifts_in, lived, published
from tests.book import Book
from tests.conftest import FreshEngine
from tests.web.browsing import LOOKS, browser, in_turn, served, shuts_nobody_out, watched
from tests.web.conftest import QUICK, Clock

from donations.acts.offering import Answer
from donations.core.payment import Purpose
from donations.published.document import Goal
from donations.settings import Settings
from donations.store.publishing import PublishingTerms
from donations.web import create_app

__all__ = ["browser"]

pytestmark = pytest.mark.browser
PAGES = (
    "",
    "privacy",
    "accessibility",
    "treasurer/settings",
    "treasurer/publishing",
    "treasurer/publishing/preview",
    "embed/goal",
    "embed/month",
)


@pytest.fixture(scope="module")
def site(fresh_sqlite: FreshEngine) -> Iterator[str]:
    """The real server, over books of which three months are published, the first by the rule of before."""
    with fresh_sqlite() as engine:
        publish_three_months(engine)
        clock = Clock(LATER)
        app = create_app(Settings(organisation="MTÜ Rohutirts"), engine, clock=clock, passwords=QUICK, demo=True)
        with served(app) as address:
            yield address


def publish_three_months(engine: Engine) -> None:
    book = Book(engine)
    agreed(book, PublishingTerms(goal=Goal(minor=100_000, text="Uus katus", since=date(2026, 1, 1))))
    lived(book, gifts_in(1, 12), gifts_in(2, 12))
    with pytest.MonkeyPatch.context() as before:
        by_the_first_rule(before)
        published(book)
    book.answer(book.payment("01-10", 1_000), Answer(purpose=Purpose.INCOME, reason="it was a ticket"))
    lived(book, gifts_in(3, 15, minor=1_500), gifts_in(4, 15, minor=2_500), gifts_in(5, 3), first=3, opening=24_000)
    published(book)


def _visited(page: Page, site: str) -> Iterator[str]:
    for name in PAGES:
        page.goto(f"{site}/{name}")
        yield name or "front"


@pytest.mark.parametrize("language", ["et", "en", "ru"])
@LOOKS
def test_nobody_is_shut_out(browser: Browser, site: str, looks: list[tuple[str, str]], language: str) -> None:
    """Axe finds nothing, nothing is wider than the screen, and nothing comes from another site."""
    context = browser.new_context(reduced_motion="reduce", locale=language)
    page, complaints = watched(context, site)
    folder = os.environ.get("DONATIONS_SCREENSHOTS")
    for name in in_turn(page, _visited(page, site), looks):
        shuts_nobody_out(page, name)
        if folder:
            page.screenshot(path=Path(folder) / f"public-{name}-{language}.png", full_page=True)
    assert complaints == []
    context.close()


def test_script_only_adds_the_buttons_and_a_code_to_the_box(browser: Browser, site: str) -> None:
    texts = []
    for with_script in (True, False):
        context = browser.new_context(java_script_enabled=with_script, locale="en-GB")
        page, complaints = watched(context, site)
        page.goto(site)
        if with_script:
            page.evaluate("document.getElementById('give-box').scrollIntoView()")
            page.locator("#give-box:not([data-own-code])").wait_for()
        box, whole = page.inner_text("#give-box"), page.inner_text("main")
        assert ("is a code of your own" in box) is with_script
        texts.append(whole.replace(box, ""))
        assert page.get_by_role("button", name="Copy: Account (IBAN)").count() == with_script
        assert complaints == []
        context.close()
    assert texts[0] == texts[1]


def test_the_transfer_is_copied_by_one_tap_on_a_telephone_and_its_code_saved(browser: Browser, site: str) -> None:
    context = browser.new_context(
        locale="en-GB", permissions=["clipboard-read", "clipboard-write"], viewport={"width": 390, "height": 844}
    )
    page, complaints = watched(context, site)
    page.goto(site)
    page.evaluate("document.getElementById('give-box').scrollIntoView()")
    page.locator("#give-box:not([data-own-code])").wait_for()  # what is clicked must not be changed by then
    button = page.get_by_role("button", name="Copy: Account (IBAN)")
    button.click()
    button.filter(has_text="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "EE382200221020145685"
    page.get_by_text("Copy all").click()
    page.locator("button[data-said]", has_text="Copied").nth(1).wait_for()
    lines = page.evaluate("navigator.clipboard.readText()").split("\n")
    assert lines[:2] == ["Payee: MTÜ Rohutirts", "Account (IBAN): EE382200221020145685"]
    assert lines[2].startswith("Explanation: Annetus ")
    assert not page.locator("svg.qr").first.is_visible()  # a telephone does not see its own screen
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save as a picture").first.click()
    read = zxingcpp.read_barcode(Image.open(saved.value.path()))
    assert read is not None
    assert read.text.split("\n")[-1] == lines[2].removeprefix("Explanation: ")
    assert complaints == []
    context.close()


def test_on_paper_it_says_how_to_give(browser: Browser, site: str) -> None:
    context = browser.new_context(locale="en-GB")
    page, _ = watched(context, site)
    page.goto(site)
    page.emulate_media(media="print")
    for seen in ("EE38 2200 2210 2014 5685", "Given in all", "Agrees with the bank to the cent"):
        assert page.get_by_text(seen).first.is_visible()
    assert page.locator("svg.qr").first.is_visible()
    assert not page.get_by_role("button").first.is_visible()
    context.close()
