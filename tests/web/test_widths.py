"""No page is wider than its screen: on a desk, on a phone, and on a desk that is zoomed to 400 % (WCAG 1.4.10)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import PurePosixPath

import pytest
from benchmarks.routes import addresses
from playwright.sync_api import Browser
from sqlalchemy import Engine
from tests.web.browsing import app_over, browser, engine, served
from tests.web.conftest import Clock, enter

from donations.access.person import Role
from donations.core.calendar import Month
from donations.demo.evenings import Evenings
from donations.demo.story import Plot, tell
from donations.web.browser import LOCAL_COOKIE

__all__ = ["browser", "engine"]

pytestmark = pytest.mark.browser

NOW = datetime(2026, 7, 5, 17, 30, tzinfo=UTC)
WIDTHS = (1280, 390, 320)
LONGEST_WORDS = "ru-RU"
NO_PAGES = ("/api/", "/healthz", "/readyz", "/original")


def is_page(path: str) -> bool:
    """Whether it is one of ours; what has an ending is saved by the browser, or shown by itself."""
    return not PurePosixPath(path.partition("?")[0]).suffix and not any(mark in path for mark in NO_PAGES)


_WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_no_page_is_wider_than_its_screen(browser: Browser, engine: Engine) -> None:
    list(Evenings(engine, tell(Plot(last=Month(2026, 6), months=2, donors=25, seed=1)), now=NOW, left_open=5).all())
    app = app_over(engine, clock=Clock(NOW))
    secret = enter(app, Role.TREASURER, Role.ADMIN, name="Laine Laekur")
    asked = (each.path for each in addresses(app, engine, {"person_id": "1"}) if each.path)
    pages = [each for each in asked if is_page(each)]
    assert len(pages) > 30
    with served(app) as site, browser.new_context(locale=LONGEST_WORDS, reduced_motion="reduce") as context:
        context.add_cookies([{"name": LOCAL_COOKIE, "value": secret, "url": site}])
        page = context.new_page()
        too_wide = []
        for path in pages:
            page.goto(f"{site}{path}", wait_until="domcontentloaded")
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                if wider := page.evaluate(_WIDER):
                    too_wide.append((path, width, wider))
    assert too_wide == []
