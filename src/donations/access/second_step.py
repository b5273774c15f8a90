"""The second step: who has one, and whether the association asks it of everybody who can change or take along.

Nobody is locked out: who has none is led to add one, and may do nothing else until then (`donations.web.guard`).
"""

from __future__ import annotations

from datetime import UTC, datetime

from donations.access.permission import Role, granted
from donations.access.person import Person, may_come_in, person_of
from donations.store.access import entry_rules, factors, people
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.tables.access import PersonRow

_HARMLESS = granted(frozenset({Role.VIEWER}))
"""Sums that name nobody: who sees no more than those has nothing to change or take along."""


class OwnStepFirstError(Exception):
    """Who asks it of all others has no second step: nobody would know whether adding one works here."""


def has_second_step(session: ReadSession, row: PersonRow) -> bool:
    """Whether the password alone does not let this person in."""
    return row.totp_confirmed or bool(factors.passkeys_of(session, row.id))


def is_asked_of_all(session: ReadSession) -> bool:
    """Whether everybody who can change or take along must have a second step."""
    newest = entry_rules.newest_rule(session)
    return newest is not None and newest.needs_second_step


def owes_second_step(session: ReadSession, row: PersonRow) -> bool:
    """Whether this person has to add a second step before anything else."""
    return _may_do_more(row) and is_asked_of_all(session) and not has_second_step(session, row)


def _may_do_more(row: PersonRow) -> bool:
    return bool(person_of(row).permissions - _HARMLESS)


def who_owe_it(session: ReadSession, *, now: datetime) -> list[Person]:
    """Return those who would have to add a second step if it were asked of all, by name."""
    rows = (row for row in people.all_people(session) if may_come_in(row, now=now))
    return [person_of(row) for row in rows if _may_do_more(row) and not has_second_step(session, row)]


def ask_of_all(session: WriteSession, *, is_asked: bool, asker: PersonRow, at: datetime) -> None:
    """Ask a second step of everybody who can change or take along, or no more; raises `OwnStepFirstError`."""
    if is_asked and not has_second_step(as_reader(session), asker):
        raise OwnStepFirstError
    if is_asked != is_asked_of_all(as_reader(session)):
        entry_rules.add_rule(session, needs_second_step=is_asked, by=asker.name, at=at.astimezone(UTC))
