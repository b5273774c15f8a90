"""The audit log as values: what was done, by whom and to what (closed lists), each entry chained to the one before.

What could name somebody is never part of the chain: an entry holds a commitment to its details, which with their salt
are kept beside it and can be erased (HMAC-SHA256, so that nobody can try out guesses once the salt is gone).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from donations.core.canonical import canonical, digest, holds
from donations.core.language import N_, Sentence
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode


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
    DONOR_FIELD_SET = "donor_field_set"
    DONOR_FIELD_EMPTIED = "donor_field_emptied"
    DONOR_RESTRICTED = "donor_restricted"
    DONOR_PURGED = "donor_purged"
    DONOR_HELD = "donor_held"
    DONOR_RELEASED = "donor_released"
    THANKED = "thanked"
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
    RESTORED = "restored"
    TABLES_RENEWED = "tables_renewed"
    KEY_CHANGED = "key_changed"
    KEY_FORGOTTEN = "key_forgotten"
    BOOKS_SEALED = "books_sealed"
    BOOKS_UNSEALED = "books_unsealed"
    PAPERS_SET = "papers_set"
    MAIL_SERVER_SET = "mail_server_set"
    WEBHOOK_ADDED = "webhook_added"
    WEBHOOK_DROPPED = "webhook_dropped"
    DIGEST_ADDRESS_ADDED = "digest_address_added"
    DIGEST_ADDRESS_DROPPED = "digest_address_dropped"
    MAIL_WRITTEN = "mail_written"
    LOGO_ADDED = "logo_added"
    NAME_TRANSLATED = "name_translated"
    CHANGE_AGREED = "change_agreed"
    CHANGE_WISHED = "change_wished"
    CHANGE_WITHDRAWN = "change_withdrawn"
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
    BACKED_UP = "backed_up"
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
    Area.SETTINGS: _through(Action.ACCOUNT_ADDED, Action.CHANGE_WITHDRAWN),
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
    MAIL = "mail"
    PERSON = "person"
    CHANGE = "change"
    """One that waits for a second person, or waited."""
    COMMAND = "command"
    """One that was typed, as it is called."""
    ADDRESS = "address"
    """A page or a file of ours, by its path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Something that was done, before it has its place in the log."""

    action: Action
    about: About
    id: str = ""
    """Which one: a number, a month, a path; never what could name a donor."""
    by: str = ""
    at: datetime
    details: Mapping[str, Any] | None = None
    """Plain values for JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One entry of the log, as it is chained."""

    number: int
    """Counts from 1, without gaps."""
    at: datetime
    by: str
    action: str
    about: str
    id: str
    commitment: str
    before: str
    """Digest of the entry before this one; empty for the first."""

    @property
    def done(self) -> Action:
        """What was done."""
        return Action(self.action)

    @property
    def thing(self) -> str:
        """What it was about, as `payment 5`."""
        return f"{self.about} {self.id}".strip()

    @property
    def digest(self) -> str:
        """SHA-256 over all of it, in hexadecimal."""
        return digest(
            {
                "number": self.number,
                "at": self.at.astimezone(UTC).isoformat(),
                "by": self.by,
                "action": self.action,
                "about": self.about,
                "id": self.id,
                "commitment": self.commitment,
                "before": self.before,
            }
        )


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry; kept elsewhere, it shows a log that was cut or written anew."""

    number: int = 0
    """0 before the first entry."""
    digest: str = ""


def head_typed(text: str | None) -> Head:
    """Return a head that somebody kept, as NUMBER:SHA256; before the first entry where none was asked for.

    Raises `Refusal`: `bad_head`, also of an empty text: a script whose file is lost compares nothing.
    """
    if text is None:
        return Head()
    number, mark, digest = text.strip().partition(":")
    if not (mark and number.isdecimal() and int(number) and digest):
        raise Refusal(BooksCode.BAD_HEAD)
    return Head(int(number), digest.lower())


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """An entry as it is kept."""

    entry: AuditEntry
    digest: str
    """As kept; `entry.digest` is what it should be."""
    salt: str | None
    """None where the details were erased, as these are then."""
    details: str | None
    """As canonical text."""

    @property
    def detail_values(self) -> Mapping[str, Any]:
        """The details as values; nothing where they were erased."""
        found: dict[str, Any] = json.loads(self.details or "{}")
        return found


def commitment_to(details: str, salt: str) -> str:
    """Return HMAC-SHA256 of canonical details under a salt, in hexadecimal."""
    return hmac.new(salt.encode(), details.encode(), hashlib.sha256).hexdigest()


def chained(noted: Noted, after: Head, *, salt: str) -> tuple[AuditEntry, str]:
    """Return the entry that follows the head of the log, and its details as canonical text."""
    details = canonical(dict(noted.details or {}))
    entry = AuditEntry(
        number=after.number + 1,
        at=noted.at.astimezone(UTC),
        by=noted.by,
        action=noted.action.value,
        about=noted.about.value,
        id=noted.id,
        commitment=commitment_to(details, salt),
        before=after.digest,
    )
    return entry, details


def folded(acts: Iterable[Noted]) -> Iterator[Noted]:
    """Yield one of several notes about the same thing in one transaction: a question held with a word is held."""
    told: dict[tuple[About, str], Noted] = {}
    for each in sorted(acts, key=lambda noted: RANK[noted.action]):
        told.setdefault((each.about, each.id), each)
    yield from told.values()


def complaints(log: Iterable[StoredEntry], *, known: Head = Head()) -> Iterator[tuple[int, Sentence]]:
    """Yield what is wrong with a log, by the number of the entry.

    A log whose end was cut off is a good log; only a head that was kept elsewhere tells.
    """
    number, before, is_known = 0, "", not known.number
    for each in log:
        if each.entry.number != number + 1:
            yield number + 1, Sentence.of(N_("is missing"))
        elif not holds(each.entry, each.digest, before=before):
            yield each.entry.number, Sentence.of(N_("was changed, or the one before it"))
        if each.details is not None and commitment_to(each.details, each.salt or "") != each.entry.commitment:
            yield each.entry.number, Sentence.of(N_("has other details than those that were written"))
        number, before = each.entry.number, each.digest
        is_known = is_known or Head(number, before) == known
    if not is_known:
        yield known.number, Sentence.of(N_("is not the one that you know: the log was cut off or written anew"))
