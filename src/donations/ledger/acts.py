"""What can be done and to what kinds of things: the closed lists that the audit log is written in."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Area(StrEnum):
    """What part of the work an action belongs to."""

    STATEMENTS = "statements"
    ANSWERS = "answers"
    DONORS = "donors"
    MONTHS = "months"
    SETTINGS = "settings"
    PEOPLE = "people"
    LOOKING = "looking"
    """Looked at or taken along: nothing was changed."""


class Action(StrEnum):
    """What can be done. Where one act does several of these to one thing, the first of them tells it."""

    IMPORTED = "imported"
    UNDONE = "undone"
    BALANCE_GIVEN = "balance_given"
    BALANCE_REMOVED = "balance_removed"
    DAYS_CONFIRMED = "days_confirmed"
    DAYS_UNCONFIRMED = "days_unconfirmed"
    LINES_JUDGED = "lines_judged"
    LINES_UNJUDGED = "lines_unjudged"
    LINE_LEFT_OUT = "line_left_out"
    LINE_BROUGHT_BACK = "line_brought_back"
    ANSWER_TAKEN_BACK = "answer_taken_back"
    ANSWERED = "answered"
    HELD = "held"
    RELEASED = "released"
    PAYMENT_NOTED = "payment_noted"
    PAYMENT_NOTE_ERASED = "payment_note_erased"
    PAYEE_CATEGORISED = "payee_categorised"
    PAYEE_FORGOTTEN = "payee_forgotten"
    COST_CATEGORISED = "cost_categorised"
    RULE_MADE = "rule_made"
    RULE_SWITCHED = "rule_switched"
    MERGED = "merged"
    PARTED = "parted"
    SAID_DIFFERENT = "said_different"
    SAID_ALIKE = "said_alike"
    DONOR_RENAMED = "donor_renamed"
    CLAIM_GIVEN = "claim_given"
    CLAIM_TAKEN_BACK = "claim_taken_back"
    DONOR_NOTED = "donor_noted"
    DONOR_NOTE_ERASED = "donor_note_erased"
    CONSENT_KEPT = "consent_kept"
    DONOR_RESTRICTED = "donor_restricted"
    DONOR_PURGED = "donor_purged"
    DONOR_HELD = "donor_held"
    DONOR_RELEASED = "donor_released"
    CERTIFICATE_ISSUED = "certificate_issued"
    LIST_KEPT = "list_kept"
    CLOSED = "closed"
    REOPENED = "reopened"
    PUBLISHED = "published"
    TERMS_SET = "terms_set"
    ACCOUNT_ADDED = "account_added"
    ACCOUNT_CHANGED = "account_changed"
    APPEAL_ADDED = "appeal_added"
    APPEAL_CHANGED = "appeal_changed"
    CATEGORY_SET = "category_set"
    OWN_CODE_ADDED = "own_code_added"
    PAPERS_SET = "papers_set"
    ENTRY_RULE_SET = "entry_rule_set"
    # Of accounts, called as their own history calls them (access/event.py).
    INVITED = "invited"
    ROLES_CHANGED = "roles_changed"
    UNTIL_CHANGED = "until_changed"
    DISABLED = "disabled"
    ENABLED = "enabled"
    FACTORS_RESET = "factors_reset"
    LINK_MADE = "link_made"
    PASSWORD_SET = "password_set"  # noqa: S105 - the name of an action
    TOTP_ON = "totp_on"
    TOTP_OFF = "totp_off"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    CODES_MADE = "codes_made"
    TOKEN_MADE = "token_made"  # noqa: S105
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
    TOKEN_REVOKED = "token_revoked"  # noqa: S105
    SIGNED_IN = "signed_in"
    SIGNED_IN_PASSKEY = "signed_in_passkey"
    SIGNED_IN_RECOVERY = "signed_in_recovery"
    SESSION_ENDED = "session_ended"
    SIGNED_OUT = "signed_out"
    DONOR_VIEWED = "donor_viewed"
    EXPORTED = "exported"
    PROGRAM_READ = "program_read"

    @property
    def area(self) -> Area:
        """The part of the work that it belongs to."""
        return next(area for area, actions in AREAS.items() if self in actions)


def _through(first: Action, last: Action) -> frozenset[Action]:
    """Return actions as they are listed, the last one too."""
    listed = list(Action)
    return frozenset(listed[listed.index(first) : listed.index(last) + 1])


AREAS: Mapping[Area, frozenset[Action]] = {
    Area.STATEMENTS: _through(Action.IMPORTED, Action.LINE_BROUGHT_BACK),
    Area.ANSWERS: _through(Action.ANSWER_TAKEN_BACK, Action.RULE_SWITCHED),
    Area.DONORS: _through(Action.MERGED, Action.LIST_KEPT),
    Area.MONTHS: _through(Action.CLOSED, Action.TERMS_SET),
    Area.SETTINGS: _through(Action.ACCOUNT_ADDED, Action.PAPERS_SET),
    Area.PEOPLE: _through(Action.ENTRY_RULE_SET, Action.SIGNED_OUT),
    Area.LOOKING: _through(Action.DONOR_VIEWED, Action.PROGRAM_READ),
}
RANK: Mapping[Action, int] = {action: rank for rank, action in enumerate(Action)}


class About(StrEnum):
    """The kinds of things that are acted on."""

    IMPORT = "import"
    ACCOUNT = "account"
    LINES = "lines"
    PAYMENT = "payment"
    RULE = "rule"
    DONOR = "donor"
    MERGE = "merge"
    CLAIM = "claim"
    NOTE = "note"
    CERTIFICATE = "certificate"
    LIST = "list"
    MONTH = "month"
    CLOSING = "closing"
    BLOCK = "block"
    TERMS = "terms"
    APPEAL = "appeal"
    CATEGORY = "category"
    PAYEE = "payee"
    ORGANISATION = "organisation"
    PAPERS = "papers"
    PERSON = "person"
    COMMAND = "command"
    """One that was typed, as it is called."""
    ADDRESS = "address"
    """A page or a file of ours, by its path."""
