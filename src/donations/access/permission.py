"""Roles and what each of them may do: one table that the routes, their tests and the documentation share."""

from __future__ import annotations

from enum import StrEnum


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
    Role.ADMIN: frozenset({Permission.MANAGE_PEOPLE, Permission.MANAGE_BOOKS, Permission.SEE_LOG}),
    Role.AUDITOR: frozenset({Permission.SEE_FIGURES, Permission.SEE_NAMES, Permission.READ_HELD, Permission.SEE_LOG}),
}
"""What each role adds to `PUBLIC`, `SIGNED_IN` and `MAKE_TOKENS`; a viewer may be given `SEE_NAMES` too."""


def granted(roles: frozenset[Role], *, sees_names: bool = False) -> frozenset[Permission]:
    """Return everything that somebody signed in with these roles may do."""
    always = {Permission.PUBLIC, Permission.SIGNED_IN} | ({Permission.MAKE_TOKENS} if roles else set())
    extra = {Permission.SEE_NAMES} if sees_names and Role.VIEWER in roles else set()
    return frozenset(always | extra).union(*(GRANTS[role] for role in roles))
