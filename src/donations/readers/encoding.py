"""Bytes to text without guessing: a byte order mark, then strict UTF-8, then the Baltic code pages by evidence."""

from __future__ import annotations

import codecs
import re

from donations.core.problem import Problem, ProblemCode, refuse

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# C0 controls that no text may hold; tab, line feed, form feed and carriage return are layout.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")

# Tried in this order after UTF-8. Estonian letters tell them apart: in cp1257 and ISO-8859-13 the letters õ ä ö ü
# š ž stand where cp1252 has the same or a symbol; in cp775 (old DOS exports) they stand among other letters.
_BALTIC = ("cp1257", "iso8859-13", "cp1252", "iso8859-15")
_LETTERS_HERE = frozenset("õäöüšžÕÄÖÜŠŽåÅéÉāčēģīķļņūĀČĒĢĪĶĻŅŪąęėįųĄĘĖĮŲ€–—’‘“”„…«»°§´·ßñóáíÓÁÍøØæÆ")

_SIGN_AS_LETTER = re.compile(r"[„”“°](?<=\w.)(?=\w)|´(?<!\w.)(?=\w)")
"""Where a letter of another code page was read as a sign: `M„rt`, `´ürii`. It is quick because the sign comes first."""


def decode(content: bytes, *, declared: str | None = None) -> tuple[str, str]:
    """Return (text, encoding used).

    A byte order mark decides; then strict UTF-8 if it fits (no 8-bit text of a real statement does by accident);
    then `declared`, a Python codec name of the file's own header, or the Baltic code page, whichever first reads as
    letters of the region; then `declared` all the same. Raises `Refused` with `bad_encoding` (and the line) where
    none fits, and `control_characters` where the text holds any.
    """
    text, encoding = _decode(content, declared)
    found = _CONTROLS.search(text.rstrip("\x00\x1a"))
    if found is not None:
        raise refuse(ProblemCode.CONTROL_CHARACTERS, line=text.count("\n", 0, found.start()) + 1)
    return text.rstrip("\x00\x1a"), encoding


def _decode(content: bytes, declared: str | None) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strict(content[len(mark) :], encoding), encoding
    guessed = _utf16_without_mark(content)
    if guessed is not None:
        return _strict(content, guessed), guessed
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        utf8_failed_at = error.start
    # A declared code page is believed at once only where it reads plausibly, for headers are often wrong.
    declared_pages = () if declared is None else (declared,)
    for page in dict.fromkeys((*declared_pages, *_BALTIC)):
        text = _read_as(content, page)
        if text is not None and _plausible(text):
            return text, page
    for page in declared_pages:
        text = _read_as(content, page)
        if text is not None:
            return text, page
    raise refuse(ProblemCode.BAD_ENCODING, line=content.count(b"\n", 0, utf8_failed_at) + 1)


def _read_as(content: bytes, page: str) -> str | None:
    try:
        return content.decode(page)
    except UnicodeDecodeError:
        return None


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise refuse(ProblemCode.BAD_ENCODING, line=content.count(b"\n", 0, error.start) + 1) from None


def _utf16_without_mark(content: bytes) -> str | None:
    head = content[:400]
    if len(head) < 4:
        return None
    if head[1::2].count(0) > len(head) // 2 * 0.8:
        return "utf-16-le"
    return "utf-16-be" if head[0::2].count(0) > len(head) // 2 * 0.8 else None


def _plausible(text: str) -> bool:
    if _SIGN_AS_LETTER.search(text) is not None:
        return False
    return all(letter in _LETTERS_HERE for letter in set(text) if ord(letter) > 127)


def detected(encoding: str, *, declared: str | None) -> Problem | None:
    """Return the notice that the file was not read as it declares itself, if so."""
    if declared is None or codecs.lookup(declared).name == codecs.lookup(encoding).name:
        return None
    return Problem.of(ProblemCode.ENCODING_DETECTED, encoding=encoding.upper())
