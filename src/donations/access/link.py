"""One-time links: the one that sets the program up, and those by which people set a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from donations.access.account import set_password
from donations.access.event import Event, Origin, note
from donations.access.person import (
    Person,
    Role,
    checked_email,
    checked_name,
    may_come_in,
    person_of,
    roles_text,
    sign_in_key,
)
from donations.access.second_step import has_second_step
from donations.access.secret import digest_of, is_secret, new_secret
from donations.access.session import Entered, Lifetime
from donations.core.refusal import Refusal
from donations.core.refusals import AccessCode
from donations.store import users
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.tables.access import PersonRow

SET_UP_LIFE = timedelta(minutes=30)
PASSWORD_LIFE = timedelta(days=3)
FIRST_ROLES = frozenset({Role.ADMIN, Role.TREASURER})
LINK_PATH = "/link/"


@dataclass(frozen=True, slots=True)
class Link:
    """A link that is good."""

    person: Person | None
    """None where it makes the first person."""


def make_set_up_link(session: WriteSession, *, now: datetime) -> str | None:
    """Return the secret of a new set-up link, or None where somebody has an account."""
    if users.has_people(as_reader(session)):
        return None
    return _make(session, person_id=None, expires_at=now + SET_UP_LIFE)


def make_password_link(session: WriteSession, person_id: int, origin: Origin) -> str:
    """Return the secret of a link by which a person sets a new password."""
    note(session, Event.LINK_MADE, origin, person_id=person_id)
    return _make(session, person_id=person_id, expires_at=origin.at + PASSWORD_LIFE)


def _make(session: WriteSession, *, person_id: int | None, expires_at: datetime) -> str:
    secret = new_secret()
    users.add_link(session, digest_of(secret), person_id=person_id, expires_at=expires_at)
    return secret


def good_link(session: ReadSession, secret: str, *, now: datetime) -> Link:
    """Return what a link is for; raises `Refusal`."""
    row = users.link_with(session, digest_of(secret), now=now) if is_secret(secret) else None
    if row is None:
        raise Refusal(AccessCode.LINK_GONE)
    if row.person_id is None:
        if users.has_people(session):
            raise Refusal(AccessCode.LINK_GONE)
        return Link(None)
    person = users.person_with_id(session, row.person_id)
    if person is None or not may_come_in(person, now=now):
        raise Refusal(AccessCode.LINK_GONE)
    return Link(person_of(person))


def add_person(session: WriteSession, *, name: str, email: str, roles: frozenset[Role], origin: Origin) -> PersonRow:
    """Make an account; raises `Refusal`."""
    name, email = checked_name(name), checked_email(email)
    keys = [key for key in (sign_in_key(name), sign_in_key(email)) if key]
    if any(users.person_called(as_reader(session), key) for key in keys):
        raise Refusal(AccessCode.ALREADY_TAKEN)
    row = users.add_person(
        session,
        name=name,
        name_key=sign_in_key(name),
        email=email,
        email_key=sign_in_key(email) or None,
        roles=roles_text(roles),
        now=origin.at,
    )
    note(session, Event.INVITED, origin, person_id=row.id)
    return row


def use_link(
    session: WriteSession, secret: str, hashed: str, *, name: str, origin: Origin, lifetime: Lifetime
) -> Entered:
    """Set the password that a link is for, and make the first person where it sets the program up.

    A second step stays owed: who only found the link does not get past it. Raises `Refusal`.
    """
    link = good_link(as_reader(session), secret, now=origin.at)
    if link.person is None:
        row = add_person(session, name=name, email="", roles=FIRST_ROLES, origin=origin)
    else:
        row = users.person_here(as_reader(session), link.person.id)
    users.drop_links_of(session, None if link.person is None else row.id)
    owes = has_second_step(as_reader(session), row)
    return set_password(session, row, hashed, origin=origin, lifetime=lifetime, is_complete=not owes)
