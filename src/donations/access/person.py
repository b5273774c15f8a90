"""A person of the organisation as the rest of the program sees one, and how names are compared."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from donations.access.permission import Permission, Role, granted
from donations.core.day import day_of
from donations.core.refusal import Refusal
from donations.core.refusals import AccessCode
from donations.store.tables.access import PersonRow

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who has an account."""

    id: int
    name: str
    """As decisions are signed."""
    email: str
    roles: frozenset[Role]
    sees_names: bool
    is_disabled: bool
    has_password: bool
    """False until the link of the invitation was used."""
    uses_totp: bool
    until: date | None
    """The last day on which the person may come in, in Estonia; None: no end is set."""

    @property
    def stays(self) -> bool:
        """Whether the account is switched on, and no end is set."""
        return not self.is_disabled and self.until is None

    def has_left(self, today: date) -> bool:
        """Whether the last day is over."""
        return self.until is not None and self.until < today

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the person may do."""
        return granted(self.roles, sees_names=self.sees_names)


def person_of(row: PersonRow) -> Person:
    """Return the person that a row keeps."""
    return Person(
        id=row.id,
        name=row.name,
        email=row.email,
        roles=frozenset(Role(each) for each in row.roles.split()),
        sees_names=row.sees_names,
        is_disabled=row.disabled_at is not None,
        has_password=row.password_hash is not None,
        uses_totp=row.totp_confirmed,
        until=row.until,
    )


def may_come_in(row: PersonRow, *, now: datetime) -> bool:
    """Whether the account is switched on, and its last day in Estonia is not over."""
    return row.disabled_at is None and not person_of(row).has_left(day_of(now))


def roles_text(roles: frozenset[Role]) -> str:
    """Return roles as a row keeps them, in the order of their declaration."""
    return " ".join(role for role in Role if role in roles)


def sign_in_key(text: str) -> str:
    """Return a name or e-mail address as it is compared: case, width and blanks do not matter."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def checked_name(text: str) -> str:
    """Return a person's name without needless blanks; raises `Refusal`.

    A name has no @, so that nobody's name is another one's e-mail address.
    """
    name = " ".join(text.split())
    if not 1 < len(name) <= 80 or "@" in name or not name.isprintable():
        raise Refusal(AccessCode.BAD_NAME)
    return name


def checked_email(text: str) -> str:
    """Return an e-mail address, empty where none is given; raises `Refusal`."""
    email = text.strip()
    if email and not (_EMAIL.fullmatch(email) and email.isprintable()):
        raise Refusal(AccessCode.BAD_NAME)
    return email
