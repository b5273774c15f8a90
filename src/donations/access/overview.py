"""One account as its owner, and an administrator, see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from donations.access.event import SENTENCES, Event
from donations.access.person import Person, person_of
from donations.access.session import Lifetime
from donations.store.access import factors, history, people, sessions
from donations.store.session import ReadSession

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
    browsers = sessions.sessions_of(
        session, person_id, made_after=now - lifetime.absolute, seen_after=now - lifetime.idle
    )
    return Account(
        person=person_of(people.person_here(session, person_id)),
        passkeys=[
            Passkey(id=row.id, name=row.name, made_at=row.made_at, used_at=row.used_at)
            for row in factors.passkeys_of(session, person_id)
        ],
        codes_left=factors.recovery_codes_left(session, person_id),
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
            for row in history.events_of(session, person_id, limit=EVENTS_SHOWN)
        ],
    )
