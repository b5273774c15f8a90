"""Six digits of an authenticator app (RFC 6238), and the recovery codes that stand in for a lost one."""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import datetime
from hashlib import sha256

import pyotp

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
