"""Bytes become the letters that the bank meant, or are refused; never other letters."""

from __future__ import annotations

import codecs

import pytest

from donations.core.problem import ProblemCode, Refused
from donations.readers.encoding import decode, detected

NAME = "Õie Žürii, Jānis Šķēle"


@pytest.mark.parametrize(
    ("content", "declared", "encoding"),
    [
        (NAME.encode(), None, "utf-8"),
        (NAME.encode(), "cp1252", "utf-8"),
        (codecs.BOM_UTF8 + NAME.encode(), None, "utf-8"),
        (codecs.BOM_UTF16_LE + NAME.encode("utf-16-le"), None, "utf-16-le"),
        (codecs.BOM_UTF16_BE + NAME.encode("utf-16-be"), None, "utf-16-be"),
        (("<OFX>" + NAME).encode("utf-16-le"), None, "utf-16-le"),
        (NAME.encode("cp1257"), None, "cp1257"),
        (NAME.encode("cp1257"), "cp1252", "cp1257"),
        (NAME.encode("cp1257"), "utf-8", "cp1257"),
        (NAME.encode("iso8859-13"), "iso8859-13", "iso8859-13"),
        ("Märt Õun".encode("cp775"), "cp775", "cp775"),
    ],
)
def test_the_letters_are_those_written(content: bytes, declared: str | None, encoding: str) -> None:
    text, read_as = decode(content, declared=declared)
    assert read_as == encoding
    assert text.removeprefix("<OFX>") in {NAME, "Märt Õun"}


@pytest.mark.parametrize("content", ["Märt".encode("cp775"), b"\x81\x8d\x8f"])
def test_what_reads_as_signs_inside_words_is_refused(content: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        decode(b"one line\n" + content)
    assert [(each.code, each.line) for each in refusal.value.problems] == [(ProblemCode.BAD_ENCODING, 2)]


def test_control_characters_are_refused_with_their_line() -> None:
    with pytest.raises(Refused) as refusal:
        decode(b"one\ntw\x00o\n")
    assert [(each.code, each.line) for each in refusal.value.problems] == [(ProblemCode.CONTROL_CHARACTERS, 2)]


def test_padding_at_the_end_is_dropped() -> None:
    assert decode(b"text\n\x00\x00\x1a") == ("text\n", "utf-8")


def test_a_lying_header_is_noticed() -> None:
    assert detected("utf-8", declared="UTF8") is None
    notice = detected("cp1257", declared="cp1252")
    assert notice is not None
    assert notice.code is ProblemCode.ENCODING_DETECTED
