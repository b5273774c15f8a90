"""Find my gift on its page: three answers that look alike from outside, and no way to ask them all."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, event
from starlette.testclient import TestClient
from tests.acts.test_publishing import LATER, gifts_in, lived, published
from tests.book import MARI, Book, line
from tests.web.conftest import Clock, browser
from tests.web.reading_pages import text_of
from tests.written_once import written_once

from donations.access.event import FROM_ADDRESS_MAX, WINDOW, Turnstile

PAGE = "/find-my-gift"
CANARY_IBAN = "EE432200221000004321"
IN_JANUARY = {"last_four": "4321", "amount": "777,77", "day": "2026-01-11"}
IN_MARCH = {"last_four": MARI[-4:], "amount": "10", "day": "10.03.2026"}
NEVER = {"last_four": "0000", "amount": "777,77", "day": "2026-01-11"}


@pytest.fixture
def stranger(app: FastAPI) -> Iterator[TestClient]:
    """Somebody who never signed in and never asked."""
    app.state.site = replace(app.state.site, turnstile=Turnstile())
    with browser(app) as client:
        yield client


@pytest.fixture
@written_once
def written(book: Book) -> Book:
    """Books of which January is published, with a canary in every field that a bank fills."""
    canary = line("01-11", 77_777, "Canary Bird", CANARY_IBAN, "annetus canarytext", code="38001085718")
    lived(book, [*gifts_in(1, 12, minor=51_000), canary], gifts_in(2, 12), gifts_in(3, 12))
    published(book)
    return book


@pytest.fixture
def shown(written: Book, clock: Clock) -> Book:
    """The books when all of it is over."""
    clock.now = LATER
    return written


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (IN_JANUARY, "It is part of the published sum: January 2026."),
        (
            IN_JANUARY | {"amount": " 777.77 € ", "last_four": "43 21"},
            "It is part of the published sum: January 2026.",
        ),
        (IN_MARCH, "It is in no published month yet"),
        (NEVER, "No such gift is in the books."),
    ],
)
@pytest.mark.usefixtures("shown")
def test_a_donor_learns_whether_and_where(stranger: TestClient, asked: dict[str, str], said: str) -> None:
    answer = stranger.post(PAGE, data=asked)
    assert said in text_of(answer.text)
    assert (str(answer.url.path), answer.url.query, answer.headers["cache-control"]) == (PAGE, b"", "no-store")


@pytest.mark.usefixtures("shown")
def test_answers_tell_nothing_else(stranger: TestClient, engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    """The same questions to the database, the same length, no cookie, and no word of a donor or of the form."""
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    shapes = set()
    with caplog.at_level(logging.DEBUG, logger="donations"):
        for form in (IN_JANUARY, IN_MARCH, NEVER):
            asked.clear()
            answer = stranger.post(PAGE, data=form)
            shapes.add((answer.status_code, len(answer.content), tuple(asked), tuple(answer.headers)))
            words = ("Canary", "canary", "38001085718", "4321", "77777", "777,77", "0000", "Donor 1")
            assert not [word for word in words if word in answer.text + repr(answer.headers) + caplog.text]
            assert "set-cookie" not in answer.headers
    assert len(shapes) == 1


@pytest.mark.parametrize(
    "changed",
    [
        *({"last_four": "123"}, {"last_four": CANARY_IBAN}, {"last_four": "%%%%"}, {"last_four": ""}),
        *({"amount": "many"}, {"amount": "-5"}, {"amount": "0"}, {"amount": ""}),
        *({"day": "yesterday"}, {"day": "31.02.2026"}, {"day": "0001-01-01"}, {"day": ""}),
        {"day": "1.1.99999999999999999999"},
    ],
)
def test_what_cannot_be_read_is_said_and_not_counted(stranger: TestClient, changed: dict[str, str]) -> None:
    for _ in range(FROM_ADDRESS_MAX + 1):
        answer = stranger.post(PAGE, data=IN_JANUARY | changed)
        assert (answer.status_code, "That cannot be read." in text_of(answer.text)) == (422, True)
    assert CANARY_IBAN not in answer.text


@pytest.mark.usefixtures("shown")
def test_the_ends_of_accounts_cannot_be_tried_out(stranger: TestClient, clock: Clock) -> None:
    """Ten thousand are possible; the right one is far behind what is answered."""
    tried = [stranger.post(PAGE, data=IN_JANUARY | {"last_four": f"{number:04}"}) for number in range(30)]
    assert [each.status_code for each in tried] == [200] * FROM_ADDRESS_MAX + [429] * (30 - FROM_ADDRESS_MAX)
    late = stranger.post(PAGE, data=IN_JANUARY)
    assert (late.status_code, "January 2026" in late.text) == (429, False)
    clock.advance(WINDOW)
    assert "January 2026" in stranger.post(PAGE, data=IN_JANUARY).text


def test_another_site_cannot_ask_through_its_visitors(app: FastAPI) -> None:
    with browser(app) as client:
        assert client.post(PAGE, data=NEVER, headers={"sec-fetch-site": "cross-site"}).status_code == 403


@pytest.mark.usefixtures("shown")
@pytest.mark.parametrize("language", ["et", "en", "ru"])
def test_it_is_answered_in_each_language(stranger: TestClient, language: str) -> None:
    answer = stranger.post(PAGE, data=IN_JANUARY, headers={"accept-language": language})
    assert f'lang="{language}"' in answer.text
    assert '<div class="note" role="status">' in answer.text
