"""One account as its owner and an administrator see it, and what its owner changes: password, second step, sessions.

Whoever calls these has let the person prove just before who it is (`fresh` on the pages).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from donations.access.event import SENTENCES, Event, Origin, note
from donations.access.person import Person, person_of
from donations.access.second_step import (
    has_second_step,
    new_recovery_codes,
    new_totp_secret,
    recovery_digest,
    totp_step,
)
from donations.access.session import Entered, Lifetime, begin, begin_anew, end_everything
from donations.store import users
from donations.store.host_key import seal_of
from donations.store.sealing import is_sealed
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.tables.access import PersonRow

EVENTS_SHOWN = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A passkey without its key."""

    id: int
    name: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """Where the person is signed in."""

    digest: str
    browser: str
    address: str
    made_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One line of the history."""

    at: datetime
    what: str
    """In marked words."""
    browser: str
    address: str
    by: str
    """Empty where the person did it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """All that is kept of an account but its secrets."""

    person: Person
    passkeys: list[Passkey]
    codes_left: int
    browsers: list[Browser]
    history: list[Happened]

    @property
    def has_second_step(self) -> bool:
        """Whether the password alone does not let the person in."""
        return self.person.uses_totp or bool(self.passkeys)


def account(session: ReadSession, person_id: int, *, now: datetime, lifetime: Lifetime) -> Account:
    """Return an account with its newest history."""
    browsers = users.sessions_of(session, person_id, made_after=now - lifetime.absolute, seen_after=now - lifetime.idle)
    return Account(
        person=person_of(users.person_here(session, person_id)),
        passkeys=[
            Passkey(id=row.id, name=row.name, made_at=row.made_at, used_at=row.used_at)
            for row in users.passkeys_of(session, person_id)
        ],
        codes_left=users.recovery_codes_left(session, person_id),
        browsers=[
            Browser(
                digest=row.digest,
                browser=row.browser,
                address=row.address,
                made_at=row.made_at,
                seen_at=row.seen_at,
            )
            for row in browsers
        ],
        history=[
            Happened(at=row.at, what=SENTENCES[Event(row.kind)], browser=row.browser, address=row.address, by=row.by)
            for row in users.events_of(session, person_id, limit=EVENTS_SHOWN)
        ],
    )


class WrongCodeError(Exception):
    """The app showed another code."""


class HasAppError(Exception):
    """An app counts already; it would be gone before the next one counted."""


def set_password(
    session: WriteSession, row: PersonRow, hashed: str, *, origin: Origin, lifetime: Lifetime, is_complete: bool = True
) -> Entered:
    """Set a new password; all browsers but this one are signed out, and tokens revoked."""
    row.password_hash = hashed
    session.add(row)
    note(session, Event.PASSWORD_SET, origin, person_id=row.id)
    end_everything(session, row.id, origin)
    return begin(session, row.id, origin, lifetime=lifetime, is_complete=is_complete)


def begin_totp(session: WriteSession, person_id: int) -> str:
    """Return the secret for an authenticator app; it counts once the app has shown a code. Raises `HasAppError`."""
    row = users.person_here(as_reader(session), person_id)
    if row.totp_confirmed:
        raise HasAppError
    secret = new_totp_secret()
    row.totp_secret, row.totp_last_step = seal_of(session).sealed(secret, person_id=person_id), None
    session.add(row)
    session.flush()
    return secret


def waiting_totp_secret(session: ReadSession, person_id: int) -> str | None:
    """Return the secret of an app that has not shown its first code yet."""
    row = users.person_here(session, person_id)
    return None if row.totp_confirmed else totp_secret(session, row)


def totp_secret(session: ReadSession, row: PersonRow) -> str | None:
    """Return the secret of the person's app; None without one, and where it was sealed with a key that is lost."""
    kept = row.totp_secret
    return seal_of(session).opened(kept, person_id=row.id) if kept is not None and is_sealed(kept) else kept


def seal_totp_secrets(session: WriteSession) -> None:
    """Seal the secrets that an older version kept open."""
    for row in users.all_people(as_reader(session)):
        if row.totp_secret is not None and not is_sealed(row.totp_secret):
            row.totp_secret = seal_of(session).sealed(row.totp_secret, person_id=row.id)
            session.add(row)


def confirm_totp(
    session: WriteSession, person_id: int, code: str, *, origin: Origin, lifetime: Lifetime
) -> tuple[Entered, list[str]]:
    """Count the app as second step from now on; returns fresh recovery codes too. Raises `WrongCodeError`."""
    row = users.person_here(as_reader(session), person_id)
    secret = None if row.totp_confirmed else totp_secret(as_reader(session), row)
    step = None if secret is None else totp_step(secret, code, now=origin.at, last_step=None)
    if step is None:
        raise WrongCodeError
    row.totp_confirmed, row.totp_last_step = True, step
    session.add(row)
    note(session, Event.TOTP_ON, origin, person_id=person_id)
    codes = make_recovery_codes(session, person_id, origin)
    return begin_anew(session, person_id, origin, lifetime=lifetime), codes


def remove_totp(session: WriteSession, person_id: int, *, origin: Origin, lifetime: Lifetime) -> Entered:
    """Take the app away."""
    row = users.person_here(as_reader(session), person_id)
    row.totp_secret, row.totp_confirmed, row.totp_last_step = None, False, None
    session.add(row)
    note(session, Event.TOTP_OFF, origin, person_id=person_id)
    drop_needless_codes(session, row)
    return begin_anew(session, person_id, origin, lifetime=lifetime)


def make_recovery_codes(session: WriteSession, person_id: int, origin: Origin) -> list[str]:
    """Return new recovery codes, to be shown once; older ones are good no more."""
    codes = new_recovery_codes()
    users.put_recovery_codes(session, person_id, [recovery_digest(code, person_id=person_id) for code in codes])
    note(session, Event.CODES_MADE, origin, person_id=person_id)
    return codes


def drop_needless_codes(session: WriteSession, row: PersonRow) -> None:
    """Take recovery codes away where no second step is left that they could stand in for."""
    session.flush()
    if not has_second_step(as_reader(session), row):
        users.put_recovery_codes(session, row.id, [])


def sign_out(session: WriteSession, person_id: int, digest: str, origin: Origin, *, kind: Event) -> None:
    """End one of the person's own sessions; another one's is left alone."""
    if users.end_session_of(session, person_id, digest):
        note(session, kind, origin, person_id=person_id)


def sign_out_everywhere(session: WriteSession, person_id: int, origin: Origin) -> None:
    """End all sessions of the person, and what programs do in the person's name."""
    note(session, Event.SIGNED_OUT_EVERYWHERE, origin, person_id=person_id)
    end_everything(session, person_id, origin)
