"""Donors with new gifts are thanked with words in their language, each gift once, whatever happens to the donors."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.book import JAAN, NOW, Book, gift, statement
from tests.web.conftest import Clock, browser, enter
from tests.web.reading_pages import hidden_of, text_of
from tests.written_once import written_once

from donations.access.person import Role
from donations.acts.merging import merge
from donations.store.donors.donor_facts import ConsentKind, record_consent
from donations.store.session import writing

PAGE = "/treasurer/donors/thanks"


@pytest.fixture
@written_once
def written(book: Book) -> Book:
    """Two gifts of Mari, one of Jaan, who reads English."""
    mari = [gift("03-05", 1_000), gift("03-06", 1_500)]
    book.take(statement("03-01", "03-31", *mari, gift("03-07", 2_000, "JAAN TAMM", JAAN)))
    with writing(book.engine) as session:
        wish = {"given_on": date(2026, 2, 1), "source": "a letter", "by": "treasurer", "at": NOW}
        record_consent(session, book.donor("Jaan Tamm"), ConsentKind.CERTIFICATE_LANGUAGE, "en", **wish)  # type: ignore[arg-type]
    return book


@pytest.fixture(autouse=True)
def lived_in(written: Book, clock: Clock) -> Book:
    """The books in April."""
    clock.now = datetime(2026, 4, 10, 12, tzinfo=UTC)
    return written


def thank(client: TestClient, name: str, book: Book) -> str:
    """Press the button beside a donor."""
    donor = book.donor(name)
    page = client.get(PAGE).text
    part = page[page.index(f'href="/treasurer/donors/{donor}"') :]
    return client.post(PAGE, data=hidden_of(part, action=PAGE)).text


def test_each_new_gift_is_thanked_for_once(client: TestClient, lived_in: Book) -> None:
    said = text_of(client.get(PAGE).text)
    assert said.index("Jaan Tamm 20,00 €") < said.index("Mari Mets 25,00 €")
    assert "2 gifts, 6 March 2026 · not thanked before" in said
    assert "1 donor is marked as thanked." in text_of(thank(client, "Mari Mets", lived_in))
    assert "Mari Mets" not in client.get(PAGE).text
    lived_in.take(statement("04-01", "04-05", gift("04-02", 700)))
    said = text_of(client.get(PAGE).text)
    assert "Mari Mets 7,00 € 1 gift, 2 April 2026 · last thanked: 10 April 2026" in said


def test_words_are_in_the_donors_language(client: TestClient) -> None:
    page = client.get(PAGE).text
    assert "Dear Jaan Tamm, Thank you for what you gave us: 20,00 €." in text_of(page)
    assert 'lang="et">Lugupeetud Mari Mets!' in page


def test_all_that_are_shown_are_thanked_with_one_click(client: TestClient, lived_in: Book) -> None:
    page = client.get(PAGE).text
    form = hidden_of(page, action=PAGE) | {"donor": [str(lived_in.donor(each)) for each in ("Jaan Tamm", "Mari Mets")]}
    assert "2 donors are marked as thanked." in text_of(client.post(PAGE, data=form).text)
    assert "Everybody who gave in this time was thanked." in text_of(client.get(PAGE).text)


def test_nobody_is_thanked_for_what_was_not_shown(client: TestClient, lived_in: Book) -> None:
    form = hidden_of(client.get(PAGE).text.partition("<ul")[2], action=PAGE)
    lived_in.take(statement("04-01", "04-05", gift("04-02", 700, "Jaan Tamm", JAAN)))
    assert client.post(PAGE, data=form).status_code == 409
    assert "Jaan Tamm 27,00 €" in text_of(client.get(PAGE).text)


def test_who_was_thanked_stays_so_after_a_merge(client: TestClient, lived_in: Book) -> None:
    thank(client, "Mari Mets", lived_in)
    with writing(lived_in.engine) as session:
        mari, jaan = lived_in.donor("Mari Mets"), lived_in.donor("Jaan Tamm")
        merge(session, mari, into=jaan, reason="one", by="treasurer", now=NOW)
    assert "Jaan Tamm 20,00 € 1 gift" in text_of(client.get(PAGE).text)


def test_old_gifts_are_shown_when_they_are_asked_for(client: TestClient, clock: Clock) -> None:
    clock.now = datetime(2026, 9, 10, 12, tzinfo=UTC)
    assert "Jaan Tamm" not in client.get(PAGE).text
    assert "Jaan Tamm" in client.get(f"{PAGE}?days=366").text


def test_who_only_reads_thanks_nobody(app: FastAPI) -> None:
    with browser(app, enter(app, Role.AUDITOR, name="Anu")) as auditor:
        page = auditor.get(PAGE).text
        assert "Jaan Tamm" in page
        assert ">Thanked<" not in page
