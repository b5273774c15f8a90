"""What every answer tells the browser: load nothing from elsewhere, frame nothing, keep private pages nowhere."""

from __future__ import annotations

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
PRIVATE_PATH = "/treasurer"
"""What the treasurer's pages begin with."""


def is_public(path: str) -> bool:
    """Whether the answer is the same for everyone, whoever has signed in."""
    return path == "/" or path.startswith(("/static/", "/docs/static/"))


def headers_for(path: str) -> dict[str, str]:
    """Return the headers of an answer on this path; whatever is not known to be public is kept in no cache."""
    return SECURITY_HEADERS | {"Cache-Control": "no-cache" if is_public(path) else "no-store"}


class Headers:
    """ASGI middleware that sets the headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers when the answer starts."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers_for(scope["path"]))
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)
