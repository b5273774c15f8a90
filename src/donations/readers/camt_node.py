"""An XML element as a small value: its texts by their paths; copied from the parser's tree within limits."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple, Protocol

from donations.core.language import N_
from donations.core.problem import ProblemCode, refuse

DEPTH_MAX = 32
_WITH_CURRENCY = frozenset({"Amt", "TtlChrgsAndTaxAmt"})
"""Elements with the attribute `Ccy`."""
TEXT_CHARACTERS_MAX = 64 * 1024


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
            _keep(owner, path, child.text)
            if name in _WITH_CURRENCY:
                _keep(owner, path + "@Ccy", child.get("Ccy"))
        while not left and above:
            owner, prefix, left = above.pop()
    return root


def _keep(owner: Node, path: str, text: str | None) -> None:
    kept = "" if text is None else text.strip(" \t\r\n")
    if len(kept) > TEXT_CHARACTERS_MAX:
        raise refuse(ProblemCode.FILE_TOO_COMPLEX, line=owner.row, what=N_("a text longer than 64 KiB"))
    if path in owner.texts:
        owner.texts[path].append(kept)
    else:
        owner.texts[path] = [kept]


@lru_cache(maxsize=1024)
def local_name(tag: str) -> str:
    """Return the name of an element without its name space."""
    return tag.rpartition("}")[2]
