"""Signing in with a password and a second step.

An attempt is written down as failed before it is looked at, so that many at once are all counted; only what comes
out right is written over. Whether the name, the password or the account is wrong cannot be told from outside.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sqlalchemy import Engine

from donations.access.account import totp_secret
from donations.access.event import Event, Origin, failures_before, may_try, note
from donations.access.password import Passwords
from donations.access.person import may_come_in, sign_in_key
from donations.access.second_step import has_second_step, recovery_digest, totp_step
from donations.access.session import Again, Entered, Lifetime, begin
from donations.store import users
from donations.store.session import WriteSession, as_reader, reading, writing
from donations.store.tables.access import PersonRow
from donations.store.turn import Turn

_STRANGERS_WAIT = 10
"""Seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """What every way in needs."""

    engine: Engine
    passwords: Passwords
    lifetime: Lifetime
    strangers: Turn = field(default_factory=lambda: Turn(4, waiting_max=4))
    """How many of them may wait for who writes to the books: people who are signed in wait beside them."""


class WrongError(Exception):
    """What was given is not right, or nobody is called so; which of it is not said."""


class TooManyAttemptsError(Exception):
    """So much failed before that this attempt was not even looked at."""


def with_password(entrance: Entrance, *, name: str, password: str, origin: Origin) -> Entered:
    """Sign in by name or e-mail address and password.

    Raises `WrongError`, `TooManyAttemptsError`, or `Refusal`: `sign_in_busy`, or `busy`.
    """
    key = sign_in_key(name)
    with entrance.strangers.taken(seconds=_STRANGERS_WAIT), writing(entrance.engine) as session:
        row = users.person_called(as_reader(session), key)
        person_id = None if row is None else row.id
        hashed = row.password_hash if row is not None and may_come_in(row, now=origin.at) else None
        attempt = _attempt(session, Event.FAILED, origin, person_id=person_id, key=key)
    if not entrance.passwords.is_right(password, hashed) or person_id is None:
        raise WrongError
    with writing(entrance.engine) as session:
        row = users.person_with_id(as_reader(session), person_id)
        if row is None or not may_come_in(row, now=origin.at) or row.password_hash != hashed:
            raise WrongError
        is_complete = not has_second_step(as_reader(session), row)
        users.rename_event(session, attempt, kind=Event.SIGNED_IN if is_complete else Event.PASSWORD_RIGHT)
        return begin(session, person_id, origin, lifetime=entrance.lifetime, is_complete=is_complete)


def with_code(entrance: Entrance, *, digest: str, person_id: int, code: str, origin: Origin) -> Entered:
    """Take the second step with a code of the app or a recovery code; `digest` is of the session that owes it.

    Raises `WrongError` or `TooManyAttemptsError`.
    """
    with writing(entrance.engine) as session:
        attempt = _attempt(session, Event.FAILED_CODE, origin, person_id=person_id, key="")
    with writing(entrance.engine) as session:
        row = users.person_with_id(as_reader(session), person_id)
        if row is None:
            raise WrongError
        kind = _used(session, row, code, origin=origin)
        # Somebody may have ended it since it was asked who owes the step.
        if not users.end_session_of(session, person_id, digest):
            raise WrongError
        users.rename_event(session, attempt, kind=kind)
        return begin(session, person_id, origin, lifetime=entrance.lifetime)


def prove_again(entrance: Entrance, again: Again, *, password: str, code: str, origin: Origin) -> Entered:
    """Take again all that lets the person in: the password, and a code where there is a second step.

    Raises as `with_password`.
    """
    check_password(entrance, person_id=again.person_id, password=password, origin=origin)
    with writing(entrance.engine) as session:
        row = users.person_here(as_reader(session), again.person_id)
        if not has_second_step(as_reader(session), row):
            if not users.end_session_of(session, row.id, again.digest):
                raise WrongError
            note(session, Event.SIGNED_IN, origin, person_id=row.id)
            return begin(session, row.id, origin, lifetime=entrance.lifetime)
    return with_code(entrance, digest=again.digest, person_id=again.person_id, code=code, origin=origin)


def check_password(entrance: Entrance, *, person_id: int, password: str, origin: Origin) -> None:
    """Check the password of somebody who is signed in; raises as `with_password`."""
    with reading(entrance.engine) as session:
        row = users.person_with_id(session, person_id)
        hashed = None if row is None else row.password_hash
    with writing(entrance.engine) as session:
        attempt = _attempt(session, Event.FAILED, origin, person_id=person_id, key="")
    if not entrance.passwords.is_right(password, hashed):
        raise WrongError
    with writing(entrance.engine) as session:
        users.drop_event(session, attempt)


def attempt_from_address(session: WriteSession, origin: Origin) -> int:
    """Write an attempt on no particular account down; raises `TooManyAttemptsError`."""
    before = failures_before(session, origin, person_id=None, name="")
    if not may_try(replace(before, on_account=0, last=None), now=origin.at):
        raise TooManyAttemptsError
    return note(session, Event.FAILED, origin, person_id=None)


def _attempt(session: WriteSession, kind: Event, origin: Origin, *, person_id: int | None, key: str) -> int:
    if not may_try(failures_before(session, origin, person_id=person_id, name=key), now=origin.at):
        raise TooManyAttemptsError
    return note(session, kind, origin, person_id=person_id, name=key)


def _used(session: WriteSession, row: PersonRow, code: str, *, origin: Origin) -> Event:
    """Use up the code and return what it was."""
    secret = totp_secret(as_reader(session), row) if row.totp_confirmed else None
    if secret is not None:
        step = totp_step(secret, code, now=origin.at, last_step=row.totp_last_step)
        if step is not None:
            row.totp_last_step = step
            session.add(row)
            return Event.SIGNED_IN
    if users.use_recovery_code(session, row.id, recovery_digest(code, person_id=row.id)):
        return Event.SIGNED_IN_RECOVERY
    raise WrongError
