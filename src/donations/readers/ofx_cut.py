"""An OFX text without its transactions, and where those are, so that each is built only when it is read."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, field

from donations.core.language import N_
from donations.core.problem import ProblemCode, Refused, refuse
from donations.readers.ofx_tags import Tag, tree
from donations.readers.ofx_text import OfxText

_STATEMENTS = frozenset({"STMTRS", "CCSTMTRS", "INVSTMTRS", "LOANSTMTRS", "AMRTSTMTRS"})
_EDGE = re.compile(r"<(/?)(STMTTRN|BANKTRANLIST|(?:CC|INV|LOAN|AMRT)?STMTRS)(?![A-Z0-9._])([^<>]*)(>?)", re.IGNORECASE)
_BEHIND_THE_LIST = re.compile(r"<(?:LEDGERBAL|AVAILBAL|BALLIST|MKTGINFO)\s*>", re.IGNORECASE)
"""What may follow a BANKTRANLIST (OFX 1.6, 11.4.2.2); some banks leave its end tag out."""
_TEXT_NEXT = re.compile(r"\s*+[^<\s]")


@dataclass(slots=True)
class Span:
    """Where one statement stands in the text, and where its transactions do."""

    start: int
    end: int = 0
    edges: array[int] = field(default_factory=lambda: array("q"))
    """Start and end of the first transaction's content, of the second's, and so on."""


def cut(source: OfxText) -> tuple[Tag, list[tuple[Tag, Span]]]:
    """Return the document without its transactions, and each statement in it with the places of its own.

    A transaction ends at its end tag, or where SGML lets it end: at the next one, or with the list. Raises `Refused`
    with `bad_ofx` or `file_too_complex`, and the line.
    """
    text, rest, spans = source.text, list[str](), list[Span]()
    at, opened, is_listing = source.start, -1, False
    for edge in _EDGE.finditer(text, source.start, source.end):
        start, is_end, name = edge.start(), bool(edge[1]), edge[2].upper()
        is_transaction = name == "STMTTRN"
        if edge[3].strip() or not edge[4]:
            raise _damaged(source, start, N_("a tag is not closed or has attributes"))
        in_statement = bool(spans) and not spans[-1].end
        is_unended = is_listing and is_end and name in _STATEMENTS
        if is_unended:
            start = _end_of_list(text, max(at, opened), start)
        if opened < 0 and is_transaction and (is_end or not in_statement):
            raise _damaged(source, start, N_("a transaction outside a statement"))
        if opened >= 0:
            spans[-1].edges.extend((opened, start))
            rest.append("\n" * text.count("\n", opened, start))
            at, opened = start, -1
        if is_unended:
            rest += [text[at:start], "</BANKTRANLIST>"]
            at, start = start, edge.start()
        if is_transaction:
            rest.append(text[at:start])
            at = edge.end()
            opened = -1 if is_end else at
            if is_end and _TEXT_NEXT.match(text, at):
                raise _damaged(source, at, N_("text between transactions"))
        elif name == "BANKTRANLIST":
            is_listing = not is_end
        else:
            is_listing = False
            if is_end != in_statement:
                raise _damaged(source, start, N_("a statement inside another, or not ended"))
            if is_end:
                spans[-1].end = start
            else:
                spans.append(Span(start))
    rest.append(text[at : source.end])
    document = tree("".join(rest), row=source.line(source.start))
    statements = [tag for tag in document.every() if tag.name in _STATEMENTS]
    return document, list(zip(statements, spans, strict=True))


def _end_of_list(text: str, at: int, end: int) -> int:
    """Return where a list without an end tag ends: at what follows a list, or with its statement."""
    behind = _BEHIND_THE_LIST.search(text, at, end)
    return end if behind is None else behind.start()


def _damaged(source: OfxText, at: int, what: str) -> Refused:
    return refuse(ProblemCode.BAD_OFX, line=source.line(at), what=what)
