"""What the script adds to the questions, in a real browser: keys, focus, and the rest of a split as one types."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine
from tests.book import JAAN, MARI, Book, line, statement
from tests.web.browsing import app_over, browser, engine, press, served, watched
from tests.web.conftest import Clock

__all__ = ["browser", "engine"]

pytestmark = pytest.mark.browser


FOUR = (
    *(line(f"03-0{number}", 1_000 * number, "Mari Mets", MARI, f"tere {number}") for number in (1, 2, 3)),
    line("03-04", 4_000, "Jaan Tamm", JAAN, "anetus"),
)
"""Three of them are alike, each in words of its own."""
SEVEN = (
    *(line(f"03-0{number}", 2_500, "Mari Mets", MARI, "Toetus") for number in range(1, 8)),
    line("03-09", 4_000, "Jaan Tamm", JAAN, "anetus"),
)
"""Seven say the same."""
TWENTY = tuple(line(f"03-{number:02}", 1_000, f"Mari {chr(96 + number)}mets", "", "annetus") for number in range(1, 21))


@pytest.fixture
def site(request: pytest.FixtureRequest, engine: Engine, clock: Clock) -> Iterator[str]:
    """The demonstration over questions, four where nothing else is said."""
    Book(engine).take(statement("03-01", "03-31", *getattr(request, "param", FOUR)))
    app = app_over(engine, clock=clock, demo=True)
    with served(app) as address:
        yield f"{address}/treasurer"


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    with browser.new_context(locale="en-GB") as context:
        opened, complaints = watched(context, site.removesuffix("/treasurer"))
        yield opened
        assert complaints == []


def test_the_list_is_walked_and_answered_by_keys(page: Page, site: str) -> None:
    page.goto(f"{site}/questions")
    press(page, "1")  # the first one is current from the beginning
    page.wait_for_url("**/questions?answered=1&current=2")
    expect(page.locator("#question-2")).to_be_focused()
    expect(page.locator("#question-2")).to_have_accessible_description(re.compile("Booked: Gift · Mari Mets"))
    expect(page.get_by_role("article")).to_have_count(3)
    press(page, "j")
    expect(page.locator("#question-3")).to_be_focused()
    press(page, "k")
    expect(page.locator("#question-2")).to_be_focused()
    press(page, "j")
    press(page, "1")
    page.wait_for_url("**/questions?answered=2&current=4")
    expect(page.locator("#question-4")).to_be_focused()
    assert Axe().run(page).violations_count == 0
    press(page, "u")
    page.wait_for_url("**/questions?done=taken_back&current=3")
    expect(page.get_by_role("article")).to_have_count(3)
    expect(page.locator("#question-3")).to_be_focused()


@pytest.mark.parametrize("site", [TWENTY], indirect=True)
def test_twenty_questions_take_at_most_twenty_two_keys(page: Page, site: str) -> None:
    page.goto(f"{site}/questions")
    keys = ["o", *20 * ["1"]]
    for key in keys:
        before = page.url
        press(page, key)
        page.wait_for_url(lambda url, before=before: url != before)  # type: ignore[misc]
    expect(page.get_by_text("Nothing waits for an answer.")).to_be_visible()
    assert len(keys) <= 22


@pytest.mark.parametrize("site", [SEVEN], indirect=True)
def test_seven_that_say_the_same_take_one_key_for_now_or_for_always(page: Page, site: str) -> None:
    page.goto(f"{site}/questions/1")
    expect(page.get_by_text("7 × +25,00 €")).to_be_visible()
    press(page, "1")
    page.wait_for_url("**/questions/8?answered=1")
    expect(page.get_by_role("status")).to_contain_text("7 payments")
    press(page, "u")
    page.wait_for_url("**/questions/1?done=taken_back")
    assert Axe().run(page).violations_count == 0
    press(page, "r")
    page.wait_for_url("**/questions/8?taught=1")
    expect(page.get_by_role("status")).to_contain_text("7 payments · 175,00 €")
    expect(page.locator("#question-8")).to_be_focused()


def test_one_question_after_the_other_by_keys(page: Page, site: str) -> None:
    page.goto(f"{site}/questions/1")
    press(page, "j")
    page.wait_for_url("**/questions/2")
    press(page, "k")
    page.wait_for_url("**/questions/1")
    press(page, "e")
    expect(page.locator("select[name=kind]")).to_be_focused()
    page.get_by_label("Reason").press_sequentially("just 1 question")  # keys do nothing while one types
    expect(page.get_by_label("Reason")).to_have_value("just 1 question")
    page.get_by_role("heading", level=1).focus()
    press(page, "h")
    expect(page.get_by_label("Until")).to_be_focused()
    page.get_by_role("heading", level=1).focus()
    press(page, "a")
    page.wait_for_url("**/payments/1/alike")
    page.get_by_role("button", name="Book the ticked ones").click()
    expect(page.get_by_role("status")).to_contain_text("3 payments")
    press(page, "u")
    page.wait_for_url("**/questions/1?done=taken_back")
    for key, place in (("s", "payments/1/split?back=question"), ("r", "payments/1/always")):
        page.goto(f"{site}/questions/1")
        press(page, key)
        page.wait_for_url(f"**/{place}")
    page.get_by_role("button", name="Save this rule").click()  # of two more it would be the answer too
    page.wait_for_url("**/questions/4?taught=1")


def test_the_keys_are_told_and_can_be_switched_off(page: Page, site: str) -> None:
    page.goto(f"{site}/questions/1")
    press(page, "?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    assert Axe().run(page).violations_count == 0
    press(page, "1")  # nor behind the dialog
    dialog.get_by_role("checkbox").uncheck()
    dialog.get_by_role("button", name="Close").click()
    page.goto(f"{site}/questions/1")
    press(page, "1")
    expect(page.locator("kbd.key").first).to_be_hidden()
    press(page, "?")
    dialog.get_by_role("checkbox").check()
    press(page, "Escape")
    expect(dialog).to_be_hidden()  # it closes a moment later, and keys do nothing until then
    press(page, "1")
    page.wait_for_url("**/questions/2?answered=1")


def test_the_rest_of_a_split_follows_what_one_types(page: Page, site: str) -> None:
    page.goto(f"{site}/payments/4/split")
    first, second = page.get_by_label("Amount").all()
    rest = page.locator("[data-rest]")
    first.fill("12,5")  # no amount yet
    expect(rest).to_have_text("40,00 €")
    first.fill("12,50")
    expect(rest).to_have_text("27,50 €")
    second.fill("30")
    expect(rest).to_have_text("−2,50 €")
    first.press("Enter")  # the first button only checks: nothing is booked by mistake
    expect(page.get_by_text("Left over: −2,50 €")).to_be_visible()
    expect(page.get_by_label("Amount").first).to_have_value("12,50")
