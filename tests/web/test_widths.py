"""No page is wider than its screen: on a desk, on a phone, and on a desk that is zoomed to 400 % (WCAG 1.4.10).

On a phone, what is pressed is 24 px high and wide (WCAG 2.5.8), and the head's words take two rows at most.
"""

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
PHONE = 390
WIDTHS = (1280, PHONE, 320)
LONGEST_WORDS = "ru-RU"
NO_PAGES = ("/api/", "/healthz", "/readyz", "/original")


def is_page(path: str) -> bool:
    """Whether it is one of ours; what has an ending is saved by the browser, or shown by itself."""
    return not PurePosixPath(path.partition("?")[0]).suffix and not any(mark in path for mark in NO_PAGES)


_WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_TOO_SMALL = r"""() => [...document.querySelectorAll("a[href], button, summary, select, input:not([type=hidden])")]
  .filter((each) => each.checkVisibility() && !each.closest(".skip, .unseen") && !each.matches("input[type=file]"))
  .map((each) => (each.matches("[type=checkbox], [type=radio]") && each.closest("label")) || each)
  .filter((each) => {
    const box = each.getBoundingClientRect();
    const around = [...each.parentElement.childNodes].filter((other) => other !== each);
    const isInText = getComputedStyle(each).display === "inline"
      && /\p{L}{3}/u.test(around.map((other) => other.textContent).join(""));
    return box.width > 0 && !isInText && Math.min(box.width, box.height) < 23.95;
  })
  .map((each) => each.outerHTML.slice(0, 120))"""
"""A link within a sentence is as high as its line; a box to tick is pressed on its words too."""
_ROWS_OF_WAYS = """() => new Set(
  [...document.querySelectorAll(".top .ways > ul > li")].map((each) => each.getBoundingClientRect().top)
).size"""


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
        too_wide, too_small, rows = [], [], dict.fromkeys(WIDTHS, 0)
        for path in pages:
            page.goto(f"{site}{path}", wait_until="domcontentloaded")
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                if wider := page.evaluate(_WIDER):
                    too_wide.append((path, width, wider))
                if width == PHONE:
                    too_small += [(path, each) for each in page.evaluate(_TOO_SMALL)]
                rows[width] = max(rows[width], page.evaluate(_ROWS_OF_WAYS))
    assert too_wide == []
    assert too_small == []
    assert (rows[1280], rows[PHONE]) == (1, 2)
