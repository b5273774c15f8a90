"""OFX bytes to one whole, plain text: its own header is believed last, and comments, CDATA and DTDs end here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from donations.core.language import N_
from donations.core.problem import Problem, ProblemCode, refuse
from donations.readers import encoding

HEAD_BYTES = 4096
"""The header and the `<OFX>` tag stand within this; real headers have some 200 bytes."""

# What may stand before the content that tells OFX: white space, comments, the XML declaration, header lines.
_BEGINS_LIKE_OFX = re.compile(
    rb"(?:\s|<!--.*?-->|<\?(?!OFX).*?\?>|(?!OFXHEADER|DATA)[A-Z]+ *:[^\r\n<]*)*+"
    rb"(?:OFXHEADER *:|DATA *: *OFX|<\?OFX\s|<OFX[\s>]|<!DOCTYPE\s+OFX|<!--\s*OFXHEADER *:)",
    re.IGNORECASE | re.DOTALL,
)
# The header may be glued into one line (`ENCODING:USASCIICHARSET:1252COMPRESSION:NONE`), so names end values too.
_ENCODING = re.compile(r"ENCODING *: *([\w.-]*?) *(?=CHARSET|COMPRESSION|[\s<]|$)", re.IGNORECASE)
_CHARSET = re.compile(r"CHARSET *: *([\w.-]*?) *(?=COMPRESSION|OLDFILEUID|NEWFILEUID|[\s<]|$)", re.IGNORECASE)
_XML_ENCODING = re.compile(r"<\?xml\b[^<>]*?\bencoding *= *[\"']([\w.-]+)", re.IGNORECASE)

_NOT_SUPPORTED = re.compile(r"UTF-?(?:7|32).*|.*EBCDIC.*|(?:CP|IBM)-?0?(?:37|500|1047|1140)|ISO-?2022.*", re.IGNORECASE)
# Labels that banks write, each without `ISO`, `WINDOWS`, dashes and the like; other codecs of Python are no charsets.
_LABEL_NOISE = re.compile(r"^(?:ISO|WINDOWS|CP|IBM)|[-_. ]", re.IGNORECASE)
_CODECS = (
    {"USASCII": "ascii", "ASCII": "ascii", "UTF8": "utf-8", "UTF16": "utf-16", "775": "cp775", "LATIN1": "iso8859-1"}
    | {f"125{digit}": f"cp125{digit}" for digit in range(9)}
    | {f"8859{part}": f"iso8859-{part}" for part in (1, 2, 4, 5, 9, 10, 13, 15)}
)

_ROOT = re.compile(r"<OFX(?:\s[^<>]*)?>", re.IGNORECASE)
_END = re.compile(r"</OFX\s*>", re.IGNORECASE)
_DTD = re.compile(r"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)\b", re.IGNORECASE)
_SPECIAL = re.compile(r"(<!--|<!\[CDATA\[)")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfxText:
    """A whole file's text, without comments, CDATA marks and carriage returns."""

    text: str
    start: int
    """Where the content of `<OFX>` begins in the text."""
    end: int
    """Where `</OFX>` begins."""
    notice: Problem | None
    """That the file was read in another encoding than it declares."""

    def line(self, at: int) -> int:
        """Return the line of the file, from 1, that this place in the text is on."""
        return _line(self.text, at)


def claims(content: bytes) -> bool:
    """Whether the content begins as OFX 1.x or 2.x does, with or without its header."""
    head = content[:HEAD_BYTES].replace(b"\x00", b"")  # UTF-16, or NULs before the header
    return _BEGINS_LIKE_OFX.match(head.lstrip(b"\xef\xbb\xbf\xff\xfe")) is not None


def read_text(content: bytes) -> OfxText:
    """Return the file's text, or raise `Refused`.

    Besides the refusals of `encoding.decode`: `unsupported_encoding` as the header declares it,
    `xml_dtd_forbidden` for any markup declaration, `incomplete_file` without `</OFX>`, `bad_ofx` for anything behind.
    """
    declared = _declared(content)
    text, used = encoding.decode(_without_leading_nuls(content), declared=declared)
    notice = None if text.isascii() else encoding.detected(used, declared=declared)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    _refuse_dtd(text)
    text = _without_specials(text)
    root = _ROOT.search(text)
    end = None if root is None else _END.search(text, root.end())
    if root is None or end is None:
        raise refuse(ProblemCode.INCOMPLETE_FILE, line=_line(text, len(text.rstrip())))
    if text[end.end() :].strip():
        raise refuse(ProblemCode.BAD_OFX, line=_line(text, end.end()), what=N_("something follows its end"))
    return OfxText(text=text, start=root.end(), end=end.start(), notice=notice)


def _declared(content: bytes) -> str | None:
    """Return the Python codec that the header names; None where it names none, or one that nobody knows."""
    head = content[:HEAD_BYTES].replace(b"\x00", b"").decode("latin-1")
    head = head[: root.start()] if (root := _ROOT.search(head)) else head
    labels = [found[1] for pattern in (_XML_ENCODING, _ENCODING, _CHARSET) if (found := pattern.search(head))]
    for label in labels:
        if _NOT_SUPPORTED.fullmatch(label):
            raise refuse(ProblemCode.UNSUPPORTED_ENCODING, encoding=label[:20].upper())
    # NONE, UNICODE and words that only one bank knows name nothing: the bytes themselves decide.
    known = [codec for label in labels if (codec := _CODECS.get(_LABEL_NOISE.sub("", label).upper()))]
    # ENCODING:USASCII only says that 8-bit text follows; which, says CHARSET (OFX 1.6, 2.2.1).
    return next((codec for codec in known if codec != "ascii"), known[0] if known else None)


def _without_leading_nuls(content: bytes) -> bytes:
    """Drop the padding of broken transfers, but not the first half of a UTF-16 character."""
    stripped = content.lstrip(b"\x00")
    return content if stripped[1:2] == b"\x00" else stripped


def _refuse_dtd(text: str) -> None:
    found = _DTD.search(text)
    if found is not None:
        raise refuse(ProblemCode.XML_DTD_FORBIDDEN, line=_line(text, found.start()))


def _without_specials(text: str) -> str:
    """Take comments out (their line ends stay, so that lines can be counted) and write CDATA as plain text."""
    if "<!" not in text:
        return text
    plain, at = [], 0
    while found := _SPECIAL.search(text, at):
        closing = "-->" if found[0] == "<!--" else "]]>"
        end = text.find(closing, found.end())
        if end < 0:
            raise refuse(ProblemCode.INCOMPLETE_FILE, line=_line(text, found.start()))
        plain.append(text[at : found.start()])
        inside = text[found.end() : end]
        is_comment = closing == "-->"
        plain.append("\n" * inside.count("\n") if is_comment else inside.replace("&", "&amp;").replace("<", "&lt;"))
        at = end + len(closing)
    return "".join([*plain, text[at:]])


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
