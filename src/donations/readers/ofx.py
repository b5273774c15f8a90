"""OFX 1.x and 2.x, QFX and QBO to facts, by ofxparse's reading of a statement; the only importer of ofxparse.

ofxparse decides where a statement keeps what. Bytes, tags, days and amounts are read here, because ofxparse 0.21 shifts
days by their time zone, takes `NaN` for an amount and needs quadratic time.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from ofxparse.ofxparse import AccountType, OfxParser

from donations.core.language import N_
from donations.core.lines import Fact, StatedLine
from donations.core.money import (
    AmountOutOfRangeError,
    BadAmountError,
    BadCurrencyError,
    Balance,
    Currency,
    DecimalMark,
    Minor,
    money_of,
    parse_currency,
    parse_minor,
)
from donations.core.problem import Problem, ProblemCode, Refused, refuse
from donations.core.statement import (
    BalancePoint,
    Counterparty,
    IdScheme,
    LineKind,
    Provenance,
    StatedBalance,
    StatementLine,
    StatementStart,
    bank_ids,
)
from donations.readers import ofx_fields as fields
from donations.readers import ofx_text
from donations.readers.draft import made_at, ofx_moment
from donations.readers.ofx_text import OfxText, Tag, transaction, tree
from donations.readers.ofx_usual import UsualTransactions
from donations.readers.ofx_usual import cut as cut_usual
from donations.readers.protocol import Reader

_STATEMENTS = frozenset({"STMTRS", "CCSTMTRS", "INVSTMTRS", "LOANSTMTRS", "AMRTSTMTRS"})
_EDGE = re.compile(r"<(/?)(STMTTRN|BANKTRANLIST|(?:CC|INV|LOAN|AMRT)?STMTRS)(?![A-Z0-9._])([^<>]*)(>?)", re.IGNORECASE)
_BEHIND_THE_LIST = re.compile(r"<(?:LEDGERBAL|AVAILBAL|BALLIST|MKTGINFO)\s*>", re.IGNORECASE)
"""What may follow a BANKTRANLIST (OFX 1.6, 11.4.2.2); some banks leave its end tag out."""
_TEXT_NEXT = re.compile(r"\s*+[^<\s]")


@dataclass(slots=True)
class StatementSpan:
    """Where one statement stands in the text, and where its transactions do."""

    start: int
    end: int = 0
    edges: array[int] = field(default_factory=lambda: array("q"))
    """Start and end of the first transaction's content, of the second's, and so on."""


def cut(source: OfxText) -> tuple[Tag, list[tuple[Tag, StatementSpan]]]:
    """Return the document without its transactions, and each statement in it with the places of its own.

    A transaction ends at its end tag, or where SGML lets it end: at the next one, or with the list. Raises `Refused`
    with `bad_ofx` or `file_too_complex`, and the line.
    """
    text, rest, spans = source.text, list[str](), list[StatementSpan]()
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
                spans.append(StatementSpan(start))
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


_PLAIN = re.compile(r"[+-]?[0-9]+([.,])[0-9]+")
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}([.,])[0-9]{3}(?:\1[0-9]{3})*(?:(?!\1)[.,][0-9]+)?")
_TWO_MEANINGS = re.compile(r"[+-]?[1-9][0-9]{0,2}([.,])[0-9]{3}")
_EVERY_AMOUNT = re.compile(r"<(?:TRN|BAL)AMT>\s*+([^<\s]*+)", re.IGNORECASE)
_OTHER: dict[str, DecimalMark] = {".": ",", ",": "."}


@dataclass(slots=True)
class OfxConvention:
    """The convention of the whole file `document`; it is looked at only if some amount cannot decide for itself."""

    document: str
    _proven: tuple[frozenset[str], frozenset[str]] | None = field(default=None, init=False)

    def read(self, text: str, *, currency: Currency, line: int) -> Minor:
        """Return signed minor units.

        `1.234,56` and `1,234.56` can mean one thing only, and so can `12,5`. `12.345` can be twelve or twelve
        thousand: it is read only if other amounts prove what its mark is for, and nothing contradicts them. Spaces
        and apostrophes are never taken for thousands marks, for a damaged amount looks like that too.

        Raises `Refused` with `ambiguous_amount`, `bad_amount` or `amount_out_of_range`.
        """
        grouped = _GROUPED.fullmatch(text)
        if grouped is not None and (not _TWO_MEANINGS.fullmatch(text) or self._is_thousands(grouped[1], text, line)):
            text, mark = text.replace(grouped[1], ""), _OTHER[grouped[1]]
        else:
            mark = "," if "," in text else "."
        try:
            return parse_minor(text, currency=currency, mark=mark)
        except AmountOutOfRangeError:
            raise refuse(ProblemCode.AMOUNT_OUT_OF_RANGE, line=line) from None
        except BadAmountError:
            raise refuse(ProblemCode.BAD_AMOUNT, line=line) from None

    def _is_thousands(self, mark: str, text: str, line: int) -> bool:
        if self._proven is None:
            self._proven = _proofs(self.document)
        decimal, thousands = (mark in marks for marks in self._proven)
        if decimal == thousands:
            raise refuse(ProblemCode.AMBIGUOUS_AMOUNT, line=line, text=text)
        return thousands


def _proofs(document: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the marks that some amount proves to be decimal marks, and those proven to be thousands marks."""
    decimal, thousands = set[str](), set[str]()
    for amount in _EVERY_AMOUNT.finditer(document):
        plain, grouped = _PLAIN.fullmatch(amount[1]), _GROUPED.fullmatch(amount[1])
        if plain and not grouped:
            decimal.add(plain[1])
        elif grouped and not plain:
            thousands.add(grouped[1])
            decimal |= {_OTHER[grouped[1]]} & set(amount[1])
    return frozenset(decimal), frozenset(thousands)


