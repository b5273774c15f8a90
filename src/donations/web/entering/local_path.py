"""Where to go next: a path of this site, whatever was asked for."""

from __future__ import annotations

from urllib.parse import urlsplit

_LENGTH_MAX = 500


def local_path(asked: str, *, otherwise: str) -> str:
    """Return the path that was asked for if it can only lead to this site, else the other one.

    Browsers read backslashes as slashes and drop tabs and line breaks, so neither is let through.
    """
    is_plain = asked.isascii() and asked.isprintable() and "\\" not in asked and len(asked) <= _LENGTH_MAX
    if not is_plain or not asked.startswith("/") or asked.startswith("//"):
        return otherwise
    parts = urlsplit(asked)
    return otherwise if parts.scheme or parts.netloc else asked
