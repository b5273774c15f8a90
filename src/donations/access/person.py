"""A person of the organisation, roles, and what each role may do: one table for routes, tests and documentation."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from donations.core.calendar import day_of
from donations.core.refusal import Refusal
from donations.core.refusals import AccessCode
from donations.store.tables.access import PersonRow


class Role(StrEnum):
    """What a person is in the organisation; one person may have several."""

    VIEWER = "viewer"
    """Sees figures without names."""
    TREASURER = "treasurer"
    """Imports, decides, closes months, makes reports."""
    ADMIN = "admin"
    """Looks after people, accounts and settings; sees no donor by that role alone."""
    AUDITOR = "auditor"
    """Reads all and changes nothing."""


class Permission(StrEnum):
    """What a route asks for."""

    PUBLIC = "public"
    """Nobody has to sign in."""
    SIGNED_IN = "signed_in"
    """Anybody who signed in: one's own password, passkeys and sessions."""
    MAKE_TOKENS = "make_tokens"
    """Tokens for programs of one's own: every role may, and no token may more than its owner."""
    SEE_FIGURES = "see_figures"
    """Dashboards, coverage, proofs: sums and counts that name nobody."""
    SEE_NAMES = "see_names"
    """Payments, questions, imports and donors, with names and account numbers."""
    TAKE_CODES = "take_codes"
    """Take along files that are made to hold whole personal codes: the list for the tax board."""
    READ_HELD = "read_held"
    """Read the letter with everything that is held on one donor."""
    ERASE = "erase"
    """Take a donor who asks for it out of the books, and hold or release the donor's data."""
    IMPORT = "import"
    """Upload, commit and take back statements."""
    DECIDE = "decide"
    """Answer questions, make rules, merge donors, write notes."""
    CLOSE_MONTHS = "close_months"
    MANAGE_BOOKS = "manage_books"
    """Register own accounts, appeals and keywords."""
    MANAGE_PEOPLE = "manage_people"
    """Invite people, give them roles, end their sessions."""
    BACK_UP = "back_up"
    """Take the whole books along in one encrypted file."""
    SEE_LOG = "see_log"
    """Who did and looked at what: numbers of donors, never their names."""


GRANTS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: frozenset({Permission.SEE_FIGURES}),
    Role.TREASURER: frozenset(
        {
            Permission.SEE_FIGURES,
            Permission.SEE_NAMES,
            Permission.TAKE_CODES,
            Permission.READ_HELD,
            Permission.ERASE,
            Permission.IMPORT,
            Permission.DECIDE,
            Permission.CLOSE_MONTHS,
            Permission.MANAGE_BOOKS,
        }
    ),
    Role.ADMIN: frozenset({Permission.MANAGE_PEOPLE, Permission.MANAGE_BOOKS, Permission.BACK_UP, Permission.SEE_LOG}),
    Role.AUDITOR: frozenset({Permission.SEE_FIGURES, Permission.SEE_NAMES, Permission.READ_HELD, Permission.SEE_LOG}),
}
"""What each role adds to `PUBLIC`, `SIGNED_IN` and `MAKE_TOKENS`; a viewer may be given `SEE_NAMES` too."""


def granted(roles: frozenset[Role], *, sees_names: bool = False) -> frozenset[Permission]:
    """Return everything that somebody signed in with these roles may do."""
    always = {Permission.PUBLIC, Permission.SIGNED_IN} | ({Permission.MAKE_TOKENS} if roles else set())
    extra = {Permission.SEE_NAMES} if sees_names and Role.VIEWER in roles else set()
    return frozenset(always | extra).union(*(GRANTS[role] for role in roles))


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
