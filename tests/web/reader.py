"""Somebody who sits before a page, reads one language, looks closely at everything, and goes the usual ways."""

from __future__ import annotations

from dataclasses import dataclass

from babel.dates import format_date
from playwright.sync_api import FilePayload, Locator, Page
from tests.web.browsing import shuts_nobody_out
from tests.web.conftest import PASSWORD
from tests.web.untranslated import untranslated

from donations.core.calendar import Month
from donations.core.language import Language
from donations.demo.story import Folder, Story
from donations.views.language import catalogue

NAME = "Kadri"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A treasurer with an account."""

    page: Page
    language: Language
    pictures: str

    def words(self, message: str, **values: object) -> str:
        """Return a text of ours in the reader's language."""
        said = catalogue(self.language).gettext(message)
        return said % values if values else said

    def month(self, month: Month) -> str:
        """Return a month as the reader's language writes it."""
        return format_date(month.first_day, "LLLL y", "en_GB" if self.language is Language.ENGLISH else self.language)

    def counted(self, one: str, many: str, count: int) -> str:
        """Return a text of ours that depends on a count."""
        return catalogue(self.language).ngettext(one, many, count) % {"num": count}

    def heading(self, message: str, **values: object) -> Locator:
        """Find a heading."""
        return self.page.get_by_role("heading", name=self.words(message, **values))

    def press(self, message: str, **values: object) -> None:
        """Press the first button that says so."""
        self.page.get_by_role("button", name=self.words(message, **values)).first.click()

    def follow(self, message: str, **values: object) -> None:
        """Follow the first link that says so."""
        self.page.get_by_role("link", name=self.words(message, **values)).first.click()

    def fill(self, label: str, text: str) -> None:
        """Fill the first field in sight with this label."""
        self.page.get_by_label(self.words(label)).locator("visible=true").first.fill(text)

    def look(self, step: str) -> None:
        """Nobody is shut out, nothing is cut off, nothing is in another language; and take a picture."""
        if self.pictures:
            self.page.screenshot(path=f"{self.pictures}-{step}.png", full_page=True)
        assert self.page.locator("html").get_attribute("lang") == self.language
        shuts_nobody_out(self.page, step)
        assert untranslated(self.page, self.language) == [], step

    def sign_in(self, site: str) -> None:
        """Come to a page that is not public, and sign in with name and password."""
        self.page.goto(f"{site}/treasurer")
        self.heading("Sign in").wait_for()
        self.fill("Name or e-mail address", NAME)
        self.fill("Password", PASSWORD)
        self.press("Sign in")
        self.page.wait_for_url("**/treasurer")

    def upload(self, story: Story) -> None:
        """Preview the five files that overlap."""
        self.follow("Upload statements")
        files = Folder(story).to_upload()
        chosen = [FilePayload(name=each.name, mimeType="text/plain", buffer=each.content) for each in files]
        self.page.set_input_files("#files", chosen)
        self.press("Show me what they would do")
        self.heading("Preview: this is what would happen").wait_for()

    def commit(self) -> None:
        """Import what the preview shows."""
        self.press("Import exactly this")
        self.heading("Done: it is in the books").wait_for()

    def close(self, site: str, month: Month, *, reason: str = "") -> None:
        """Close a month, with a reason for each thing that is in the way, and look at it again."""
        self.page.goto(f"{site}/treasurer/months/{month}")
        for field in self.page.get_by_label(self.words("Or why it is set aside")).all() if reason else ():
            field.fill(reason)
        self.press("Close %(month)s all the same" if reason else "Close %(month)s", month=self.month(month))
        self.page.get_by_role("status").get_by_text(
            self.words("%(month)s is closed.", month=self.month(month))
        ).wait_for()
        self.page.goto(f"{site}/treasurer/months/{month}")
        self.heading("Corrections since").wait_for()

    def sign_out(self) -> None:
        """Sign out from any page."""
        self.page.locator("summary", has_text=NAME).click()
        self.press("Sign out")
        self.heading("Sign in").wait_for()
