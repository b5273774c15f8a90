"""Pages of appeals: nothing is public before somebody says so, and their bars know only what is published."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.acts.test_publishing import LATER, gifts_in, lived, published
from tests.book import JAAN, NOW, Book, line
from tests.web.conftest import Clock, browser
from tests.web.reading_pages import text_of
from tests.web.test_ready import inside
from tests.web.test_ready import said as said_of
from tests.written_once import written_once

from donations.acts.registering import NewNames, register
from donations.core.keyword import parse_keyword
from donations.core.statement import StatementLine
from donations.store.session import writing

ROOF = "/appeal/2"
TOLD = {"is_shown": "true", "goal": "1000,00", "text_et": "Katus laseb läbi.", "colour": "#aa3311"}
SAY = "/treasurer/settings/appeals/2/page"


def for_the_roof(month: int, *, minor: int = 2_000) -> list[StatementLine]:
    return [line(f"{month:02}-11", minor, f"Helper {number}", JAAN, "katus") for number in range(1, 13)]


@pytest.fixture
@written_once
def written(book: Book) -> Book:
    """Two months are published; twelve people gave 240 euros for the roof in each of them."""
    with writing(book.engine) as session:
        register(session, NewNames(appeal="Roof", keywords=(parse_keyword("katus"),)), now=NOW)
    lived(book, *([*gifts_in(month, 12), *for_the_roof(month)] for month in (1, 2, 3)))
    published(book)
    return book


@pytest.fixture
def roof(written: Book, clock: Clock) -> Book:
    clock.now = LATER
    return written


@pytest.mark.usefixtures("roof")
def test_it_is_public_once_it_is_said_so(client: TestClient, app: FastAPI) -> None:
    stranger = browser(app)
    assert stranger.get(ROOF).status_code == 404
    assert ROOF not in stranger.get("/").text
    assert "The public reads it from now on." in text_of(client.post(SAY, data=TOLD).text)
    page = stranger.get(ROOF)
    assert "/own/aa3311/colour.css" in page.text
    for words in ("Roof", "Katus laseb läbi.", "480 € / 1 000 € · 48 %", "Katus", "Save as a picture"):
        assert words in text_of(page.text), words
    assert "Annetus" not in text_of(page.text)
    assert f'href="{ROOF}"' in stranger.get("/").text
    client.post(SAY, data={})
    assert stranger.get(ROOF).status_code == 404


def test_what_is_not_published_moves_no_bar(client: TestClient, roof: Book) -> None:
    client.post(SAY, data=TOLD | {"begins_on": "2026-02-01"})
    before = text_of(client.get(ROOF).text)
    assert "240 € / 1 000 € · 24 %" in before
    lived(roof, for_the_roof(4, minor=9_000), first=4, opening=3 * 36_000)
    assert text_of(client.get(ROOF).text) == before
    client.post(SAY, data=TOLD | {"begins_on": "2026-04-01"})
    assert "is told as soon as nobody’s gift" in text_of(client.get(ROOF).text)


@pytest.mark.usefixtures("roof")
def test_called_otherwise_it_keeps_what_was_published(client: TestClient) -> None:
    client.post(SAY, data=TOLD)
    client.post("/treasurer/settings/appeals/2", data={"name": "New roof", "ru": "Крыша"})
    page = client.get(ROOF, headers={"accept-language": "ru"}).text
    assert "Крыша" in page
    assert "48" in text_of(page).split("Крыша")[1]


@pytest.mark.usefixtures("roof")
def test_an_appeal_that_ended_asks_for_nothing(client: TestClient, app: FastAPI, clock: Clock) -> None:
    """The page that is ready knows the day."""
    client.post(SAY, data=TOLD)
    last = LATER.date() + timedelta(days=3)
    changed = {"kind": "end", "appeal": "2", "last_day": last.isoformat()}
    shown = client.post("/treasurer/settings", data=changed).text
    promised = shown.split('name="promised" value="')[1].split('"')[0]
    client.post("/treasurer/settings/add", data=changed | {"promised": promised})
    stranger = browser(app)
    assert "Until" in text_of(stranger.get(ROOF).text)
    assert "Katus" in text_of(stranger.get("/").text)
    clock.advance(timedelta(days=5))
    said = text_of(stranger.get(ROOF).text)
    assert "Nothing is collected for it any more." in said
    assert "EE38 2200" not in said
    assert "Katus" not in text_of(stranger.get("/").text)
    for path in (ROOF, "/"):
        assert said_of(stranger.get(path)) == said_of(inside(app).get(path))


@pytest.mark.usefixtures("roof")
def test_it_is_ready_and_what_is_not_there_is_not_kept(client: TestClient, app: FastAPI) -> None:
    client.post(SAY, data=TOLD)
    stranger = browser(app)
    assert said_of(stranger.get(ROOF)) == said_of(inside(app).get(ROOF)) == said_of(stranger.get(ROOF))
    for path in ("/appeal/3", "/appeal/1", "/appeal/x"):
        assert stranger.get(path).status_code in {404, 422}, path
    ready = app.middleware_stack.app  # type: ignore[union-attr]
    assert {key[0] for key in ready._answers} == {ROOF}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"goal": "much"}, "bad_amount"),
        ({"begins_on": "2026-02-30"}, "bad_day"),
        ({"colour": "red"}, "bad_colour"),
        ({"text_en": "x" * 1_201}, "text_refused"),
        ({"text_en": "Give to EE471000001020145685"}, "account_in_text"),
    ],
)
@pytest.mark.usefixtures("roof")
def test_what_cannot_be_said_is_shown_again(client: TestClient, wrong: dict[str, str], code: str) -> None:
    answer = client.post(SAY, data=TOLD | wrong)
    assert answer.status_code in {400, 409, 422}
    assert code in answer.text
    assert "Katus laseb läbi." in answer.text
    assert client.get(ROOF).status_code == 404


@pytest.mark.usefixtures("roof")
def test_its_money_is_for_nothing_else(client: TestClient) -> None:
    client.post("/treasurer/spending/categories", data={"name": "Tiles", "year": "2026"})
    report = "/treasurer/reports/restricted-money?year=2026"
    assert "No appeal’s gifts are restricted" in text_of(client.get(report).text)
    said = {"is_restricted": "true", "category": "1"}
    answer = client.post("/treasurer/settings/appeals/2/money", data=said)
    assert "restricted" in text_of(answer.text)
    assert "Roof 0,00 € 720,00 €" in text_of(client.get(report).text)
    assert client.post("/treasurer/settings/appeals/2/money", data=said | {"category": "9"}).status_code == 404
    client.post("/treasurer/settings/appeals/2/money", data={"category": "1"})
    assert "No appeal’s gifts are restricted" in text_of(client.get(report).text)
