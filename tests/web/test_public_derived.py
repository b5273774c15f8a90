"""Every figure that the public can find anywhere is a sum or a difference of published blocks: none adds a new one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.acts.test_publishing import LATER, agreed, gifts_in, lived, published
from tests.book import Book
from tests.web.conftest import Clock
from tests.written_once import written_once

from donations.acts.offering import Answer
from donations.core.payment import Purpose
from donations.published.document import Goal
from donations.store.publishing import PublishingTerms

PATHS = ("/", "/transparency.csv", "/transparency.atom", "/embed/month", "/embed/month.svg", "/embed/goal.svg")
ASKED = "/oembed.json?url=https://localhost/"
REPORTS = [
    f"/treasurer/publishing/report/{number}.{kind}?in=en" for number in (1, 2, 3) for kind in ("html", "md", "csv")
]
GOAL = 123_456_78


@pytest.fixture
@written_once
def written(book: Book) -> Book:
    """Three blocks, the second of two months and with a correction; a month that waits."""
    agreed(book, PublishingTerms(goal=Goal(minor=GOAL, text="Katus", since=date(2026, 2, 1))))
    lived(book, gifts_in(1, 12, minor=1_013), gifts_in(2, 12, minor=1_013))
    published(book)
    book.answer(book.payment("01-10", 1_013), Answer(purpose=Purpose.INCOME, reason="it was a ticket"))
    lived(book, *(gifts_in(month, 13, minor=month * 1_017) for month in (3, 4, 5)), first=3, opening=24_312)
    published(book)
    return book


@pytest.fixture
def shown(written: Book, clock: Clock) -> Book:
    """The books when all of it is over."""
    clock.now = LATER
    return written


def told_by(blocks: list[dict[str, Any]]) -> set[int]:
    """Return the sums of blocks in a row, and the differences between those of equal length."""
    runs = [
        (sum(_months(block) for block in blocks[begin:end]), sum(block["total_cents"] for block in blocks[begin:end]))
        for begin in range(len(blocks))
        for end in range(begin + 1, len(blocks) + 1)
    ]
    return {cents for _, cents in runs} | {
        abs(one - other) for months, one in runs for months_of_other, other in runs if months == months_of_other
    }


def _months(block: dict[str, Any]) -> int:
    return int(block["last_day"][5:7]) - int(block["first_day"][5:7]) + 1


def amounts(text: str) -> Iterator[int]:
    """Yield all that is written with two decimals, in cents."""
    for euros, cents in re.findall(
        r"(?<![\d.,-])(\d{1,3}(?:[ \N{NO-BREAK SPACE}]\d{3})+|\d+)[.,](\d{2})(?![\d.])", text
    ):
        yield int(re.sub(r"\D", "", euros)) * 100 + int(cents)


@pytest.mark.usefixtures("shown")
def test_no_page_file_card_or_report_shows_another_figure(client: TestClient) -> None:
    document = client.get("/transparency.json").json()
    blocks = document["blocks"]
    assert len(blocks) == 3
    allowed = told_by(blocks) | {GOAL, 0}
    for path in (*PATHS, ASKED, *REPORTS):
        text = client.get(path).text
        found = {*amounts(text.replace(",", ";") if ".csv" in path else text)}
        assert found <= allowed, path
        assert found or path == ASKED
    assert document["total_cents"] in allowed
    assert not [block for block in blocks if "donors" in block or block["donors_at_least"] % 5]


@pytest.mark.usefixtures("shown")
def test_a_figure_of_the_living_books_would_be_found(client: TestClient) -> None:
    """The control: the page with what was closed since has one that no block tells."""
    allowed = told_by(client.get("/transparency.json").json()["blocks"]) | {GOAL, 0}
    waiting = 13 * 5_085
    page = client.get("/").text + f"<p>{waiting // 100},{waiting % 100:02} €</p>"
    assert {*amounts(page)} - allowed == {waiting}
