"""A column of bytes that are kept compressed: statements are long, and say the same again and again."""

from __future__ import annotations

import zlib
from typing import Any

from sqlalchemy import LargeBinary
from sqlalchemy.types import TypeDecorator

_LEVEL = 1
"""A tenth of a file is left in the time of writing it; more takes longer than it saves."""


class Packed(TypeDecorator[bytes]):
    """Bytes by zlib (RFC 1950). None stay none, so that SQL can ask whether there are any."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, _dialect: Any) -> bytes | None:
        """Return what is kept."""
        return zlib.compress(value, _LEVEL) if value else value

    def process_result_value(self, value: bytes | None, _dialect: Any) -> bytes | None:
        """Return what was given; what somebody changed and cannot be unpacked, as it stands, for `check` to tell."""
        try:
            return zlib.decompress(value) if value else value
        except zlib.error:
            return bytes(value or b"")