_OTHER_ACCOUNTS = {
    "INVSTMTRS": N_("an investment account"),
    "LOANSTMTRS": N_("a loan"),
    "AMRTSTMTRS": N_("a loan's plan"),
}
_STATUS_CODE = re.compile(r"[0-9]{1,6}")
_POSTED = re.compile(r"<DTPOSTED>\s*+([0-9]{8})", re.IGNORECASE)


class _Semantics(OfxParser):  # type: ignore[misc]  # ofxparse has no types
    """Where ofxparse finds what, with its values left as written; what it keeps on the class is set here and stays."""

    fail_fast = True
    custom_date_format = None

    @classmethod
    def toDecimal(cls, tag: Tag) -> str:  # noqa: N802 - ofxparse's name
        """Return the amount's text; `AmountConvention` reads it."""
        return tag.text

    @classmethod
    def parseOfxDateTime(cls, text: str) -> date | None:  # noqa: N802 - ofxparse's name
        """Return the day as the bank wrote it, whatever the hour and zone; None for blank or impossible ones."""
        return fields.day(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfxReader:
    name: str = "ofx"
    suffixes: tuple[str, ...] = (".ofx", ".qfx", ".qbo")

    def claims(self, content: bytes) -> bool:
        return ofx_text.claims(content)

    def facts(self, content: bytes) -> Iterator[Fact]:
        source = ofx_text.read_text(content)
        if source.notice is not None:
            yield source.notice
        document, statements = cut(source)
        yield from _bank_errors(document)
        file = _File(text=source.text, amounts=OfxConvention(source.text), made_at=_made_at(document))
        has_bank_account = any(tag.name not in _OTHER_ACCOUNTS for tag, _ in statements)
        for tag, span in statements:
            # A card's statement (CCSTMTRS) is the same aggregate; whether the account is one of ours is decided later.
            if tag.name in _OTHER_ACCOUNTS:
                code = ProblemCode.ACCOUNT_SKIPPED if has_bank_account else ProblemCode.UNSUPPORTED_ACCOUNT
                yield Problem.of(code, line=tag.row, kind=_OTHER_ACCOUNTS[tag.name])
            else:
                yield from _statement(tag, span, file)


OFX: Reader = _OfxReader()
"""The reader of OFX, QFX and QBO files."""


def _bank_errors(document: Tag) -> Iterator[Problem]:
    """Report every STATUS that says ERROR: whatever statement stands beside it is not what was asked for."""
    for status in document.findAll("STATUS"):
        said = status.values()
        if "ERROR" in (severity.upper() for severity in said["SEVERITY"]):
            code = "".join(said["CODE"])
            yield Problem.of(
                ProblemCode.BANK_ERROR, line=status.row, status=code if _STATUS_CODE.fullmatch(code) else "?"
            )


def _made_at(document: Tag) -> datetime | None:
    """Return DTSERVER, when the server made the file."""
    sign_on = document.find("SONRS")
    return None if sign_on is None else ofx_moment("".join(sign_on.values()["DTSERVER"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """What all statements of a file have in common."""

    text: str
    amounts: OfxConvention
    made_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statement:
    """What the lines and the balances need to know of their statement."""

    tag: Tag
    currency: Currency
    amounts: OfxConvention


def _statement(tag: Tag, span: StatementSpan, file: _File) -> Iterator[Fact]:
    stated = _Semantics.parseStmtrs([tag], AccountType.Bank)[0]
    try:
        currency = parse_currency(stated.curdef) if stated.curdef else _currency_of_lines(span, file.text)
    except BadCurrencyError:
        yield Problem.of(ProblemCode.BAD_CURRENCY, line=tag.row)
        return
    account = fields.own_account(stated.account_id, bank=stated.routing_number)
    posted = {day[1] for day in _POSTED.finditer(file.text, span.start, span.end)}
    period = (stated.statement.start_date or None, stated.statement.end_date or None)
    first, last = fields.period(*period, posted=posted)
    end = last or fields.day(max(posted, default=""))
    made = Provenance(made_at=made_at([file.made_at], last_day=end))
    yield StatementStart(
        row=tag.row, account=account, currency=currency, first_day=first, last_day=last, provenance=made
    )
    if currency is None:
        return  # finalise says so; no amount can be read
    statement = _Statement(tag=tag, currency=currency, amounts=file.amounts)
    pending = len(tag.findAll("STMTTRNP"))
    if pending:
        yield Problem.of(ProblemCode.PENDING_SKIPPED, line=tag.row, count=pending)
    yield from _lines(statement, span, file.text)
    for ledger in tag.findAll("LEDGERBAL"):
        yield _balance(ledger, statement, end=end)


def _currency_of_lines(span: StatementSpan, text: str) -> Currency | None:
    """Return the currency that every line states for itself, where the statement states none."""
    try:
        found = {fields.currency(transaction(text[start:end], row=0)) for start, end in _places(span)}
    except Refused:
        return None
    return found.pop() if len(found) == 1 else None


def _balance(ledger: Tag, statement: _Statement, *, end: date | None) -> StatedBalance | Problem:
    """Return LEDGERBAL, the booked balance: closing if it is of the statement's last day.

    Of a later day it counts what came since, which the statement does not show: it is that day's own.
    """
    values = ledger.values()
    text, written = ("".join(values[name][:1]) for name in ("BALAMT", "DTASOF"))
    on = fields.day(written)
    if not text or on is None:
        return Problem.of(ProblemCode.BALANCE_UNREADABLE, line=ledger.row)
    try:
        minor = statement.amounts.read(text, currency=statement.currency, line=ledger.row)
    except Refused as refused:
        return refused.problems[0]
    return StatedBalance(
        row=ledger.row,
        point=BalancePoint.CLOSING if end is None or on == end else BalancePoint.INTERIM,
        on=on,
        balance=Balance(minor, statement.currency),
        at=fields.moment_of_day(written),
    )


def _places(span: StatementSpan) -> Iterator[tuple[int, int]]:
    """Yield where each transaction's content begins and ends."""
    return zip(span.edges[::2], span.edges[1::2], strict=True)


def _lines(statement: _Statement, span: StatementSpan, text: str) -> Iterator[Fact]:
    row, at = statement.tag.row, span.start
    usual = UsualTransactions(lambda amount, currency: statement.amounts.read(amount, currency=currency, line=0))
    for start, end in _places(span):
        row += text.count("\n", at, start)
        at = start
        content = text[start:end]
        written = cut_usual(content)
        known = None if written is None else usual.line(row, written)
        if known is not None:
            yield known
            continue
        try:
            tag = transaction(content, row=row)
            found = _line(tag, statement)
        except Refused as refused:
            yield from refused.problems
            continue
        yield found
        if written is not None and isinstance(found, StatedLine):
            usual.learn(written, tag, found)


def _line(tag: Tag, statement: _Statement) -> Fact:
    """Return the line, or the notice that it moves no money; raises `Refused` with what is wrong in it."""
    values = tag.values()
    flaws = tuple(fields.flaws(values, row=tag.row))
    if flaws:
        raise Refused(flaws)
    read = _Semantics.parseTransaction(tag)
    currency = fields.currency(tag) or statement.currency
    minor = statement.amounts.read(read.amount, currency=currency, line=tag.row)
    if minor == 0:
        return Problem.of(ProblemCode.ZERO_AMOUNT, line=tag.row)
    kind = read.type.upper()
    # Only these two words name a direction: banks write PAYMENT for money that comes, DIRECTDEP for money that goes.
    if kind in {"CREDIT", "DEBIT"} and (minor < 0) != (kind == "DEBIT"):
        raise refuse(ProblemCode.SIGN_CONFLICT, line=tag.row)
    memo = "\n".join(filter(None, values["MEMO"]))
    reference, text = fields.reference("".join(values["REFNUM"]), memo)
    account, bic = fields.counterparty_bank(tag)
    found = StatementLine(
        row=tag.row,
        booked_on=read.date,
        money=money_of(minor, currency),
        counterparty=Counterparty(
            name=max([read.payee, *values["PAYEE"], *values["EXTDNAME"]], key=len),
            account=account,
            bic=bic,
        ),
        text=text,
        reference=reference,
        ids=bank_ids((IdScheme.FITID, read.id), (IdScheme.INSTRUCTION, read.checknum)),
        kind=fields.KINDS.get(kind, LineKind.TRANSFER),
        value_date=fields.day(values["DTAVAIL"][0]) if values["DTAVAIL"] else None,
    )
    return StatedLine.of(found)
