"""OFX 1.x and 2.x, QFX and QBO to facts, by ofxparse's reading of a statement; the only importer of ofxparse.

ofxparse decides where a statement keeps what. Bytes, tags, days and amounts are read here, because ofxparse 0.21 shifts
days by their time zone, takes `NaN` for an amount and needs quadratic time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ofxparse.ofxparse import AccountType, OfxParser

from donations.core.iban import AccountNumber
from donations.core.language import N_
from donations.core.money import BadCurrencyError, Balance, Currency, money_of, parse_currency
from donations.core.problem import Problem, ProblemCode, Refused, refuse
from donations.core.statement import (
    BalancePoint,
    Counterparty,
    Fact,
    IdScheme,
    LineKind,
    StatedBalance,
    StatementLine,
    StatementStart,
    bank_ids,
)
from donations.readers import ofx_fields as fields
from donations.readers import ofx_text
from donations.readers.ofx_amounts import AmountConvention
from donations.readers.ofx_cut import Span, cut
from donations.readers.ofx_tags import Tag, transaction
from donations.readers.protocol import Reader

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
        amounts = AmountConvention(source.text)
        for tag, span in statements:
            yield from _statement(tag, span, text=source.text, amounts=amounts)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statement:
    """What the lines and the balance need to know of their statement."""

    tag: Tag
    account: AccountNumber | None
    currency: Currency
    amounts: AmountConvention


def _statement(tag: Tag, span: Span, *, text: str, amounts: AmountConvention) -> Iterator[Fact]:
    # A card's statement (CCSTMTRS) is the same aggregate; whether the account is one of ours is decided later.
    if tag.name in _OTHER_ACCOUNTS:
        yield Problem.of(ProblemCode.UNSUPPORTED_ACCOUNT, line=tag.row, kind=_OTHER_ACCOUNTS[tag.name])
        return
    stated = _Semantics.parseStmtrs([tag], AccountType.Bank)[0]
    try:
        currency = parse_currency(stated.curdef) if stated.curdef else None
    except BadCurrencyError:
        yield Problem.of(ProblemCode.BAD_CURRENCY, line=tag.row)
        return
    account = fields.own_account(stated.account_id, bank=stated.routing_number)
    posted = {day[1] for day in _POSTED.finditer(text, span.start, span.end)}
    period = (stated.statement.start_date or None, stated.statement.end_date or None)
    first, last = fields.period(*period, posted=posted)
    yield StatementStart(row=tag.row, account=account, currency=currency, first_day=first, last_day=last)
    if currency is None:
        return  # finalise says so; no amount can be read
    statement = _Statement(tag=tag, account=account, currency=currency, amounts=amounts)
    pending = len(tag.findAll("STMTTRNP"))
    if pending:
        yield Problem.of(ProblemCode.PENDING_SKIPPED, line=tag.row, count=pending)
    yield from _lines(statement, span, text)
    yield from _balance(statement, stated.statement, end=last or fields.day(max(posted, default="")))


def _balance(statement: _Statement, stated: Any, *, end: date | None) -> Iterator[Fact]:
    """Report LEDGERBAL, the booked balance: closing if it is of the statement's last day or the day after it."""
    ledger = statement.tag.find("LEDGERBAL")
    if ledger is None:
        return
    text, on = getattr(stated, "balance", ""), getattr(stated, "balance_date", None)
    if not text or on is None:
        yield Problem.of(ProblemCode.BALANCE_UNREADABLE, line=ledger.row)
        return
    try:
        minor = statement.amounts.read(text, currency=statement.currency, line=ledger.row)
    except Refused as refused:
        yield from refused.problems
        return
    is_closing = end is None or end <= on <= end + timedelta(days=1)
    point = BalancePoint.CLOSING if is_closing else BalancePoint.INTERIM
    yield StatedBalance(row=ledger.row, point=point, on=on, balance=Balance(minor, statement.currency))


def _lines(statement: _Statement, span: Span, text: str) -> Iterator[Fact]:
    row, at = statement.tag.row, span.start
    for start, end in zip(span.edges[::2], span.edges[1::2], strict=True):
        row += text.count("\n", at, start)
        at = start
        try:
            yield _line(transaction(text[start:end], row=row), statement)
        except Refused as refused:
            yield from refused.problems


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
    return StatementLine(
        row=tag.row,
        booked_on=read.date,
        money=money_of(minor, currency),
        counterparty=Counterparty(
            name=max([read.payee, *values["PAYEE"], *values["EXTDNAME"]], key=len),
            account=fields.counterparty_account(tag, memo, own=statement.account),
        ),
        text=text,
        reference=reference,
        ids=bank_ids((IdScheme.FITID, read.id), (IdScheme.INSTRUCTION, read.checknum)),
        kind=fields.KINDS.get(kind, LineKind.TRANSFER),
    )
