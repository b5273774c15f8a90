"""The treasurer's whole evening in a real browser, in each language, on a desk and on a phone, in light and dark.

On SQLite only: a browser sees the same on both databases, and everything that it does is tested on both elsewhere.
DONATIONS_SCREENSHOTS names a folder for a picture of every step.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine
from tests.conftest import HOST_KEY, FreshEngine
from tests.examples import in_assurance
from tests.web.browsing import SCREENS, app_over, browser, press, served, watched
from tests.web.conftest import Clock, enter
from tests.web.reader import NAME, Reader

from donations.access.person import Role
from donations.acts.proving import proofs
from donations.core.calendar import Month
from donations.core.language import Language
from donations.demo.evenings import Evenings
from donations.demo.story import LEFT_OUT, Plot, Story, tell
from donations.reports.checking import check
from donations.reports.month import figures
from donations.store.given import GiftScope
from donations.store.giving.gift_sums import sums
from donations.store.opening import open_engine
from donations.store.session import reading
from donations.views.formats import amount
from donations.web.filters import capital

__all__ = ["browser"]

pytestmark = pytest.mark.browser

MONTHS = 4
NOW = datetime(2026, 7, 5, 17, 30, tzinfo=UTC)
JUNE, FIRST_OPEN = Month(2026, 6), Month(2026, 4)
BROWSER_LOCALES = {Language.ESTONIAN: "et-EE", Language.ENGLISH: "en-GB", Language.RUSSIAN: "ru-RU"}


@pytest.fixture(scope="module")
def story() -> Story:
    """Four months of sixty donors; among the questions are some alike, and two donors are one."""
    return tell(Plot(last=JUNE, months=MONTHS, donors=60, seed=1))


@pytest.fixture(scope="module")
def past(story: Story, fresh_sqlite: FreshEngine) -> Iterator[Path]:
    """The books as earlier evenings left them: the newest questions are open, and the last month is half there."""
    with fresh_sqlite() as engine:
        list(Evenings(engine, story, now=NOW, left_open=7).all())
        engine.dispose()
        yield Path(str(engine.url.database))


@pytest.fixture
def engine(past: Path, tmp_path: Path) -> Iterator[Engine]:
    opened = open_engine(f"sqlite:///{shutil.copyfile(past, tmp_path / 'books.sqlite')}", key=HOST_KEY)
    yield opened
    opened.dispose()


@pytest.fixture
def site(engine: Engine) -> Iterator[str]:
    app = app_over(engine, clock=Clock(NOW))
    enter(app, Role.TREASURER, name=NAME)
    with served(app) as address:
        yield address


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where somebody sits."""

    language: Language
    screen: str
    scheme: str
    has_script: bool = True

    def __str__(self) -> str:
        return f"{self.language}-{self.screen}-{self.scheme}{'' if self.has_script else '-plain'}"


@pytest.fixture
def reader(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Reader]:
    setting: Setting = request.param
    context = browser.new_context(
        viewport=SCREENS[setting.screen],  # type: ignore[arg-type]
        is_mobile=setting.screen == "phone",
        has_touch=setting.screen == "phone",
        color_scheme=setting.scheme,  # type: ignore[arg-type]
        java_script_enabled=setting.has_script,
        locale=BROWSER_LOCALES[setting.language],
        reduced_motion="reduce",
    )
    context.set_default_timeout(20_000)
    page, complaints = watched(context, site)
    folder = os.environ.get("DONATIONS_SCREENSHOTS", "")
    yield Reader(page=page, language=setting.language, pictures=folder and str(Path(folder) / str(setting)))
    assert [each for each in complaints if "401" not in each] == []  # the first page asks to sign in
    context.close()


WITH_SCRIPT = [
    Setting(language=Language.RUSSIAN, screen="phone", scheme="dark"),
    *in_assurance(
        Setting(language=Language.ESTONIAN, screen="desk", scheme="light"),
        Setting(language=Language.ENGLISH, screen="desk", scheme="dark"),
    ),
]
PLAIN = [Setting(language=Language.ESTONIAN, screen="desk", scheme="light", has_script=False)]


def given_in(engine: Engine, month: Month) -> int:
    with reading(engine) as session:
        found = sums(session, GiftScope(first_day=month.first_day, last_day=month.last_day))
        return sum(each.minor for each in found)


def new_lines(story: Story) -> int:
    """Count what the files to upload show for the first time."""
    return sum((each.bank, Month.of(each.day)) == (LEFT_OUT, JUNE) for each in story.movements)


def assert_books_hold(engine: Engine) -> None:
    with reading(engine) as session:
        assert check(session).broken == frozenset()


@pytest.mark.parametrize("reader", WITH_SCRIPT, ids=str, indirect=True)
def test_a_whole_evening(reader: Reader, site: str, engine: Engine, story: Story) -> None:
    before = given_in(engine, JUNE)
    reader.page.goto(site)
    reader.look("public")
    reader.sign_in(site)
    reader.look("start")

    reader.upload(story)
    reader.look("preview")
    tally = reader.page.locator(".tally.great").inner_text()
    assert reader.counted("%(num)s new line", "%(num)s new lines", new_lines(story)) in tally
    reader.commit()
    reader.look("imported")
    assert amount(given_in(engine, JUNE) - before) in tally

    answer_the_list(reader, site)
    answer_one_by_one(reader, site)
    merge_and_part(reader, site)
    close_and_reopen(reader, site, engine)

    for path in ("months", "coverage", "ledger", "imports"):
        reader.page.goto(f"{site}/treasurer/{path}")
        reader.look(path)
    reader.page.goto(f"{site}/treasurer")
    reader.look("start-afterwards")
    reader.sign_out()
    reader.look("signed-out")
    assert_books_hold(engine)


