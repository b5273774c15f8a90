"""Mail that leaves: what an address is, how far a message is, and when one that was put off is tried again."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

ADDRESS_MAX = 254
"""Characters, as RFC 5321 4.5.3.1.3 lets a path have."""
_ADDRESS = re.compile(
    r"(?=.{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])"
)
"""A mailbox of RFC 5321 4.1.2 without quoted names and without addresses of numbers: what people have."""

_AGAIN_AFTER = (
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(days=1),
)
"""How long one waits after each time that a server put a message off; after the last it has failed."""


class MailState(StrEnum):
    """How far a message is."""

    WAITING = "waiting"
    """For its time, or for whoever sends."""
    HANDED_OVER = "handed_over"
    """The server was given the text and has not answered: it may have arrived, and nobody sends it again by itself."""
    SENT = "sent"
    """The server took it."""
    REFUSED = "refused"
    """The server does not take it, or put it off too often."""
    DROPPED = "dropped"
    """A person wants it no more."""


class MailKind(StrEnum):
    """Why it is sent."""

    TEST = "test"
    CERTIFICATE = "certificate"
    THANKS = "thanks"
    CODE_REQUEST = "code_request"
    MONTH_DUE = "month_due"
    DIGEST = "digest"
    INVITATION = "invitation"
    """Holds a link that opens an account: nobody is shown the text, and it is emptied once it is over."""


class MailText(NamedTuple):
    """What a message says: plain text in one language."""

    subject: str
    body: str


def email_address(typed: str) -> str | None:
    """Return an address as it is kept: its domain in small letters; None where it cannot be one."""
    name, at, domain = typed.strip().rpartition("@")
    address = f"{name}{at}{domain.lower()}"
    return address if len(address) <= ADDRESS_MAX and _ADDRESS.fullmatch(address) else None


def again_after(times: int) -> timedelta | None:
    """Return how long to wait after a message was put off so many times; None: not at all any more."""
    return _AGAIN_AFTER[times - 1] if times <= len(_AGAIN_AFTER) else None
