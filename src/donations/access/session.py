"""Being signed in: a browser holds a random secret, its digest is kept, and it ends by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from donations.access.event import KEPT_FOR, Event, Origin, note
from donations.access.person import Person, may_come_in, person_of
from donations.access.second_step import owes_second_step
from donations.access.secret import digest_of, new_secret
from donations.store import tokens, users
from donations.store.session import ReadSession, WriteSession
from donations.store.tables.access import SessionRow

HALF_LIFE = timedelta(minutes=10)
"""How long the second step may take."""
FRESH_FOR = timedelta(minutes=10)
"""How long a proof is good for what leaves the house or cannot be undone: as long as one sits at one piece of work.

Whoever finds the browser open after that, or has stolen its cookie, takes no whole list of donors along.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """When sessions end by themselves."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A session that stands."""

    digest: str
    person: Person
    is_complete: bool
    """False where the second step is still owed: then the person may do nothing yet."""
    seen_at: datetime
    is_fresh: bool
    """Whether the person gave all that lets them in within the last `FRESH_FOR`."""
    owes_second_step: bool
    """Whether a second step has to be added before anything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What a browser is given when somebody comes in."""

    secret: str
    is_complete: bool
    """False where the second step is still owed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Somebody who is signed in and proves it again: the session goes on under a new secret."""

    person_id: int
    digest: str


def begin(
    session: WriteSession, person_id: int, origin: Origin, *, lifetime: Lifetime, is_complete: bool = True
) -> Entered:
    """Make a session under a new secret; what is over by age is forgotten."""
    users.drop_sessions_made_before(session, origin.at - lifetime.absolute)
    users.drop_events_before(session, origin.at - KEPT_FOR)
    secret = new_secret()
    row = SessionRow(
        digest=digest_of(secret),
        person_id=person_id,
        is_complete=is_complete,
        made_at=origin.at,
        seen_at=origin.at,
        proved_at=origin.at,
        address=origin.address,
        browser=origin.browser,
    )
    users.add_session(session, row)
    return Entered(secret=secret, is_complete=is_complete)


def end_everything(session: WriteSession, person_id: int, origin: Origin) -> None:
    """Sign a person out everywhere and revoke the tokens: whoever was in unasked, by whatever way, is out."""
    users.end_sessions_of(session, person_id)
    if tokens.revoke_tokens_of(session, person_id, at=origin.at):
        note(session, Event.TOKEN_REVOKED, origin, person_id=person_id)


def begin_anew(
    session: WriteSession, person_id: int, origin: Origin, *, lifetime: Lifetime, is_complete: bool = True
) -> Entered:
    """Sign a person out everywhere and in again here, under a new secret: how to come in has changed."""
    users.end_sessions_of(session, person_id)
    return begin(session, person_id, origin, lifetime=lifetime, is_complete=is_complete)


def live_session(session: ReadSession, secret: str, *, now: datetime, lifetime: Lifetime) -> SignedIn | None:
    """Return the session of a browser's secret, with its person as they are now."""
    found = users.session_with(
        session, digest_of(secret), made_after=now - lifetime.absolute, seen_after=now - lifetime.idle
    )
    if found is None:
        return None
    row, person = found
    is_too_slow = not row.is_complete and row.made_at <= now - HALF_LIFE
    if is_too_slow or not may_come_in(person, now=now):
        return None
    return SignedIn(
        digest=row.digest,
        person=person_of(person),
        is_complete=row.is_complete,
        seen_at=row.seen_at,
        is_fresh=row.is_complete and now < row.proved_at + FRESH_FOR,
        owes_second_step=row.is_complete and owes_second_step(session, person),
    )
