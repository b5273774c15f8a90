"""The summary of the evening says what was done since it began, and names nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient
from tests.book import JAAN, MARI, NOW, Book, gift, line, statement
from tests.web.conftest import Clock
from tests.web.reading_pages import hidden_of, text_of

from donations.acts.answering import answer
from donations.acts.offering import Answer
from donations.core.payment import PaymentId, Purpose
from donations.ledger.thread import evening_began
from donations.store.session import writing

EVENING = "/treasurer/evening"


@pytest.mark.parametrize(
    ("now", "began"),
    [
        pytest.param(datetime(2026, 7, 5, 18, tzinfo=UTC), datetime(2026, 7, 5, 2, tzinfo=UTC), id="summer time"),
        pytest.param(datetime(2026, 12, 1, 23, tzinfo=UTC), datetime(2026, 12, 1, 3, tzinfo=UTC), id="after midnight"),
    ],
)
def test_an_evening_begins_at_five_in_the_morning(now: datetime, began: datetime) -> None:
    assert evening_began(now) == began


def test_before_anything_is_done(client: TestClient) -> None:
    assert "Nothing was done today yet." in text_of(client.get(EVENING).text)


def test_it_says_what_was_done_this_evening_and_names_nobody(client: TestClient, book: Book, clock: Clock) -> None:
    clock.now = NOW
    asked = line("03-09", 4_000, "Keegi Kallis", MARI, "piletid")
    book.take(statement("03-01", "03-31", gift("03-05", 1_000, "Mari Maasikas", MARI), asked, opening=0))
    told = Answer(purpose=Purpose.GIFT, donor="Keegi Kallis", reason="told by phone")
    book.answer(book.payment("03-09", 4_000), told)
    form = hidden_of(client.get("/treasurer/months/2026-03").text, action="/close")
    client.post("/treasurer/months/2026-03/close", data=form)
    said = text_of(client.get(EVENING).text)
    assert "1 file read: 2 new payments." in said
    assert "2 gifts booked: 50,00 €." in said
    assert "2 donors gave for the first time." in said
    assert "1 question answered." in said
    assert "Closed: March 2026." in said
    assert "Keegi" not in said
    assert "Maasikas" not in said

    clock.now = NOW + timedelta(days=1)
    assert "Nothing was done today yet." in text_of(client.get(EVENING).text)


def test_what_was_a_gift_before_is_not_booked_again(client: TestClient, book: Book, clock: Clock) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 1_000, "Jaan Tamm", JAAN), opening=0))
    clock.now = datetime(2026, 7, 2, 3, 30, tzinfo=UTC)  # half past six in the morning
    wanted = Answer(purpose=Purpose.GIFT, donor="Uus Uudo", reason="his son")
    with writing(book.engine) as session:
        answer(session, PaymentId(book.payment("03-05", 1_000)), wanted, by="treasurer", now=clock.now)
    said = text_of(client.get(EVENING).text)
    assert "1 question answered." in said
    assert "booked" not in said
