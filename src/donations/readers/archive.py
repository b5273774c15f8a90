"""A ZIP of statements is opened in memory: every member whole and just as its directory says, or nothing of it."""

from __future__ import annotations

import io
import re
import stat
import struct
import unicodedata
import zlib
from collections.abc import Iterator
from itertools import pairwise
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from donations.core.language import N_
from donations.core.problem import ProblemCode, refuse
from donations.readers.protocol import MEMBERS_MAX, UNPACKED_BYTES_MAX, Limits

ENTRIES_MAX = 2 * MEMBERS_MAX
"""Of the directory: folders and what computers leave behind count too."""
RATIO_MAX = 200
"""How many times its size an archive may unpack to: statements in XML come to 20 to 40 times, deflate to 1,032."""
_SMALL = 1024 * 1024
"""What unpacks to less harms nobody, whatever its ratio."""
_NAME_MAX = 240
_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1 | 0x40 | 0x2000  # APPNOTE 4.4.4: encrypted, strongly so, with a masked directory
_UTF8 = 0x800
_JUNK = re.compile(r"(?:.*/)?(?:__MACOSX/.*|\.DS_Store|\._[^/]*|Thumbs\.db|desktop\.ini)", re.IGNORECASE | re.DOTALL)


def members(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield each file of an archive with its path, in the order of the directory; raises `Refused`.

    What macOS and Windows leave in archives and folders are passed over. Whoever takes them takes all: what
    is wrong may be found at the last of them.
    """
    if content.count(_ENTRY) > ENTRIES_MAX:
        raise refuse(ProblemCode.ARCHIVE_TOO_MANY, limit=ENTRIES_MAX)
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            names = _names(archive.infolist())
            left = UNPACKED_BYTES_MAX
            for name, info in names.items():
                member = _unpacked(archive, info, left)
                left -= len(member)
                if UNPACKED_BYTES_MAX - left > max(_SMALL, RATIO_MAX * len(content)):
                    raise refuse(ProblemCode.ARCHIVE_TOO_LARGE, limit=N_("200 times its size"))
                yield name, member
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, struct.error) as error:
        raise refuse(ProblemCode.ARCHIVE_DAMAGED) from error


def _names(entries: list[ZipInfo]) -> dict[str, ZipInfo]:
    """Return the files by their paths, or refuse the archive for what its directory says."""
    if any(each.flag_bits & _ENCRYPTED for each in entries):
        raise refuse(ProblemCode.ARCHIVE_ENCRYPTED)
    named = [(_path(each), each) for each in entries]
    files = [(name, each) for name, each in named if not each.is_dir() and not _JUNK.fullmatch(name)]
    if not files:
        raise refuse(ProblemCode.ARCHIVE_EMPTY)
    if len(files) > MEMBERS_MAX:
        raise refuse(ProblemCode.ARCHIVE_TOO_MANY, limit=MEMBERS_MAX)
    if len({name.casefold() for name, _ in files}) < len(files):
        raise refuse(ProblemCode.ARCHIVE_NAMES)
    places = sorted((each.header_offset, each.compress_size) for each in entries)
    if any(begin + size > after for (begin, size), (after, _) in pairwise(places)):
        raise BadZipFile("entries overlap")
    return dict(files)


def _path(entry: ZipInfo) -> str:
    """Return where a file lies in the archive, or refuse what a folder of files cannot have."""
    name = entry.orig_filename.removesuffix("/")
    if not entry.flag_bits & _UTF8:  # macOS writes UTF-8 without saying so
        written = name.encode("cp437")
        name = written.decode("utf-8", "replace") if _is_utf8(written) else name
    kind = stat.S_IFMT(entry.external_attr >> 16)
    parts = name.split("/")
    if (
        len(name) > _NAME_MAX
        or any(part in {"", ".", ".."} for part in parts)
        or any(unicodedata.category(letter) == "Cc" for letter in name)
        or "\\" in name
        or re.match("[A-Za-z]:", name)
        or kind not in {0, stat.S_IFREG, stat.S_IFDIR}
    ):
        raise refuse(ProblemCode.ARCHIVE_NAMES)
    return unicodedata.normalize("NFC", name)


def _is_utf8(written: bytes) -> bool:
    try:
        written.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _unpacked(archive: ZipFile, entry: ZipInfo, left: int) -> bytes:
    """Return a member of at most so many bytes; what it really is must be what the directory says of it."""
    if entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise BadZipFile("packed otherwise")
    stated, entry.file_size = entry.file_size, left + 2  # else what lies beyond the stated size would be left out
    with archive.open(entry) as member:
        content = member.read(left + 1)
    if len(content) > left:
        raise refuse(ProblemCode.ARCHIVE_TOO_LARGE, limit=Limits(file_bytes=UNPACKED_BYTES_MAX).file_size)
    if len(content) != stated:
        raise BadZipFile("another size")
    return content
