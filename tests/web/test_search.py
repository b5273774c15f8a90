"""One search finds payments, donors, files and months, and nobody's name for who may not see names."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.book import JAAN, Book, gift, line, statement
from tests.web.conftest import browser, enter
from tests.web.reading_pages import links_of, text_of
from tests.written_once import written_once

from donations.access.person import Role


@pytest.fixture
@written_once
def lived_in(book: Book) -> Book:
    """Two donors and a payee."""
    book.take(
        statement("03-01", "03-31", gift("03-05", 1_000), gift("03-06", 2_550, "Jaan Tamm", JAAN)), name="marts.xml"
    )
    book.take(statement("04-01", "04-30", line("04-07", -250_000, "Trükikoda", text="Arve 17")))
    return book


def test_each_kind_is_found(client: TestClient, lived_in: Book) -> None:
    jaan, gave = lived_in.donor("Jaan Tamm"), lived_in.payment("03-06", 2_550)
    paid = lived_in.payment("04-07", -250_000)
    assert client.get("/search?find=25,50").url.path == f"/treasurer/payments/{gave}"  # all that there is
    lived_in.take(
        statement("05-01", "05-31", gift("05-06", 2_550), line("05-07", -250_000, "Trükikoda", text="Arve 17"))
    )
    for typed, there in {
        "tamm JAAN": {f"/treasurer/donors/{jaan}", f"/treasurer/payments/{gave}"},
        JAAN[-6:]: {f"/treasurer/donors/{jaan}", f"/treasurer/payments/{gave}"},
        "25,50 €": {f"/treasurer/payments/{gave}"},
        "2 500": {f"/treasurer/payments/{paid}"},
        "trukikoda 17": {f"/treasurer/payments/{paid}"},
        "6.3.2026": {f"/treasurer/payments/{gave}", "/treasurer/months/2026-03"},
        "2026": {"/treasurer/months/2026-03", "/treasurer/months/2026-04"},
        "marts": {"/treasurer/imports/1"},
    }.items():
        answer = client.get("/search", params={"find": typed})
        found = {*links_of(answer.text), answer.url.path}
        assert there <= found, typed
        if there.isdisjoint({f"/treasurer/payments/{paid}", "/treasurer/months/2026-04"}):
            assert f"/treasurer/payments/{paid}" not in found, typed


def test_one_payment_alone_is_gone_to(client: TestClient, lived_in: Book) -> None:
    asked = client.get("/search", params={"find": "25,50"}, follow_redirects=False)
    assert asked.headers["location"] == f"/treasurer/payments/{lived_in.payment('03-06', 2_550)}"
    assert client.get("/search", params={"find": "6.3.2026"}, follow_redirects=False).status_code == 200


def test_more_is_said_to_be_there(client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", *(gift(f"03-{day:02}", 1_000) for day in range(1, 23))))
    page = client.get("/search?find=mari").text
    assert page.count('aria-label="Payment ') == 20
    assert "/treasurer/ledger?text=mari" in links_of(page)
    assert "There are more" in text_of(page)


def test_nothing_is_said_to_be_nothing(client: TestClient, lived_in: Book) -> None:
    del lived_in
    assert "Nothing is like that." in text_of(client.get("/search?find=kirsipuu").text)
    assert "Nothing is like that." not in text_of(client.get("/search").text)


def test_who_may_not_see_names_finds_none(app: FastAPI, lived_in: Book) -> None:
    del lived_in
    client = browser(app, enter(app, Role.VIEWER, name="Piret"))
    for typed in ("tamm", JAAN, "25,50", "marts"):
        page = client.get("/search", params={"find": typed}).text
        assert "Nothing is like that." in text_of(page)
        assert "Jaan" not in page
    assert "/staff?month=2026-03" in links_of(client.get("/search?find=3.2026").text)
