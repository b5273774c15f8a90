"""OFX 1.x and 2.x, QFX and QBO to facts, by ofxparse's reading of a statement; the only importer of ofxparse.

ofxparse decides where a statement keeps what. Bytes, tags, days and amounts are read here, because ofxparse 0.21 shifts
days by their time zone, takes `NaN` for an amount and needs quadratic time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from ofxparse.ofxparse import AccountType, OfxParser

from donations.core.language import N_
from donations.core.money import BadCurrencyError, Balance, Currency, money_of, parse_currency
from donations.core.problem import Problem, ProblemCode, Refused, refuse
from donations.core.statement import (
    BalancePoint,
    Counterparty,
    Fact,
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
from donations.readers.moments import made_at, ofx_moment
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
        file = _File(text=source.text, amounts=AmountConvention(source.text), made_at=_made_at(document))
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
    amounts: AmountConvention
    made_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statement:
    """What the lines and the balances need to know of their statement."""

    tag: Tag
    currency: Currency
    amounts: AmountConvention


def _statement(tag: Tag, span: Span, file: _File) -> Iterator[Fact]:
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


def _currency_of_lines(span: Span, text: str) -> Currency | None:
    """Return the currency that every line states for itself, where the statement states none."""
    found = {fields.currency(transaction(text[start:end], row=0)) for start, end in _places(span)}
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


def _places(span: Span) -> Iterator[tuple[int, int]]:
    """Yield where each transaction's content begins and ends."""
    return zip(span.edges[::2], span.edges[1::2], strict=True)


def _lines(statement: _Statement, span: Span, text: str) -> Iterator[Fact]:
    row, at = statement.tag.row, span.start
    for start, end in _places(span):
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
    account, bic = fields.counterparty_bank(tag)
    return StatementLine(
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
        value_date=fields.day("".join(values["DTAVAIL"])),
    )
