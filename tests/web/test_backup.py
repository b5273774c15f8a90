"""Whoever looks after the books takes them along from a page: encrypted, logged first, and openable elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.book import Book, gift, statement
from tests.conftest import HOST, HOST_KEY
from tests.web.conftest import Clock, browser, enter, prove
from tests.web.reading_pages import text_of

from donations.access.person import Role
from donations.acts.backing_up import SUFFIX, Lock, Unlock, restore
from donations.jobs.backups import DAILY_BACKUP, DailyBackup
from donations.jobs.running import do_next
from donations.ledger.audit import Action
from donations.store.log.audit import EntryFilter, entries
from donations.store.opening import open_engine
from donations.store.session import reading

WORDS = "neli sõna ja koer"


@pytest.fixture
def kept(book: Book) -> Book:
    book.take(statement("01-01", "01-31", gift("01-05", 1000), opening=0))
    return book


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """The browser of somebody who does everything, as in a small association."""
    with browser(app, enter(app, Role.TREASURER, Role.ADMIN, name="mari")) as made:
        yield made


def take(client: TestClient, words: str = WORDS, again: str | None = None) -> Any:
    return client.post("/admin/backup", data={"passphrase": words, "again": words if again is None else again})


def test_the_whole_books_leave_encrypted(client: TestClient, kept: Book, tmp_path: Path, clock: Clock) -> None:
    answer = take(client)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    assert SUFFIX in answer.headers["content-disposition"]
    file = tmp_path / "taken"
    file.write_bytes(answer.content)
    url = f"sqlite:///{tmp_path / 'elsewhere.sqlite'}"
    restore(file, url, Unlock(passphrase=WORDS), HOST, by="admin", now=clock.now)
    engine = open_engine(url, key=HOST_KEY)
    assert Book(engine).ledger() == kept.ledger()
    engine.dispose()
    with reading(kept.engine) as session:
        (entry,) = entries(session, EntryFilter(actions=frozenset({Action.BACKED_UP})), size=5)
    assert entry.detail_values["is_encrypted"] is True


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("words", "again", "code"),
    [("kaks sõna", None, "short_passphrase"), ("", None, "short_passphrase"), (WORDS, "x", "differ")],
)
def test_words_that_do_not_do_are_refused_and_nothing_is_logged(
    client: TestClient, words: str, again: str | None, code: str
) -> None:
    answer = take(client, words, again)
    assert answer.status_code == 422
    assert code in answer.text
    assert words == "" or words not in answer.text
    assert "Nobody has made a backup" in client.get("/admin/backup").text


@pytest.mark.usefixtures("kept")
def test_start_reminds_of_it_after_a_week(client: TestClient, clock: Clock) -> None:
    assert "Nobody has made a backup of these books yet." in client.get("/treasurer").text
    take(client)
    assert "Download everything" not in client.get("/treasurer").text
    clock.advance(timedelta(days=8))
    assert "backed up last on" in client.get("/treasurer").text


def test_one_that_was_to_be_made_by_itself_and_failed_is_told(
    client: TestClient, kept: Book, tmp_path: Path, clock: Clock
) -> None:
    (tmp_path / "kept").touch()  # no folder
    daily = DailyBackup(folder=tmp_path / "kept", lock=Lock(), at=clock.now.time(), keep=None, by="admin")
    daily.begin_if_due(kept.engine, clock.now)
    assert "failed" not in text_of(client.get("/admin/backup").text)
    do_next(kept.engine, {DAILY_BACKUP: daily.kind}, clock, stop=Event())
    assert "made by itself failed. It is tried again every hour." in text_of(client.get("/admin/backup").text)


@pytest.mark.usefixtures("kept")
def test_a_month_without_one_is_warned_of_and_the_last_one_is_told(client: TestClient, clock: Clock) -> None:
    clock.advance(timedelta(days=31))
    prove(client)
    assert "No backup for a month." in text_of(client.get("/treasurer").text)
    assert take(client).status_code == 200
    told = "downloaded from a page, encrypted."
    assert told in text_of(client.get("/admin/backup").text)
    assert told in text_of(client.get("/treasurer/proof").text)
    said = text_of(client.get("/treasurer").text)
    assert "backed up last on" in said
    assert "No backup for a month." not in said
