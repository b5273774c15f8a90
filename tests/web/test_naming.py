"""Nothing leaves the pages under no real name; the name is said on them, and stands at their head from then on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, func, select
from starlette.testclient import TestClient
from tests.book import Book, gift, statement
from tests.web.conftest import Clock, prove
from tests.web.reading_pages import hidden_of, text_of

from donations.core.name import PLACEHOLDER
from donations.store.tables import metadata
from donations.web.site import Called, Site

TAKEN = [
    "/treasurer/donors/2/held.pdf",
    "/treasurer/donors/2/held.json",
    "/treasurer/reports/gifts.pdf?all=true",
]
KEPT = {
    "/treasurer/publishing": "public_snapshot",
    "/treasurer/certificates/2026/issue": "certificate",
    "/treasurer/inf4/2026/keep": "tax_list",
}


@pytest.fixture
def nameless(app: FastAPI, client: TestClient, book: Book, clock: Clock) -> TestClient:
    """January of 2026, closed; it is the year after, and nobody said what the organisation is called."""
    site: Site = app.state.site
    app.state.site = replace(site, settings=site.settings.model_copy(update={"organisation": ""}), called=Called())
    book.take(statement("01-01", "01-31", gift("01-05", 1_000, code="49403136526"), opening=0))
    clock.now = datetime.fromisoformat("2027-02-10T12:00:00+00:00")
    form = hidden_of(client.get("/treasurer/months/2026-01").text, action="/close")
    client.post("/treasurer/months/2026-01/close", data=form)
    prove(client)
    return client


def rows(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(metadata.tables[table])).scalar_one()


@pytest.mark.parametrize("path", KEPT)
def test_nothing_is_kept_or_published_before_the_name_was_said(nameless: TestClient, engine: Engine, path: str) -> None:
    answer = nameless.post(path, data={"promised": "x"})
    assert (answer.status_code, "organisation_unnamed" in answer.text) == (409, True)
    assert rows(engine, KEPT[path]) == 0


@pytest.mark.parametrize("path", TAKEN)
def test_no_paper_is_made_before_the_name_was_said(nameless: TestClient, path: str) -> None:
    answer = nameless.get(path)
    assert (answer.status_code, "organisation_unnamed" in answer.text) == (409, True)
    nameless.post("/treasurer/association", data={"name": "MTÜ Rohutirts"})
    assert nameless.get(path).status_code == 200


def test_the_name_is_said_on_the_settings_page(nameless: TestClient, engine: Engine) -> None:
    page = nameless.get("/treasurer/publishing").text
    assert "organisation_unnamed" in page
    assert "Publish exactly this" not in page
    assert PLACEHOLDER in page
    done = nameless.post("/treasurer/association", data={"name": " MTÜ Rohutirts "})
    assert "Saved." in text_of(done.text)
    page = nameless.get("/treasurer/publishing").text
    assert PLACEHOLDER not in page
    sent = hidden_of(page, action="/treasurer/publishing")
    assert "Published." in text_of(nameless.post("/treasurer/publishing", data=sent).text)
    nameless.post("/treasurer/certificates/2026/issue")
    assert rows(engine, "certificate") == 1


@pytest.mark.parametrize("name", [PLACEHOLDER, "a\x00", "x" * 81])
def test_what_is_no_name_is_not_taken(nameless: TestClient, name: str) -> None:
    assert nameless.post("/treasurer/association", data={"name": name}).status_code in {409, 422}
    assert PLACEHOLDER in nameless.get("/treasurer/association").text


def test_a_name_is_not_taken_back_and_none_need_be_said(nameless: TestClient) -> None:
    assert "Saved." in text_of(nameless.post("/treasurer/association", data={"name": " ", "signer": "Mari Mets"}).text)
    nameless.post("/treasurer/association", data={"name": "MTÜ Rohutirts"})
    assert "MTÜ Rohutirts" in text_of(nameless.get("/treasurer/certificates?year=2026").text)
    nameless.post("/treasurer/association", data={"name": ""})
    assert "MTÜ Rohutirts" in text_of(nameless.get("/treasurer/certificates?year=2026").text)
