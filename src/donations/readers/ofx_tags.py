"""OFX text to a tree of light tags, in linear time, with and without end tags."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from donations.core.language import N_
from donations.core.problem import ProblemCode, Refused, refuse

DEPTH_MAX = 32
"""Statements nest eight deep."""

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
_IN_TRANSACTION = frozenset(_FIELDS.split())

_MARKUP = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9._]{0,31})(\s*/?)>")
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
    return _build(_MARKUP.split(text), row=row)


def transaction(content: str, *, row: int) -> Tag:
    """Return `tree` of one transaction; what only looks like a tag stays in the text that the payer wrote."""
    parts = _MARKUP.split(content)
    if not _IN_TRANSACTION.issuperset(parts[2::4]):
        parts = _with_payers_brackets(parts)
    return _build(parts, row=row)


def _tokens(parts: list[str]) -> Iterator[tuple[str, str, str, str]]:
    """Yield (slash, name, rest of the tag, text behind it) of what `_MARKUP.split` found."""
    return zip(parts[1::4], parts[2::4], parts[3::4], parts[4::4], strict=True)


def _with_payers_brackets(parts: list[str]) -> list[str]:
    """Put `<b>` and `<3 kassi>` back into the text; a bank's own tag has a dot, begins a line or follows an end tag."""
    kept: list[str] = []
    text, behind_end, own = [parts[0]], True, set[str]()
    for slash, written, rest, after in _tokens(parts):
        name, before = written.upper(), text[-1]
        begins_line = "\n" in before and not before.rpartition("\n")[2].strip()
        follows_end = behind_end and len(text) == 1 and not before.strip()
        if name in _IN_TRANSACTION or name in own or "." in name or (not slash and (begins_line or follows_end)):
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
                tag.text = _value(text)
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


def _value(text: str) -> str:
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
