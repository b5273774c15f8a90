"""Rows of people who may sign in: their links, sessions, ways to sign in, history, and what is asked of all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, CursorResult, Engine, delete, func, update
from sqlmodel import col, or_, select

from donations.store.opening import note_unless_busy
from donations.store.session import ReadSession, WriteSession, as_reader, next_ids
from donations.store.tables.access import (
    ChallengeRow,
    EntryRuleRow,
    OneTimeLinkRow,
    PasskeyRow,
    PersonRow,
    RecoveryCodeRow,
    SessionRow,
    SignInEventRow,
)


def has_people(session: ReadSession) -> bool:
    """Whether anybody was ever given an account."""
    return session.exec(select(PersonRow.id).limit(1)).first() is not None


def all_people(session: ReadSession) -> Sequence[PersonRow]:
    """Return everybody, those who may sign in first, by name."""
    order = (col(PersonRow.disabled_at).is_not(None), col(PersonRow.name_key))
    return session.exec(select(PersonRow).order_by(*order)).all()


def person_with_id(session: ReadSession, person_id: int) -> PersonRow | None:
    """Return a person."""
    return session.get(PersonRow, person_id)


def person_here(session: ReadSession, person_id: int) -> PersonRow:
    """Return a person that is known to exist, for nobody is ever deleted."""
    return session.get_one(PersonRow, person_id)


def person_called(session: ReadSession, key: str) -> PersonRow | None:
    """Return the person with this compared name or e-mail address."""
    wanted = or_(col(PersonRow.name_key) == key, col(PersonRow.email_key) == key)
    return session.exec(select(PersonRow).where(wanted)).first()


def add_person(
    session: WriteSession, *, name: str, name_key: str, email: str, email_key: str | None, roles: str, now: datetime
) -> PersonRow:
    """Add a person without a password; a name or address that is taken breaks the unique keys."""
    row = PersonRow(
        id=next(next_ids(session, PersonRow)),
        name=name,
        name_key=name_key,
        email=email,
        email_key=email_key,
        roles=roles,
        sees_names=False,
        made_at=now,
    )
    session.add(row)
    session.flush()
    return row


def add_link(session: WriteSession, digest: str, *, person_id: int | None, expires_at: datetime) -> None:
    """Keep a link; an older one of the same person, or for setting up, is good no more."""
    drop_links_of(session, person_id)
    session.add(OneTimeLinkRow(digest=digest, person_id=person_id, expires_at=expires_at))
    session.flush()


def link_with(session: ReadSession, digest: str, *, now: datetime) -> OneTimeLinkRow | None:
    """Return a link that is still good."""
    good = select(OneTimeLinkRow).where(OneTimeLinkRow.digest == digest, col(OneTimeLinkRow.expires_at) > now)
    return session.exec(good).first()


def drop_links_of(session: WriteSession, person_id: int | None) -> None:
    """Take back the links of a person, or (None) those for setting up."""
    column = col(OneTimeLinkRow.person_id)
    session.execute(delete(OneTimeLinkRow).where(column.is_(None) if person_id is None else column == person_id))


def add_session(session: WriteSession, row: SessionRow) -> None:
    """Let a browser in."""
    session.add(row)
    session.flush()


def session_with(
    session: ReadSession, digest: str, *, made_after: datetime, seen_after: datetime
) -> tuple[SessionRow, PersonRow] | None:
    """Return a session that is neither too old nor too idle, with its person."""
    query = (
        select(SessionRow, PersonRow)
        .join(PersonRow, col(PersonRow.id) == col(SessionRow.person_id))
        .where(
            SessionRow.digest == digest,
            col(SessionRow.made_at) > made_after,
            col(SessionRow.seen_at) > seen_after,
        )
    )
    found = session.exec(query).first()
    return None if found is None else (found[0], found[1])


def sessions_of(
    session: ReadSession, person_id: int, *, made_after: datetime, seen_after: datetime
) -> Sequence[SessionRow]:
    """Return where a person is signed in, the one seen last first."""
    query = select(SessionRow).where(
        SessionRow.person_id == person_id,
        col(SessionRow.is_complete),
        col(SessionRow.made_at) > made_after,
        col(SessionRow.seen_at) > seen_after,
    )
    return session.exec(query.order_by(col(SessionRow.seen_at).desc(), col(SessionRow.digest))).all()


def end_session_of(session: WriteSession, person_id: int, digest: str) -> bool:
    """End one of the sessions of a person, and say whether it was one."""
    mine = (col(SessionRow.digest) == digest, col(SessionRow.person_id) == person_id)
    done = session.execute(delete(SessionRow).where(*mine))
    return isinstance(done, CursorResult) and done.rowcount == 1


def end_sessions_of(session: WriteSession, person_id: int) -> None:
    """Sign a person out everywhere."""
    session.execute(delete(SessionRow).where(col(SessionRow.person_id) == person_id))


def drop_sessions_made_before(session: WriteSession, moment: datetime) -> None:
    """Forget sessions that expired."""
    session.execute(delete(SessionRow).where(col(SessionRow.made_at) <= moment))


def touch(engine: Engine, digest: str, *, now: datetime) -> None:
    """Note that a session is used; where the books are being written to, not now: no page waits for an import."""
    note_unless_busy(engine, update(SessionRow).where(col(SessionRow.digest) == digest).values(seen_at=now))


def passkeys_of(session: ReadSession, person_id: int) -> Sequence[PasskeyRow]:
    """Return the passkeys of a person in the order they were added."""
    return session.exec(select(PasskeyRow).where(PasskeyRow.person_id == person_id).order_by(col(PasskeyRow.id))).all()


def passkey_with(session: ReadSession, credential_id: str) -> PasskeyRow | None:
    """Return the passkey that a browser names."""
    return session.exec(select(PasskeyRow).where(PasskeyRow.credential_id == credential_id)).first()


def add_passkey(session: WriteSession, row: PasskeyRow) -> None:
    """Add a passkey; its id is counted by the writer."""
    row.id = next(next_ids(session, PasskeyRow))
    session.add(row)
    session.flush()


def drop_passkey(session: WriteSession, *, person_id: int, passkey_id: int) -> None:
    """Take a passkey away from the person that it belongs to."""
    mine = (col(PasskeyRow.id) == passkey_id, col(PasskeyRow.person_id) == person_id)
    session.execute(delete(PasskeyRow).where(*mine))


def drop_passkeys_of(session: WriteSession, person_id: int) -> None:
    """Take all passkeys away."""
    session.execute(delete(PasskeyRow).where(col(PasskeyRow.person_id) == person_id))


def put_challenge(session: WriteSession, row: ChallengeRow, *, too_old: datetime, most: int) -> None:
    """Keep the one challenge of a browser; what nobody answered in time is forgotten, and past `most` everything."""
    stale = (col(ChallengeRow.browser) == row.browser) | (col(ChallengeRow.made_at) <= too_old)
    session.execute(delete(ChallengeRow).where(stale))
    if session.execute(select(func.count()).select_from(ChallengeRow)).scalar_one() >= most:
        session.execute(delete(ChallengeRow))
    session.add(row)
    session.flush()


def take_challenge(session: WriteSession, browser: str, *, too_old: datetime) -> bytes | None:
    """Return the challenge of a browser and forget it: every answer is the only one."""
    row = as_reader(session).get(ChallengeRow, browser)
    if row is None:
        return None
    challenge = row.challenge if row.made_at > too_old else None
    session.delete(row)
    session.flush()
    return challenge


def recovery_codes_left(session: ReadSession, person_id: int) -> int:
    """Return how many recovery codes a person has not used."""
    return int(session.execute(select(func.count()).where(col(RecoveryCodeRow.person_id) == person_id)).scalar_one())


def put_recovery_codes(session: WriteSession, person_id: int, digests: Iterable[str]) -> None:
    """Replace a person's recovery codes; none takes them away."""
    session.execute(delete(RecoveryCodeRow).where(col(RecoveryCodeRow.person_id) == person_id))
    session.add_all(RecoveryCodeRow(digest=digest, person_id=person_id) for digest in digests)
    session.flush()


