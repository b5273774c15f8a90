"""How long somebody waits after failed attempts: pure, counted by account and by address (NIST SP 800-63B § 5.2.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

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
