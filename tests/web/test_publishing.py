"""Publishing on its page: what would be seen, why it waits, exactly that and nothing else, and the terms."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.acts.test_publishing import LATER, gifts_in, lived
from tests.book import NOW, Book
from tests.web.conftest import Clock, browser, enter
from tests.web.reading_pages import hidden_of, text_of
from tests.written_once import written_once

from donations.access.person import Role
from donations.acts.offering import Answer
from donations.acts.publishing import CLOSED_FOR
from donations.core.payment import Purpose

PAGE = "/treasurer/publishing"
TERMS = {"donors_min": "10", "percent": "25", "payee": "MTÜ Rohutirts", "goal": "", "goal_text": "", "goal_since": ""}


@pytest.fixture
@written_once
def written(book: Book) -> Book:
    """Books with two months that stand by themselves, and one that does not."""
    lived(book, gifts_in(1, 12), gifts_in(2, 12), gifts_in(3, 4))
    return book


@pytest.fixture
def lived_in(written: Book, clock: Clock) -> Book:
    """The books when all of it is over."""
    clock.now = LATER
    return written


def promised(client: TestClient) -> dict[str, str]:
    return hidden_of(client.get(PAGE).text, action=PAGE)


@pytest.mark.usefixtures("lived_in")
def test_what_is_shown_is_published(client: TestClient) -> None:
    said = text_of(client.get(PAGE).text)
    for words in (
        "1 new block of months:",
        "January 2026 120,00 € at least 10",
        "February 2026 : ready, but comes out one step late",
        "March 2026 : cannot be shown by itself yet",
        "March 2026: too few donors for it to be shown by itself",
    ):
        assert words in said, words
    preview = text_of(client.get(f"{PAGE}/preview").text)
    assert "A preview: nobody else sees this yet." in preview
    done = client.post(PAGE, data=promised(client))
    assert "Published. Everybody sees it now." in text_of(done.text)
    seen = text_of(client.get("/").text)
    assert preview.split("Back, to publish it or not ")[1] == seen
    assert "Nothing: the public sees everything that may be shown." in text_of(client.get(PAGE).text)
    assert "Kadri" not in seen


@pytest.mark.usefixtures("lived_in")
def test_the_first_page_says_that_something_can_be_published_until_it_is(client: TestClient) -> None:
    asks = "1 block of months can be shown to everybody."
    assert asks in text_of(client.get("/treasurer").text)
    client.post(PAGE, data=promised(client))
    assert asks not in text_of(client.get("/treasurer").text)


def test_what_changed_meanwhile_is_shown_anew(client: TestClient, lived_in: Book) -> None:
    before = promised(client)
    lived_in.answer(lived_in.payment("01-10", 1_000), Answer(purpose=Purpose.INCOME, reason="it was a ticket"))
    answer = client.post(PAGE, data=before)
    assert (answer.status_code, "preview_outdated" in answer.text) == (409, True)
    like = "February 2026: too like January 2026: so few people’s giving changed that a gift could be told"
    assert like in text_of(answer.text)
    assert "Nothing is published yet." in text_of(client.get("/").text)


def test_a_month_that_was_closed_just_now_says_from_when_on(client: TestClient, book: Book) -> None:
    lived(book, gifts_in(1, 12))
    assert "it was closed just now, and mistakes show soon after closing. From 11 July 2026 on." in text_of(
        client.get(PAGE).text
    )


@pytest.mark.usefixtures("written")
def test_the_hour_at_which_a_month_is_ready_shows_although_nothing_else_changed(
    client: TestClient, clock: Clock
) -> None:
    """What was found is kept as long as the books and the day are the same; a closing grows old within a day."""
    clock.now = NOW + CLOSED_FOR - timedelta(minutes=1)
    assert "it was closed just now" in text_of(client.get(PAGE).text)
    assert "can be shown to everybody" not in text_of(client.get("/treasurer").text)
    clock.now = NOW + CLOSED_FOR
    assert "it was closed just now" not in text_of(client.get(PAGE).text)
    assert "1 block of months can be shown to everybody." in text_of(client.get("/treasurer").text)


@pytest.mark.usefixtures("lived_in")
def test_the_terms_are_kept_and_shown_once_published(client: TestClient) -> None:
    given = TERMS | {
        "payee": "Rohutirts MTÜ",
        "goal": "1 000,00 €",
        "goal_text": "\x01Uus\n\x00katus",
        "goal_since": "2026-01-01",
    }
    assert "Saved. The public sees it once you publish." in text_of(client.post(f"{PAGE}/terms", data=given).text)
    client.post(PAGE, data=promised(client))
    said = text_of(client.get("/").text)
    assert "Uus katus" in said
    ET.fromstring(client.get("/embed/goal.svg").content)  # noqa: S314 - our own
    assert "120 € / 1 000 € · 12 %" in said
    assert "Rohutirts MTÜ" in said
    assert "treasurer · at least 10 donors, 25 % · goal 1 000,00 €" in text_of(client.get(PAGE).text)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"donors_min": "9"}, "At least 10 donors"),
        ({"percent": "10"}, "At least 10 donors"),
        ({"payee": "M" * 71}, "at most 70 characters"),
        ({"goal": "a lot", "goal_since": "2026-01-01"}, "The goal cannot be read."),
        ({"goal": "0", "goal_since": "2026-01-01"}, "The goal cannot be read."),
        ({"goal": "1000"}, "The goal cannot be read."),
        ({"account": "99"}, "There is no such own account."),
    ],
)
def test_terms_that_cannot_be_are_not_kept(client: TestClient, changed: dict[str, str], said: str) -> None:
    answer = client.post(f"{PAGE}/terms", data=TERMS | changed)
    assert answer.status_code == (404 if "account" in changed else 422)
    assert said in text_of(answer.text)
    assert "Who changed it when" not in client.get(PAGE).text


@pytest.mark.usefixtures("lived_in")
def test_an_auditor_looks_and_publishes_nothing(app: FastAPI) -> None:
    with browser(app, enter(app, Role.AUDITOR, name="Anna")) as auditor:
        page = auditor.get(PAGE)
        assert "A treasurer can publish it." in text_of(page.text)
        assert '<form method="post" action="/treasurer' not in page.text
        assert auditor.post(PAGE, data={"promised": ""}).status_code == 403
