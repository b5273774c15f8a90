"""XML as a stream of small values, safe, flat in memory and within limits; knows nothing of statements."""

from __future__ import annotations

import codecs
import itertools
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple, Protocol, cast

from lxml import etree

from donations.core.language import N_
from donations.core.problem import Problem, ProblemCode, Refused, refuse
from donations.readers.encoding import detected

_DECLARED = re.compile(rb"<\?xml\s[^<>]*?encoding\s*=\s*[\"']([\w.:-]+)[\"']")
_CHUNK = 64 * 1024
_EIGHT_BIT = frozenset({"iso8859-1", "iso8859-4", "iso8859-13", "iso8859-15", "cp1250", "cp1251", "cp1252", "cp1257"})
_UNICODE = frozenset({"utf-8", "utf-16", "utf-16-le", "utf-16-be", "ascii"})


def encoding_of(content: bytes) -> tuple[str, Problem | None]:
    """Return the encoding to read with, which the bytes decide before the declaration does."""
    if content.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise refuse(ProblemCode.UNSUPPORTED_ENCODING, encoding="UTF-32")
    for starts, encoding in (
        ((codecs.BOM_UTF16_LE, b"<\0"), "UTF-16LE"),
        ((codecs.BOM_UTF16_BE, b"\0<"), "UTF-16BE"),
    ):
        if content.startswith(starts):
            return encoding, None
    found = _DECLARED.match(content.removeprefix(codecs.BOM_UTF8)[:1024])
    declared = "utf-8" if found is None else found[1].decode("ascii")
    try:
        codec = codecs.lookup(declared).name
    except LookupError:
        codec = ""
    if codec not in _EIGHT_BIT | _UNICODE:
        raise refuse(ProblemCode.UNSUPPORTED_ENCODING, encoding=declared[:20])
    if codec in _EIGHT_BIT and (content.isascii() or not _is_utf8(content)):
        return declared, None
    # Valid UTF-8 with letters beyond ASCII is never an accident. If it is not valid, the parser says where.
    return "utf-8", None if content.isascii() else detected("utf-8", declared=codec)


def _is_utf8(content: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(content), _CHUNK):
            decoder.decode(content[at : at + _CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


DEPTH_MAX = 32
_WITH_CURRENCY = frozenset({"Amt", "TtlChrgsAndTaxAmt"})
"""Elements with the attribute `Ccy`."""
TEXT_CHARACTERS_MAX = 64 * 1024
BLANK = " \t\r\n"


class Node(NamedTuple):
    """One element, with its texts by their paths of local names: `node.value("BookgDt/Dt")`."""

    name: str
    row: int
    """Line of the file where its first tag ends, from 1."""
    texts: dict[str, list[str]]
    """Texts without surrounding white space, in the order of the file; `Amt@Ccy` is the attribute of an amount.

    An element with nothing but text in it has that at the empty path."""
    groups: dict[str, list[Node]]
    """Elements inside it whose texts belong together, as nodes of their own by their paths."""

    def value(self, path: str) -> str:
        """Return the first text at a path, or nothing."""
        texts = self.texts.get(path)
        return "" if texts is None else texts[0]

    def values(self, path: str) -> list[str]:
        """Return every text at a path."""
        return self.texts.get(path, [])

    def group(self, path: str) -> list[Node]:
        """Return every element at a path that is a group."""
        return self.groups.get(path, [])

    def first(self, path: str) -> Node:
        """Return the first element at a path that is a group, or an empty one."""
        found = self.groups.get(path)
        return Node(path, self.row, {}, {}) if found is None else found[0]


class Element(Protocol):
    """What we use of an element of lxml, whose published types are older than its interface."""

    tag: str
    text: str | None
    sourceline: int

    def __iter__(self) -> Iterator[Element]: ...
    def iter(self) -> Iterator[Element]:
        """Walk it and all inside it, in the order of the file."""

    def __len__(self) -> int: ...
    def get(self, name: str) -> str | None:
        """Return an attribute."""

    def getparent(self) -> Element | None:
        """Return the element around it."""

    def __delitem__(self, children: slice) -> None: ...

    def clear(self, *, keep_tail: bool) -> None:
        """Forget everything inside it."""


def node_of(element: Element, groups: frozenset[str]) -> Node:
    """Copy an element; those named in `groups` become nodes inside it. Refuses `file_too_complex`.

    It is one walk in the order of the file that counts children down to know where each one ends.
    """
    owner = root = Node(local_name(element.tag), element.sourceline, {}, {})
    prefix, left = "", len(element)
    above: list[tuple[Node, str, int]] = []
    if not left:
        _keep(root, "", element.text)
    for child in itertools.islice(element.iter(), 1, None):
        name, count = local_name(child.tag), len(child)
        path = prefix + name
        left -= 1
        if count or name in groups:
            above.append((owner, prefix, left))
            if len(above) > DEPTH_MAX:
                raise refuse(ProblemCode.FILE_TOO_COMPLEX, line=child.sourceline, what=N_("nested too deep"))
            prefix, left = path + "/", count
            if name in groups:
                node = Node(name, child.sourceline, {}, {})
                owner.groups.setdefault(path, []).append(node)
                owner, prefix = node, ""
        else:
            text = child.text
            if text is not None and len(text) <= TEXT_CHARACTERS_MAX and path not in owner.texts:
                owner.texts[path] = [text.strip(BLANK)]  # what nearly all are, without a call
            else:
                _keep(owner, path, text)
            if name in _WITH_CURRENCY:
                _keep(owner, path + "@Ccy", child.get("Ccy"))
        while not left and above:
            owner, prefix, left = above.pop()
    return root


def _keep(owner: Node, path: str, text: str | None) -> None:
    kept = "" if text is None else text.strip(BLANK)
    if len(kept) > TEXT_CHARACTERS_MAX:
        raise refuse(ProblemCode.FILE_TOO_COMPLEX, line=owner.row, what=N_("a text longer than 64 KiB"))
    if path in owner.texts:
        owner.texts[path].append(kept)
    else:
        owner.texts[path] = [kept]


class Item:
    """An `item` as it stands in the tree; it is gone when the next one is asked for."""

    def __init__(self, element: Element, groups: frozenset[str]) -> None:
        """Hold an element."""
        self._element = element
        self.groups = groups
        self.row = element.sourceline

    def node(self) -> Node:
        """Return it as a node."""
        return node_of(self._element, self.groups)

    def written(self) -> str:
        """Return it as XML that has one form, with every sign of markup in its texts as an entity."""
        return cast("str", etree.tostring(self._element, encoding="unicode", with_tail=False))


def name_of_tag(tag: str) -> str:
    """Return the name of an element without its prefix, of what stands between the brackets of its first tag."""
    return tag.rstrip("/").partition(" ")[0].rpartition(":")[2]


@lru_cache(maxsize=1024)
def local_name(tag: str) -> str:
    """Return the name of an element without its name space."""
    return tag.rpartition("}")[2]


CHILD_BYTES_MAX = 8 * 1024 * 1024
"""One child is held in memory whole; this is a batch of some 8,000 payments."""
CHILD_TAGS_MAX = 700_000
"""Of a batch of that size; each element costs some 650 bytes of memory, however short it is."""

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


def stream(content: bytes, *, container: str, item: str, groups: frozenset[str]) -> Iterator[Node | Item | Problem]:
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

    def nodes(self, events: Iterable[tuple[str, Element]], *, fed: int, tags: int) -> Iterator[Node | Item]:
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
                yield node_of(element, self._groups) if is_container else Item(element, self._groups)
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