def use_recovery_code(session: WriteSession, person_id: int, digest: str) -> bool:
    """Take a recovery code, and say whether there was one."""
    mine = (col(RecoveryCodeRow.digest) == digest, col(RecoveryCodeRow.person_id) == person_id)
    done = session.execute(delete(RecoveryCodeRow).where(*mine))
    return isinstance(done, CursorResult) and done.rowcount == 1


def add_event(session: WriteSession, row: SignInEventRow) -> int:
    """Write an event down and return its id, which the writer counts."""
    row.id = next(next_ids(session, SignInEventRow))
    session.add(row)
    session.flush()
    return row.id


def rename_event(session: WriteSession, event_id: int, *, kind: str) -> None:
    """Say how an attempt came out."""
    session.execute(update(SignInEventRow).where(col(SignInEventRow.id) == event_id).values(kind=kind))


def failures_since(
    session: ReadSession,
    *,
    person_id: int | None,
    name_bucket: int | None,
    failures: Sequence[str],
    amends: Sequence[str],
) -> tuple[int, datetime | None]:
    """Count the failed attempts on an account since it was last amended, and return when the last one was."""
    account = _account(person_id, name_bucket)
    amended = select(func.coalesce(func.max(SignInEventRow.id), 0)).where(account, col(SignInEventRow.kind).in_(amends))
    query = select(func.count(), func.max(SignInEventRow.at)).where(
        account,
        col(SignInEventRow.kind).in_(failures),
        col(SignInEventRow.id) > amended.scalar_subquery(),
    )
    number, last = session.execute(query).one()
    return int(number), last


