"""Sends what waits in the outbox, one message after the other, each handed over once whoever is killed.

Before the server is given a text, the outbox says so: a message that was being handed over when a program was killed
may have arrived, so that nobody sends it again by itself. A person does, or drops it (docs/adr/0043).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import Engine

from donations.access.link import PASSWORD_LIFE
from donations.acts.certificate import CertificateState
from donations.acts.donor_certificates import find_certificate
from donations.core.mail import MailKind
from donations.core.refusal import Refusal
from donations.core.refusals import MailCode
from donations.documents.certificate import file_name
from donations.documents.certificate_archive import one_paper
from donations.documents.locked import locked
from donations.jobs.digesting import tell_of_months
from donations.jobs.kind import JobKind
from donations.jobs.reminding import remind
from donations.jobs.smtp import (
    Attachment,
    DoubtfulError,
    LostError,
    NeverTakenError,
    Post,
    PutOffError,
    message,
    opened,
)
from donations.store.donors.reaching import wants_none
from donations.store.jobs import Job, JobState
from donations.store.mail import (
    MailServer,
    OutgoingMail,
    hand_over,
    is_mail_due,
    mail_server,
    next_due,
    number_due,
    put_off,
    refused,
    took,
)
from donations.store.organisation import OwnName, paper_settings
from donations.store.session import ReadSession, WriteSession, as_reader, reading, writing

GONE = "certificate void or erased"
"""What stands as the answer of a message whose paper must not leave any more."""
LINK_OVER = "the link is over"
UNWANTED = "the donor does not want to be written to"


def begin_sending(session: WriteSession, *, now: datetime) -> None:
    """Let what waits be sent once this transaction is committed, unless somebody is at it."""
    if not _is_under_way(as_reader(session), now=now):
        number = number_due(as_reader(session), now=now)
        SENDING.begin(session, {}, content=now.isoformat(), total=number, now=now)


def sending_job(session: ReadSession, *, now: datetime) -> Job | None:
    """Return how far it is."""
    return SENDING.find(session, {}, now=now)


def _is_under_way(session: ReadSession, *, now: datetime) -> bool:
    job = sending_job(session, now=now)
    return job is not None and job.state in {JobState.WAITING, JobState.RUNNING}


def _begin_due(engine: Engine, now: datetime) -> None:
    remind(engine, now)
    tell_of_months(engine, now)
    with reading(engine) as session:
        if not is_mail_due(session, now=now) or _is_under_way(session, now=now):
            return
    with writing(engine) as session:
        begin_sending(session, now=now)


def _work(engine: Engine, job: Job, now: datetime) -> Iterator[tuple[int, bytes]]:
    del job
    with reading(engine) as session:
        server, called = mail_server(session), paper_settings(session, OwnName).called
    if server is None:
        raise Refusal(MailCode.NO_MAIL_SERVER)
    try:
        done = 0
        while any(_due(engine, now)):  # some servers take so many messages from one connection, and then close it
            with opened(server) as post, suppress(LostError, DoubtfulError):
                for place, mail in enumerate(_due(engine, now)):
                    _send(engine, post, server, mail, called=called, now=now, is_first=place == 0)
                    done += 1
                    yield done, b""
    except Refusal as refusal:
        _put_all_off(engine, str(refusal.facts.get("reply", "")), now=now)
        raise


def _due(engine: Engine, now: datetime) -> Iterator[OutgoingMail]:
    while True:
        with reading(engine) as session:
            mail = next_due(session, now=now)
        if mail is None:
            return
        yield mail


def _send(
    engine: Engine, post: Post, server: MailServer, mail: OutgoingMail, *, called: str, now: datetime, is_first: bool
) -> None:
    """Send one message; raises `LostError` and `DoubtfulError` where the next ones need another connection.

    Who is lost before anything was sent over the same connection is put off, so that each connection gets on.
    """
    try:
        _refuse_unwanted(engine, mail, now)
        attachment = _paper_of(engine, mail)
        content = message(mail, sender=server.sender, called=called, now=now, paper=attachment)
        post.name_recipient(mail.address)
        with writing(engine) as session:
            handed = hand_over(session, mail, now=now)
        if handed is None:
            return
        mail = handed
        reply = post.hand_over(content)
    except PutOffError as error:
        is_lost = isinstance(error, LostError)
        if is_first or not is_lost:
            with writing(engine) as session:
                put_off(session, mail, str(error), now=now)
        if is_lost:
            raise
    except NeverTakenError as error:
        with writing(engine) as session:
            refused(session, mail, str(error), now=now)
    else:
        with writing(engine) as session:
            took(session, mail, reply)


def _refuse_unwanted(engine: Engine, mail: OutgoingMail, now: datetime) -> None:
    """Raise `NeverTakenError` where a link is over, or the donor said meanwhile not to be written to."""
    if mail.kind is MailKind.INVITATION and now >= mail.made_at + PASSWORD_LIFE:
        raise NeverTakenError(LINK_OVER)
    if mail.donor is None:
        return
    with reading(engine) as session:
        if wants_none(session, mail.donor):
            raise NeverTakenError(UNWANTED)


def _paper_of(engine: Engine, mail: OutgoingMail) -> Attachment | None:
    """Return the PDF that goes with it. Raises `NeverTakenError` where it must not leave any more."""
    if not mail.paper:
        return None
    year, _, number = mail.paper.partition("-")
    with reading(engine) as session:
        found = find_certificate(session, int(year), int(number))
        if found is None or found.state is not CertificateState.STANDS or found.certificate.kept.name is None:
            raise NeverTakenError(GONE)
        content = one_paper(session, found, has_codes=True)
    return Attachment(name=file_name(found), content=locked(content, word=mail.word))


def _put_all_off(engine: Engine, reply: str, *, now: datetime) -> None:
    """Try everything again later: it is the server that does not answer."""
    for mail in _due(engine, now):
        with writing(engine) as session:
            put_off(session, mail, reply, now=now)


SENDING = JobKind("mail", _work, kept_for=timedelta(days=1), kept_most=4, begin_due=_begin_due)
"""One job sends all that is due."""
