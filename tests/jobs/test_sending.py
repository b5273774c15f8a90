"""The outbox is sent once whoever is killed, tried again where the server puts it off, and never sent on a doubt."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import Engine, delete, update
from tests.book import Book, gift, statement
from tests.conftest import HOST_KEY, FreshEngine
from tests.examples import in_assurance
from tests.mail_server import TestMailServer, mail_server_running

from donations.acts.closing import close
from donations.acts.publishing import publish
from donations.core.calendar import Month
from donations.core.language import Language
from donations.core.mail import MailKind, MailState, MailText
from donations.core.refusal import Refusal
from donations.jobs.known import KINDS
from donations.jobs.running import do_all
from donations.jobs.sending import SENDING, begin_sending
from donations.jobs.smtp import opened
from donations.store import users
from donations.store.digest import set_digest_addresses
from donations.store.donors.donor_facts import ConsentKind, record_consent
from donations.store.mail import (
    MailSecurity,
    MailServer,
    NewMail,
    counts_by_state,
    doubt_waiting,
    drop_mail,
    find_mail,
    hand_over,
    outbox,
    put_into_outbox,
    put_off,
    refused,
    send_again,
    set_mail_server,
    took,
)
from donations.store.organisation import Reminders, set_papers
from donations.store.session import as_reader, reading, writing
from donations.store.tables.jobs import JobRow
from donations.store.tables.mail import MailRow

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
BY = "treasurer"
WORD = "õunapuu õues"


@pytest.fixture
def server() -> Iterator[TestMailServer]:
    with mail_server_running() as running:
        yield running


def server_at(port: int, *, password: str = "") -> MailServer:
    return MailServer(
        host="127.0.0.1",
        port=port,
        security=MailSecurity.NONE,
        username="fond" if password else "",
        password=password,
        sender="fond@example.ee",
    )


def new_mail(number: int) -> NewMail:
    return NewMail(
        occasion=f"test:{number}",
        kind=MailKind.TEST,
        language=Language.ESTONIAN,
        address=f"donor{number}@example.ee",
        text=MailText("Aitäh, õnne!", "Tere\n\n.Punktiga rida\n"),
    )


def write(engine: Engine, port: int, *numbers: int) -> int:
    with writing(engine) as session:
        set_mail_server(session, server_at(port), by=BY, at=NOW)
        added = put_into_outbox(session, map(new_mail, numbers), by=BY, now=NOW)
        begin_sending(session, now=NOW)
    return added


def send(engine: Engine, now: datetime = NOW) -> None:
    do_all(engine, {SENDING.name: SENDING}, lambda: now, once=True, stop=Event())


def states(engine: Engine) -> dict[MailState, int]:
    with reading(engine) as session:
        return counts_by_state(session)


def test_each_message_arrives_once_as_it_was_written(engine: Engine, server: TestMailServer) -> None:
    assert write(engine, server.port, 1, 2, 2, 3) == 3
    assert write(engine, server.port, 3) == 0
    send(engine)
    send(engine)
    assert sorted(server.recipients()) == ["donor1@example.ee", "donor2@example.ee", "donor3@example.ee"]
    first = server.arrived[0].content
    assert (first["Subject"], first["From"].addresses[0].addr_spec) == ("Aitäh, õnne!", "fond@example.ee")
    assert first.get_content().splitlines() == ["Tere", "", ".Punktiga rida"]
    assert states(engine) == {MailState.SENT: 3}


def test_who_is_refused_is_not_asked_again_and_others_get_theirs(engine: Engine, server: TestMailServer) -> None:
    server.refuses = {"donor1@example.ee": "550 no such user", "donor2@example.ee": "451 later"}
    write(engine, server.port, 1, 2, 3)
    send(engine)
    assert states(engine) == {MailState.REFUSED: 1, MailState.WAITING: 1, MailState.SENT: 1}
    server.refuses = {}
    send(engine, NOW + timedelta(minutes=4))
    assert server.recipients() == ["donor3@example.ee"]
    send(engine, NOW + timedelta(minutes=5))
    assert server.recipients() == ["donor3@example.ee", "donor2@example.ee"]
    with reading(engine) as session:
        refused = next(each for each in outbox(session, limit=9) if each.state is MailState.REFUSED)
    assert refused.reply == "550 no such user"


def test_what_is_put_off_for_days_has_failed(fresh_sqlite: FreshEngine, server: TestMailServer) -> None:
    server.refuses = {"donor1@example.ee": "451 later"}
    with fresh_sqlite() as engine:
        write(engine, server.port, 1)
        for hours in range(0, 100, 2):
            send(engine, NOW + timedelta(hours=hours))
        assert states(engine) == {MailState.REFUSED: 1}


def test_a_server_that_is_gone_puts_all_off(fresh_sqlite: FreshEngine, server: TestMailServer) -> None:
    with fresh_sqlite() as engine:
        write(engine, 1, 1, 2)
        send(engine)
        assert states(engine) == {MailState.WAITING: 2}
        with writing(engine) as session:
            set_mail_server(session, server_at(server.port), by=BY, at=NOW)
        send(engine, NOW + timedelta(minutes=6))
        assert states(engine) == {MailState.SENT: 2}


def test_what_may_have_arrived_is_sent_again_by_a_person_only(engine: Engine, server: TestMailServer) -> None:
    server.is_broken_off_after_text = True
    write(engine, server.port, 1)
    send(engine)
    server.is_broken_off_after_text = False
    send(engine, NOW + timedelta(days=3))
    assert states(engine) == {MailState.HANDED_OVER: 1}
    assert len(server.arrived) == 1
    with writing(engine) as session:
        assert send_again(session, 1, now=NOW)
        begin_sending(session, now=NOW)
    send(engine, NOW + timedelta(days=3))
    assert [each.content["Message-ID"] for each in server.arrived] == [server.arrived[0].content["Message-ID"]] * 2


def test_books_of_a_backup_send_nothing_by_themselves(fresh_sqlite: FreshEngine, server: TestMailServer) -> None:
    with fresh_sqlite() as engine:
        write(engine, server.port, 1)
        with writing(engine) as session:
            assert doubt_waiting(session) == 1
        send(engine)
        assert server.arrived == []


_WORKER = """
import sys
from datetime import UTC, datetime
from threading import Event
from donations.jobs.known import KINDS
from donations.jobs.running import do_all
from donations.store.opening import open_engine
do_all(open_engine(sys.argv[1], key=sys.argv[2]), KINDS, lambda: datetime.now(UTC), once=True, stop=Event())
"""


@pytest.mark.parametrize(("total", "kills"), [(12, (0, 5)), *in_assurance((300, (40, 200)))])
def test_programs_killed_in_the_middle_send_none_twice_and_lose_none(
    fresh_sqlite: FreshEngine, server: TestMailServer, total: int, kills: tuple[int, ...]
) -> None:
    """Killed at the worst moment: the server has the text, and nobody was told so."""
    with fresh_sqlite() as engine:
        write(engine, server.port, *range(total))
        worker = [sys.executable, "-c", _WORKER, engine.url.render_as_string(hide_password=False), HOST_KEY]
        for at in (*kills, None):
            with subprocess.Popen(worker) as program:
                server.after_text = _killer(program, at)
            with writing(engine) as session:  # the lease of who was killed runs out
                session.execute(update(JobRow).values(leased_until=0, tries=0))
        assert len(server.recipients()) == len(set(server.recipients())) == total
        assert states(engine) == {MailState.SENT: total - len(kills), MailState.HANDED_OVER: len(kills)}


def _killer(program: subprocess.Popen[bytes], at: int | None) -> Callable[[int], None]:
    def kill(count: int) -> None:
        if count == at:
            program.kill()
            program.wait()

    return kill


def test_the_demonstration_and_books_without_a_server_send_nothing(fresh_sqlite: FreshEngine) -> None:
    with fresh_sqlite() as engine:
        with writing(engine) as session:
            put_into_outbox(session, [new_mail(1)], by=BY, now=NOW)
        do_all(engine, KINDS, lambda: NOW, once=True, stop=Event())
        with reading(engine) as session:
            found = find_mail(session, 1)
        assert found is not None
        assert (found.state, found.tries) == (MailState.WAITING, 0)


def test_treasurers_are_reminded_once_of_a_month_that_is_open(engine: Engine, server: TestMailServer) -> None:
    with writing(engine) as session:
        set_mail_server(session, server_at(server.port), by=BY, at=NOW)
        for name, email, roles in (("Mari", "mari@example.ee", "treasurer"), ("Jaan", "jaan@example.ee", "viewer")):
            users.add_person(
                session, name=name, name_key=name.lower(), email=email, email_key=email, roles=roles, now=NOW
            )
    send(engine, NOW + timedelta(days=10))
    assert server.arrived == []  # nobody asked for it
    with writing(engine) as session:
        set_papers(session, Reminders(month_due=True), by=BY, at=NOW)
    for days in (5, 6, 7, 20):
        send(engine, NOW + timedelta(days=days))
    assert server.recipients() == ["mari@example.ee"]
    send(engine, NOW + timedelta(days=38))
    subjects = [each.content["Subject"] for each in server.arrived]
    assert subjects == [
        "Juuni 2026: kuu saab sulgeda",
        "Juuli 2026: kuu saab sulgeda",
    ]


def test_a_server_that_takes_a_few_from_each_connection_gets_all(engine: Engine, server: TestMailServer) -> None:
    """As many hosts do: 421 after so many messages, which is no “not now” for those that are left."""
    server.taken_per_connection = 2
    write(engine, server.port, 1, 2, 3, 4, 5)
    send(engine)
    assert (states(engine), server.connections) == ({MailState.SENT: 5}, 3)
    server.taken_per_connection = 0
    write(engine, server.port, 6)
    send(engine)
    assert states(engine) == {MailState.SENT: 5, MailState.WAITING: 1}


def test_one_that_cannot_be_written_holds_up_nobody(fresh_sqlite: FreshEngine, server: TestMailServer) -> None:
    """The library takes this address for an encoded word."""
    with fresh_sqlite() as engine:
        with writing(engine) as session:
            odd = replace(new_mail(1), address="=?utf-8?q?a=40b?=@example.ee")
            put_into_outbox(session, [odd], by=BY, now=NOW)
        write(engine, server.port, 2)
        send(engine)
        assert states(engine) == {MailState.REFUSED: 1, MailState.SENT: 1}


def test_an_odd_answer_is_kept_as_it_can_be_read(fresh_sqlite: FreshEngine, server: TestMailServer) -> None:
    server.reply = "250 t\0aken \x1b[1m"
    with fresh_sqlite() as engine:
        write(engine, server.port, 1)
        send(engine)
        with reading(engine) as session:
            assert [each.reply for each in outbox(session, limit=2)] == ["250 t aken [1m"]


def test_what_leaves_is_seven_bits_wide(fresh_sqlite: FreshEngine, server: TestMailServer) -> None:
    with fresh_sqlite() as engine:
        with writing(engine) as session:
            put_into_outbox(session, [replace(new_mail(1), text=MailText("õ", "Õnne"))], by=BY, now=NOW)
        write(engine, server.port)
        send(engine)
        assert server.arrived[0].content.as_bytes().isascii()


def test_who_wants_none_by_now_gets_none(book: Book, server: TestMailServer) -> None:
    book.take(statement("01-01", "01-31", gift("01-05", 1_000), opening=0))
    donor = book.donor("Mari Mets")
    with writing(book.engine) as session:
        put_into_outbox(session, [replace(new_mail(1), donor=donor)], by=BY, now=NOW)
        kind = ConsentKind.CONTACT
        record_consent(session, donor, kind, "no", given_on=NOW.date(), source="a call", by=BY, at=NOW)
    write(book.engine, server.port, 2)
    send(book.engine)
    assert states(book.engine) == {MailState.REFUSED: 1, MailState.SENT: 1}


def test_the_number_of_an_erased_message_is_nobody_elses(fresh_sqlite: FreshEngine) -> None:
    with fresh_sqlite() as engine:
        with writing(engine) as session:
            put_into_outbox(session, [new_mail(1)], by=BY, now=NOW)
            (held,) = outbox(as_reader(session), limit=1)
            session.execute(delete(MailRow))
            put_into_outbox(session, [new_mail(2)], by=BY, now=NOW)
            assert hand_over(session, held, now=NOW) is None
        assert states(engine) == {MailState.WAITING: 1}


def test_what_one_worker_was_handed_another_does_not_refuse(engine: Engine) -> None:
    with writing(engine) as session:
        put_into_outbox(session, [new_mail(1)], by=BY, now=NOW)
        (held,) = outbox(as_reader(session), limit=1)
        handed = hand_over(session, held, now=NOW)
        assert handed is not None
        refused(session, held, "550 no such user", now=NOW)
        put_off(session, held, "451 later", now=NOW)
        took(session, handed, "250 taken")
    assert states(engine) == {MailState.SENT: 1}


def test_what_was_dropped_and_taken_at_once_was_sent(fresh_sqlite: FreshEngine) -> None:
    with fresh_sqlite() as engine:
        with writing(engine) as session:
            put_into_outbox(session, [new_mail(1)], by=BY, now=NOW)
            (held,) = outbox(as_reader(session), limit=1)
            handed = hand_over(session, held, now=NOW)
            assert handed is not None
            assert drop_mail(session, handed.id)
            took(session, handed, "250 taken")
        assert states(engine) == {MailState.SENT: 1}


@pytest.mark.parametrize("host", ["a..b", "a" * 70])
def test_a_name_that_no_server_has_is_refused(host: str) -> None:
    with pytest.raises(Refusal), opened(replace(server_at(25), host=host)):
        pass


def test_letters_of_any_alphabet_are_let_in(server: TestMailServer) -> None:
    server.password = WORD
    with opened(server_at(server.port, password=server.password)):
        pass
    with pytest.raises(Refusal, match="mail_server_refused"), opened(server_at(server.port, password=WORD[1:])):
        pass


def test_a_server_that_turns_us_away_is_heard(server: TestMailServer) -> None:
    server.greeting = "554 go away"
    with pytest.raises(Refusal) as refusal, opened(server_at(server.port)):
        pass
    assert refusal.value.facts["reply"] == "554 go away"


def test_nothing_is_said_where_encryption_is_wanted_and_missing(server: TestMailServer) -> None:
    wanting = replace(server_at(server.port, password=WORD), security=MailSecurity.STARTTLS)
    with pytest.raises(Refusal), opened(wanting):
        pass
    assert server.arrived == []


def test_each_address_is_told_once_of_a_month_closed_and_published(book: Book, server: TestMailServer) -> None:
    names = [f"{first} {last}" for first in ("Mari", "Jaan", "Kai", "Tiit") for last in ("Mets", "Tamm", "Kask")]
    given = [gift(day, 1_000, each) for day in ("01-05", "02-05") for each in names]
    book.take(statement("01-01", "02-28", *given, opening=0))
    today, reasons = NOW.date(), lambda _: "no matter"
    with writing(book.engine) as session:
        set_mail_server(session, server_at(server.port), by=BY, at=NOW)
        close(session, Month(2026, 1), by=BY, now=NOW - timedelta(days=1), today=today, reasons=reasons)
        set_digest_addresses(session, ["one@example.ee", "two@example.ee"], by=BY, at=NOW)
    send(book.engine)
    assert server.arrived == []  # it was closed before anybody was to be told
    with writing(book.engine) as session:
        close(session, Month(2026, 2), by=BY, now=NOW, today=today, reasons=reasons)
    send(book.engine)
    with writing(book.engine) as session:
        set_digest_addresses(session, ["two@example.ee"], by=BY, at=NOW + timedelta(hours=1))
        publish(session, organisation="MTÜ Test", by=BY, now=NOW + timedelta(days=40))
    for days in (40, 41):
        send(book.engine, NOW + timedelta(days=days))
    told = [(each.recipient, each.content["Subject"]) for each in server.arrived]
    closed, published = "Veebruar 2026 on suletud", ["Jaanuar 2026: avaldatud"]
    assert told[:2] == [("one@example.ee", closed), ("two@example.ee", closed)]
    assert told[2:] == [("two@example.ee", each) for each in published]
    assert "Annetatud: 120,00 €" in server.arrived[0].content.get_content()
    assert "Mari" not in server.arrived[2].content.get_content()
