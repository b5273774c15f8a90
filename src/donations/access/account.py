"""What people change of their own account: password, authenticator app, recovery codes, where they are signed in.

Whoever calls these has let the person prove just before who it is (`fresh` on the pages).
"""

from __future__ import annotations

from donations.access.code import new_recovery_codes, new_totp_secret, recovery_digest, totp_step
from donations.access.event import Event, Origin, note
from donations.access.sealing import Seal, is_sealed
from donations.access.second_step import has_second_step
from donations.access.session import Entered, Lifetime, begin, begin_anew, end_everything
from donations.store.access import factors, people, sessions
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.tables.access import PersonRow


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


def begin_totp(session: WriteSession, person_id: int, *, seal: Seal) -> str:
    """Return the secret for an authenticator app; it counts once the app has shown a code. Raises `HasAppError`."""
    row = people.person_here(as_reader(session), person_id)
    if row.totp_confirmed:
        raise HasAppError
    secret = new_totp_secret()
    row.totp_secret, row.totp_last_step = seal.sealed(secret, person_id=person_id), None
    session.add(row)
    session.flush()
    return secret


def waiting_totp_secret(session: ReadSession, person_id: int, *, seal: Seal) -> str | None:
    """Return the secret of an app that has not shown its first code yet."""
    row = people.person_here(session, person_id)
    return None if row.totp_confirmed else totp_secret(row, seal)


def totp_secret(row: PersonRow, seal: Seal) -> str | None:
    """Return the secret of the person's app; None without one, and where it was sealed with a key that is lost."""
    return None if row.totp_secret is None else seal.opened(row.totp_secret, person_id=row.id)


def seal_totp_secrets(session: WriteSession, seal: Seal) -> None:
    """Seal the secrets that an older version kept open."""
    for row in people.all_people(as_reader(session)):
        if row.totp_secret is not None and not is_sealed(row.totp_secret):
            row.totp_secret = seal.sealed(row.totp_secret, person_id=row.id)
            session.add(row)


def confirm_totp(
    session: WriteSession, person_id: int, code: str, *, seal: Seal, origin: Origin, lifetime: Lifetime
) -> tuple[Entered, list[str]]:
    """Count the app as second step from now on; returns fresh recovery codes too. Raises `WrongCodeError`."""
    row = people.person_here(as_reader(session), person_id)
    secret = None if row.totp_confirmed else totp_secret(row, seal)
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
    row = people.person_here(as_reader(session), person_id)
    row.totp_secret, row.totp_confirmed, row.totp_last_step = None, False, None
    session.add(row)
    note(session, Event.TOTP_OFF, origin, person_id=person_id)
    drop_needless_codes(session, row)
    return begin_anew(session, person_id, origin, lifetime=lifetime)


def make_recovery_codes(session: WriteSession, person_id: int, origin: Origin) -> list[str]:
    """Return new recovery codes, to be shown once; older ones are good no more."""
    codes = new_recovery_codes()
    factors.put_recovery_codes(session, person_id, [recovery_digest(code, person_id=person_id) for code in codes])
    note(session, Event.CODES_MADE, origin, person_id=person_id)
    return codes


def drop_needless_codes(session: WriteSession, row: PersonRow) -> None:
    """Take recovery codes away where no second step is left that they could stand in for."""
    session.flush()
    if not has_second_step(as_reader(session), row):
        factors.put_recovery_codes(session, row.id, [])


def sign_out(session: WriteSession, person_id: int, digest: str, origin: Origin, *, kind: Event) -> None:
    """End one of the person's own sessions; another one's is left alone."""
    if sessions.end_session_of(session, person_id, digest):
        note(session, kind, origin, person_id=person_id)


def sign_out_everywhere(session: WriteSession, person_id: int, origin: Origin) -> None:
    """End all sessions of the person, and what programs do in the person's name."""
    note(session, Event.SIGNED_OUT_EVERYWHERE, origin, person_id=person_id)
    end_everything(session, person_id, origin)
