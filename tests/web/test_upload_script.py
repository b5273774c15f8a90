"""What the script adds to the upload form, in a real browser: dropping, pasting, removing, progress, failures."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import Engine
from tests.web.browsing import app_over, browser, engine, served
from tests.web.conftest import STATEMENTS, Clock

from donations.settings import Settings

JANUARY = STATEMENTS / "lhv-2026-01-month.xml"
SHOW = "Show me what they would do"

__all__ = ["browser", "engine"]

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, engine: Engine, clock: Clock) -> Iterator[Page]:
    """The upload form of the demonstration, which takes 100 kB."""
    settings = Settings(organisation="MTÜ Rohutirts", max_upload_bytes=100_000)
    app = app_over(engine, clock=clock, demo=True, settings=settings)
    with served(app) as site, browser.new_context(locale="en-GB") as context:
        opened = context.new_page()
        opened.goto(f"{site}/treasurer/upload")
        yield opened


def give(page: Page, kind: str, *names: str, size: int = 1) -> None:
    """Drop files on the form, or paste them, as a browser tells of it."""
    page.evaluate(
        """([kind, names, size]) => {
            const data = new DataTransfer();
            for (const name of names) data.items.add(new File(["x".repeat(size)], name));
            document.querySelector("form[data-upload]").dispatchEvent(
                kind === "paste"
                    ? new ClipboardEvent("paste", {clipboardData: data, bubbles: true})
                    : new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}),
            );
        }""",
        [kind, names, size],
    )


def chosen(page: Page) -> list[str]:
    return page.locator("[data-chosen] bdi").all_inner_texts()


def held(page: Page) -> list[str]:
    """Return what the form would send."""
    found: list[str] = page.evaluate("[...document.querySelector('#files').files].map((each) => each.name)")
    return found


def test_files_gather_however_they_come(page: Page) -> None:
    page.set_input_files("#files", str(JANUARY))
    give(page, "drop", "dropped <b>.csv", "other.xml")
    give(page, "paste", "pasted.ofx")
    assert chosen(page) == held(page) == [JANUARY.name, "dropped <b>.csv", "other.xml", "pasted.ofx"]
    expect(page.locator("[data-total]")).to_contain_text("kB of")


def test_a_file_is_removed_by_keyboard(page: Page) -> None:
    give(page, "drop", "a.xml", "b.xml")
    page.get_by_role("button", name="Remove a.xml").press("Enter")
    assert chosen(page) == held(page) == ["b.xml"]
    assert page.evaluate("document.activeElement.textContent") == "Remove b.xml"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "files"


def test_the_same_file_twice_is_pointed_out(page: Page) -> None:
    give(page, "drop", "a.xml", "b.xml", "a.xml")
    assert [each.is_visible() for each in page.locator("[data-twice]").all()] == [False, False, True]


@pytest.mark.parametrize(
    ("names", "size", "said"),
    [
        (["a.xml", "b.xml"], 60_000, "larger than one upload may be"),
        ([f"{number}.xml" for number in range(21)], 1, "More than 20 files"),
    ],
)
def test_what_would_be_refused_is_not_sent(page: Page, names: list[str], size: int, said: str) -> None:
    give(page, "drop", *names, size=size)
    expect(page.get_by_role("alert")).to_contain_text(said)
    expect(page.get_by_role("button", name=SHOW)).to_be_disabled()
    page.get_by_role("button", name=f"Remove {names[0]}", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text("", use_inner_text=True)
    expect(page.get_by_role("button", name=SHOW)).to_be_enabled()


def test_progress_is_told_and_the_preview_follows(page: Page) -> None:
    told: list[str] = []

    def hold(route: Route) -> None:
        told.append(page.get_by_role("status").inner_text())
        route.continue_()

    page.route("**/treasurer/upload", hold)
    page.set_input_files("#files", str(JANUARY))
    page.get_by_role("button", name=SHOW).click()
    page.get_by_role("heading", name="Preview").wait_for()
    assert told
    assert all("Sending" in each or "arrived" in each for each in told)


def test_how_far_the_preview_is_shows_until_it_comes(page: Page) -> None:
    """It is kept back until the page has asked twice, the second time a process that knows nothing of it."""
    asked: list[str] = []

    def far(route: Route) -> None:
        asked.append(route.request.url)
        told = {"is_known": True, "words": "Reading file 2 of 3", "done": 1, "total": 3}
        route.fulfill(json=told if len(asked) == 1 else {"is_known": False, "words": "It is being worked on."})
        if len(asked) == 2:
            kept_back[0].continue_()

    kept_back: list[Route] = []

    def keep_back(route: Route) -> None:
        kept_back.append(route)

    page.route("**/treasurer/progress?*", far)
    page.route("**/treasurer/upload/*", keep_back)
    page.evaluate(
        """() => new MutationObserver(() => {
            const [bar, words] = document.querySelector("[data-work]").children;
            sessionStorage.seen = `${words.textContent} (${bar.value} of ${bar.max})`;
        }).observe(document.querySelector("[data-work]"), {attributes: true, childList: true, subtree: true})"""
    )
    page.set_input_files("#files", str(JANUARY))
    page.get_by_role("button", name=SHOW).click()
    page.get_by_role("heading", name="Preview").wait_for()
    assert page.evaluate("sessionStorage.seen") == "Reading file 2 of 3 (1 of 3)"
    assert asked[0].endswith(f"?of={quote(urlsplit(page.url).path, safe='')}")


def test_a_connection_that_breaks_keeps_the_files(page: Page) -> None:
    page.route("**/treasurer/upload", lambda route: route.abort())
    page.set_input_files("#files", str(JANUARY))
    page.get_by_role("button", name=SHOW).click()
    expect(page.get_by_role("alert")).to_contain_text("The connection broke off. Nothing was imported.")
    assert chosen(page) == held(page) == [JANUARY.name]
    expect(page.get_by_role("button", name=SHOW)).to_be_enabled()


def test_what_the_server_refuses_is_said_on_the_same_page(page: Page) -> None:
    page.evaluate("document.querySelector('form[data-upload]').dataset.bytesMax = 1e9")
    give(page, "drop", "large.xml", size=200_000)
    page.get_by_role("button", name=SHOW).click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was imported.")
    assert chosen(page) == ["large.xml"]
