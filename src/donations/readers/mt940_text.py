"""The text of SWIFT's statements (MT940, MT942) cut into messages and fields, in whatever wrapping banks put them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

_HEAD_BYTES = 4096
# Each field begins a line, which some banks end with `@@`; the first may follow an envelope's `{4:`.
_CLAIMED = re.compile(rb"(?:\A|[\r\n]|@@|\{4:)(?:\xef\xbb\xbf)?:([0-9]{2}[A-Z]?):")
_FIRST = frozenset({b"20", b"61"})
_STATEMENT_FIELDS = frozenset(
    {b"13", b"13D", b"20", b"25", b"25P", b"28", b"28C", b"34F", b"60F", b"60M", b"61", b"62F", b"86", b"90C", b"90D"}
)
_OTHER_TEXT = re.compile(rb'[<;"\t]')
"""What stands before the first field of a table or a page whose cell or text only looks like this."""

_LINE_END = re.compile(r"\r\n?|\n")
_LINE_END_OR_SIGNS = re.compile(r"@@|\r\n?|\n")
_FIELD = re.compile(r":(13D?|2[01]|25P?|28C?|34F|6[02][FM]|61|64|65F?|86|90[CD]|NS):")
"""A line that begins with anything else, `:12:11` of a payer's time of day too, goes on with the field before it."""
_END = re.compile(r"-(?:\}.*|[^ ]{0,3})")
_BEGINNINGS = frozenset({"20", "21", "25", "25P", "28", "28C", "60F", "60M"})
_AGAIN = frozenset({"25", "25P", "60F", "60M"})
_INTERIM = re.compile(r"\{2:[IO]942")


class SwiftField(NamedTuple):
    """One field: its tag without the colons, its line in the file, and its lines joined by a line break."""

    tag: str
    row: int
    text: str


@dataclass(slots=True)
class SwiftMessage:
    """One message: the fields of a statement, or of a page of one."""

    row: int
    is_interim: bool
    """The envelope says that it is an interim report (MT942)."""
    fields: list[SwiftField] = field(default_factory=list)

    def first(self, *tags: str) -> SwiftField | None:
        """Return the first field with one of the tags."""
        return next((each for each in self.fields if each.tag in tags), None)

    def last(self, *tags: str) -> SwiftField | None:
        """Return the last field with one of the tags."""
        return next((each for each in reversed(self.fields) if each.tag in tags), None)


def claims(content: bytes) -> bool:
    """Whether the content begins as a SWIFT statement does, with or without its envelope."""
    head = content[:_HEAD_BYTES]
    found = list(_CLAIMED.finditer(head))
    tags = {each[1] for each in found}
    if tags.isdisjoint(_FIRST) or len(tags & _STATEMENT_FIELDS) < 2:
        return False
    before = head[: found[0].start()]
    # An envelope is let begin with a quotation mark: programs were seen to write their own string around it.
    return b"{1:" in before[:40] or _OTHER_TEXT.search(before) is None


def messages(text: str) -> Iterator[SwiftMessage]:
    """Yield the messages, each with its fields in their order."""
    lines = (_LINE_END_OR_SIGNS if text.count("@@:") > 1 else _LINE_END).split(text)
    cut = _Cut()
    for row, line in enumerate(lines, start=1):
        yield from cut.take(row, line)
    yield from cut.end()


@dataclass(slots=True)
class _Cut:
    """What is open while the lines go by."""

    message: SwiftMessage | None = None
    is_ended: bool = False
    """A line has come that ends a message, unless what follows shows that it belongs to a text."""
    has_closed: bool = False
    """The closing balance has come: another opening balance is another statement's."""
    is_interim: bool = False
    tag: str = ""
    row: int = 0
    lines: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    """Lines behind the end of a message, and that end."""

    def take(self, row: int, line: str) -> Iterator[SwiftMessage]:
        is_outside = self.message is None or self.is_ended
        if "{1:" in line[:40] or (is_outside and "{4:" in line):
            self._envelope(line)
            line = line.rpartition("{4:")[2] if "{4:" in line else ""
            if not line.strip():
                return
        found = _FIELD.match(line)
        if found is None:
            self._go_on(line)
            return
        tag = found[1]
        if self._begins(tag):
            yield from self.end()
            self.message, self.has_closed = SwiftMessage(row, self.is_interim), False
        if self.message is None:
            return
        self.lines += self.after if self.is_ended else []
        self.is_ended, self.after = False, []
        self._close()
        self.has_closed = self.has_closed or tag in {"62F", "62M"}
        self.tag, self.row, self.lines = tag, row, [line[found.end() :]]

    def _envelope(self, line: str) -> None:
        self.is_ended = True
        self.is_interim = _INTERIM.search(line) is not None

    def _begins(self, tag: str) -> bool:
        if tag == "20" or self.message is None:
            return tag in _BEGINNINGS
        if self.is_ended and tag in _BEGINNINGS:
            return True
        return tag in _AGAIN and self.has_closed

    def _go_on(self, line: str) -> None:
        if self.is_ended or _END.fullmatch(line.rstrip()):
            self.is_ended = True
            self.after.append(line)
        elif self.message is not None and line.strip():
            self.lines.append(line)

    def _close(self) -> None:
        if self.message is not None and self.tag:
            self.message.fields.append(SwiftField(self.tag, self.row, "\n".join(self.lines)))
        self.tag, self.lines = "", []

    def end(self) -> Iterator[SwiftMessage]:
        """Yield the message that is open."""
        self._close()
        if self.message is not None:
            yield self.message
        self.message, self.is_ended, self.after = None, False, []
