"""Which reader a file is for: by content alone, exactly one claims it; what nobody claims is named for what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from donations.core.language import N_
from donations.core.layout import bank_of_layout
from donations.core.problem import ProblemCode, Refused, refuse
from donations.readers.archive import members
from donations.readers.protocol import ZIP_BEGINS, Reader

HEAD_BYTES = 4096
"""How much of a file is looked at to tell what it is."""

_COMPRESSED = {
    b"\x1f\x8b": "gzip",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!": "rar",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
}
_BINARY = {
    b"%PDF": N_("a PDF"),
    b"\xd0\xcf\x11\xe0": N_("an old Excel or Word file"),
    b"\x89PNG": N_("an image"),
    b"\xff\xd8\xff": N_("an image"),
    b"GIF8": N_("an image"),
    b"MZ": N_("a program"),
    b"\x7fELF": N_("a program"),
    b"{": N_("JSON data"),
    b"[": N_("JSON data"),
}
_WEB_PAGE = re.compile(
    rb"(?:<!--.*?-->\s*+)*+<(?:!doctype\s+html|html|head|body|table|script)\b", re.IGNORECASE | re.DOTALL
)
_FORMATS_HINT = N_("Only camt.053 XML, MT940, OFX and CSV statements can be imported.")

# SWIFT messages: each field begins a line, the first may follow an envelope's `{4:`; all begin with their reference.
_SWIFT_FIELD = re.compile(rb"(?:\A|[\r\n]|@@|\{4:):([0-9]{2}[A-Z]?):")
_SWIFT_REFERENCE = b"20"

_DATE = re.compile(rb"[0-9]{4}[-./][0-9]{2}[-./][0-9]{2}|[0-9]{1,2}[-./][0-9]{1,2}[-./][0-9]{2,4}")
_AMOUNT = re.compile(rb"[+-]?[0-9]+(?:[.,][0-9]{1,2})?")


def choose(content: bytes, readers: Sequence[Reader]) -> Reader:
    """Return the one reader that claims the content, or raise `Refused` saying what the file is instead."""
    if not content.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise refuse(ProblemCode.EMPTY_FILE)
    if _WEB_PAGE.match(_head(content)):
        raise refuse(
            ProblemCode.NOT_A_STATEMENT,
            kind=N_("a web page"),
            hint=N_("You may have been logged out of the bank: log in and download the statement again."),
        )
    claiming = [reader for reader in readers if reader.claims(content)]
    if len(claiming) > 1:
        raise refuse(ProblemCode.AMBIGUOUS_FORMAT, formats=", ".join(reader.name for reader in claiming))
    if claiming:
        return claiming[0]
    raise _swift(_head(content)) or _foreign(content) or _text(content[:HEAD_BYTES], readers)


def _head(content: bytes) -> bytes:
    return content[:HEAD_BYTES].lstrip(b" \t\r\n\xef\xbb\xbf")


def _swift(head: bytes) -> Refused | None:
    """Name SWIFT's messages of single payments and orders, with or without their envelope."""
    fields = set(_SWIFT_FIELD.findall(head))
    if _SWIFT_REFERENCE not in fields or len(fields) < 2:
        return None
    return refuse(ProblemCode.UNSUPPORTED_FORMAT, kind=N_("a SWIFT message that is no statement"))


def opened(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an archive with their paths; raises `Refused`."""
    if b"[Content_Types].xml" in content[:HEAD_BYTES] or b"xl/" in content[:HEAD_BYTES]:
        raise refuse(ProblemCode.SPREADSHEET)
    yield from members(content)


def _foreign(content: bytes) -> Refused | None:
    """Name what the first bytes alone show to be something else."""
    head = _head(content)
    if content.startswith(ZIP_BEGINS):
        try:
            _ = [*map(len, opened(content))]
        except Refused as refusal:
            return refusal
        return refuse(ProblemCode.COMPRESSED_FILE, kind="zip")
    for magic, kind in _COMPRESSED.items():
        if content.startswith(magic):
            return refuse(ProblemCode.COMPRESSED_FILE, kind=kind)
    for magic, kind in _BINARY.items():
        if head.startswith(magic):
            return refuse(ProblemCode.NOT_A_STATEMENT, kind=kind, hint=_FORMATS_HINT)
    return None


def _text(head: bytes, readers: Sequence[Reader]) -> Refused:
    """Say of text whether it looks like a table, with or without a heading, and else that it is no statement."""
    if not _is_table(head):
        return refuse(ProblemCode.NOT_A_STATEMENT, kind=N_("an unknown kind of file"), hint=_FORMATS_HINT)
    if _begins_with_values(head):
        return refuse(ProblemCode.MISSING_HEADING)
    layouts = sorted({reader.name for reader in readers if reader.name.endswith("-csv")})
    return refuse(ProblemCode.UNKNOWN_CSV_LAYOUT, known=", ".join(map(bank_of_layout, layouts)))


def _is_table(head: bytes) -> bool:
    """Whether the first line has columns, or two lines in a row below it have the same number of them."""
    lines = [line for line in head.splitlines() if line.strip()]
    if not lines or b"\x00" in head or b"<" in lines[0]:
        return False
    return any(
        lines[0].count(mark) >= 2
        or any(one.count(mark) == next_one.count(mark) >= 3 for one, next_one in pairwise(lines))
        for mark in (b";", b",", b"\t")
    )


def _begins_with_values(head: bytes) -> bool:
    """Whether the first line has a date and an amount among its cells, which no heading has."""
    first = next(line for line in head.splitlines() if line.strip())
    cells = [cell.strip(b" \"'") for cell in re.split(rb"[;,\t]", first)]
    return any(map(_DATE.fullmatch, cells)) and any(map(_AMOUNT.fullmatch, cells))
