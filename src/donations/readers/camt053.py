"""The reader of camt.053 (ISO 20022) in every version: a statement, what it says of itself, and its pages.

`camt052` reads the reports of a day that is not over by the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from donations.core.language import N_
from donations.core.lines import Fact, StatedLine
from donations.core.money import BadCurrencyError, Balance, Currency, parse_currency
from donations.core.problem import Problem, ProblemCode, Refused, refuse
from donations.core.statement import BalancePoint, Flow, Provenance, StatedBalance, StatedTotal, StatementStart
from donations.readers.camt_entry import entry_facts, is_pending, is_undated
from donations.readers.camt_fields import account_in, amount_in, day_at, day_in, minor_in, number_in, sign_of
from donations.readers.camt_shape import Shapes, UsualEntries
from donations.readers.camt_xml import MISC, Item, Node, stream
from donations.readers.draft import iso_moment, made_at
from donations.readers.protocol import Reader


def page_number(page: Node) -> int:
    """Return the number of a page (`StmtPgntn`, `MsgPgntn`), from 1."""
    written = page.value("PgNb")
    return int(written) if re.fullmatch(r"[0-9]{1,5}", written) else 1


def is_last_page(page: Node) -> bool:
    """Whether no page follows; a bank that does not say so has no other pages."""
    return page.value("LastPgInd") not in {"false", "0"}


@dataclass(slots=True)
class Pages:
    """The pages of each statement, whose starts are the same but for the row; `None` is the message as a whole."""

    seen: dict[StatementStart | None, dict[int, Node]] = field(default_factory=dict)

    def add(self, page: Node, *, of: StatementStart | None) -> None:
        """Note a page."""
        self.seen.setdefault(of, {}).setdefault(page_number(page), page)

    def missing(self) -> Iterator[Problem]:
        """Yield one notice for each statement that has pages elsewhere."""
        for pages in self.seen.values():
            numbers = sorted(pages)
            if numbers != list(range(1, len(numbers) + 1)) or not is_last_page(pages[numbers[-1]]):
                said = ", ".join(map(str, numbers))
                yield Problem.of(ProblemCode.PAGE_MISSING, line=pages[numbers[0]].row, page=said)


_POINTS = {
    "OPBD": BalancePoint.OPENING,
    "PRCD": BalancePoint.OPENING,
    "CLBD": BalancePoint.CLOSING,
    "ITBD": BalancePoint.INTERIM,
}
_CODE = "Tp/CdOrPrtry/Cd"
_FLOWS = {"TtlNtries": Flow.ALL, "TtlCdtNtries": Flow.IN, "TtlDbtNtries": Flow.OUT}
_COPIES = frozenset({"COPY", "CODU", "DUPL"})
_MIDNIGHT = re.compile(r"T00:00(?::00(?:\.0+)?)?(?:[Z+-].*)?")


def start_of(stmt: Node, *, first_entry: Node | None, message: Node | None) -> tuple[StatementStart, list[Problem]]:
    """Return the start of a statement and what is wrong with it; `message` is the header of the file (`GrpHdr`).

    Its currency is the account's, else that of its balances, else of its first entry.
    """
    account = stmt.first("Acct")
    stated = [account.value("Ccy"), *(balance.value("Amt@Ccy") for balance in stmt.group("Bal"))]
    if first_entry is not None:
        stated.append(first_entry.value("Amt@Ccy"))
    written = next(filter(None, stated), "")
    period = stmt.first("FrToDt")
    begins = period.value("FrDtTm") or period.value("FrDt")
    ends = period.value("ToDtTm") or period.value("ToDt")
    first, last = day_in(begins), day_in(ends)
    ends_at = iso_moment(ends)
    if first and last and _MIDNIGHT.fullmatch(ends[10:]):
        midnight, last = last, _last_day_before_midnight(stmt, first=first, midnight=last)
        ends_at = ends_at if last < midnight else None
    start = StatementStart(
        row=stmt.row,
        account=account_in(account),
        currency=_currency(written),
        first_day=first,
        last_day=last,
        provenance=_provenance(stmt, message, begins=begins, ends_at=ends_at, last_day=last),
    )
    problems = []
    if written and start.currency is None:
        problems.append(Problem.of(ProblemCode.BAD_CURRENCY, line=stmt.row))
    if (begins and first is None) or (ends and last is None):
        problems.append(Problem.of(ProblemCode.BAD_DATE, line=stmt.row))
    return start, problems


def _provenance(
    stmt: Node, message: Node | None, *, begins: str, ends_at: datetime | None, last_day: date | None
) -> Provenance:
    begins_at, account = iso_moment(begins), stmt.first("Acct")
    written = (stmt.first("CreDtTm").value(""), "" if message is None else message.value("CreDtTm"))
    return Provenance(
        begins_at=begins_at if begins_at is not None and begins_at.time() > time.min else None,
        ends_at=ends_at,
        made_at=made_at(map(iso_moment, written), last_day=last_day),
        electronic_number=number_in(stmt.first("ElctrncSeqNb").value("")),
        legal_number=number_in(stmt.first("LglSeqNb").value("")),
        is_copy=stmt.first("CpyDplctInd").value("") in _COPIES,
        owner=account.value("Ownr/Nm") or account.value("Ownr/Pty/Nm"),
    )


def only_day_of(stmt: Node, start: StatementStart) -> date | None:
    """Return the day of a statement of one day: its period is that day or, without one, it opens and closes on it."""
    if start.first_day or start.last_day:
        return start.first_day if start.first_day == start.last_day else None
    days = {code: day_in(bal.value("Dt/Dt")) for bal in stmt.group("Bal") if (code := bal.value(_CODE)) in _POINTS}
    return days.get("OPBD") if days.get("OPBD") == days.get("CLBD") else None


def _currency(written: str) -> Currency | None:
    try:
        return parse_currency(written)
    except BadCurrencyError:
        return None


def _last_day_before_midnight(stmt: Node, *, first: date, midnight: date) -> date:
    """Return the last day of a period that ends at 00:00, the very beginning of a day.

    Seen are periods of whole years from midnight to midnight, whose last day is the day before; and midnight as a
    bank's way to write a date without a time, which the date of its closing balance tells.
    """
    closing = [bal for bal in stmt.group("Bal") if bal.value(_CODE) == "CLBD"]
    is_date_alone = first == midnight or any(day_in(bal.value("Dt/Dt")) == midnight for bal in closing)
    return midnight if is_date_alone else midnight - timedelta(days=1)


def balance_facts(
    balances: list[Node], *, currency: Currency | None, has_page_before: bool, has_page_after: bool
) -> Iterator[StatedBalance | Problem]:
    """Yield the booked balances; a previous closing one only where no opening one says the same; no available ones.

    A page begins and ends with interim balances where other pages come before and after it.
    """
    codes = [balance.value(_CODE) for balance in balances]
    interim = [at for at, code in enumerate(codes) if code == "ITBD"]
    if has_page_before and interim and not {"OPBD", "PRCD"} & set(codes):
        codes[interim.pop(0)] = "OPBD"
    if has_page_after and interim and "CLBD" not in codes:
        codes[interim.pop()] = "CLBD"
    coded = list(zip(codes, balances, strict=True))
    stated = [
        _balance(balance, _POINTS[code], currency) for code, balance in coded if code in _POINTS and code != "PRCD"
    ]
    yield from stated
    openings = {
        each.balance for each in stated if isinstance(each, StatedBalance) and each.point is BalancePoint.OPENING
    }
    for previous in (_balance(balance, BalancePoint.OPENING, currency) for code, balance in coded if code == "PRCD"):
        if not isinstance(previous, StatedBalance):
            if "OPBD" not in codes:
                yield previous
        elif previous.balance not in openings:
            # It is dated the day before the one that it opens.
            yield replace(previous, on=previous.on and previous.on + timedelta(days=1))


def _balance(balance: Node, point: BalancePoint, currency: Currency | None) -> StatedBalance | Problem:
    """Return a balance; one without a direction has the sign it is written with, which adds up where it was seen."""
    direction = balance.value("CdtDbtInd")
    sign = sign_of(balance) if direction else 1
    unreadable = Problem.of(ProblemCode.BALANCE_UNREADABLE, line=balance.row)
    try:
        minor, stated = amount_in(balance, otherwise=currency)
        on = day_at(balance, "Dt")
    except Refused:
        return unreadable
    if sign is None or (direction and minor < 0):
        return unreadable
    return StatedBalance(row=balance.row, point=point, on=on, balance=Balance(sign * minor, stated))


def total_facts(stmt: Node, *, currency: Currency | None) -> Iterator[StatedTotal | Problem]:
    """Yield the announced counts and sums; of all entries only the count, for banks disagree on what to add."""
    for total in stmt.group("TxsSummry"):
        for name, flow in _FLOWS.items():
            count, written = total.value(f"{name}/NbOfNtries"), total.value(f"{name}/Sum")
            minor = None
            try:
                if flow is not Flow.ALL and written and currency is not None:
                    minor = minor_in(written, currency=currency, row=total.row)
            except Refused as refused:
                yield from refused.problems
            if minor is not None and minor < 0 and flow is Flow.OUT:
                minor = -minor  # some banks announce what went out with a minus
            if count or minor is not None:
                yield StatedTotal(row=total.row, flow=flow, count=number_in(count), minor=minor)


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
    (re.compile(rb"BkToCstmrDbtCdtNtfctn"), N_("a notification of single payments (camt.054)")),
)


class _Camt053:
    """Reads by local names alone, so that prefixes, name spaces and versions make no difference."""

    name = "camt.053"
    suffixes = (".xml",)

    def claims(self, content: bytes) -> bool:
        """Whether the content is an ISO 20022 message; the messages that are no statement are refused by `facts`."""
        return is_message(content) and not is_report(content)

    def facts(self, content: bytes) -> Iterator[Fact]:
        """Yield each `Stmt` as a statement; a file that is none, or damaged XML, raises `Refused`."""
        _refuse_other_messages(_head(content))
        yield from statement_facts(content, container="Stmt")


def is_message(content: bytes) -> bool:
    """Whether the content is an ISO 20022 message."""
    head = _head(content).lstrip(b"\xff\xfe\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<") and (b"iso:20022" in head or b"BkToCstmr" in head) and bool(_DOCUMENT.search(head))


def is_report(content: bytes) -> bool:
    """Whether the message is a report of a day that is not over (camt.052)."""
    message = _message(_head(content))
    return message is not None and message[1].startswith(b"BkToCstmrAcctRpt")


def statement_facts(content: bytes, *, container: str) -> Iterator[Fact]:
    """Yield each `container` as a statement: its start, balances, lines and totals; then notices of missing pages.

    The order is that of the file but for the totals, which come last. An entry that cannot be read is a
    problem, and reading goes on; damaged XML raises `Refused`.
    """
    pages, shapes = Pages(), Shapes()
    message: Node | None = None
    statement: _Statement | None = None
    for node in stream(content, container=container, item="Ntry", groups=_GROUPS):
        match node:
            case Problem():
                yield node
            case Node(name="GrpHdr"):
                message = node
                for page in node.group("MsgPgntn"):
                    pages.add(page, of=None)
            case Node(name=name) if name == container:
                if statement is not None:
                    yield from statement.end()
                statement = _Statement(head=node, message=message, pages=pages, shapes=shapes)
            case Node():
                if statement is not None:
                    statement.keep(node)
            case _:
                if statement is not None:
                    yield from statement.take(node)
    if statement is not None:
        yield from statement.end()
    yield from pages.missing()


def _head(content: bytes) -> bytes:
    return content[:_HEAD_BYTES].replace(b"\0", b"")


def _message(head: bytes) -> re.Match[bytes] | None:
    found = _DOCUMENT.search(head)
    return None if found is None else _MESSAGE.match(head, found.end())


def _refuse_other_messages(head: bytes) -> None:
    found, message = _DOCUMENT.search(head), _message(head)
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
    shapes: Shapes
    usual: UsualEntries = field(default_factory=lambda: UsualEntries(None))
    start: StatementStart | None = None
    only_day: date | None = None
    pending: int = 0
    undated: int = 0

    def keep(self, node: Node) -> None:
        """Keep what stands before or behind the entries."""
        if node.name in _HEAD:
            kept = self.head.groups.setdefault(node.name, [])
            kept.append(node)
            if len(kept) > _HEAD_MAX:
                raise refuse(ProblemCode.FILE_TOO_COMPLEX, line=node.row, what=N_("too many balances"))

    def take(self, item: Item) -> Iterator[Fact]:
        """Yield the facts of an entry."""
        start = self.start
        if start is None:
            start, facts = self._begin(first_entry=item.node())
            yield from facts
        written = self.shapes.cut(item)
        line = None if written is None else self.usual.line(item.row, written)
        if line is not None:
            yield line
            return
        found = list[Fact]()
        try:
            found.extend(self._defined(written.node(item.row) if written else item.node(), start))
        except Refused as refused:
            found += refused.problems
        if written is not None and len(found) == 1 and isinstance(found[0], StatedLine):
            self.usual.learn(written, found[0])
        yield from found

    def _defined(self, entry: Node, start: StatementStart) -> Iterator[Fact]:
        if is_pending(entry):
            self.pending += 1
            return
        for fact in entry_facts(entry, start, only_day=self.only_day):
            yield fact if isinstance(fact, Problem) else StatedLine.of(fact)
        self.undated += self.only_day is not None and is_undated(entry)

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
        self.start, self.usual = start, UsualEntries(start.account)
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