def _account(person_id: int | None, name_bucket: int | None) -> ColumnElement[bool]:
    if person_id is not None:
        return col(SignInEventRow.person_id) == person_id
    return col(SignInEventRow.name_bucket) == name_bucket


def failures_from(session: ReadSession, address: str, *, after: datetime, failures: Sequence[str]) -> int:
    """Count the failed attempts from an address, on whatever account."""
    query = select(func.count()).where(
        col(SignInEventRow.address) == address,
        col(SignInEventRow.at) > after,
        col(SignInEventRow.kind).in_(failures),
    )
    return int(session.execute(query).scalar_one())


def events_of(session: ReadSession, person_id: int, *, limit: int) -> Sequence[SignInEventRow]:
    """Return what happened to an account, the newest first."""
    query = select(SignInEventRow).where(SignInEventRow.person_id == person_id)
    return session.exec(query.order_by(col(SignInEventRow.id).desc()).limit(limit)).all()


def events_since(session: ReadSession, moment: datetime, *, kinds: Sequence[str]) -> Sequence[SignInEventRow]:
    """Return what happened to all accounts after a moment, the oldest first."""
    query = select(SignInEventRow).where(col(SignInEventRow.at) > moment, col(SignInEventRow.kind).in_(kinds))
    return session.exec(query.order_by(col(SignInEventRow.id))).all()


def drop_events_before(session: WriteSession, moment: datetime) -> None:
    """Forget what is long ago: it holds addresses of people."""
    session.execute(delete(SignInEventRow).where(col(SignInEventRow.at) < moment))


def drop_event(session: WriteSession, event_id: int) -> None:
    """Forget an attempt that turned out right and is nothing to tell."""
    session.execute(delete(SignInEventRow).where(col(SignInEventRow.id) == event_id))


def newest_rule(session: ReadSession) -> EntryRuleRow | None:
    """Return the rule that counts; None where nobody ever made one."""
    return session.exec(select(EntryRuleRow).order_by(col(EntryRuleRow.id).desc()).limit(1)).first()


def add_rule(session: WriteSession, *, needs_second_step: bool, by: str, at: datetime) -> None:
    """Let another rule count from now on."""
    row = EntryRuleRow(
        id=next(next_ids(session, EntryRuleRow)), needs_second_step=needs_second_step, set_by=by, set_at=at
    )
    session.add(row)
    session.flush()
