"""What a picture's bytes say of it before anybody decodes them: its kind and its size."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PictureKind(StrEnum):
    """A kind of picture that every browser shows and our papers can hold, by its media type."""

    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"

    @property
    def ending(self) -> str:
        """What a file's name ends with."""
        return self.value.partition("/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureHead:
    """What is known of a picture; width and height in pixels."""

    kind: PictureKind
    width: int
    height: int


def picture_head(content: bytes) -> PictureHead | None:
    """Return what the bytes say; None where they are no such picture, or no whole head of one."""
    for kind, size in ((PictureKind.PNG, _png), (PictureKind.JPEG, _jpeg), (PictureKind.WEBP, _webp)):
        found = size(content)
        if found is not None and min(found) > 0:
            return PictureHead(kind=kind, width=found[0], height=found[1])
    return None


def _number(content: bytes, at: int, size: int) -> int:
    return int.from_bytes(content[at : at + size], "big")


def _png(content: bytes) -> tuple[int, int] | None:
    is_png = content.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR") and len(content) > 33
    return (_number(content, 16, 4), _number(content, 20, 4)) if is_png else None


_NO_FRAME = {0xC4, 0xC8, 0xCC}
"""Markers between C0 and CF that begin no frame (ITU T.81, table B.1)."""


def _jpeg(content: bytes) -> tuple[int, int] | None:
    at = 2 if content.startswith(b"\xff\xd8\xff") else len(content)
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:
            return _number(content, at + 7, 2), _number(content, at + 5, 2)
        at += 2 + max(2, _number(content, at + 2, 2))
    return None


def _webp(content: bytes) -> tuple[int, int] | None:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or len(content) < 30:
        return None
    little = int.from_bytes
    match content[12:16]:
        case b"VP8X":
            return little(content[24:27], "little") + 1, little(content[27:30], "little") + 1
        case b"VP8 ":
            return little(content[26:28], "little") & 0x3FFF, little(content[28:30], "little") & 0x3FFF
        case b"VP8L":
            bits = little(content[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case _:
            return None
