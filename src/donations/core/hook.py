"""Webhooks: what programs elsewhere are told, how it is signed, and which addresses may be told.

As Standard Webhooks 1.0 has it (standardwebhooks.com): `whsec_` secrets, HMAC-SHA256 over id, time and body.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import urlsplit

URL_MAX = 500
"""Characters."""
SECRET_BYTES = 32
_PREFIX = "whsec_"
_PORT = 443
_AGAIN_AFTER = tuple(timedelta(minutes=each) for each in (1, 5, 30, 2 * 60, 5 * 60, 10 * 60, 14 * 60, 24 * 60))
_TUNNELS = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
"""IPv6 addresses that stand for others of IPv4, private ones too (RFC 6052, 3056, 4380)."""


class HookEvent(StrEnum):
    """What is told."""

    IMPORT_COMMITTED = "import.committed"
    MONTH_CLOSED = "month.closed"
    MONTH_PUBLISHED = "month.published"


class DeliveryState(StrEnum):
    """How far one telling is."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class Target(NamedTuple):
    """Where a URL leads."""

    host: str
    port: int
    path: str


def target_of(url: str) -> Target | None:
    """Return where an https URL leads; None where it is another one, or says a user."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORT
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError:
        return None
    is_plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= URL_MAX
    if parts.scheme != "https" or not host or "@" in parts.netloc or parts.fragment or not is_plain:
        return None
    return Target(host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def is_public_address(text: str) -> bool:
    """Whether an IP address is one of the internet, and of no network of one's own."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public_address(str(address.ipv4_mapped))
        if any(address in network for network in _TUNNELS):
            return False
    return address.is_global and not address.is_multicast


def hook_secret(random: bytes) -> str:
    """Return a secret as it is given to whoever listens."""
    return _PREFIX + base64.b64encode(random).decode()


def signature(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the value of `webhook-signature`. Raises `ValueError` for what is no secret."""
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("no secret") from error
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def told_again_after(times: int) -> timedelta | None:
    """Return how long to wait after so many times in vain; None: not at all any more."""
    return _AGAIN_AFTER[times - 1] if times <= len(_AGAIN_AFTER) else None
