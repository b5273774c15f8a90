"""A page as lines that can be compared: one tag or text each, with no blank that a browser would not show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

_BLOCKS = """
    address article aside blockquote body br caption circle col colgroup dd defs desc details dialog div dl dt fieldset
    figcaption figure footer form g h1 h2 h3 h4 head header hr html legend li line link main meta nav noscript ol
    optgroup option p path pattern progress rect script section select summary table tbody td text textarea tfoot th
    thead title tr ul
"""
BLOCKS = frozenset(_BLOCKS.split())
"""Elements before and after which blanks are not shown; the parts of a drawing are among them."""
BLOCK_FIELDS = frozenset({"text", "search", "date", "number", "email", "password", "hidden"})
"""Types of fields which the stylesheet puts on a line of their own."""
BOXES = frozenset({"button", "label", "svg"})
"""They stand in a line of text, but blanks at the ends of what is in them are not shown."""
_FLEXIBLE = "actions between cards choice chosen columns facts fields pages row sum tally"
FLEXIBLE = frozenset(_FLEXIBLE.split())
"""Classes whose children are boxes of their own (flex and grid)."""
BROKEN_LINES = frozenset({"lines", "said"})
"""Classes in which the stylesheet shows breaks of lines, as in a paragraph of what the bank has written."""
VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
SECRET = re.compile(r'(name="(?:token|seen|promised|state)" value=")[^"]*|(data-token=")[^"]*')
"""What is another text each time, or made of such."""
SALTED = re.compile(r"\b\d+:[0-9a-f]{64}\b")
"""The fingerprint of the log, which has salt in it."""


@dataclass(frozen=True, slots=True)
class Element:
    """An element that is open."""

    tag: str
    classes: frozenset[str]
    is_block: bool
    is_box: bool
    shows_breaks: bool


class Lines(HTMLParser):
    """Takes a page apart; `items` are tags as written, `None` (a place where blanks are not shown) and texts."""

    def __init__(self) -> None:
        """Begin outside of everything."""
        super().__init__()
        self.items: list[str | None] = []
        self._open = [Element(tag="", classes=frozenset(), is_block=True, is_box=False, shows_breaks=False)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag with its attributes; the label of a cell stands before its text, and shows a blank."""
        made = self._element(tag, {name: value or "" for name, value in attrs})
        said = "".join(f' {name}="{escape(" ".join((value or "").split()))}"' for name, value in attrs)
        self.items += [None] if made.is_block else []
        self.items.append(SECRET.sub(r"\1\2…", f"<{tag}{said}>"))
        self.items += [None] if (made.is_block or made.is_box) and "data-label" not in dict(attrs) else []
        if tag not in VOID:
            self._open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag that has no end, as in drawings."""
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Keep the end of what is open."""
        if self._open[-1].tag == tag:
            ended = self._open.pop()
            self.items += [None] if ended.is_block or ended.is_box else []
            self.items += [f"</{tag}>", *([None] if ended.is_block else [])]

    def handle_data(self, data: str) -> None:
        """Keep a text, blanks collapsed but where breaks are shown."""
        text = escape(data, quote=False)
        if self._open[-1].shows_breaks:
            self.items.append(re.sub(r"[ \t]+", " ", text).replace("\n", "⏎"))
        else:
            self.items.append(re.sub(r"[ \t\r\n\f]+", " ", text))

    def handle_decl(self, decl: str) -> None:
        """Keep what the document says it is."""
        self.items += [f"<!{decl}>", None]

    def _element(self, tag: str, given: dict[str, str]) -> Element:
        within = self._open[-1]
        classes = frozenset(given.get("class", "").split())
        is_field = tag == "input" and given.get("type") in BLOCK_FIELDS
        is_written = tag == "p" and "written" in within.classes
        return Element(
            tag=tag,
            classes=classes,
            is_block=tag in BLOCKS or is_field or bool(within.classes & FLEXIBLE) or "hint" in classes,
            is_box=tag in BOXES or "button" in classes,
            shows_breaks=tag in {"pre", "textarea"}
            or bool(classes & BROKEN_LINES)
            or is_written
            or within.shows_breaks,
        )


def normalised(page: str) -> str:
    """Return a page's tags and texts, one a line; of texts only blanks that are shown."""
    parser = Lines()
    parser.feed(page)
    parser.close()
    return "".join(f"{line}\n" for line in _shown(parser.items))


def _shown(items: list[str | None]) -> Iterator[str]:
    joined: list[str | None] = []
    for item in items:
        if item is not None and joined and joined[-1] is not None and not (item[:1] == "<" or joined[-1][:1] == "<"):
            joined[-1] += item
        else:
            joined.append(item)
    for number, item in enumerate(joined):
        if item is None or item[:1] == "<":
            yield from () if item is None else (item,)
            continue
        text = item.lstrip(" ") if number == 0 or joined[number - 1] is None else item
        text = text.rstrip(" ") if number + 1 == len(joined) or joined[number + 1] is None else text
        if text:
            yield SALTED.sub("…", re.sub(" +", " ", text))


def text_of(page: str) -> str:
    """Return what is read on a page, one line for each line of it."""
    return "\n".join(line for line in normalised(page).splitlines() if line[:1] != "<") + "\n"
