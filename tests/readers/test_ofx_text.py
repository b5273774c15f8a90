"""From bytes to text: what is claimed, how it is decoded, and where the file must end."""

from __future__ import annotations

import pytest
from tests.readers.ofx_sample import SGML, SGML_HEADER, XML_HEADER

from donations.core.problem import Refused
from donations.readers.ofx_text import OfxText, claims, read_text

COMMENTED = f"<!--\n{SGML_HEADER}-->\n"


def refusal(content: bytes) -> tuple[str, int | None]:
    with pytest.raises(Refused) as refused:
        read_text(content)
    (problem,) = refused.value.problems
    return problem.code.value, problem.line


def content_of(source: OfxText) -> str:
    return source.text[source.start : source.end]


@pytest.mark.parametrize(
    "header", [SGML_HEADER, XML_HEADER, COMMENTED, "", " \r\n\t\n", "DATA:OFXSGML\nENCODING:UTF-8\n"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_kind_of_header_in_every_encoding_is_claimed_and_read(header: str, encoding: str) -> None:
    content = f"{header}<OFX><A>Õ</A></OFX>".encode(encoding)
    assert claims(content)
    assert content_of(read_text(content)) == "<A>Õ</A>"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Kuupaev;Summa;<OFX>\n",
        b"<html><body><OFX></body></html>",
        b'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><OFX>',
        b"{'a': '<OFX>'}",
        b"\xff\xfe\x00",
    ],
)
def test_other_content_is_not_claimed(content: bytes) -> None:
    assert not claims(content)


def test_padding_of_nuls_around_the_file_is_no_part_of_it() -> None:
    assert content_of(read_text(b"\x00" * 7 + b"<OFX>x</OFX>\n" + b"\x00" * 9)) == "x"
    assert claims(b"\x00" * 7 + b"<OFX>")


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(ends: str) -> None:
    source = read_text(f"{SGML_HEADER}<OFX>\n<A>1\n</OFX>".replace("\n", ends).encode())
    assert source.line(source.text.index("<A>")) == 12


@pytest.mark.parametrize("label", ["UTF-7", "utf7", "UTF-32", "EBCDIC", "EBCDIC-CP-US", "CP037", "IBM037", "CP500"])
def test_encodings_that_hide_markup_are_refused(label: str) -> None:
    assert refusal((SGML.format(encoding=label, charset="NONE") + "<OFX></OFX>").encode())[0] == "unsupported_encoding"


@pytest.mark.parametrize("label", ["hex", "rot13", "base64", "punycode", "undefined", "idna"])
def test_codecs_of_python_that_are_no_charsets_decide_nothing(label: str) -> None:
    content = (SGML.format(encoding="USASCII", charset=label) + "<OFX>Õ</OFX>").encode()
    assert content_of(read_text(content)) == "Õ"


def test_plain_ascii_is_what_every_header_says() -> None:
    for charset in ("1252", "NONE", "1257", "UTF-16"):
        assert read_text((SGML.format(encoding="USASCII", charset=charset) + "<OFX>A</OFX>").encode()).notice is None


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"<!DOCTYPE OFX [\n<!ENTITY a 'b'>]>\n<OFX></OFX>", ("xml_dtd_forbidden", 1)),
        (b"<OFX>\n<!entity a 'b'></OFX>", ("xml_dtd_forbidden", 2)),
        (b"OFXHEADER:100\n", ("incomplete_file", 1)),
        (b"<OFX>\n<A>1\n", ("incomplete_file", 2)),
        (b"<OFX>\n<A>1<!-- </OFX>", ("incomplete_file", 2)),
        (b"<OFX>\n</OFX>\n\n<OFX></OFX>", ("bad_ofx", 2)),
        (b"<OFX>\n</OFX>\nrubbish", ("bad_ofx", 2)),
        (b"<OFX>\n\x01</OFX>", ("control_characters", 2)),
    ],
)
def test_a_text_that_is_not_whole_and_plain_is_refused(content: bytes, expected: tuple[str, int]) -> None:
    assert refusal(content) == expected


def test_comments_go_and_cdata_becomes_text_without_moving_lines() -> None:
    source = read_text(b"<OFX><!-- a\nb --><A><![CDATA[1 < 2 & 3\n]]></A>\n<B>1</OFX>")
    assert content_of(source) == "\n<A>1 &lt; 2 &amp; 3\n</A>\n<B>1"
    assert source.line(source.text.index("<B>")) == 4
