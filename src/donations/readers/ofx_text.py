"""OFX bytes to plain text and to a tree of light tags, in linear time: comments, CDATA and DTDs end here."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from donations.core.language import N_
from donations.core.problem import Problem, ProblemCode, Refused, refuse
from donations.readers import encoding

DEPTH_MAX = 32
"""Statements nest eight deep."""

TAGS_MAX = 50_000
"""In one tree; each costs some 260 bytes of memory. A statement without its transactions has some thirty."""

# Aggregates of bank statements (OFX 1.6, 11.4). SGML may omit the end tag of a value, but never theirs.
_AGGREGATES = (
    "SIGNONMSGSRSV1 SONRS STATUS FI BANKMSGSRSV1 STMTTRNRS STMTRS CREDITCARDMSGSRSV1 CCSTMTTRNRS CCSTMTRS"
    " BANKACCTFROM CCACCTFROM BANKTRANLIST LEDGERBAL AVAILBAL BANKACCTTO CCACCTTO CURRENCY ORIGCURRENCY PAYEE"
)
_MUST_CLOSE = frozenset(_AGGREGATES.split())
# What may stand in a STMTTRN (OFX 1.6, 11.4.3). Any other `<word>` is what the payer wrote, until proven a bank's own.
_FIELDS = (
    "TRNTYPE DTPOSTED DTUSER DTAVAIL TRNAMT FITID CORRECTFITID CORRECTACTION SRVRTID CHECKNUM REFNUM SIC PAYEEID"
    " NAME EXTDNAME PAYEE ADDR1 ADDR2 ADDR3 CITY STATE POSTALCODE COUNTRY PHONE BANKACCTTO CCACCTTO BANKID BRANCHID"
    " ACCTID ACCTTYPE ACCTKEY MEMO CURRENCY ORIGCURRENCY CURRATE CURSYM INV401KSOURCE IMAGEDATA"
)
IN_TRANSACTION = frozenset(_FIELDS.split())

MARKUP = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9._]{0,31})(\s*/?)>")
_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6}));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


@dataclass(slots=True)
class Tag:
    """One element, with as much of BeautifulSoup's surface as ofxparse asks for."""

    name: str
    row: int
    text: str = ""
    children: list[Tag] = field(default_factory=list)

    @property
    def contents(self) -> list[str]:
        """The value; an empty one is an empty text, where ofxparse would fail for an empty list."""
        return [self.text]

    def child(self, name: str) -> Tag | None:
        """Return the first direct child of this name (in capitals)."""
        for child in self.children:
            if child.name == name:
                return child
        return None

    def find(self, name: str) -> Tag | None:
        """Return the first tag of this name, a direct child before any deeper one; case does not matter."""
        name = name.upper()
        if found := self.child(name):
            return found
        for child in self.children:
            if child.children and (found := child.find(name)):
                return found
        return None

    def findAll(self, name: str) -> list[Tag]:  # noqa: N802 - BeautifulSoup's name
        """Return all tags of this name at any depth, in the order of the file."""
        return [tag for tag in self.every() if tag.name == name.upper()]

    def every(self) -> Iterator[Tag]:
        """Yield all tags inside, in the order of the file."""
        for child in self.children:
            yield child
            yield from child.every()

    def values(self) -> defaultdict[str, list[str]]:
        """Return the values of the direct children by name (in capitals), none for what is not there."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for child in self.children:
            found[child.name].append(child.text)
        return found


def tree(text: str, *, row: int) -> Tag:
    """Return a nameless tag, on line `row`, with all tags of `text` inside.

    Raises `Refused` with `bad_ofx` or `file_too_complex` and the line, where they do not nest or nest too deep.
    """
    return _build(_split(text, row=row), row=row)


def _split(text: str, *, row: int) -> list[str]:
    if text.count("<") > TAGS_MAX:
        raise refuse(ProblemCode.FILE_TOO_COMPLEX, line=row, what=N_("too many tags"))
    return MARKUP.split(text)


def transaction(content: str, *, row: int) -> Tag:
    """Return `tree` of one transaction; what only looks like a tag stays in the text that the payer wrote."""
    parts = _split(content, row=row)
    if not IN_TRANSACTION.issuperset(parts[2::4]):
        parts = _with_payers_brackets(parts)
    return _build(parts, row=row)


def _tokens(parts: list[str]) -> Iterator[tuple[str, str, str, str]]:
    """Yield (slash, name, rest of the tag, text behind it) of what `MARKUP.split` found."""
    return zip(parts[1::4], parts[2::4], parts[3::4], parts[4::4], strict=True)


def _with_payers_brackets(parts: list[str]) -> list[str]:
    """Put `<b>` and `<3 kassi>` back into the text; a bank's own tag has a dot, begins a line or follows an end tag."""
    kept: list[str] = []
    text, behind_end, own = [parts[0]], True, set[str]()
    for slash, written, rest, after in _tokens(parts):
        name, before = written.upper(), text[-1]
        begins_line = "\n" in before and not before.rpartition("\n")[2].strip()
        follows_end = behind_end and len(text) == 1 and not before.strip()
        if name in IN_TRANSACTION or name in own or "." in name or (not slash and (begins_line or follows_end)):
            own.add(name)
            kept += ["".join(text), slash, written, rest]
            text, behind_end = [after], bool(slash)
        else:
            text += [f"<{slash}{written}{rest}>", after]
    return [*kept, "".join(text)]


