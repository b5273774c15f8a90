"""XML as small values: a stream of the children of one kind of element, safe and flat in memory; knows no money."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple, Protocol, cast

from lxml import etree

from donations.core.problem import Problem, ProblemCode, Refused, refuse
from donations.readers.camt_encoding import encoding_of

DEPTH_MAX = 32
TEXT_CHARACTERS_MAX = 64 * 1024
CHILD_BYTES_MAX = 8 * 1024 * 1024
"""One child is held in memory whole; this is a batch of some 8,000 payments."""
_CHUNK = 64 * 1024

MISC = rb"(?>\s+|<\?.*?\?>|<!--.*?-->)*+"
"""What XML allows before its first element: white space, instructions and comments."""
_PROLOG = re.compile(rb"(?s)(?:\xef\xbb\xbf)?" + MISC + rb"<(!DOCTYPE|[\w.:-]*)")
_LAST_TAG = re.compile(rb"</([\w.:-]+)\s*>" + MISC + rb"\Z", re.DOTALL)
_WHITE_SPACE = " \t\r\n"
_CODES = {
    9: ProblemCode.CONTROL_CHARACTERS,  # XML_ERR_INVALID_CHAR
    81: ProblemCode.BAD_ENCODING,  # XML_ERR_INVALID_ENCODING
}
_RESOURCE_LIMIT = 114  # XML_ERR_RESOURCE_LIMIT


class Node(NamedTuple):
    """One element by its local name: what it holds as text and as elements, by their local names."""

    name: str
    row: int
    """Line of the file where its first tag ends, from 1."""
    texts: dict[str, list[str]]
    """Texts of its childless elements without surrounding white space; `Amt@Ccy` is the attribute of an amount."""
    children: dict[str, list[Node]]

    def find(self, *path: str) -> Node | None:
        """Return the element reached by the first child of each name, or None."""
        node = self
        for name in path:
            found = node.children.get(name)
            if found is None:
                return None
            node = found[0]
        return node

    def all(self, *path: str) -> list[Node]:
        """Return every element of this path, in the order of the file."""
        nodes = [self]
        for name in path:
            nodes = [child for node in nodes for child in node.children.get(name, ())]
        return nodes

    def value(self, *path: str) -> str:
        """Return the text reached by the first child of each name, or nothing."""
        node = self
        for name in path[:-1]:
            found = node.children.get(name)
            if found is None:
                return ""
            node = found[0]
        texts = node.texts.get(path[-1])
        return "" if texts is None else texts[0]

    def values(self, *path: str) -> list[str]:
        """Return every text of this path, in the order of the file."""
        return [text for node in self.all(*path[:-1]) for text in node.texts.get(path[-1], ())]


class _Element(Protocol):
    """What we use of an element of lxml, whose published types are older than its interface."""

    tag: str
    text: str | None
    sourceline: int

    def __iter__(self) -> Iterator[_Element]: ...
    def __len__(self) -> int: ...
    def get(self, name: str, default: str) -> str: ...
    def getparent(self) -> _Element | None: ...
    def remove(self, child: _Element) -> None: ...
    def clear(self, *, keep_tail: bool) -> None: ...


def stream(content: bytes, *, container: str, item: str) -> Iterator[Node | Problem]:
    """Yield each `container` without children where it begins, then its children whole; before it, its siblings.

    Memory does not grow with the number of `item` children. A notice is yielded where the bytes contradict the
    declared encoding. Raises `Refused`: `xml_dtd_forbidden`, `unsupported_encoding`, `bad_encoding`, `bad_xml`,
    `control_characters`, `incomplete_file` and `file_too_complex`.
    """
    prolog = _PROLOG.match(content.replace(b"\0", b"") if b"\0" in content[:4] else content)
    if prolog is not None and prolog[1] == b"!DOCTYPE":
        raise refuse(ProblemCode.XML_DTD_FORBIDDEN)
    encoding, notice = encoding_of(content)
    if notice is not None:
        yield notice
    parser = etree.XMLPullParser(
        ("start", "end"),
        tag=(f"{{*}}{container}", f"{{*}}{item}"),
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,  # so that the text around a comment is one text, as a person reads it
        remove_pis=True,
    )
    cutter = _Cutter(container)
    try:
        for at in range(0, len(content), _CHUNK):
            parser.feed(content[at : at + _CHUNK])
            yield from cutter.nodes(cast("Iterable[tuple[str, _Element]]", parser.read_events()), fed=at)
    except etree.XMLSyntaxError as error:
        raise _refusal(error) from None
    try:
        parser.close()
    except etree.XMLSyntaxError as error:
        raise _refusal(error) if _is_closed(content) else refuse(ProblemCode.INCOMPLETE_FILE) from None


class _Cutter:
    """Takes finished children out of the growing tree, and forgets them."""

    def __init__(self, container: str) -> None:
        self._container = container
        self._open: _Element | None = None
        self._kept: _Element | None = None
        self._cut_at = 0

    def nodes(self, events: Iterable[tuple[str, _Element]], *, fed: int) -> Iterator[Node]:
        for event, element in events:
            is_container = _local(element.tag) == self._container
            if is_container and event == "start" and self._open is None:
                yield from self._cut(element.getparent(), before=element)
                self._open = element
                yield Node(self._container, element.sourceline, {}, {})
            elif is_container and event == "end" and element is self._open:
                yield from self._cut(element, before=None)
                self._open, self._kept = None, element
                element.clear(keep_tail=True)
            elif event == "end" and element.getparent() is self._open is not None:
                yield from self._cut(self._open, before=element)
                yield _node(element, depth=3)
                self._kept = element
                element.clear(keep_tail=True)
            else:
                continue
            self._cut_at = fed
        if fed - self._cut_at > CHILD_BYTES_MAX:
            raise refuse(ProblemCode.FILE_TOO_COMPLEX, what="one entry is larger than 8 MiB")

    def _cut(self, parent: _Element | None, *, before: _Element | None) -> Iterator[Node]:
        """Yield and remove the children before one; that one stays, for the parser may still write behind it."""
        if parent is None:
            return
        for child in list(parent):
            if child is before:
                break
            if child is not self._kept:
                yield _node(child, depth=3)
            parent.remove(child)


def _node(element: _Element, *, depth: int) -> Node:
    if depth > DEPTH_MAX:
        raise refuse(ProblemCode.FILE_TOO_COMPLEX, line=element.sourceline, what=f"deeper than {DEPTH_MAX} levels")
    texts: dict[str, list[str]] = {}
    children: dict[str, list[Node]] = {}
    for child in element:
        name = _local(child.tag)
        if len(child):
            children.setdefault(name, []).append(_node(child, depth=depth + 1))
            continue
        text = child.text or ""
        if len(text) > TEXT_CHARACTERS_MAX:
            raise refuse(ProblemCode.FILE_TOO_COMPLEX, line=child.sourceline, what="a text longer than 64 KiB")
        texts.setdefault(name, []).append(text.strip(_WHITE_SPACE))
        if name == "Amt":
            texts.setdefault("Amt@Ccy", []).append(child.get("Ccy", "").strip(_WHITE_SPACE))
    return Node(_local(element.tag), element.sourceline, texts, children)


@lru_cache(maxsize=1024)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _refusal(error: etree.XMLSyntaxError) -> Refused:
    line, code = error.lineno or None, getattr(error, "code", 0)
    if code == _RESOURCE_LIMIT:
        return refuse(ProblemCode.FILE_TOO_COMPLEX, line=line, what="too deep, or a text too long")
    return refuse(_CODES.get(code, ProblemCode.BAD_XML), line=line)


def _is_closed(content: bytes) -> bool:
    """Whether the last tag closes the first: then what is wrong is inside the file and not its missing end."""
    first, last = (
        _PROLOG.match(content[:_CHUNK].replace(b"\0", b"")),
        _LAST_TAG.search(content[-512:].replace(b"\0", b"")),
    )
    return first is not None and last is not None and first[1] == last[1]
