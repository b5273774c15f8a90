"""Which name a request asks for, and whether it comes from this very computer."""

from __future__ import annotations

import re
from ipaddress import ip_address

from starlette.requests import Request

from donations.settings import Settings

LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST = re.compile(r"(?:([A-Za-z0-9.-]{1,253})|\[([0-9A-Fa-f:.]{2,45})\])(?::[0-9]{1,5})?")
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")


def host_name(request: Request) -> str | None:
    """Return the name in `Host`; only the plain ones are read, for what looks odd is read differently elsewhere."""
    found = _HOST.fullmatch(request.headers.get("host", ""))
    return None if found is None else (found[1] or found[2]).lower()


def is_local(request: Request) -> bool:
    """Return whether nobody stands between: a proxy on this computer would make strangers look local."""
    client = request.client
    is_forwarded = any(name in request.headers for name in _FORWARDED)
    return not is_forwarded and client is not None and _is_loopback(client.host)


def never_leaves(request: Request, settings: Settings) -> bool:
    """Return whether what is asked without https stays on this computer, for sure.

    Where others are served under a name or through a proxy it is not sure: a proxy may ask us by a local name.
    """
    serves_others = bool(settings.allowed_hosts or settings.trusted_proxies)
    is_plain = request.scope["scheme"] == "http" and host_name(request) in LOCAL_NAMES
    return is_plain and not serves_others and is_local(request)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
