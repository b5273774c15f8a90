"""People of the organisation who may sign in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, or_, select

from donations.store.ids import next_ids
from donations.store.session import ReadSession, WriteSession
from donations.store.tables.access import PersonRow


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
