"""Mail and thanks through the API and on the terminal: one act with the pages, sent as it was shown or not at all."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient
from tests.book import JAAN, NOW, Book, gift, statement
from tests.mail_server import TestMailServer, mail_server_running
from tests.web.api.test_one_document import Terminal, terminal
from tests.web.conftest import Clock
from tests.written_once import written_once

from donations.acts.closing import close
from donations.acts.issuing import issue
from donations.core.calendar import Month
from donations.core.donor_field import EMAIL
from donations.store.donors.donor_facts import set_field
from donations.store.mail import MailSecurity, MailServer, set_mail_server
from donations.store.organisation import Letterhead
from donations.store.session import writing

__all__ = ["terminal"]

MAIL, THANKS = "/api/v1/mail", "/api/v1/thanks"
ALL_DAYS = "?from=2026-01-01"
TODAY = date(2027, 1, 10)


@pytest.fixture(autouse=True)
@written_once
def written(book: Book) -> Book:
    """Mari and Jaan have a certificate of 2026; of Mari an address is known."""
    book.take(statement("01-01", "01-31", gift("01-05", 1_000), gift("01-06", 2_000, "Jaan Tamm", JAAN), opening=0))
    mari, jaan = (book.donor(name) for name in ("Mari Mets", "Jaan Tamm"))
    with writing(book.engine) as session:
        close(session, Month(2026, 1), by="treasurer", now=NOW, today=TODAY, reasons=lambda _: "no matter")
        set_field(session, mari, EMAIL, "mari@example.ee", by="treasurer", at=NOW)
        issuer = Letterhead(organisation="MTÜ Rohutirts")
        issue(session, 2026, donors={mari, jaan}, issuer=issuer, by="treasurer", now=NOW, today=TODAY)
    return book


@pytest.fixture(autouse=True)
def later(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the year after; pages and terminal are told the same name."""
    monkeypatch.setenv("DONATIONS_ORGANISATION", "MTÜ Rohutirts")
    clock.now = datetime(2027, 1, 10, 12, tzinfo=UTC)


@pytest.fixture
def server(engine: Engine) -> Iterator[TestMailServer]:
    with mail_server_running() as running:
        with writing(engine) as session:
            said = MailServer(
                host="127.0.0.1",
                port=running.port,
                security=MailSecurity.NONE,
                username="",
                password="",
                sender="fond@example.ee",
            )
            set_mail_server(session, said, by="treasurer", at=NOW)
        yield running


def _over(program: TestClient) -> list[dict[str, Any]]:
    """Look at the outbox until nothing waits in it."""
    for _ in range(500):
        items: list[dict[str, Any]] = program.get(MAIL).json()["items"]
        if {each["state"] for each in items}.isdisjoint({"waiting", "handed_over"}):
            return items
        time.sleep(0.01)
    raise AssertionError(items)


KINDS_OF_MAIL = [
    ("certificates --year 2026", "certificates/2026"),
    ("codes --year 2026", "codes/2026"),
    ("thanks --from 2026-01-01", f"thanks{ALL_DAYS}"),
]


@pytest.mark.parametrize(("words", "path"), KINDS_OF_MAIL)
def test_what_is_shown_is_sent_once(
    program: TestClient, terminal: Terminal, server: TestMailServer, words: str, path: str
) -> None:
    shown = program.get(f"{MAIL}/{path}").json()
    assert terminal("mail", "send", *words.split(), "--dry-run") == shown
    assert (shown["messages"], shown["example"]["address"]) == (1, "mari@example.ee")
    assert [(each["donor"]["name"], each["why"]) for each in shown["not_mailed"]] == [("Jaan Tamm", "no_address")]
    said = {"promised": shown["promised"]}
    assert program.post(f"{MAIL}/{path}", json={"promised": "0" * 64}).json()["code"] == "preview_outdated"
    keyed = {"Idempotency-Key": "once"}
    answer = program.post(f"{MAIL}/{path}", json=said, headers=keyed)
    assert answer.json() == shown | {"is_preview": False}
    assert program.post(f"{MAIL}/{path}", json=said, headers=keyed).json() == answer.json()
    again = program.post(f"{MAIL}/{path}", json={"promised": program.get(f"{MAIL}/{path}").json()["promised"]})
    assert again.json()["code"] == "nothing_to_send"
    (kept,) = _over(program)
    assert server.recipients() == ["mari@example.ee"]
    assert (kept["state"], kept["donor"]["name"], kept["address"]) == ("sent", "Mari Mets", "mari@example.ee")
    assert terminal("mail", "outbox") == program.get(MAIL).json()


