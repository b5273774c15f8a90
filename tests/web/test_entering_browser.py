"""Coming in with a real browser: a whole first evening of accounts, passkeys, and pages that shut nobody out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pyotp
import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine
from tests.web.browsing import LOOKS, app_over, browser, engine, in_turn, served, shuts_nobody_out, watched
from tests.web.conftest import PASSWORD

from donations.access.link import make_set_up_link
from donations.store.session import writing

__all__ = ["browser", "engine"]

pytestmark = pytest.mark.browser


@pytest.fixture
def site(engine: Engine) -> Iterator[str]:
    """The real server without accounts."""
    app = app_over(engine)
    with served(app) as address:
        yield address


@pytest.fixture
def link(engine: Engine, site: str) -> str:
    with writing(engine) as session:
        return f"{site}/link/{make_set_up_link(session, now=datetime.now(UTC))}"


def set_up(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Your name").fill("Mari Mets")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("Again").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    page.wait_for_url("**/treasurer")


def sign_out(page: Page) -> None:
    page.locator("summary", has_text="Mari Mets").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_role("heading", name="Sign in").wait_for()


def add_passkey(page: Page, site: str) -> None:
    page.goto(f"{site}/account")
    page.get_by_text("Add a passkey").first.click()
    form = page.locator("form[action='/account/passkeys']")
    form.get_by_label("What you call it").fill("My phone")
    form.get_by_role("button").click()


def with_authenticator(page: Page, *, verifies: bool) -> None:
    """Give the browser a phone that confirms whatever it is asked, recognising its owner or not."""
    phone = page.context.new_cdp_session(page)
    phone.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    phone.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_and_lets_in_alone(browser: Browser, site: str, link: str) -> None:
    page, complaints = watched(browser.new_context(locale="en-GB"), site)
    set_up(page, link)
    with_authenticator(page, verifies=True)
    add_passkey(page, site)
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    code = page.locator("code.secret").first.inner_text()
    sign_out(page)

    with page.expect_request("**/sign-in/passkey/answer") as answered:
        page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/treasurer")
    sign_out(page)
    assert complaints == []

    replayed = page.request.post(
        f"{site}/sign-in/passkey/answer",
        headers={"sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded"},
        data=with_token(answered.value.post_data or "", page.input_value("input[name=token] >> nth=0")),
    )
    assert replayed.status == 401, "a challenge is answered once"

    page.goto(f"{site}/sign-in")
    page.get_by_label("Name or e-mail").fill("Mari Mets")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="One more step").wait_for()
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/treasurer")
    page.context.close()


def with_token(body: str, token: str) -> str:
    """Put the token of the page into a body that was sent with another one."""
    return "&".join(f"token={token}" if each.startswith("token=") else each for each in body.split("&"))


def test_a_device_that_does_not_know_its_owner_is_not_enough(browser: Browser, site: str, link: str) -> None:
    page = browser.new_page(locale="en-GB")
    set_up(page, link)
    with_authenticator(page, verifies=False)
    add_passkey(page, site)
    page.get_by_text("That did not work").wait_for()
    page.goto(f"{site}/account")
    assert page.get_by_text("None yet. With a passkey").count() == 1
    page.context.close()


def test_by_number_the_page_says_why_passkeys_do_not_work(browser: Browser, link: str) -> None:
    page = browser.new_page(locale="en-GB")
    set_up(page, link.replace("localhost", "127.0.0.1"))
    sign_out(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_text("Passkeys do not work here").wait_for()
    page.context.close()


@LOOKS
@pytest.mark.parametrize("with_script", [True, False], ids=["script", "no script"])
def test_accounts_shut_nobody_out(
    browser: Browser, site: str, link: str, looks: list[tuple[str, str]], *, with_script: bool
) -> None:
    """Each step works without script; with it, Axe finds nothing, and no page is wider than the screen."""
    context = browser.new_context(java_script_enabled=with_script, reduced_motion="reduce", locale="en-GB")
    page, complaints = watched(context, site)
    for name in in_turn(page, first_evening(page, site, link), looks):
        if with_script:
            shuts_nobody_out(page, name)
    assert [each for each in complaints if "401" not in each] == []
    context.close()


def first_evening(page: Page, site: str, link: str) -> Iterator[str]:
    """Set up, look around, add an app, invite somebody, sign out, and in again with both steps."""
    page.goto(f"{site}/treasurer")
    page.get_by_role("heading", name="Nobody has an account yet").wait_for()
    yield page.url
    page.goto(link)
    yield page.url
    set_up(page, link)
    page.get_by_text("More", exact=True).click()
    yield page.url
    page.goto(f"{site}/account")
    page.get_by_text("Add an app").first.click()
    yield page.url
    form = page.locator("form[action='/account/app']")
    form.get_by_role("button").click()
    key = page.locator("code.secret").inner_text()
    yield page.url
    page.get_by_label("Write the six digits").fill(pyotp.TOTP(key).now())
    page.get_by_role("button", name="Add the app").click()
    page.locator("code.secret").nth(1).wait_for()  # the key was one, the codes are several
    codes = page.locator("code.secret").all_inner_texts()
    yield page.url
    page.goto(f"{site}/admin/people")
    yield page.url
    page.locator("input[name=name]").fill("Jaan Kask")
    page.get_by_role("button", name="Make the account").click()
    page.get_by_role("heading", name="A link for Jaan Kask").wait_for()
    yield page.url
    page.goto(f"{site}/admin/people/2")
    yield page.url
    sign_out(page)
    page.get_by_label("Name or e-mail").fill("mari mets")
    page.get_by_label("Password").fill("kolm väikest kassi")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("Name or password is not right").wait_for()
    yield page.url
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="One more step").wait_for()
    yield page.url
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/treasurer")
    page.get_by_role("button", name="Русский").click()
    page.locator("html[lang=ru]").wait_for()
    yield page.url
