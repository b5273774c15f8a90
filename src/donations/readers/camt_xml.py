"""XML as a stream of the children of one kind of element, safe and flat in memory; knows nothing of statements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import cast

from lxml import etree

from donations.core.language import N_
from donations.core.problem import Problem, ProblemCode, Refused, refuse
from donations.readers.camt_encoding import encoding_of
from donations.readers.camt_node import Element, Node, local_name, node_of

CHILD_BYTES_MAX = 8 * 1024 * 1024
"""One child is held in memory whole; this is a batch of some 8,000 payments."""
CHILD_TAGS_MAX = 700_000
"""Of a batch of that size; each element costs some 650 bytes of memory, however short it is."""
_CHUNK = 64 * 1024

MISC = rb"(?>\s+|<\?.*?\?>|<!--.*?-->)*+"
"""What XML allows before its first element: white space, instructions and comments."""
_PROLOG = re.compile(rb"(?s)[\xef\xbb\xbf\xff\xfe]*" + MISC + rb"<(!DOCTYPE|[\w.:-]*)")
_BLANK_BEGINNING = re.compile(rb"(\xef\xbb\xbf)?+([ \t\r\n]++)(<\?xml\s[^<>]*>)")
_LAST_TAG = re.compile(rb"</([\w.:-]+)\s*>(?:\s|<\?[^<>]*\?>|<!--[^<>]*-->)*+\Z")
_CODES = {
    9: ProblemCode.CONTROL_CHARACTERS,  # XML_ERR_INVALID_CHAR
    81: ProblemCode.BAD_ENCODING,  # XML_ERR_INVALID_ENCODING
}
_RESOURCE_LIMIT = 114  # XML_ERR_RESOURCE_LIMIT


def stream(content: bytes, *, container: str, item: str, groups: frozenset[str]) -> Iterator[Node | Problem]:
    """Yield each `container` empty where it begins, then its children whole; before it, its siblings.

    Elements named in `groups` are nodes inside their node. Memory does not grow with the number of `item` children.
    A notice is yielded where the bytes contradict the declared encoding. Raises `Refused`: `xml_dtd_forbidden`,
    `unsupported_encoding`, `bad_encoding`, `bad_xml`, `control_characters`, `incomplete_file`, `file_too_complex`.
    """
    content = _without_blank_beginning(content)
    prolog = _PROLOG.match(_ascii(content) if b"\0" in content[:4] else content)
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
    cutter = _Cutter(container, groups)
    try:
        for at in range(0, len(content), _CHUNK):
            parser.feed(content[at : at + _CHUNK])
            events = cast("Iterable[tuple[str, Element]]", parser.read_events())
            yield from cutter.nodes(events, fed=at, tags=content.count(b"<", at, at + _CHUNK))
    except etree.XMLSyntaxError:
        raise _refusal(parser) from None
    try:
        parser.close()
    except etree.XMLSyntaxError:
        raise _refusal(parser) if _is_closed(content) else refuse(ProblemCode.INCOMPLETE_FILE) from None


class _Cutter:
    """Takes finished children out of the growing tree, and forgets them."""

    def __init__(self, container: str, groups: frozenset[str]) -> None:
        self._container = container
        self._groups = groups
        self._open: Element | None = None
        self._kept: Element | None = None
        self._cut_at = 0
        self._tags = 0

    def nodes(self, events: Iterable[tuple[str, Element]], *, fed: int, tags: int) -> Iterator[Node]:
        self._tags += tags
        for event, element in events:
            is_container = local_name(element.tag) == self._container
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
                yield node_of(element, self._groups)
                self._kept = element
                element.clear(keep_tail=True)
            else:
                continue
            self._cut_at, self._tags = fed, tags
        if fed - self._cut_at > CHILD_BYTES_MAX or self._tags > CHILD_TAGS_MAX:
            raise refuse(ProblemCode.FILE_TOO_COMPLEX, what=N_("one entry is larger than 8 MiB"))

    def _cut(self, parent: Element | None, *, before: Element | None) -> Iterator[Node]:
        """Yield and remove the children before one; that one stays, for the parser may still write behind it."""
        if parent is None:
            return
        done = 0
        for child in parent:
            if child is before:
                break
            if child is not self._kept:
                yield node_of(child, self._groups)
                child.clear(keep_tail=True)  # taking out what is empty is quick
            done += 1
        del parent[:done]


def _without_blank_beginning(content: bytes) -> bytes:
    """Move blank lines before the XML declaration, which has to be the first of a file, behind it; lines stay."""
    found = _BLANK_BEGINNING.match(content)
    return content if found is None else b"".join((found[1] or b"", found[3], found[2], content[found.end() :]))


def _refusal(parser: etree.XMLPullParser) -> Refused:
    """Return the refusal for the parser's first fatal error; its own text could quote the file and is not told."""
    fatal = parser.feed_error_log.filter_from_fatals()
    line, code = (fatal[0].line or None, fatal[0].type) if len(fatal) else (None, 0)
    if code == _RESOURCE_LIMIT:
        return refuse(ProblemCode.FILE_TOO_COMPLEX, line=line, what=N_("too deep, or a text too long"))
    return refuse(_CODES.get(code, ProblemCode.BAD_XML), line=line)


def _is_closed(content: bytes) -> bool:
    """Whether the last tag closes the first: then what is wrong is inside the file and not its missing end."""
    first, last = _PROLOG.match(_ascii(content[:_CHUNK])), _LAST_TAG.search(_ascii(content[-512:]))
    return first is not None and last is not None and first[1] == last[1]


def _ascii(content: bytes) -> bytes:
    """Return UTF-16 as ASCII, as far as markup goes."""
    return content.replace(b"\0", b"")
