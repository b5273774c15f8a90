"""The reader of camt.053, ISO 20022's account statement, in every version: statements, balances, totals, pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from donations.core.language import N_
from donations.core.problem import Problem, ProblemCode, Refused, refuse
from donations.core.statement import Fact, Provenance, StatementStart
from donations.readers.camt_entry import entry_facts, is_pending, is_undated
from donations.readers.camt_header import balance_facts, only_day_of, start_of, total_facts
from donations.readers.camt_node import Node
from donations.readers.camt_pages import Pages, is_last_page, page_number
from donations.readers.camt_xml import MISC, stream
from donations.readers.protocol import Reader

_GROUPS = frozenset({"MsgPgntn", "TxDtls", "RtrInf", "Othr", "Chrgs", "Rcrd"})
_HEAD_BYTES = 64 * 1024
_HEAD = frozenset(
    {"Acct", "Bal", "CpyDplctInd", "CreDtTm", "ElctrncSeqNb", "FrToDt", "LglSeqNb", "StmtPgntn", "TxsSummry"}
)
"""What a statement says of itself before its entries, and after them."""
_HEAD_MAX = 10_000
"""Of one kind; the balances of every day of a year are some thousand."""
_DOCUMENT = re.compile(rb"<(?:[\w.-]+:)?Document((?:\s(?:[^<>\"']|\"[^<\"]*\"|'[^<']*')*+)?)>")
_MESSAGE = re.compile(MISC + rb"<(?:[\w.-]+:)?([A-Za-z]\w*)[\s/>]", re.DOTALL)
_KINDS = (  # by the name of the message; a payment order's name space counts too, for its lines have moved nothing
    (re.compile(rb"pain\.001|CstmrCdtTrfInitn"), N_("a payment order (pain.001)")),
    (re.compile(rb"pain\.008|CstmrDrctDbtInitn"), N_("a direct debit order (pain.008)")),
    (re.compile(rb"CstmrPmtStsRpt"), N_("a payment status report (pain.002)")),
    (re.compile(rb"BkToCstmrAcctRpt"), N_("an intraday report (camt.052)")),
    (re.compile(rb"BkToCstmrDbtCdtNtfctn"), N_("a notification of single payments (camt.054)")),
)


class _Camt053:
    """Reads by local names alone, so that prefixes, name spaces and versions make no difference."""

    name = "camt.053"
    suffixes = (".xml",)

    def claims(self, content: bytes) -> bool:
        """Whether the content is an ISO 20022 message; the messages that are no statement are refused by `facts`."""
        head = content[:_HEAD_BYTES].replace(b"\0", b"").lstrip(b"\xff\xfe\xef\xbb\xbf \t\r\n")
        return head.startswith(b"<") and (b"iso:20022" in head or b"BkToCstmr" in head) and bool(_DOCUMENT.search(head))

    def facts(self, content: bytes) -> Iterator[Fact]:
        """Yield each `Stmt` as a statement: its start, balances, lines and totals; then notices of missing pages.

        The order is that of the file but for the totals, which come last. An entry that cannot be read is a
        problem, and reading goes on; a file that is no statement, or damaged XML, raises `Refused`.
        """
        _refuse_other_messages(content[:_HEAD_BYTES].replace(b"\0", b""))
        pages = Pages()
        message: Node | None = None
        statement: _Statement | None = None
        for node in stream(content, container="Stmt", item="Ntry", groups=_GROUPS):
            match node:
                case Problem():
                    yield node
                case Node(name="GrpHdr"):
                    message = node
                    for page in node.group("MsgPgntn"):
                        pages.add(page, of=None)
                case Node(name="Stmt"):
                    if statement is not None:
                        yield from statement.end()
                    statement = _Statement(head=node, message=message, pages=pages)
                case Node():
                    if statement is not None:
                        yield from statement.take(node)
        if statement is not None:
            yield from statement.end()
        yield from pages.missing()


def _refuse_other_messages(head: bytes) -> None:
    found = _DOCUMENT.search(head)
    message = None if found is None else _MESSAGE.match(head, found.end())
    if found is None or message is None:
        return
    for pattern, kind in _KINDS:
        if pattern.search(found[1] + b" " + message[1]):
            raise refuse(ProblemCode.WRONG_DOCUMENT, kind=kind)
    if not message[1].startswith(b"BkToCstmrStmt"):
        raise refuse(ProblemCode.WRONG_DOCUMENT, kind=N_("another ISO 20022 message"))


@dataclass(slots=True, kw_only=True)
class _Statement:
    """One `Stmt` while its children arrive."""

    head: Node
    message: Node | None
    pages: Pages
    start: StatementStart | None = None
    only_day: date | None = None
    pending: int = 0
    undated: int = 0

    def take(self, node: Node) -> Iterator[Fact]:
        """Keep what comes before the entries, and yield the facts of an entry."""
        if node.name in _HEAD:
            kept = self.head.groups.setdefault(node.name, [])
            kept.append(node)
            if len(kept) > _HEAD_MAX:
                raise refuse(ProblemCode.FILE_TOO_COMPLEX, line=node.row, what=N_("too many balances"))
        if node.name != "Ntry":
            return
        start = self.start
        if start is None:
            start, facts = self._begin(first_entry=node)
            yield from facts
        try:
            if is_pending(node):
                self.pending += 1
            else:
                yield from entry_facts(node, start, only_day=self.only_day)
                self.undated += self.only_day is not None and is_undated(node)
        except Refused as refused:
            yield from refused.problems

    def end(self) -> Iterator[Fact]:
        """Yield what comes last; the totals not where entries are pending, for none was seen to say if they count."""
        start = self.start
        if start is None:
            start, facts = self._begin(first_entry=None)
            yield from facts
        yield from self._balances(start)
        if self.undated:
            yield Problem.of(ProblemCode.UNDATED_LINES, line=start.row, count=self.undated, day=self.only_day)
        if self.pending:
            yield Problem.of(ProblemCode.PENDING_SKIPPED, line=start.row, count=self.pending)
        else:
            yield from total_facts(self.head, currency=start.currency)

    def _begin(self, *, first_entry: Node | None) -> tuple[StatementStart, list[Fact]]:
        start, problems = start_of(self.head, first_entry=first_entry, message=self.message)
        self.start = start
        self.only_day = only_day_of(self.head, start)
        page = next(iter(self.head.group("StmtPgntn")), None)
        if page is not None:
            self.pages.add(page, of=replace(start, row=0, provenance=Provenance()))
        return start, [start, *problems, *self._balances(start)]

    def _balances(self, start: StatementStart) -> Iterator[Fact]:
        pages = self.head.group("StmtPgntn") or (self.message.group("MsgPgntn") if self.message else [])
        page = pages[0] if pages else None
        yield from balance_facts(
            self.head.groups.pop("Bal", []),
            currency=start.currency,
            has_page_before=page is not None and page_number(page) > 1,
            has_page_after=page is not None and not is_last_page(page),
        )


CAMT053: Reader = _Camt053()
