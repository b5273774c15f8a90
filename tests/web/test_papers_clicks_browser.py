"""How many clicks a treasurer needs for missing codes, for thanks, and to send certificates: counted in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Locator
from sqlalchemy import Engine
from tests.book import Book, gift, statement
from tests.reports.giving import code_of
from tests.web.browsing import app_over, browser, engine, served, shuts_nobody_out, watched
from tests.web.conftest import Clock

from donations.core.iban import parse_iban

__all__ = ["browser", "engine"]

pytestmark = pytest.mark.browser

NAMES = [f"{given} {family}" for given in ("Anu", "Eha", "Ilo", "Maie", "Tiit", "Uku", "Ülo") for family in (
    "Kask", "Kuusk", "Lepp", "Mänd", "Paju", "Saar", "Tamm", "Vaher", "Õun"
)]  # fmt: skip


def account(number: int) -> str:
    """Return an account number of Estonia with right check digits."""
    return next(iban for check in range(100) if (iban := parse_iban(f"EE{check:02}1010{number:012}")) is not None)


@pytest.fixture
def site(engine: Engine, clock: Clock) -> Iterator[str]:
    """The real server over the gifts of sixty-three people without a code."""
    given = [gift("01-05", 1_000 + at, name, account(at)) for at, name in enumerate(NAMES)]
    Book(engine).take(statement("01-01", "01-31", *given))
    clock.now = datetime(2026, 2, 10, 12, tzinfo=UTC)
    with served(app_over(engine, clock=clock, demo=True)) as address:
        yield address


class Clicks:
    """Clicks, and counts them."""

    def __init__(self) -> None:
        """Begin with none."""
        self.count = 0

    def __call__(self, on: Locator) -> None:
        """Click once."""
        on.click()
        self.count += 1


def test_sixty_three_codes_are_pasted_with_three_clicks_and_thanks_take_two(browser: Browser, site: str) -> None:
    assert len(NAMES) == 63
    context = browser.new_context(locale="en", reduced_motion="reduce")
    page, complaints = watched(context, site)
    clicks = Clicks()
    page.goto(f"{site}/treasurer/inf4?year=2026")
    clicks(page.get_by_label("Paste names and codes"))
    page.keyboard.insert_text("\n".join(f"{name}\t{code_of(name)}" for name in NAMES))
    clicks(page.get_by_role("button", name="Look at the lines"))
    page.get_by_role("heading", name="Whose they are 63").wait_for()
    shuts_nobody_out(page, "pasted")
    clicks(page.get_by_role("button", name="Save"))
    page.get_by_text("63 codes are kept.").wait_for()
    assert clicks.count == 3

    clicks = Clicks()
    page.goto(f"{site}/treasurer/donors")
    clicks(page.get_by_role("link", name="Whom to thank"))
    page.get_by_role("button", name="All shown are thanked").wait_for()
    shuts_nobody_out(page, "thanks")
    clicks(page.get_by_role("button", name="All shown are thanked"))
    page.get_by_text("63 donors are marked as thanked.").wait_for()
    assert (clicks.count, complaints) == (2, [])
    context.close()