def _build(parts: list[str], *, row: int) -> Tag:
    # A name that has no end tag anywhere here is a value whose end tag SGML omits; the root has none and is no value.
    closed = {name.upper() for slash, name, _, _ in _tokens(parts) if slash} | {""}
    root = Tag("", row)
    stack = [root]
    if parts[0].strip():
        raise _loose(parts[0], row=row)
    row += parts[0].count("\n")
    for slash, written, rest, text in _tokens(parts):
        name, top, is_empty = written.upper(), stack[-1], "/" in rest
        if not slash:
            if top.text or not (top.name in closed or top.name in _MUST_CLOSE):
                stack.pop()
            tag = Tag(name, row)
            stack[-1].children.append(tag)
            stack.append(tag)
            if not is_empty:
                tag.text = value_of(text)
        elif top.name == name:
            stack.pop()
        else:
            _close(stack, name, row=row)
        if (slash or is_empty) and text and not text.isspace():
            raise _loose(text, row=row)
        if len(stack) > DEPTH_MAX:
            raise refuse(ProblemCode.FILE_TOO_COMPLEX, line=row, what=N_("nested too deep"))
        row += text.count("\n")
    _close(stack, "", row=row)
    return root


def _close(stack: list[Tag], name: str, *, row: int) -> None:
    """Close the innermost `name` and the values still open in it; what seemed to be inside those is beside them.

    A value's wrong end tag (`<DTUSER>20091017</DTPOSTED>`, seen in a bank's files) ends the value all the same.
    """
    if stack[-1].text and name not in _MUST_CLOSE and all(tag.name != name for tag in stack):
        name = stack[-1].name
    while stack[-1].name != name:
        loose = stack.pop()
        if not stack or loose.name in _MUST_CLOSE:
            raise refuse(ProblemCode.BAD_OFX, line=row, what=N_("an end tag is missing, or one is too many"))
        stack[-1].children += loose.children
        loose.children = []
    stack.pop()


def _loose(text: str, *, row: int) -> Refused:
    blank = text[: -len(text.lstrip())]
    return refuse(ProblemCode.BAD_OFX, line=row + blank.count("\n"), what=N_("text outside a value"))


def value_of(text: str) -> str:
    """Return the value without blanks around it and with the entities of XML resolved, once, and no others.

    HTML's entities stay as written (`html.unescape` reads `A&copy B` as `A© B`), and so does a number that names no
    printable character.
    """
    text = text.strip()
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(entity: re.Match[str]) -> str:
    if entity[1]:
        return _NAMED[entity[1]]
    code = int(entity[2]) if entity[2] else int(entity[3], 16)
    character = chr(code) if code <= 0x10FFFF else ""
    return character if character.isprintable() and character else entity[0]


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
