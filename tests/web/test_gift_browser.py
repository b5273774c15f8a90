"""The public pages and the report for readers in a real browser: on a desk and a phone, in light and dark, on paper."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine
from tests.acts.test_publishing import LATER, agreed, gifts_in, lived, published
from tests.book import NOW, Book, line
from tests.web.browsing import LOOKS, SCREENS, app_over, browser, engine, in_turn, served, shuts_nobody_out, watched
from tests.web.conftest import Clock

from donations.access import turnstile
from donations.published.document import Goal
from donations.store.organisation import AskingByAccount, set_papers
from donations.store.publishing import PublishingTerms
from donations.store.session import writing
from donations.web import arriving

__all__ = ["browser", "engine"]

pytestmark = pytest.mark.browser
JAAN = "EE432200221000004321"
CODE = re.compile("[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}")


@pytest.fixture(autouse=True)
def _asks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """All screens are one address, and one account."""
    for limit in ("FROM_ADDRESS_MAX", "ABOUT_ACCOUNT_MONTH_MAX", "ABOUT_ACCOUNT_YEAR_MAX"):
        monkeypatch.setattr(turnstile, limit, 1_000)
    monkeypatch.setattr(arriving, "STEP_SECONDS", 0.001)


@pytest.fixture
def site(engine: Engine, clock: Clock) -> Iterator[str]:
    """The real server over books of which four months are published."""
    book = Book(engine)
    agreed(book, PublishingTerms(goal=Goal(minor=100_000, text="Uus katus", since=date(2026, 1, 1))))
    jaan = line("01-11", 2_500, "Jaan", JAAN, "annetus K7QM-3TZP")
    lived(book, [*gifts_in(1, 12), jaan], *(gifts_in(month, 10 + month, minor=month * 1_000) for month in range(2, 6)))
    published(book)
    with writing(engine) as session:
        set_papers(session, AskingByAccount(is_on=True), by="treasurer", at=NOW)
    clock.now = LATER
    with served(app_over(engine, clock=clock, demo=True)) as address:
        yield address


def asked(page: Page, site: str, code: str) -> None:
    page.goto(f"{site}/find-my-gift")
    page.get_by_label("The code that you wrote into the transfer").fill(code)
    page.get_by_role("button", name="Look for it").first.click()
    page.get_by_role("status").wait_for()


def pages_of(page: Page, site: str) -> Iterator[str]:
    """Visit every page and name each."""
    for path in ("", "give", "embed/month", "embed/goal"):
        page.goto(f"{site}/{path}")
        yield path.replace("/", "-") or "public"
    page.goto(f"{site}/")
    page.get_by_role("link", name="Did my gift arrive?").first.click()
    page.get_by_role("heading", name="Did my gift arrive?").wait_for()
    yield "find-my-gift"
    asked(page, site, "annetus k7qm 3tzp")
    page.get_by_text("Yes, it arrived. Thank you.").wait_for()
    assert page.url == f"{site}/find-my-gift"
    yield "find-my-gift-published"
    asked(page, site, "X9YZ-8WVU")
    page.get_by_text("No payment with this code is in the books.").wait_for()
    yield "find-my-gift-not-received"
    page.get_by_label("IBAN of the account that you paid from").fill(JAAN)
    page.get_by_label("Amount in euros").fill("25,00")
    page.get_by_label("Day of the transfer").fill("2026-01-11")
    page.get_by_role("button", name="Look for it").last.click()
    page.get_by_text("Yes, it arrived. Thank you.").wait_for()
    assert page.url == f"{site}/find-my-gift/account"
    yield "find-my-gift-account"
    page.goto(f"{site}/treasurer/settings")
    yield "settings"
    page.goto(f"{site}/treasurer/association")
    yield "association"
    page.goto(f"{site}/treasurer/publishing/report?in=et")
    yield "report"
    page.goto(f"{site}/treasurer/publishing/embedding")
    yield "embedding"


@LOOKS
@pytest.mark.parametrize("with_script", [True, False], ids=["script", "no script"])
def test_no_page_shuts_anybody_out(
    browser: Browser, site: str, looks: list[tuple[str, str]], *, with_script: bool
) -> None:
    """Without script axe cannot look, but everything has to work; DONATIONS_SCREENSHOTS names a folder for pictures."""
    context = browser.new_context(java_script_enabled=with_script, reduced_motion="reduce", locale="en")
    page, complaints = watched(context, site)
    folder = os.environ.get("DONATIONS_SCREENSHOTS")
    for name in in_turn(page, pages_of(page, site), looks):
        if with_script:
            shuts_nobody_out(page, name)
        if folder and with_script:
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
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


@pytest.mark.parametrize("with_script", [True, False], ids=["script", "no script"])
def test_each_giver_has_a_code_in_box_square_and_what_is_copied(
    browser: Browser, site: str, *, with_script: bool
) -> None:
    """With script it is there by itself; without, a link leads to it."""
    seen = set()
    for scheme in ("light", "dark"):
        context = browser.new_context(
            viewport=SCREENS["phone"],  # type: ignore[arg-type]
            color_scheme=scheme,
            java_script_enabled=with_script,
            locale="en",
            permissions=["clipboard-read", "clipboard-write"],
        )
        page, complaints = watched(context, site)
        page.goto(site)
        box = page.locator("#give-box")
        if with_script:
            page.evaluate("document.getElementById('give-box').scrollIntoView()")
            page.locator("#give-box:not([data-own-code])").wait_for()
        else:
            page.get_by_role("link", name="Give with a code of your own").click()
        word = box.locator("#give-word-1").inner_text()
        assert word.startswith("Annetus ")
        code = word.removeprefix("Annetus ")
        assert CODE.fullmatch(code)
        assert f"{code} is a code of your own" in box.inner_text()
        page.set_viewport_size({"width": 1280, "height": 800})  # a telephone hides what it could not see itself
        drawing = Image.open(io.BytesIO(box.locator("svg.qr").first.screenshot()))
        read = zxingcpp.read_barcode(drawing)
        assert read is not None
        assert read.text.split("\n")[-1] == word
        if with_script:
            box.get_by_role("button", name="Copy: Explanation").click()
            page.locator("button[data-said]", has_text="Copied").wait_for()
            assert page.evaluate("navigator.clipboard.readText()") == word
        assert page.url in {f"{site}/", f"{site}/give"}
        assert complaints == []
        seen.add(code)
        context.close()
    assert len(seen) == 2
