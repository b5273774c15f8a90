"""Reports, the tax list, certificates and the journal in a real browser: nobody is shut out, nothing overflows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from threading import Event

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine
from tests.book import JAAN, OWN, Book, gift, line, statement
from tests.reports.giving import code_of
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
from tests.web.conftest import Clock

from donations.acts.closing import close
from donations.core.calendar import Month
from donations.documents import certificate
from donations.documents.certificate import paper
from donations.store.session import writing

__all__ = ["browser", "engine"]

pytestmark = pytest.mark.browser

PAGES = [
    "reports",
    "reports/months?all=true",
    "reports/reconciliation?all=true",
    "reports/gifts?all=true",
    "inf4?year=2026",
    "certificates?year=2026",
    "certificates/2026/issue",
    "certificates/2026/papers",
    "journal",
]


@pytest.fixture
def site(engine: Engine, clock: Clock) -> Iterator[str]:
    """The real server over two months, with days missing between them."""
    book = Book(engine)
    mari = gift("01-05", 1_000, code=code_of("Mari Mets"))
    book.take(statement("01-01", "01-31", mari, gift("01-06", 2_000, "Jaan Tamm", JAAN), opening=10_000))
    book.take(statement("03-01", "03-31", gift("03-05", 123_456), line("03-07", -250, "Pood"), opening=20_000))
    app = app_over(engine, clock=clock, demo=True)
    with served(app) as address:
        yield address


def _opened(page: Page, site: str) -> Iterator[str]:
    for path in PAGES:
        page.goto(f"{site}/treasurer/{path}")
        page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
        yield path


@LOOKS
def test_everybody_can_read_the_papers(browser: Browser, site: str, looks: list[tuple[str, str]]) -> None:
    context = browser.new_context(reduced_motion="reduce", locale="en")
    page, complaints = watched(context, site)
    for name in in_turn(page, _opened(page, site), looks):
        shuts_nobody_out(page, name)
    assert complaints == []
    context.close()


def test_a_treasurer_takes_papers_along_without_script(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en", accept_downloads=True)
    page, _ = watched(context, site)
    page.goto(f"{site}/treasurer/reports")
    page.get_by_role("link", name="Gifts", exact=True).click()
    page.get_by_label("From").fill("2026-01-01")
    page.get_by_label("To").fill("2026-01-31")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("heading", name="Gifts, January 2026").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename == "gifts-2026-01.pdf"

    page.goto(f"{site}/treasurer/inf4?year=2026")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save this list and download it").click()
    assert download.value.suggested_filename == "inf4-2026-1.xlsx"

    page.goto(f"{site}/treasurer/journal")
    page.get_by_text("Change these", exact=True).click()
    page.get_by_label("Gift", exact=True).fill("3111")
    page.get_by_label(OWN[-4:]).fill("1020")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("cell", name="1020").first.wait_for()
    context.close()


@WAYS
def test_a_treasurer_watches_how_certificates_are_made(
    browser: Browser, site: str, engine: Engine, clock: Clock, screen: str, *, with_script: bool
) -> None:
    clock.now = datetime(2027, 1, 10, 12, tzinfo=UTC)
    with writing(engine) as session:
        for month in (Month(2026, 1), Month(2026, 3)):
            close(
                session,
                month,
                by="treasurer",
                now=clock.now,
                today=date(2027, 1, 10),
                reasons=lambda _: "days are missing",
            )
    context = browser.new_context(
        viewport=SCREENS[screen],  # type: ignore[arg-type]
        java_script_enabled=with_script,
        locale="en",
    )
    page, complaints = watched(context, site)
    go_on = Event()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(certificate, "paper", lambda each, **named: (go_on.wait(20), paper(each, **named))[1])
        page.goto(f"{site}/treasurer/certificates?year=2026")
        page.get_by_role("button", name="Prepare the certificates").click()
        page.get_by_role("button", name="Issue all 2 certificates").click()
        page.get_by_text("2 certificates were issued.").wait_for()
        page.get_by_text("0 of 2 are ready").wait_for()
        if with_script:
            shuts_nobody_out(page, "progress")
        page.get_by_role("link", name="Look again").click()
        page.get_by_text("0 of 2 are ready").wait_for()
        go_on.set()
        take = page.get_by_role("link", name="Download (ZIP)")
        for _ in range(100):
            if with_script or take.count():
                break
            page.get_by_role("link", name="Look again").click()
        take.wait_for()
    if with_script:
        shuts_nobody_out(page, "ready")
    with page.expect_download() as download:
        take.click()
    assert download.value.suggested_filename == "certificates-2026.zip"
    assert complaints == []
    context.close()
