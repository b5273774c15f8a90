"""The server that takes mail from here, and the outbox: for each occasion one message, handed over once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import exists, func, update
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from donations.core.donor import DonorId
from donations.core.language import Language
from donations.core.mail import MailKind, MailState, MailText, again_after
from donations.store.session import ReadSession, WriteSession, as_reader, next_ids
from donations.store.tables.mail import MailRow, MailServerRow


class MailSecurity(StrEnum):
    """How the way to the server is kept from others."""

    TLS = "tls"
    """From the first byte (port 465)."""
    STARTTLS = "starttls"
    """Asked for on an open connection, and nothing is sent without (port 587)."""
    NONE = "none"
    """Not at all: only for a server on the same computer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Who takes mail from here."""

    host: str
    port: int
    security: MailSecurity
    username: str
    password: str
    sender: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMail:
    """A message to be put into the outbox."""

    occasion: str
    kind: MailKind
    language: Language
    address: str
    text: MailText
    donor: DonorId | None = None
    paper: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMail(NewMail):
    """A message of the outbox."""

    id: int
    state: MailState
    tries: int
    made_by: str
    made_at: datetime
    due_at: datetime
    tried_at: datetime | None
    reply: str


def mail_server(session: ReadSession) -> MailServer | None:
    """Return the server; None where nobody said one."""
    row = session.get(MailServerRow, 1)
    if row is None:
        return None
    return MailServer(
        host=row.host,
        port=row.port,
        security=MailSecurity(row.security),
        username=row.username,
        password=row.password,
        sender=row.sender,
    )


def mail_server_set_by(session: ReadSession) -> str | None:
    """Return who said the server; None where nobody did."""
    row = session.get(MailServerRow, 1)
    return None if row is None else row.set_by


def set_mail_server(session: WriteSession, server: MailServer, *, by: str, at: datetime) -> None:
    """Let mail be sent through this server from now on."""
    session.merge(
        MailServerRow(
            id=1,
            host=server.host,
            port=server.port,
            security=server.security.value,
            username=server.username,
            password=server.password,
            sender=server.sender,
            set_by=by,
            set_at=at.astimezone(UTC),
        )
    )
    session.flush()


def put_into_outbox(session: WriteSession, mails: Iterable[NewMail], *, by: str, now: datetime) -> int:
    """Add messages of occasions that have none yet, and return how many."""
    wanted = {each.occasion: each for each in mails}
    known = occasions_known(ReadSession(session), wanted)
    ids, at = next_ids(session, MailRow), now.astimezone(UTC)
    new = [each for occasion, each in wanted.items() if occasion not in known]
    session.add_all(
        MailRow(
            id=next(ids),
            occasion=each.occasion,
            kind=each.kind.value,
            language=each.language.value,
            donor_id=each.donor,
            address=each.address,
            subject=each.text.subject,
            body=each.text.body,
            paper=each.paper,
            word=each.word,
            made_by=by,
            made_at=at,
            state=MailState.WAITING.value,
            due_at=at,
        )
        for each in new
    )
    session.flush()
    return len(new)


def occasions_known(session: ReadSession, occasions: Iterable[str]) -> dict[str, MailState]:
    """Return those of the occasions that have a message, each with how far that is."""
    asked, found = list(occasions), dict[str, MailState]()
    for at in range(0, len(asked), 500):
        query = select(MailRow.occasion, MailRow.state).where(col(MailRow.occasion).in_(asked[at : at + 500]))
        found |= {occasion: MailState(state) for occasion, state in session.exec(query)}
    return found


def outbox(session: ReadSession, *, before: int | None = None, limit: int) -> list[OutgoingMail]:
    """Return messages, the newest first, those with a lower number than `before`."""
    query = select(MailRow).order_by(col(MailRow.id).desc()).limit(limit)
    return _found(session, query if before is None else query.where(col(MailRow.id) < before))


def outbox_after(session: ReadSession, *, after: int, limit: int) -> list[OutgoingMail]:
    """Return messages with a higher number than `after`, the oldest first."""
    return _found(session, select(MailRow).where(col(MailRow.id) > after).order_by(col(MailRow.id)).limit(limit))


def counts_by_state(session: ReadSession) -> dict[MailState, int]:
    """Return how many messages are how far."""
    query = sql_select(col(MailRow.state), func.count()).group_by(col(MailRow.state))
    return {MailState(state): int(number) for state, number in session.execute(query)}


def mails_to(session: ReadSession, donors: Iterable[DonorId]) -> list[OutgoingMail]:
    """Return the messages to these donors, the oldest first."""
    query = select(MailRow).where(col(MailRow.donor_id).in_(sorted(donors)))
    return _found(session, query.order_by(col(MailRow.id)))


def find_mail(session: ReadSession, number: int) -> OutgoingMail | None:
    """Return a message."""
    return next(iter(_found(session, select(MailRow).where(col(MailRow.id) == number))), None)


def next_due(session: ReadSession, *, now: datetime) -> OutgoingMail | None:
    """Return the message that is due longest; None where none is."""
    query = select(MailRow).where(*_due(now)).order_by(col(MailRow.due_at), col(MailRow.id)).limit(1)
    return next(iter(_found(session, query)), None)


def is_mail_due(session: ReadSession, *, now: datetime) -> bool:
    """Whether a message is to be sent, and there is a server for it."""
    is_due = exists().where(*_due(now)) & exists().where(col(MailServerRow.id) == 1)
    return bool(session.scalar(sql_select(is_due)))


def number_due(session: ReadSession, *, now: datetime) -> int:
    """Return how many messages are to be sent now."""
    return int(session.scalar(sql_select(func.count()).select_from(MailRow).where(*_due(now))) or 0)


def hand_over(session: WriteSession, mail: OutgoingMail, *, now: datetime) -> OutgoingMail | None:
    """Say that the server is given the text now; None where somebody else said so before."""
    state, at = MailState.HANDED_OVER, now.astimezone(UTC)
    is_ours = _change(session, mail, (MailState.WAITING,), state=state, tried_at=at)
    return replace(mail, state=state) if is_ours else None


def took(session: WriteSession, mail: OutgoingMail, reply: str) -> None:
    """Say that the server took it, even if somebody dropped it while it was handed over."""
    _change(session, mail, (MailState.HANDED_OVER, MailState.DROPPED), state=MailState.SENT, reply=reply)


def refused(session: WriteSession, mail: OutgoingMail, reply: str, *, now: datetime) -> None:
    """Say that the server does not take it, and never will."""
    _change(session, mail, (mail.state,), state=MailState.REFUSED, reply=reply, tried_at=now.astimezone(UTC))


def put_off(session: WriteSession, mail: OutgoingMail, reply: str, *, now: datetime) -> None:
    """Say that the server does not take it now: it is tried again later, or has failed after the last time."""
    wait = again_after(mail.tries + 1)
    if wait is None:
        refused(session, mail, reply, now=now)
        return
    at = now.astimezone(UTC)
    _change(
        session,
        mail,
        (mail.state,),
        state=MailState.WAITING,
        reply=reply,
        tries=mail.tries + 1,
        tried_at=at,
        due_at=at + wait,
    )


def send_again(session: WriteSession, number: int, *, now: datetime) -> bool:
    """Let a message be sent after all, as a person wants; False where it was sent, emptied or waits anyway."""
    states = (MailState.HANDED_OVER, MailState.REFUSED, MailState.DROPPED)
    mail = find_mail(as_reader(session), number)
    if mail is None or not mail.text.body:
        return False
    return _change(session, mail, states, state=MailState.WAITING, tries=0, due_at=now.astimezone(UTC))


def drop_mail(session: WriteSession, number: int) -> bool:
    """Let a message not be sent, as a person wants; False where it was sent."""
    mail = find_mail(as_reader(session), number)
    states = (MailState.WAITING, MailState.HANDED_OVER)
    return mail is not None and _change(session, mail, states, state=MailState.DROPPED)


def doubt_waiting(session: WriteSession) -> int:
    """Let nothing that waits be sent by itself: these books were given back, and it may have been sent meanwhile."""
    is_waiting = col(MailRow.state) == MailState.WAITING.value
    query = update(MailRow).where(is_waiting).values(state=MailState.HANDED_OVER.value).returning(col(MailRow.id))
    return len(session.execute(query).all())


_OVER = frozenset({MailState.SENT, MailState.REFUSED, MailState.DROPPED})


def _change(session: WriteSession, mail: OutgoingMail, from_: Sequence[MailState], **values: Any) -> bool:
    row = session.get(MailRow, mail.id, populate_existing=True)
    # The number of a message that was erased may be another's by now.
    if row is None or row.occasion != mail.occasion or MailState(row.state) not in from_:
        return False
    for name, value in values.items():
        setattr(row, name, value.value if isinstance(value, MailState) else value)
    if mail.kind is MailKind.INVITATION and MailState(row.state) in _OVER:
        row.body = ""
    session.flush()
    return True


def _due(now: datetime) -> tuple[Any, ...]:
    return col(MailRow.state) == MailState.WAITING.value, col(MailRow.due_at) <= now.astimezone(UTC)


def _found(session: ReadSession, query: Any) -> list[OutgoingMail]:
    return [
        OutgoingMail(
            id=row.id,
            occasion=row.occasion,
            kind=MailKind(row.kind),
            language=Language(row.language),
            donor=None if row.donor_id is None else DonorId(row.donor_id),
            address=row.address,
            text=MailText(row.subject, row.body),
            paper=row.paper,
            word=row.word,
            state=MailState(row.state),
            tries=row.tries,
            made_by=row.made_by,
            made_at=row.made_at,
            due_at=row.due_at,
            tried_at=row.tried_at,
            reply=row.reply,
        )
        for row in session.exec(query)
    ]