@pytest.mark.parametrize(("words", "path"), KINDS_OF_MAIL)
def test_the_terminal_sends_too(
    program: TestClient, terminal: Terminal, server: TestMailServer, words: str, path: str
) -> None:
    promised = program.get(f"{MAIL}/{path}").json()["promised"]
    outdated = terminal("mail", "send", *words.split(), "--as-shown", "0" * 12)
    assert outdated["error"]["code"] == "preview_outdated"
    assert terminal("mail", "send", *words.split(), "--as-shown", promised[:12])["messages"] == 1
    assert [each["state"] for each in program.get(MAIL).json()["items"]] == ["waiting"]
    assert server.recipients() == []


def test_without_a_server_nothing_is_kept(program: TestClient) -> None:
    promised = program.get(f"{MAIL}/thanks{ALL_DAYS}").json()["promised"]
    answer = program.post(f"{MAIL}/thanks{ALL_DAYS}", json={"promised": promised})
    assert (answer.status_code, answer.json()["code"]) == (409, "no_mail_server")
    assert program.get(MAIL).json()["items"] == []
    assert len(program.get(f"{THANKS}{ALL_DAYS}").json()["items"]) == 2


def test_who_was_thanked_is_listed_no_more(program: TestClient, terminal: Terminal) -> None:
    listed = program.get(f"{THANKS}{ALL_DAYS}").json()
    assert terminal("thanks", "list", "--from", "2026-01-01") == listed
    jaan, mari = listed["items"]
    assert (jaan["donor"]["name"], jaan["totals"], jaan["gifts"]) == (
        "Jaan Tamm",
        [{"minor": 2_000, "currency": "EUR"}],
        1,
    )
    wrong = program.post(f"{THANKS}{ALL_DAYS}", json={"promised": mari["promised"], "donor": jaan["donor"]["id"]})
    assert wrong.json()["code"] == "preview_outdated"
    done = program.post(f"{THANKS}{ALL_DAYS}", json={"promised": jaan["promised"], "donor": jaan["donor"]["id"]})
    assert done.json() == {"thanked": 1}
    assert terminal("thanks", "done", "--from", "2026-01-01", "--as-shown", mari["promised"]) == {"thanked": 1}
    assert program.get(f"{THANKS}{ALL_DAYS}").json()["items"] == []


def test_a_goal_is_said_in_the_terminal_and_read_by_programs(program: TestClient, terminal: Terminal) -> None:
    told = terminal(
        "appeal", "tell", "General", "--goal", "1000,50", "--begins", "2026-01-01", "--text", "et=Katus.", "--show"
    )
    assert (told["goal"], told["begins_on"], told["has_page"]) == (
        {"minor": 100_050, "currency": "EUR"},
        "2026-01-01",
        True,
    )
    assert told == program.get("/api/v1/appeals").json()["items"][0]
    hidden = terminal("appeal", "tell", "General", "--hide", "--begins", "")
    assert hidden == told | {"has_page": False, "begins_on": None}
    assert terminal("appeal", "tell", "Nothing", "--goal", "1")["error"]["code"] == "unknown_appeal"
    assert terminal("appeal", "tell", "General", "--goal", "x")["error"]["code"] == "bad_amount"
    assert terminal("appeal", "tell", "General", "--text", "xx=y")["error"]["code"] == "bad_usage"
