"""What happens to an account, as its history says it; and how long is to wait who failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from donations.core.language import N_
from donations.store import users
from donations.store.session import WriteSession, as_reader
from donations.store.tables.access import SignInEventRow

FREE_FAILURES = 3
"""Typing errors that cost nothing."""
LONGEST_WAIT = timedelta(minutes=15)
FAILURES_MAX = 100
"""After so many in a row no password is tried any more: a passkey or a new link opens the account again."""
ADDRESS_WINDOW = timedelta(minutes=1)
ADDRESS_FAILURES_MAX = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """What failed before."""

    on_account: int
    """Since the last time that it succeeded, wherever from."""
    last: datetime | None
    """When the last of those was."""
    from_address: int
    """In the last `ADDRESS_WINDOW`, on whatever account."""


def may_try(failures: Failures, *, now: datetime) -> bool:
    """Whether a password or code is looked at now."""
    if failures.from_address >= ADDRESS_FAILURES_MAX or failures.on_account >= FAILURES_MAX:
        return False
    return failures.last is None or now >= failures.last + wait_after(failures.on_account)


def wait_after(failures: int) -> timedelta:
    """Return the time between the last of so many failures and the next attempt: it doubles from one second on."""
    if failures < FREE_FAILURES:
        return timedelta(0)
    doublings = min(failures - FREE_FAILURES, 10)
    return min(timedelta(seconds=2**doublings), LONGEST_WAIT)


KEPT_FOR = timedelta(days=365)
"""Addresses are personal data: the history forgets."""


class Event(StrEnum):
    """The kinds of events."""

    FAILED = "failed"
    FAILED_CODE = "failed_code"
    PASSWORD_RIGHT = "password_right"  # noqa: S105 - the name of an event
    SIGNED_IN = "signed_in"
    SIGNED_IN_PASSKEY = "signed_in_passkey"
    SIGNED_IN_RECOVERY = "signed_in_recovery"
    SIGNED_OUT = "signed_out"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
    SESSION_ENDED = "session_ended"
    INVITED = "invited"
    LINK_MADE = "link_made"
    PASSWORD_SET = "password_set"  # noqa: S105
    TOTP_ON = "totp_on"
    TOTP_OFF = "totp_off"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    CODES_MADE = "codes_made"
    FACTORS_RESET = "factors_reset"
    ROLES_CHANGED = "roles_changed"
    UNTIL_CHANGED = "until_changed"
    TOKEN_MADE = "token_made"  # noqa: S105
    TOKEN_REVOKED = "token_revoked"  # noqa: S105
    DISABLED = "disabled"
    ENABLED = "enabled"


FAILURES = (Event.FAILED, Event.FAILED_CODE)
AMENDS = (Event.SIGNED_IN, Event.SIGNED_IN_PASSKEY, Event.SIGNED_IN_RECOVERY, Event.PASSWORD_SET)
"""After these, failures are counted anew."""

SENTENCES: dict[Event, str] = {
    Event.FAILED: N_("Attempt with a wrong password"),
    Event.FAILED_CODE: N_("Attempt with a wrong code"),
    Event.PASSWORD_RIGHT: N_("Password given, but not the second step"),
    Event.SIGNED_IN: N_("Signed in"),
    Event.SIGNED_IN_PASSKEY: N_("Signed in with a passkey"),
    Event.SIGNED_IN_RECOVERY: N_("Signed in with a recovery code"),
    Event.SIGNED_OUT: N_("Signed out"),
    Event.SIGNED_OUT_EVERYWHERE: N_("Signed out everywhere"),
    Event.SESSION_ENDED: N_("Signed out in one browser"),
    Event.INVITED: N_("Account created"),
    Event.LINK_MADE: N_("Link for a new password made"),
    Event.PASSWORD_SET: N_("New password"),
    Event.TOTP_ON: N_("Authenticator app added"),
    Event.TOTP_OFF: N_("Authenticator app removed"),
    Event.PASSKEY_ADDED: N_("Passkey added"),
    Event.PASSKEY_REMOVED: N_("Passkey removed"),
    Event.CODES_MADE: N_("New recovery codes"),
    Event.FACTORS_RESET: N_("Second step removed"),
    Event.ROLES_CHANGED: N_("Roles changed"),
    Event.UNTIL_CHANGED: N_("Last day changed"),
    Event.TOKEN_MADE: N_("Token for a program made"),
    Event.TOKEN_REVOKED: N_("Token of a program revoked"),
    Event.DISABLED: N_("Account switched off"),
    Event.ENABLED: N_("Account switched on"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a request comes from and when."""

    address: str
    browser: str
    """In a few words: Firefox on Windows."""
    at: datetime
    by: str = ""
    """Who acts, where it is not the person whose account it is."""


def note(session: WriteSession, kind: Event, origin: Origin, *, person_id: int | None, name: str = "") -> int:
    """Write down what happened to an account, or to a name that nobody has; returns the event's id."""
    row = SignInEventRow(
        id=0,
        at=origin.at,
        kind=kind,
        person_id=person_id,
        name_bucket=_bucket(name) if person_id is None else None,
        address=origin.address,
        browser=origin.browser,
        by=origin.by,
    )
    return users.add_event(session, row)


def failures_before(session: WriteSession, origin: Origin, *, person_id: int | None, name: str) -> Failures:
    """Return what failed before on this account and from this address."""
    number, last = users.failures_since(
        as_reader(session), person_id=person_id, name_bucket=_bucket(name), failures=FAILURES, amends=AMENDS
    )
    since = origin.at - ADDRESS_WINDOW
    here = users.failures_from(as_reader(session), origin.address, after=since, failures=FAILURES)
    return Failures(on_account=number, last=last, from_address=here)


def _bucket(name: str) -> int:
    return int.from_bytes(sha256(name.encode()).digest()[:2])
