"""The browser that asks: where it is, the secret in its cookie, and the token in its forms."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from donations.access.event import Origin
from donations.access.passkey import RelyingParty
from donations.access.secret import digest_of, form_token, is_secret, new_secret
from donations.access.session import Entered
from donations.settings import Settings
from donations.web.site import site_of

LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST = re.compile(r"(?:([A-Za-z0-9.-]{1,253})|\[([0-9A-Fa-f:.]{2,45})\])(?::[0-9]{1,5})?")
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")


def host_name(request: Request) -> str | None:
    """Return the name in `Host`; only the plain ones are read, for what looks odd is read differently elsewhere."""
    return host_named(request.headers.get("host", ""))


@lru_cache(maxsize=64)
def host_named(said: str) -> str | None:
    """Return the name in a `Host` header, None where it is no plain one."""
    found = _HOST.fullmatch(said)
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


def home_reached(request: Request) -> str:
    """Return the address of the public page, without the slash at its end: as it is set, else as it was reached."""
    settings = site_of(request).settings
    if settings.has_address:
        return settings.home
    return f"{request.scope['scheme']}://{request.headers.get('host', 'localhost')}"


def leads_nowhere(home: str) -> bool:
    """Whether an address is reached from this computer only, or may be: other sites cannot show what is there."""
    host = urlsplit(home).hostname or ""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host in LOCAL_NAMES or "." not in host


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


COOKIE = "__Host-session"
"""The prefix makes browsers refuse it from anywhere but this host, over https."""
LOCAL_COOKIE = "session-on-this-computer"
"""Where nothing leaves this computer: without https Safari keeps no secure cookie. Over https it opens nothing."""
_GIVEN = "donations.secret"
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    *(("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows")),
    *(("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")),
)


def cookie_secret(request: Request) -> str:
    """Return what the browser holds as its secret; empty where nothing."""
    return request.cookies.get(_cookie(request), "")


def secret_of(request: Request) -> str:
    """Return the secret that the browser holds, or the one that it is given with this answer."""
    given = request.scope.get(_GIVEN)
    if isinstance(given, str):
        return given
    held = cookie_secret(request)
    if is_secret(held):
        return held
    made: str = request.scope.setdefault(_GIVEN, new_secret())
    return made


def browser_of(request: Request) -> str:
    """Return the digest by which the browser is known here."""
    return digest_of(secret_of(request))


def form_token_for(request: Request) -> str:
    """Return the token for the forms of a page."""
    return form_token(secret_of(request))


def let_in(request: Request, entered: Entered) -> None:
    """Let the browser hold a new secret from this answer on."""
    request.scope[_GIVEN] = entered.secret


def hand_over(request: Request, response: Response) -> None:
    """Give the browser its secret where it holds another one, or none."""
    given = request.scope.get(_GIVEN)
    if isinstance(given, str):
        name = _cookie(request)
        response.set_cookie(name, given, path="/", secure=name == COOKIE, httponly=True, samesite="lax")


def forget(request: Request, response: Response) -> None:
    """Let the browser forget its secret."""
    name = _cookie(request)
    response.delete_cookie(name, path="/", secure=name == COOKIE, httponly=True, samesite="lax")


def origin_of(request: Request, *, by: str = "") -> Origin:
    """Return where a request comes from; `by` is who acts on another person's account."""
    return Origin(address=_address(request), browser=_browser(request), at=site_of(request).clock(), by=by)


def place_of(request: Request) -> RelyingParty:
    """Return the site as the browser knows it; the guard has checked the host."""
    return RelyingParty(
        host=request.url.hostname or "",
        origin=f"{request.scope['scheme']}://{request.headers.get('host', '')}",
        name=site_of(request).organisation,
    )


def _cookie(request: Request) -> str:
    return LOCAL_COOKIE if never_leaves(request, site_of(request).settings) else COOKIE


def _address(request: Request) -> str:
    """Return the peer's address; of IPv6 the network, for whoever has one address there has all of it."""
    host = "" if request.client is None else request.client.host
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, 64), strict=False))
    return str(address)


def _browser(request: Request) -> str:
    """Return the browser in a few words, so that people recognise their own."""
    agent = request.headers.get("user-agent", "")
    named = [next((name for mark, name in table if mark in agent), "") for table in (_BROWSERS, _SYSTEMS)]
    return " · ".join(each for each in named if each) or "?"
