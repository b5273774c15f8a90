"""The second step: six digits (RFC 6238) and recovery codes, who has one, and whether the association asks it.

Nobody is locked out: who has none is led to add one, and may do nothing else until then (`donations.web.guard`).
"""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import UTC, datetime
from hashlib import sha256

import pyotp

from donations.access.person import Person, Role, granted, may_come_in, person_of
from donations.store import users
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.tables.access import PersonRow

STEP_SECONDS = 30
RECOVERY_CODES = 10
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
"""Without l, o, 0 and 1, which are taken for one another on paper."""


def new_totp_secret() -> str:
    """Return a secret for an authenticator app, in base32."""
    return pyotp.random_base32()


def totp_address(secret: str, *, person: str, organisation: str) -> str:
    """Return what the QR code for the app says."""
    return pyotp.TOTP(secret).provisioning_uri(name=person, issuer_name=organisation)


def totp_step(secret: str, code: str, *, now: datetime, last_step: int | None) -> int | None:
    """Return the 30 seconds that a code belongs to, or None: wrong, too old, or used already (not after `last_step`).

    One step to either side is accepted: the clocks of phones differ.
    """
    digits = "".join(code.split())
    current = int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in (current - 1, current, current + 1):
        expected = pyotp.TOTP(secret).at(step * STEP_SECONDS)
        if hmac.compare_digest(expected.encode(), digits.encode()) and step > (last_step or 0):
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Return codes of 80 bits to be written down."""
    return ["-".join(_four() for _ in range(4)) for _ in range(RECOVERY_CODES)]


def _four() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(4))


def recovery_digest(code: str, *, person_id: int) -> str:
    """Return what is kept of a recovery code; blanks, dashes and case do not matter."""
    plain = re.sub(r"[\s-]", "", code).casefold()
    return sha256(f"{person_id}:{plain}".encode()).hexdigest()


_HARMLESS = granted(frozenset({Role.VIEWER}))
"""Sums that name nobody: who sees no more than those has nothing to change or take along."""


class OwnStepFirstError(Exception):
    """Who asks it of all others has no second step: nobody would know whether adding one works here."""


def has_second_step(session: ReadSession, row: PersonRow) -> bool:
    """Whether the password alone does not let this person in."""
    return row.totp_confirmed or bool(users.passkeys_of(session, row.id))


def is_asked_of_all(session: ReadSession) -> bool:
    """Whether everybody who can change or take along must have a second step."""
    newest = users.newest_rule(session)
    return newest is not None and newest.needs_second_step


def owes_second_step(session: ReadSession, row: PersonRow) -> bool:
    """Whether this person has to add a second step before anything else."""
    return _may_do_more(row) and is_asked_of_all(session) and not has_second_step(session, row)


def _may_do_more(row: PersonRow) -> bool:
    return bool(person_of(row).permissions - _HARMLESS)


def who_owe_it(session: ReadSession, *, now: datetime) -> list[Person]:
    """Return those who would have to add a second step if it were asked of all, by name."""
    rows = (row for row in users.all_people(session) if may_come_in(row, now=now))
    return [person_of(row) for row in rows if _may_do_more(row) and not has_second_step(session, row)]


def ask_of_all(session: WriteSession, *, is_asked: bool, asker: PersonRow, at: datetime) -> None:
    """Ask a second step of everybody who can change or take along, or no more; raises `OwnStepFirstError`."""
    if is_asked and not has_second_step(as_reader(session), asker):
        raise OwnStepFirstError
    if is_asked != is_asked_of_all(as_reader(session)):
        users.add_rule(session, needs_second_step=is_asked, by=asker.name, at=at.astimezone(UTC))
