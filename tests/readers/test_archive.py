"""A ZIP of statements is its files, each for itself; one that is hostile or broken is refused whole."""

from __future__ import annotations

import io
import stat
import struct
import warnings
from contextlib import suppress
from datetime import date
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from donations.core.problem import ProblemCode, Refused
from donations.core.statement import GivenFile
from donations.readers import Limits, archive, door
from donations.readers.registry import read

TODAY = date(2026, 11, 22)
STATEMENT = (Path(__file__).parents[2] / "statements" / "lhv-2026-01-month.xml").read_bytes()
AT = (2026, 1, 2, 0, 0, 0)


def zipped(*files: tuple[str, bytes]) -> bytes:
    """Return an archive."""
    with warnings.catch_warnings(), ZipFile(into := io.BytesIO(), "w") as made:
        warnings.simplefilter("ignore")  # the same name twice
        for name, content in files:
            made.writestr(ZipInfo(name, AT), content, ZIP_DEFLATED)
    return into.getvalue()


def directory_says(content: bytes, at: int, how: str, value: int) -> bytes:
    """Return an archive of one file whose directory says something else of it."""
    changed = bytearray(content)
    struct.pack_into(how, changed, changed.index(b"PK\x01\x02") + at, value)
    return bytes(changed)


def linked() -> bytes:
    entry = ZipInfo("a.xml", AT)
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with ZipFile(into := io.BytesIO(), "w") as made:
        made.writestr(entry, "/etc/passwd")
    return into.getvalue()


def overlapping() -> bytes:
    """Return an archive whose second entry begins inside the first: many entries of one bomb look so."""
    content = zipped(("a.xml", STATEMENT), ("b.xml", STATEMENT))
    second = content.rindex(b"PK\x01\x02")
    changed = bytearray(content)
    struct.pack_into("<I", changed, second + 42, 10)
    return bytes(changed)


ONE = zipped(("a.xml", STATEMENT))
HOSTILE = {
    "a bomb": (zipped(("a.xml", bytes(5_000_000))), ProblemCode.ARCHIVE_TOO_LARGE),
    "a bomb of many files": (
        zipped(*((f"{n}.xml", bytes(100_000)) for n in range(20))),
        ProblemCode.ARCHIVE_TOO_LARGE,
    ),
    "65,535 files": (zipped(*((f"{n}", b"") for n in range(65_535))), ProblemCode.ARCHIVE_TOO_MANY),
    "a file too many": (zipped(*((f"{n}", b"") for n in range(401))), ProblemCode.ARCHIVE_TOO_MANY),
    "less than it says": (directory_says(ONE, 24, "<I", len(STATEMENT) + 1), ProblemCode.ARCHIVE_DAMAGED),
    "more than it says": (directory_says(ONE, 24, "<I", 10), ProblemCode.ARCHIVE_DAMAGED),
    "another checksum": (directory_says(ONE, 16, "<I", 1), ProblemCode.ARCHIVE_DAMAGED),
    "overlapping files": (overlapping(), ProblemCode.ARCHIVE_DAMAGED),
    "another packing": (directory_says(ONE, 10, "<H", 12), ProblemCode.ARCHIVE_DAMAGED),
    "a password": (directory_says(ONE, 8, "<H", 1), ProblemCode.ARCHIVE_ENCRYPTED),
    "a name twice": (zipped(("a.xml", STATEMENT), ("A.xml", STATEMENT)), ProblemCode.ARCHIVE_NAMES),
    "a link": (linked(), ProblemCode.ARCHIVE_NAMES),
    "cut in its files": (ONE[:500], ProblemCode.ARCHIVE_DAMAGED),
    "cut in its directory": (ONE[:-30], ProblemCode.ARCHIVE_DAMAGED),
    "only what computers leave": (
        zipped(("__MACOSX/._a.xml", b"x"), ("x/.DS_Store", b"x"), ("Thumbs.db", b"x")),
        ProblemCode.ARCHIVE_EMPTY,
    ),
    "nothing": (zipped(), ProblemCode.ARCHIVE_EMPTY),
    **{
        f"the name {name!r}": (zipped(("b.xml", STATEMENT), (name, STATEMENT)), ProblemCode.ARCHIVE_NAMES)
        for name in ("../a.xml", "x/../../a.xml", "/etc/a.xml", "x//a.xml", "C:a.xml", "x\\a.xml", "a\n.xml", "a" * 241)
    },
}


@pytest.mark.parametrize("of", HOSTILE)
def test_a_hostile_archive_is_refused_whole(of: str) -> None:
    content, code = HOSTILE[of]
    sent = GivenFile(name="statements.zip", content=content)
    assert door.files_of(sent, Limits()) == [sent]
    with pytest.raises(Refused) as refusal:
        door.read(content, today=TODAY)
    assert {each.code for each in refusal.value.problems} == {code}


def test_an_archive_that_comes_to_more_than_may_be_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "UNPACKED_BYTES_MAX", 2 * len(STATEMENT) - 1)
    with pytest.raises(Refused, match="archive_too_large"):
        read(zipped(("a.xml", STATEMENT), ("b.xml", STATEMENT)), today=TODAY)


def test_each_file_is_one_of_its_own_with_the_name_of_the_archive() -> None:
    content = zipped(
        ("2026/", b""), ("2026/jaanuar õ.xml", STATEMENT), ("__MACOSX/2026/._jaanuar.xml", b"x"), ("b.pdf", b"%PDF-1")
    )
    files = door.files_of(GivenFile(name="C:\\bank\\a.zip", content=content), Limits())
    assert [each.name for each in files] == ["a.zip › 2026 › jaanuar õ.xml", "a.zip › b.pdf"]
    assert [each.content for each in files] == [STATEMENT, b"%PDF-1"]


def test_what_is_no_archive_or_too_large_a_file_is_itself() -> None:
    for content in (STATEMENT, b"", b"PK", ONE):
        sent = GivenFile(name="a", content=content)
        assert door.files_of(sent, Limits(file_bytes=len(ONE) - 1)) == [sent]


@given(st.integers(0, len(ONE) - 1), st.integers(0, 255))
@example(0, 0)
def test_an_archive_with_another_byte_is_the_same_files_or_refused(at: int, byte: int) -> None:
    changed = ONE[:at] + bytes([byte]) + ONE[at + 1 :]
    with suppress(Refused):
        assert [content for _, content in archive.members(changed)] == [STATEMENT]
