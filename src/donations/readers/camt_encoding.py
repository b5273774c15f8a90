"""Which encoding an XML statement is read with: its bytes decide before its declaration does."""

from __future__ import annotations

import codecs
import re

from donations.core.problem import Problem, ProblemCode, refuse
from donations.readers.encoding import detected

_DECLARED = re.compile(rb"<\?xml\s[^<>]*?encoding\s*=\s*[\"']([\w.:-]+)[\"']")
_CHUNK = 64 * 1024
_EIGHT_BIT = frozenset({"iso8859-1", "iso8859-4", "iso8859-13", "iso8859-15", "cp1250", "cp1251", "cp1252", "cp1257"})
_UNICODE = frozenset({"utf-8", "utf-16", "utf-16-le", "utf-16-be", "ascii"})


def encoding_of(content: bytes) -> tuple[str, Problem | None]:
    """Return the encoding to read with, which the bytes decide before the declaration does."""
    if content.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise refuse(ProblemCode.UNSUPPORTED_ENCODING, encoding="UTF-32")
    for starts, encoding in (
        ((codecs.BOM_UTF16_LE, b"<\0"), "UTF-16LE"),
        ((codecs.BOM_UTF16_BE, b"\0<"), "UTF-16BE"),
    ):
        if content.startswith(starts):
            return encoding, None
    found = _DECLARED.match(content.removeprefix(codecs.BOM_UTF8)[:1024])
    declared = "utf-8" if found is None else found[1].decode("ascii")
    try:
        codec = codecs.lookup(declared).name
    except LookupError:
        codec = ""
    if codec not in _EIGHT_BIT | _UNICODE:
        raise refuse(ProblemCode.UNSUPPORTED_ENCODING, encoding=declared[:20])
    if codec in _EIGHT_BIT and (content.isascii() or not _is_utf8(content)):
        return declared, None
    # Valid UTF-8 with letters beyond ASCII is never an accident. If it is not valid, the parser says where.
    return "utf-8", None if content.isascii() else detected("utf-8", declared=codec)


def _is_utf8(content: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(content), _CHUNK):
            decoder.decode(content[at : at + _CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
