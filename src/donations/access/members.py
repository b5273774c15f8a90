"""What administrators do with other people's accounts; one administrator always remains.

Whoever loses or gains something is signed out at once and comes in again with what holds from then on.
"""

from __future__ import annotations

from datetime import date, timedelta

from donations.access.account import sign_out_everywhere
from donations.access.event import Event, Origin, note
from donations.access.link import add_person, make_password_link
from donations.access.person import Person, Role, may_come_in, person_of, roles_text
from donations.access.session import end_everything
from donations.core.calendar import day_of
from donations.core.refusal import Refusal
from donations.core.refusals import AccessCode
from donations.store import users
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.tables.access import PersonRow

AUDITED_FOR = timedelta(days=90)
"""An auditor comes for the books of one year, which takes weeks; who stays longer is given another last day."""


def everybody(session: ReadSession) -> list[Person]:
    """Return all people, those who may sign in first."""
    return [person_of(row) for row in users.all_people(session)]


def member(session: ReadSession, person_id: int) -> Person:
    """Return one person; raises `Refusal`."""
    return person_of(_row(session, person_id))


def usual_until(roles: frozenset[Role], *, today: date) -> date | None:
    """Return the last day of somebody of whom none is said: who only audits comes for a while, others stay."""
    return today + AUDITED_FOR if roles == {Role.AUDITOR} else None


def invite(
    session: WriteSession,
    *,
    name: str,
    email: str,
    roles: frozenset[Role],
    sees_names: bool,
    origin: Origin,
    until: date | None = None,
    without_roles: bool = False,
) -> tuple[str, int]:
    """Make an account; return the secret of the link by which the person sets the password, and the person's id.

    Without a last day it is the usual one. Where the roles wait for somebody to agree, the account has none yet.

    Raises `Refusal`: `no_role`, `bad_name`, `already_taken`.
    """
    if not roles:
        raise Refusal(AccessCode.NO_ROLE)
    held = frozenset[Role]() if without_roles else roles
    row = add_person(session, name=name, email=email, roles=held, origin=origin)
    row.sees_names = sees_names and not without_roles
    row.until = until or usual_until(roles, today=day_of(origin.at))
    session.add(row)
    return make_password_link(session, row.id, origin), row.id


def new_link(session: WriteSession, person_id: int, origin: Origin) -> str:
    """Return the secret of a new link for a person who forgot the password."""
    row = _row(as_reader(session), person_id)
    return make_password_link(session, row.id, origin)


def change_roles(
    session: WriteSession, person_id: int, roles: frozenset[Role], *, sees_names: bool, origin: Origin
) -> None:
    """Give a person other roles, and the usual last day where none was set.

    Raises `Refusal`.
    """
    if not roles:
        raise Refusal(AccessCode.NO_ROLE)
    row = _row(as_reader(session), person_id)
    if (roles_text(roles), sees_names) == (row.roles, row.sees_names):
        return
    if Role.ADMIN not in roles:
        keep_an_admin_besides(session, row.id)
    row.roles, row.sees_names = roles_text(roles), sees_names
    row.until = row.until or usual_until(roles, today=day_of(origin.at))
    session.add(row)
    users.end_sessions_of(session, row.id)
    note(session, Event.ROLES_CHANGED, origin, person_id=row.id)


def set_until(session: WriteSession, person_id: int, until: date | None, origin: Origin) -> None:
    """Let a person come in until the end of a day in Estonia, or (None) without an end.

    What ended stays ended: who comes back signs in anew. Raises `Refusal`.
    """
    row = _row(as_reader(session), person_id)
    if until is not None:
        keep_an_admin_besides(session, row.id)
    if until == row.until:
        return
    if not may_come_in(row, now=origin.at):
        end_everything(session, row.id, origin)
    row.until = until
    session.add(row)
    note(session, Event.UNTIL_CHANGED, origin, person_id=row.id)


def switch_off(session: WriteSession, person_id: int, origin: Origin) -> None:
    """Let a person in no more; raises `Refusal`."""
    row = _row(as_reader(session), person_id)
    keep_an_admin_besides(session, row.id)
    users.drop_links_of(session, row.id)
    if row.disabled_at is None:  # else who did it counts as who stopped them
        row.disabled_at = origin.at
        session.add(row)
        note(session, Event.DISABLED, origin, person_id=row.id)
    end_everything(session, row.id, origin)


def switch_on(session: WriteSession, person_id: int, origin: Origin) -> None:
    """Let a person in again; raises `Refusal`."""
    row = _row(as_reader(session), person_id)
    row.disabled_at = None
    session.add(row)
    note(session, Event.ENABLED, origin, person_id=row.id)


def end_sessions(session: WriteSession, person_id: int, origin: Origin) -> None:
    """Sign a person out everywhere and revoke the tokens; raises `Refusal`."""
    sign_out_everywhere(session, _row(as_reader(session), person_id).id, origin)


def reset_second_step(session: WriteSession, person_id: int, origin: Origin) -> None:
    """Take app, passkeys and recovery codes away from a person who lost them; raises `Refusal`."""
    row = _row(as_reader(session), person_id)
    row.totp_secret, row.totp_confirmed, row.totp_last_step = None, False, None
    session.add(row)
    users.drop_passkeys_of(session, row.id)
    users.put_recovery_codes(session, row.id, [])
    note(session, Event.FACTORS_RESET, origin, person_id=row.id)
    end_everything(session, row.id, origin)


def _row(session: ReadSession, person_id: int) -> PersonRow:
    row = users.person_with_id(session, person_id)
    if row is None:
        raise Refusal(AccessCode.UNKNOWN_PERSON)
    return row


def keep_an_admin_besides(session: WriteSession, person_id: int) -> None:
    """Refuse where this is the only administrator who can come in and has no last day. Raises `Refusal`."""
    found = [person_of(each) for each in users.all_people(as_reader(session))]
    is_admin = any(each.id == person_id and Role.ADMIN in each.roles and not each.is_disabled for each in found)
    others = (each for each in found if each.id != person_id and Role.ADMIN in each.roles)
    if is_admin and not any(each.has_password and each.stays for each in others):
        raise Refusal(AccessCode.LAST_ADMIN)