def answer_the_list(reader: Reader, site: str) -> None:
    """Answer from the list by keys, and take it back."""
    page = reader.page
    page.goto(f"{site}/treasurer/questions")
    reader.look("questions")
    articles = page.get_by_role("article")
    asked = articles.count()
    press(page, "?")
    keys = page.get_by_role("dialog", name=reader.words("Keys"))
    expect(keys).to_be_visible()
    reader.look("keys")
    press(page, "Escape")
    expect(keys).to_be_hidden()
    press(page, "j")
    expect(articles.nth(1).get_by_role("heading")).to_be_focused()
    press(page, "k")
    expect(articles.first.get_by_role("heading")).to_be_focused()
    press(page, "1")
    expect(page.get_by_role("status")).to_contain_text(reader.words("Booked:"))
    expect(articles).to_have_count(asked - 1)
    reader.look("answered")
    press(page, "u")
    expect(page.get_by_role("status")).to_have_text(
        reader.words("Taken back. The books are as they were before that answer.")
    )
    expect(articles).to_have_count(asked)
    press(page, "j")  # there are others like the first
    press(page, "1")
    expect(articles).to_have_count(asked - 1)


def answer_one_by_one(reader: Reader, site: str) -> None:
    """Answer those alike at once, put one aside, and explain one in words."""
    page = reader.page
    page.goto(f"{site}/treasurer/questions")
    press(page, "o")
    page.wait_for_url("**/questions/*")
    reader.look("question")
    press(page, "a")
    page.wait_for_url("**/alike")
    reader.look("alike")
    alike = page.get_by_role("checkbox", checked=True).count()
    assert alike > 2
    reader.press("Book the ticked ones")
    expect(page.get_by_role("status")).to_contain_text(reader.counted("%(num)s payment", "%(num)s payments", alike))
    press(page, "h")
    reader.look("putting-aside")
    reader.fill("Note", "Küsisin e-kirjaga.")
    reader.press("Put it aside")
    expect(page.get_by_role("status")).to_contain_text(
        reader.words("Put aside. It waits under “On hold”, and nothing was booked.")
    )
    press(page, "e")
    reader.fill("Reason, if you like", "Ütles telefonis, et see on annetus.")
    reader.look("another-answer")
    reader.press("Book this answer")
    expect(page.get_by_role("status")).to_contain_text(reader.words("Booked:"))
    page.goto(f"{site}/treasurer/questions/held")
    expect(page.get_by_role("button", name=reader.words("Bring it back"))).to_have_count(1)
    reader.look("held")


def merge_and_part(reader: Reader, site: str) -> None:
    """Merge the two that look alike, having seen what it comes to, and take them apart again."""
    page = reader.page
    page.goto(f"{site}/treasurer/donors")
    reader.look("donors")
    page.goto(f"{site}/treasurer/donors/duplicates")
    reader.look("duplicates")
    reader.follow("Look at merging them")
    reader.heading("Are they the same?").wait_for()
    reader.look("merge")
    reader.press("Same donor: merge")
    reader.heading("Name, and who is the same").wait_for()
    reader.look("donor")
    reader.follow("Take apart …")
    reader.heading("Take them apart?").wait_for()
    reader.look("apart")
    reader.press("Two donors: separate")
    expect(page.get_by_text(reader.words("taken apart"))).to_be_visible()


def close_and_reopen(reader: Reader, site: str, engine: Engine) -> None:
    """Close a month although a question of it was put aside, and open it again."""
    page = reader.page
    page.goto(f"{site}/treasurer/months/{FIRST_OPEN}")
    expect(page.get_by_role("heading", level=1)).to_have_text(capital(reader.month(FIRST_OPEN)))
    reader.look("month")
    assert_month_is_the_reports(page, engine)
    reader.close(site, FIRST_OPEN, reason="Üks küsimus ootab vastust.")
    reader.look("month-closed")
    assert_month_is_the_reports(page, engine)
    page.locator("summary", has_text=reader.words("Open this month again")).click()
    reader.fill("Why it is opened again", "Vastus tuli.")
    reader.press("Open %(month)s again", month=reader.month(FIRST_OPEN))
    page.locator("#close").wait_for()
    reader.look("month-opened-again")


def assert_month_is_the_reports(page: Page, engine: Engine) -> None:
    with reading(engine) as session:
        found = figures(session, FIRST_OPEN, proofs(session))
    bank = page.locator("section", has=page.locator("#bank")).inner_text()
    for account in found.accounts:
        stated = (account.opening, account.money_in, account.money_out, account.closing)
        for minor in (*stated, *account.purposes.values(), account.unallocated):
            assert not minor or amount(minor) in bank
    appeals = page.locator("section", has=page.locator("#appeals")).inner_text()
    assert all(amount(each.given) in appeals for each in found.appeals)
    assert found.accounts
    assert found.appeals


@pytest.mark.parametrize("reader", PLAIN, ids=str, indirect=True)
def test_the_essential_path_needs_no_script(reader: Reader, site: str, engine: Engine, story: Story) -> None:
    page = reader.page
    reader.sign_in(site)
    reader.upload(story)
    reader.commit()
    page.goto(f"{site}/treasurer/questions")
    articles = page.get_by_role("article")
    asked = articles.count()
    for _ in range(asked):
        articles.first.get_by_role("listitem").get_by_role("button").first.click()
    reader.press("Take it back")
    expect(articles).to_have_count(1)
    articles.first.get_by_role("listitem").get_by_role("button").first.click()
    expect(articles).to_have_count(0)
    reader.close(site, FIRST_OPEN)
    reader.sign_out()
    assert_books_hold(engine)
