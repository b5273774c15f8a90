"""How few clicks and keys lead to people: certificates sent, a payment found from anywhere, how to give copied."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext
from sqlalchemy import Engine
from tests.acts.test_publishing import LATER, agreed, gifts_in, lived, published
from tests.book import NOW, Book, gift, statement
from tests.mail_server import mail_server_running
from tests.web.browsing import SCREENS, app_over, browser, engine, press, served, shuts_nobody_out, watched
from tests.web.conftest import Clock, enter
from tests.web.test_papers_clicks_browser import Clicks, account

from donations.access.person import Role
from donations.acts.closing import close
from donations.core.calendar import Month
from donations.core.donor_field import EMAIL
from donations.store.donors.donor_facts import set_field
from donations.store.mail import MailSecurity, MailServer, set_mail_server
from donations.store.publishing import PublishingTerms
from donations.store.session import writing
from donations.web.browser import LOCAL_COOKIE

__all__ = ["browser", "engine"]

pytestmark = pytest.mark.browser

DONORS = 300
NAMES = [f"Annetaja {chr(65 + at // 26)}{chr(97 + at % 26)}" for at in range(DONORS)]


def given_by_many(engine: Engine, port: int) -> None:
    """Let three hundred people with addresses have given in January 2026, and January be closed."""
    book = Book(engine)
    given = [gift("01-05", 1_000 + at, name, account(at)) for at, name in enumerate(NAMES)]
    book.take(statement("01-01", "01-31", *given, opening=0))
    with writing(engine) as session:
        close(session, Month(2026, 1), by="treasurer", now=NOW, today=date(2027, 1, 10), reasons=lambda _: "why not")
        for at, name in enumerate(NAMES):
            set_field(session, book.donor(name), EMAIL, f"donor{at}@example.ee", by="treasurer", at=NOW)
        server = MailServer(
            host="127.0.0.1", port=port, security=MailSecurity.NONE, username="", password="", sender="fond@example.ee"
        )
        set_mail_server(session, server, by="treasurer", at=NOW)


def entered(context: BrowserContext, site: str, secret: str) -> None:
    context.add_cookies([{"name": LOCAL_COOKIE, "value": secret, "url": site}])


def test_three_hundred_certificates_are_sent_with_five_clicks(browser: Browser, engine: Engine, clock: Clock) -> None:
    """From the list of reports to the last message taken by a mail server that knows nothing of ours."""
    clock.now = datetime(2027, 1, 10, 12, tzinfo=UTC)
    with mail_server_running() as mail:
        given_by_many(engine, mail.port)
        app = app_over(engine, clock=clock)
        secret = enter(app, Role.TREASURER, name="Laine Laekur")
        with served(app) as site, browser.new_context(locale="en", reduced_motion="reduce") as context:
            entered(context, site, secret)
            page, complaints = watched(context, site)
            page.goto(f"{site}/treasurer/reports")
            clicks = Clicks()
            clicks(page.get_by_role("link", name="Certificates").first)
            clicks(page.get_by_role("button", name="Prepare the certificates"))
            clicks(page.get_by_role("button", name=f"Issue all {DONORS} certificates"))
            clicks(page.get_by_role("link", name="Send them by e-mail"))
            page.get_by_role("heading", name="One of them").wait_for()
            shuts_nobody_out(page, "certificates by mail")
            clicks(page.get_by_role("button", name=f"Send all {DONORS} messages"))
            page.get_by_text(f"{DONORS} sent").wait_for(timeout=120_000)  # the page looks by itself
            assert (clicks.count, complaints) == (5, [])
    assert sorted(mail.recipients()) == sorted(f"donor{at}@example.ee" for at in range(DONORS))
    assert all(len(list(each.content.iter_attachments())) == 1 for each in mail.arrived)


def test_one_key_and_typing_lead_from_any_page_to_a_payment(browser: Browser, engine: Engine) -> None:
    """Also from where one types, after Escape; and where several are alike, to all of them."""
    book = Book(engine)
    jaan = gift("01-06", 2_550, "Jaan Tamm", account(2))
    book.take(statement("01-01", "01-31", gift("01-05", 1_000), jaan, gift("01-07", 1_000)))
    donor, payment = book.donor("Jaan Tamm"), book.payment("01-06", 2_550)
    pages = ("staff", "treasurer", "treasurer/upload", "treasurer/questions", "treasurer/ledger", "treasurer/donors")
    more = (
        f"treasurer/donors/{donor}",
        "treasurer/settings",
        "treasurer/publishing",
        "treasurer/mail",
        "treasurer/inf4",
    )
    app = app_over(engine, demo=True)
    typed_in = 0
    with served(app) as site, browser.new_context(locale="en", reduced_motion="reduce") as context:
        page, complaints = watched(context, site)
        for path in (*pages, *more):
            for is_typing in (False, True):
                page.goto(f"{site}/{path}")
                field = page.locator("main :is(input:not([type=hidden],[type=file]), textarea, select)")
                if is_typing:
                    if not field.first.is_visible():
                        continue
                    field.first.focus()
                    press(page, "Escape")
                    typed_in += 1
                press(page, "/")
                page.keyboard.type("25,50\n")
                page.wait_for_url(f"**/treasurer/payments/{payment}")
        page.keyboard.press("/")
        page.keyboard.type("10\n")
        page.get_by_role("heading", name="Payments").wait_for()
        assert page.get_by_role("cell", name="10,00").count() == 2
        assert typed_in >= 5
        assert complaints == []


def test_one_tap_copies_the_transfer_on_a_phone(browser: Browser, engine: Engine, clock: Clock) -> None:
    book = Book(engine)
    agreed(book, PublishingTerms())
    lived(book, gifts_in(1, 12), gifts_in(2, 14))
    published(book)
    clock.now = LATER
    context = browser.new_context(
        viewport=SCREENS["phone"],  # type: ignore[arg-type]
        has_touch=True,
        is_mobile=True,
        locale="en",
        permissions=["clipboard-read", "clipboard-write"],
    )
    with served(app_over(engine, clock=clock)) as site, context:
        page, complaints = watched(context, site)
        page.goto(f"{site}/give")
        word = page.locator("#give-word-1").inner_text()
        page.get_by_role("button", name="Copy all").tap()
        page.locator("button[data-said]", has_text="Copied").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        for part in (
            "MTÜ Rohutirts",
            page.locator("#give-iban").inner_text().replace("\xa0", "").replace(" ", ""),
            word,
        ):
            assert part in copied, copied
        shuts_nobody_out(page, "copied on a phone")
        assert complaints == []


@pytest.mark.parametrize("screen", ["desk", "phone"])
def test_a_view_of_ones_own_is_one_click_away_and_shuts_nobody_out(
    browser: Browser, engine: Engine, screen: str
) -> None:
    Book(engine).take(statement("01-01", "01-31", gift("01-05", 1_000), gift("01-06", 2_550, "Jaan Tamm", account(2))))
    context = browser.new_context(viewport=SCREENS[screen], locale="en", reduced_motion="reduce")  # type: ignore[arg-type]
    with served(app_over(engine, demo=True)) as site, context:
        page, complaints = watched(context, site)
        page.goto(f"{site}/treasurer/ledger?text=jaan")
        page.get_by_text("Save as a view of your own").click()
        shuts_nobody_out(page, "to be kept")
        page.get_by_label("Name of the view").fill("All of Jaan")
        page.get_by_role("button", name="Save", exact=True).click()
        page.goto(f"{site}/treasurer/ledger")
        page.get_by_role("link", name="All of Jaan").click()
        page.get_by_text("Change this view").click()
        shuts_nobody_out(page, "a view of one's own")
        assert page.url.endswith("?view=1")
        assert page.get_by_role("cell", name="10,00").count() == 0
        assert complaints == []
