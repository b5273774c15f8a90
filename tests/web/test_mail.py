"""Mail: its server is tried before it is kept, certificates are shown before they leave, the outbox tells of each."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from threading import Event

import pikepdf
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.book import JAAN, MARI, NOW, Book, gift, statement
from tests.mail_server import TestMailServer, mail_server_running
from tests.web.conftest import Clock, browser, enter
from tests.web.reading_pages import text_of
from tests.web.test_guard import code_of
from tests.written_once import written_once

from donations.access.person import Role
from donations.acts.closing import close
from donations.core.calendar import Month
from donations.core.donor_field import DONOR_FIELDS
from donations.core.mail import MailState
from donations.jobs.running import do_all
from donations.jobs.sending import SENDING
from donations.store.digest import digest_addresses
from donations.store.donors.donor_facts import ConsentKind, record_consent, set_field
from donations.store.mail import outbox
from donations.store.session import reading, writing

MAIL = "/treasurer/mail"
CERTIFICATES = "/treasurer/certificates/2026/mail"
WORD = "a word of the tests"
FIELDS = {field.key: field for field in DONOR_FIELDS}


@pytest.fixture
@written_once
def written(book: Book) -> Book:
    """Mari and Jaan gave in January 2026, which is closed; Mari’s address is known."""
    book.take(statement("01-01", "01-31", gift("01-05", 1_000), gift("01-06", 2_000, "Jaan Tamm", JAAN), opening=0))
    with writing(book.engine) as session:
        close(session, Month(2026, 1), by="treasurer", now=NOW, today=date(2027, 1, 10), reasons=lambda _: "no matter")
        set_field(session, book.donor("Mari Mets"), FIELDS["email"], "mari@Example.EE", by="treasurer", at=NOW)
    return book


@pytest.fixture(autouse=True)
def lived_in(written: Book, clock: Clock) -> Book:
    clock.now = datetime(2027, 1, 10, 12, tzinfo=UTC)
    return written


@pytest.fixture
def server() -> Iterator[TestMailServer]:
    with mail_server_running() as running:
        yield running


def say_server(client: TestClient, server: TestMailServer, **said: str) -> str:
    form = {"host": "127.0.0.1", "port": str(server.port), "security": "none", "sender": "fond@example.ee", **said}
    return client.post(f"{MAIL}/server", data=form).text


def looked_at(client: TestClient, said: str) -> str:
    """Look at the outbox until it says something, as a person does."""
    for _ in range(500):
        page = text_of(client.get(MAIL).text)
        if said in page and "Being sent" not in page:
            return page
        time.sleep(0.01)
    raise AssertionError(page)


def test_a_server_is_kept_once_it_lets_us_in(client: TestClient, server: TestMailServer) -> None:
    server.password = WORD
    assert code_of(say_server(client, server, username="fond", password=WORD[1:])) == "mail_server_refused"
    assert "The server let us in" in text_of(say_server(client, server, username="fond", password=WORD))
    page = client.get(MAIL).text
    assert WORD not in page
    assert "The server let us in" in text_of(say_server(client, server, username="fond"))
    assert "on its way" in text_of(client.post(f"{MAIL}/test", data={"address": "me@example.ee"}).text)
    looked_at(client, "1 sent")
    assert server.recipients() == ["me@example.ee"]
    assert "sent" in text_of(client.get(f"{MAIL}/1").text)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"host": "smtp.example.ee"}, "mail_in_the_open"),
        ({"host": "a b"}, "bad_mail_server"),
        ({"port": "0"}, "bad_mail_server"),
        ({"sender": "fond"}, "bad_mail_server"),
        ({"port": "1"}, "mail_server_silent"),
    ],
)
def test_what_cannot_be_a_server_is_refused(
    client: TestClient, server: TestMailServer, said: dict[str, str], code: str
) -> None:
    assert code_of(say_server(client, server, **said)) == code


def test_certificates_are_shown_first_and_then_sent_locked(client: TestClient, server: TestMailServer) -> None:
    client.post("/treasurer/certificates/2026/issue")
    seen = text_of(client.get(CERTIFICATES).text)
    assert "mari@example.ee" in seen
    assert "Jaan Tamm : no e-mail address is known" in seen
    assert "Say first through which server mail leaves." in seen
    assert code_of(client.post(CERTIFICATES).text) == "no_mail_server"
    say_server(client, server)
    page = client.get(CERTIFICATES).text
    assert "Send 1 message" in text_of(page)
    client.post(CERTIFICATES)
    looked_at(client, "1 sent")
    (arrived,) = server.arrived
    (paper,) = arrived.content.iter_attachments()
    assert paper.get_filename() == "2026-0001.pdf"
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(paper.get_content()))
    with pikepdf.open(io.BytesIO(paper.get_content()), password=MARI):
        pass
    body = arrived.content.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert MARI[-4:] in body
    assert MARI not in body
    assert code_of(client.post(CERTIFICATES).text) == "nothing_to_send"
    assert "1 was sent before" in text_of(client.get(CERTIFICATES).text)


def test_what_was_shown_is_what_is_sent(client: TestClient, server: TestMailServer, lived_in: Book) -> None:
    say_server(client, server)
    client.post("/treasurer/certificates/2026/issue")
    page = client.get(CERTIFICATES).text
    promised = page.partition('name="promised" value="')[2].partition('"')[0]
    with writing(lived_in.engine) as session:
        set_field(session, lived_in.donor("Jaan Tamm"), FIELDS["email"], "jaan@example.ee", by="treasurer", at=NOW)
    assert code_of(client.post(CERTIFICATES, data={"promised": promised}).text) == "preview_outdated"
    assert server.arrived == []


def test_who_is_forgotten_is_in_no_message(client: TestClient, server: TestMailServer, lived_in: Book) -> None:
    server.refuses = {"mari@example.ee": "550 no such user"}
    say_server(client, server)
    client.post("/treasurer/certificates/2026/issue")
    client.post(CERTIFICATES)
    looked_at(client, "1 not taken")
    said = text_of(client.get(f"{MAIL}/1").text)
    assert "550 no such user" in said
    assert "Send it again" in said
    donor = lived_in.donor("Mari Mets")
    assert "1 message to the donor" in text_of(client.get(f"/treasurer/donors/{donor}/erase").text)


def test_thanks_are_shown_sent_and_kept_at_once(client: TestClient, server: TestMailServer, lived_in: Book) -> None:
    say_server(client, server)
    thanks = "/treasurer/donors/thanks"
    seen = client.get(f"{thanks}/mail?days=36600").text
    assert "Send 1 message" in text_of(seen)
    assert "Jaan Tamm : no e-mail address is known" in text_of(seen)
    promised = seen.partition('name="promised" value="')[2].partition('"')[0]
    form = {"days": "36600", "promised": promised}
    client.post(f"{thanks}/mail", data=form)
    looked_at(client, "1 sent")
    (arrived,) = server.arrived
    assert arrived.content["Subject"] == "Aitäh annetuse eest!"
    assert "10,00 €" in arrived.content.get_content()
    listed = text_of(client.get(f"{thanks}?days=36600").text)
    assert "Jaan Tamm" in listed
    assert "Mari Mets" not in listed
    assert code_of(client.post(f"{thanks}/mail", data=form).text) == "preview_outdated"
    with writing(lived_in.engine) as session:
        set_field(session, lived_in.donor("Jaan Tamm"), FIELDS["email"], "jaan@example.ee", by="treasurer", at=NOW)
        record_consent(
            session,
            lived_in.donor("Jaan Tamm"),
            ConsentKind.CONTACT,
            "no",
            given_on=NOW.date(),
            source="a call",
            by="treasurer",
            at=NOW,
        )
    assert code_of(client.post(f"{thanks}/mail", data={"days": "36600"}).text) == "nothing_to_send"
    assert "Jaan Tamm" in text_of(client.get(f"{thanks}?days=36600").text)


def test_codes_are_asked_for_once_a_year(client: TestClient, server: TestMailServer) -> None:
    say_server(client, server)
    codes = "/treasurer/inf4/2026/codes/mail"
    seen = text_of(client.get(codes).text)
    assert "Send 1 message" in seen
    assert "Piisab, kui vastate sellele kirjale." in seen
    client.post(codes)
    looked_at(client, "1 sent")
    assert server.recipients() == ["mari@example.ee"]
    assert "1 was sent before" in text_of(client.get(codes).text)
    assert code_of(client.post(codes).text) == "nothing_to_send"


def test_an_invitation_goes_to_its_owner_and_is_shown_to_nobody(
    app: FastAPI, server: TestMailServer, clock: Clock
) -> None:
    client = browser(app, enter(app, Role.ADMIN, Role.TREASURER, name="Anna Admin"))
    asked = {"name": "Kai Kask", "email": "kai@example.ee", "role": "viewer"}
    assert "/link/" in client.post("/admin/people", data={**asked, "name": "Ann", "email": ""}).text
    say_server(client, server)
    server.refuses = {"kai@example.ee": "451 later"}
    told = client.post("/admin/people", data=asked).text
    assert "on its way to kai@example.ee" in text_of(told)
    assert "/link/" not in told
    looked_at(client, "1 waiting")
    assert "/link/" not in client.get(f"{MAIL}/1").text
    assert code_of(client.post(f"{MAIL}/1/again").text) == "mail_is_over"
    client.post(f"{MAIL}/1/drop")
    assert code_of(client.post(f"{MAIL}/1/again").text) == "mail_is_over"
    server.refuses = {}
    clock.advance(timedelta(seconds=1))  # another job
    client.post("/admin/people", data={**asked, "name": "Kai Teine", "email": "teine@example.ee"})
    looked_at(client, "1 sent")
    (arrived,) = server.arrived
    link = arrived.content.get_content().partition("https://localhost")[2].partition("\r\n")[0]
    assert client.get(link).status_code == 200


def test_a_link_is_gone_from_the_outbox_once_sent_and_never_sent_when_over(
    app: FastAPI, server: TestMailServer, lived_in: Book, clock: Clock
) -> None:
    client = browser(app, enter(app, Role.ADMIN, Role.TREASURER, name="Anna Admin"))
    say_server(client, server)
    server.refuses = {"late@example.ee": "451 later"}
    for name in ("soon", "late"):
        client.post("/admin/people", data={"name": name, "email": f"{name}@example.ee", "role": "viewer"})
    looked_at(client, "1 waiting 1 sent")
    server.refuses = {}
    clock.advance(timedelta(days=3))
    do_all(lived_in.engine, {SENDING.name: SENDING}, clock, once=True, stop=Event())
    with reading(lived_in.engine) as session:
        found = {each.address: (each.state, each.text.body) for each in outbox(session, limit=9)}
    assert found == {"soon@example.ee": (MailState.SENT, ""), "late@example.ee": (MailState.REFUSED, "")}


def test_a_link_goes_through_no_server_of_who_may_let_nobody_in(app: FastAPI, server: TestMailServer) -> None:
    """They could read it there, and open the account before its owner does."""
    say_server(browser(app, enter(app, Role.TREASURER, name="Tiit Teine")), server)
    client = browser(app, enter(app, Role.ADMIN, name="Anna Admin"))
    asked = {"name": "Kai Kask", "email": "kai@example.ee", "role": "viewer"}
    assert "/link/" in client.post("/admin/people", data=asked).text
    assert server.arrived == []


def test_board_and_treasurer_are_told_figures(client: TestClient, lived_in: Book) -> None:
    for typed, said in (("a@example.ee b", "bad_email"), ("a@example.ee\nb@Example.ee", ""), ("b@example.ee", "")):
        assert code_of(client.post(f"{MAIL}/digest", data={"addresses": typed}).text) == said
    with reading(lived_in.engine) as session:
        assert [(each.number, each.address) for each in digest_addresses(session)] == [(2, "b@example.ee")]


def test_a_webhook_is_added_its_secret_shown_once_and_dropped(client: TestClient) -> None:
    hooks = "/treasurer/webhooks"
    assert code_of(client.post(hooks, data={"url": "http://example.ee/"}).text) == "bad_webhook"
    assert "whsec_" in client.post(hooks, data={"url": "https://hooks.example.ee/in"}).text
    page = client.get(hooks).text
    assert "https://hooks.example.ee/in" in page
    assert "whsec_" not in page
    client.post(f"{hooks}/1/drop")
    assert "hooks.example.ee" not in client.get(hooks).text
