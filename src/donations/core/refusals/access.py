"""Refusals of who may come in: people, their links and roles, and tokens of programs."""

from __future__ import annotations

from donations.core.language import N_
from donations.core.refusal import RefusalCode
from donations.core.refusal import RefusalKind as Kind

_NEW_TOKEN = N_("Make a new token on the page “Programs” of your account.")


class AccessCode(RefusalCode):
    """What is refused of people and programs that come in."""

    NOT_ALLOWED = (
        Kind.NOT_ALLOWED,
        N_("Your roles do not include this page."),
        N_("If you need it, ask whoever looks after people in your organisation."),
    )
    LINK_GONE = (
        Kind.ABSENT,
        N_("This link has expired."),
        N_("Each works once and not for long. Ask for a new one."),
    )
    SIGN_IN_BUSY = Kind.BUSY, N_("Too many people are signing in just now."), N_("Wait a moment and try again.")
    UNKNOWN_PERSON = Kind.ABSENT, N_("User not found."), N_("Look for the name in the list of people.")
    LAST_ADMIN = (
        Kind.CONFLICT,
        N_("Then nobody would be left who can let people in."),
        N_("Make somebody else an administrator first, who has set a password."),
    )
    NO_ROLE = (Kind.WRONG_INPUT, N_("Without a role, nothing can be seen."), N_("Choose at least one role."))
    BAD_NAME = (
        Kind.WRONG_INPUT,
        N_("That is no name or e-mail address to sign in with."),
        N_("Write a name of 2 to 80 characters without @, and a whole e-mail address or none."),
    )
    ALREADY_TAKEN = (Kind.CONFLICT, N_("Somebody has this name or e-mail address already."), N_("Choose another one."))

    # What nobody does alone
    UNKNOWN_CHANGE = Kind.ABSENT, N_("There is no such change."), N_("Look for it in the list of changes that wait.")
    CHANGE_ENDED = (
        Kind.CONFLICT,
        N_("Somebody agreed to this change already, or withdrew it."),
        N_("The log says who."),
    )
    CHANGE_OUTDATED = (
        Kind.CONFLICT,
        N_("What this change rests on is not so any more, or who wished it may not decide it any more."),
        N_("Withdraw it. If it is still wanted, wish it anew."),
    )
    SECOND_NEEDED = (
        Kind.CONFLICT,
        N_("Another person has to agree: not who wished it, nor who was given a new way in by the other lately."),
        N_("Ask one of those whom the change names."),
    )
    NOT_YET = (
        Kind.CONFLICT,
        N_("All are told first, and may object: it cannot be done before {day}."),
        N_("Come back then."),
    )
    MAY_NOT_DECIDE = (
        Kind.NOT_ALLOWED,
        N_("Nobody of that name may decide this."),
        N_("Roles are decided by administrators, accounts and publishing by treasurers too."),
    )

    # Tokens
    BAD_TOKEN_TERMS = (
        Kind.WRONG_INPUT,
        N_("A token has a name, something that it may do, and an end."),
        N_("Name the program that gets it, and say what it may do and for how many days."),
    )
    UNKNOWN_TOKEN = (
        Kind.ABSENT,
        N_("There is no such token, or it is revoked already."),
        N_("Look for it in the list of tokens."),
    )
    TOKEN_MISSING = (
        Kind.NOT_ALLOWED,
        N_("The request brings no token."),
        N_("Send the header “Authorization: Bearer” with a token."),
    )
    TOKEN_UNKNOWN = (
        Kind.NOT_ALLOWED,
        N_("There is no such token."),
        N_("Copy the whole token, from dt_ to its last letter."),
    )
    TOKEN_EXPIRED = Kind.NOT_ALLOWED, N_("The token is older than it may be."), _NEW_TOKEN
    TOKEN_REVOKED = Kind.NOT_ALLOWED, N_("The token was revoked."), _NEW_TOKEN
    TOKEN_OWNER_LEFT = (
        Kind.NOT_ALLOWED,
        N_("The token’s owner may not sign in any more."),
        N_("Ask somebody else of the organisation for a token."),
    )
    TOKEN_IN_URL = (
        Kind.NOT_ALLOWED,
        N_("A token does not belong into an address: addresses are logged."),
        N_("Revoke that token, make a new one, and send it in the header “Authorization”."),
    )
    SCOPE_MISSING = (
        Kind.NOT_ALLOWED,
        N_("The token was not made for this."),
        N_("Make a token with the scope that is named here."),
    )
    ROLE_MISSING = (
        Kind.NOT_ALLOWED,
        N_("The token’s owner may not do this."),
        N_("Ask whoever looks after people in the organisation for the role."),
    )
