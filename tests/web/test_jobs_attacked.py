"""Pages of background work under attack: nobody to do it, no right to it, donors who go, and time that ends."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event
from zipfile import ZipFile

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, text
from starlette.testclient import TestClient
from tests.book import JAAN, NOW, Book, gift, statement
from tests.web.conftest import Clock, browser, enter, prove
from tests.web.reading_pages import text_of

from donations.access.person import Role
from donations.acts.certificate import Issued
from donations.acts.closing import close
from donations.acts.erasing import restrict
from donations.core.calendar import Month
from donations.documents import certificate
from donations.jobs.known import KINDS
from donations.jobs.running import Runner, do_next
from donations.ledger.retention import RetentionReason
from donations.store.jobs import take_job
from donations.store.session import writing

LATER = datetime(2027, 1, 10, 12, tzinfo=UTC)
PAPERS = "/treasurer/certificates/2026/papers"
NOBODY = "No program does such work at the moment."


@pytest.fixture
def engine(book: Book) -> Engine:
    return book.engine


@pytest.fixture(autouse=True)
def issued(client: TestClient, app: FastAPI, book: Book, clock: Clock) -> None:
    """Two certificates, whose PDFs wait: this server leaves jobs to others."""
    app.state.site.jobs.stop(seconds=60)
    app.state.site = replace(app.state.site, jobs=Runner({}))
    book.take(statement("01-01", "01-31", gift("01-05", 1_000), gift("01-06", 2_000, "Jaan Tamm", JAAN), opening=0))
    with writing(book.engine) as session:
        close(session, Month(2026, 1), by="treasurer", now=NOW, today=LATER.date(), reasons=lambda _: "no matter")
    clock.now = LATER
    assert client.post("/treasurer/certificates/2026/issue").status_code == 200
    prove(client)


def do(engine: Engine, clock: Clock) -> bool:
    return do_next(engine, KINDS, clock, stop=Event())


def names_in(content: bytes) -> list[str]:
    return ZipFile(io.BytesIO(content)).namelist()


def lose_lease(engine: Engine, seconds: int) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE job SET leased_until = leased_until - :seconds"), {"seconds": seconds})


def test_where_nobody_does_it_the_page_says_so_and_what_to_do(client: TestClient, book: Book, clock: Clock) -> None:
    assert "are being made" in text_of(client.get(PAPERS).text)
    clock.advance(timedelta(minutes=2, seconds=1))
    said = text_of(client.get(PAPERS).text)
    assert NOBODY in said
    assert "are being made" not in said
    assert take_job(book.engine, "one", kinds=KINDS, now=clock()) is not None
    assert NOBODY not in client.get(PAPERS).text, "somebody does"
    lose_lease(book.engine, 60)
    assert NOBODY not in client.get(PAPERS).text, "it may be taken up again"
    lose_lease(book.engine, 120)
    assert NOBODY in client.get(PAPERS).text, "who did it is dead, and nobody else there"
    assert do(book.engine, clock)
    assert "Ready to download" in client.get(PAPERS).text


def test_who_may_not_see_names_neither_begins_it_nor_takes_it_along(app: FastAPI, book: Book, clock: Clock) -> None:
    assert do(book.engine, clock)
    for role in (Role.VIEWER, Role.ADMIN):
        with browser(app, enter(app, role, name=role)) as other:
            asked = [other.get(PAPERS), other.get(f"{PAPERS}.zip"), other.post(PAPERS)]
        assert [each.status_code for each in asked] == [403] * 3, role
    with browser(app) as nobody:
        answer = nobody.get(f"{PAPERS}.zip", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"].startswith("/sign-in")) == (303, True)


@pytest.mark.parametrize("when", ["before", "while", "after"])
def test_a_donor_who_went_meanwhile_is_in_no_archive(
    client: TestClient, book: Book, clock: Clock, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    def erase() -> None:
        with writing(book.engine) as session:
            donor = book.donor("Jaan Tamm")
            restrict(session, donor, why=RetentionReason.ASKED, by="treasurer", now=clock(), today=clock().date())

    was = certificate.paper
    seen: list[str] = []

    def paper(issued: Issued, **named: object) -> bytes:
        if when == "while" and not seen:
            seen.append("once")
            erase()
        return was(issued, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(certificate, "paper", paper)
    if when == "before":
        erase()
    do(book.engine, clock)
    if when == "after":
        erase()
    one_by_one = client.get("/treasurer/certificates/2026/all.zip")
    first = client.get(f"{PAPERS}.zip")
    if first.headers["content-type"] != "application/zip":
        client.post(PAPERS)
        do(book.engine, clock)
        first = client.get(f"{PAPERS}.zip")
    assert names_in(first.content) == names_in(one_by_one.content)


def test_what_ends_while_it_is_taken_along_comes_whole(client: TestClient, book: Book, clock: Clock) -> None:
    do(book.engine, clock)
    with client.stream("GET", f"{PAPERS}.zip") as answer:
        clock.advance(timedelta(hours=2))
        assert take_job(book.engine, "one", kinds=KINDS, now=clock()) is None
        content = b"".join(answer.iter_bytes())
    assert len(names_in(content)) == 4
    assert "There is no file yet" in client.get(PAPERS).text
