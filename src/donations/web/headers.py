"""What every answer tells the browser: load nothing from elsewhere, frame nothing, keep private pages nowhere."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
_ONLY_HTTPS = {"Strict-Transport-Security": "max-age=31536000"}
"""For a year browsers come by https only; over http it must not be said (RFC 6797 § 7.2)."""
PRIVATE_PATH = "/treasurer"
"""What the treasurer's pages begin with."""
OPEN_DATA = frozenset(
    {
        *("/transparency.json", "/transparency.csv", "/transparency.atom", "/datapackage.json", "/oembed.json"),
        "/spending.csv",
    }
)
NOTICES = frozenset({"/privacy", "/accessibility", "/.well-known/security.txt", "/robots.txt"})
OWN_FILES = "/own/"
"""What paths to the association's logo and colour begin with."""
APPEALS = "/appeal/"
"""What the public pages of appeals begin with."""
EMBEDDED = "/embed/"
"""What pages that other sites may frame begin with."""
CARD_STYLE = (
    "@media(prefers-color-scheme:dark){.ground{fill:#1d2320;stroke:#333b36}.ink{fill:#e9ece8}.quiet{fill:#a7b0a9}"
    ".accent{fill:#7fcfae}.soft{fill:#20392e}}"
)
_CARD_STYLE_SOURCE = f"'sha256-{b64encode(sha256(CARD_STYLE.encode()).digest()).decode()}'"
"""As a content security policy names it."""


def is_public(path: str) -> bool:
    """Whether the answer is the same for everyone, whoever has signed in."""
    is_listed = path == "/" or path in OPEN_DATA | NOTICES
    return is_listed or path.startswith((EMBEDDED, APPEALS, OWN_FILES, "/static/", "/docs/static/"))


def headers_for(path: str) -> dict[str, str]:
    """Return the headers of an answer on this path; whatever is not known to be public is kept in no cache."""
    headers = SECURITY_HEADERS | {"Cache-Control": "no-cache" if is_public(path) else "no-store"}
    if path in OPEN_DATA or path.startswith(EMBEDDED):
        headers |= {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
    if path.startswith(EMBEDDED):
        policy = _POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
        if path.endswith(".svg"):
            policy = policy.replace("style-src 'self'", f"style-src {_CARD_STYLE_SOURCE}")
        headers["Content-Security-Policy"] = policy
    return headers


class Headers:
    """ASGI middleware that sets the headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers when the answer starts."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers, path = MutableHeaders(scope=message), scope["path"]
                said = headers.get("Cache-Control") if is_public(path) else None
                headers.update(headers_for(path) | (_ONLY_HTTPS if scope["scheme"] == "https" else {}))
                if said is not None:
                    headers["Cache-Control"] = said
                if message["status"] == 408:  # nobody waits for the rest of the body (RFC 9110 § 15.5.9)
                    headers["Connection"] = "close"
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)
