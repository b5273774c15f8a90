"""How many clicks a treasurer needs for missing codes, for thanks, and to send certificates: counted in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Locator
from sqlalchemy import Engine
from tests.book import Book, gift, statement
from tests.mail_server import TestMailServer, mail_server_running
from tests.reports.giving import code_of
from tests.web.browsing import app_over, browser, engine, served, shuts_nobody_out, watched
from tests.web.conftest import Clock, enter

from donations.access.person import Role
from donations.acts.closing import close
from donations.core.calendar import Month
from donations.core.donor_field import DONOR_FIELDS
from donations.core.iban import parse_iban
from donations.store.donors.donor_facts import set_field
from donations.store.mail import MailSecurity, MailServer, set_mail_server
from donations.store.organisation import Letterhead, set_papers
from donations.store.session import writing
from donations.web.browser import LOCAL_COOKIE

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


@dataclass
class Sending:
    """Where the real server is, whose browser comes in, and what the server of mail got."""

    site: str
    secret: str
    mail: TestMailServer


@pytest.fixture
def sending(engine: Engine, clock: Clock) -> Iterator[Sending]:
    """A closed year of three hundred people whose e-mail is known."""
    book = Book(engine)
    names = [f"{one} {other}" for one in NAMES for other in ("Aas", "Org", "Soo", "Mägi", "Nurm")][:300]
    given = [gift("01-05", 1_000 + at, name, account(at)) for at, name in enumerate(names)]
    book.take(statement("01-01", "01-31", *given, opening=0))
    clock.now = datetime(2027, 1, 10, 12, tzinfo=UTC)
    email = next(field for field in DONOR_FIELDS if field.key == "email")
    with mail_server_running() as mail:
        server = MailServer(
            host="127.0.0.1",
            port=mail.port,
            security=MailSecurity.NONE,
            username="",
            password="",
            sender="a@example.ee",
        )
        with writing(engine) as session:
            close(session, Month(2026, 1), by="a", now=clock.now, today=clock.now.date(), reasons=lambda _: "known")
            set_papers(session, Letterhead(signer="Mari Mets"), by="a", at=clock.now)
            set_mail_server(session, server, by="a", at=clock.now)
            for at, name in enumerate(names):
                set_field(session, book.donor(name), email, f"giver{at}@example.ee", by="a", at=clock.now)
        app = app_over(engine, clock=clock)
        secret = enter(app, Role.TREASURER, name="treasurer")
        with served(app) as address:
            yield Sending(address, secret, mail)


def test_three_hundred_certificates_are_sent_with_four_clicks(browser: Browser, sending: Sending) -> None:
    context = browser.new_context(locale="en", reduced_motion="reduce")
    context.add_cookies([{"name": LOCAL_COOKIE, "value": sending.secret, "url": sending.site}])
    page, complaints = watched(context, sending.site)
    clicks = Clicks()
    page.goto(f"{sending.site}/treasurer/certificates?year=2026")
    clicks(page.get_by_role("button", name="Prepare the certificates"))
    clicks(page.get_by_role("button", name="Issue all 300 certificates"))
    clicks(page.get_by_role("link", name="Send them by e-mail"))
    clicks(page.get_by_role("button", name="Send all 300 messages"))
    page.get_by_text("Being sent").wait_for()
    shuts_nobody_out(page, "being sent")
    page.get_by_text("300 sent").wait_for(timeout=120_000)
    assert (clicks.count, complaints) == (4, [])
    assert sorted(sending.mail.recipients()) == sorted(f"giver{at}@example.ee" for at in range(300))
    context.close()
