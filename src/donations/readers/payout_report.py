"""The reader of payment providers' reports: a `ReportLayout` declares one provider's columns and words for rows.

A report is a statement of the own account at the provider. Each row is what came or went in full, and beside it a line
of its own for the fee, so that gifts are whole and fees are costs. What a provider pays out is its transfer to a bank.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Generic, NamedTuple, TypeVar

from donations.core.iban import UnverifiedAccount, compact
from donations.core.language import N_
from donations.core.lines import Fact, Saying, StatedLine
from donations.core.money import BadCurrencyError, Balance, Currency, Minor, parse_currency
from donations.core.problem import Problem, ProblemCode, Refused, refuse
from donations.core.provider import Provider
from donations.core.statement import (
    BalancePoint,
    Counterparty,
    IdScheme,
    LineKind,
    StatedBalance,
    StatementStart,
    stated_ids,
)
from donations.readers.csv_dialect import STATEMENTS_MAX
from donations.readers.csv_rows import Header, column_name, made_rows, possible_headers
from donations.readers.encoding import decode
from donations.readers.report_values import ReportAmounts, ReportDays

T = TypeVar("T")
FEE_MARK = "/fee"
"""Behind the id of a row, as the id of its fee."""
_DAY = timedelta(days=1)


class ReportColumns(NamedTuple, Generic[T]):
    """Something for each column of a report: the names providers give it, its place in a file, or the cell of a row."""

    booked_on: T
    currency: T
    kind: T
    """What the provider calls such rows."""
    gross: T
    fee: T
    net: T
    balance: T
    """Of the account after the row."""
    status: T
    impact: T
    """Whether the row changes the balance."""
    number: T
    """The provider's id of the row."""
    payout: T
    """The id of the payout by which the row was paid."""
    source: T
    """Of a payout: its id."""
    name: T
    paid_from: T
    """The e-mail address of whoever paid."""
    paid_to: T
    texts: T
    note: T
    item: T


class RowMeaning(Enum):
    """What a kind of row is, where it is not simply money from or to somebody."""

    FEE = "fee"
    PAYOUT = "payout"
    RETURNED = "returned"
    """A gift goes back (refund, chargeback), or comes after all."""


class _Written(NamedTuple):
    line: int
    part: int
    cells: ReportColumns[str]


class _ReportRow(NamedTuple):
    """A row, read; signed minor units, and `fee` is what it adds to the balance."""

    written: _Written
    booked_on: date
    gross: Minor
    fee: Minor
    balance: Minor | None
    meaning: RowMeaning | None

    @property
    def net(self) -> Minor:
        return self.gross + self.fee

    @property
    def payout(self) -> str:
        """The id of the payout that it is, or by which it was paid."""
        cells = self.written.cells
        return cells.source if self.meaning is RowMeaning.PAYOUT else cells.payout


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLayout:
    """One provider's report, and the reader of it. Columns are found by name alone."""

    provider: Provider
    columns: ReportColumns[tuple[str, ...]]
    needed: ReportColumns[bool]
    """Columns by which the report is known."""
    meanings: tuple[tuple[RowMeaning, re.Pattern[str]], ...]
    """What kinds of rows are, in lower case; the first that is found counts."""
    takes_fee_off: bool
    """Whether a fee is written without a sign and taken off; else its sign is that of the balance."""
    waiting: frozenset[str] = frozenset()
    """Values of `status` of what may still come; in lower case."""
    moved_nothing: frozenset[str] = frozenset()
    """Values of `status` and `impact` of rows that change no balance; in lower case."""
    suffixes: tuple[str, ...] = (".csv", ".txt")

    @property
    def name(self) -> str:
        """The stable name of the format."""
        return f"{self.provider.lower()}-csv"

    def claims(self, content: bytes) -> bool:
        """Whether the first row is a header of this report."""
        return self._header(content) is not None

    def facts(self, content: bytes) -> Iterator[Fact]:
        """Yield a statement for each currency, each with its lines and the balances behind its days."""
        header = self._header(content)
        if header is None:
            raise refuse(ProblemCode.UNKNOWN_CSV_LAYOUT, known=self.provider.brand)
        written: list[_Written] = []
        waits = 0
        for row in self._rows(content, header):
            if isinstance(row, Problem):
                yield row
            elif row.cells.status.lower() in self.waiting:
                waits += 1
            elif self.moved_nothing.isdisjoint({row.cells.status.lower(), row.cells.impact.lower()}):
                written.append(row)
        if waits:
            yield Problem.of(ProblemCode.PENDING_SKIPPED, count=waits)
        found: defaultdict[tuple[int, str], list[_Written]] = defaultdict(list)
        for row in written:
            found[row.part, row.cells.currency].append(row)
        if len(found) > STATEMENTS_MAX:
            raise refuse(ProblemCode.FILE_TOO_COMPLEX, what=N_("too many accounts or currencies"))
        days, amounts = ReportDays.of(row.cells.booked_on for row in written), ReportAmounts()
        for (_, currency), rows in found.items():
            yield from _Section(self, currency, rows, days, amounts).facts()

    def meaning_of(self, kind: str) -> RowMeaning | None:
        """Return what a kind of row is."""
        return next((meaning for meaning, words in self.meanings if words.search(kind.lower())), None)

    def _header(self, content: bytes) -> Header | None:
        return next(filter(self._fits, possible_headers(content)), None)

    def _fits(self, header: Header) -> bool:
        pairs = zip(self.columns, self.needed, strict=True)
        return all(set(header.names) & {*map(column_name, names)} for names, is_needed in pairs if is_needed)

    def _rows(self, content: bytes, header: Header) -> Iterator[_Written | Problem]:
        width = len(header.names)
        places = [_place(names, header) for names in self.columns]

        def make(line: int, part: int, cells: list[str]) -> _Written:
            clean = [*map(str.strip, cells), ""]  # the cell of every column that the file does not have
            return _Written(line, part, ReportColumns._make(clean[width if at is None else at] for at in places))

        text = decode(content)[0]
        return made_rows(text, header=header, make=make, trailing_separator=True)


def _place(names: Sequence[str], header: Header) -> int | None:
    """Return where a column stands; where two claim the same meaning the file is refused rather than one chosen."""
    known = {*map(column_name, names)}
    found = [place for place, name in enumerate(header.names) if name in known]
    if len(found) > 1:
        raise refuse(ProblemCode.BAD_CSV, line=header.line, what=N_("two columns mean the same"))
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class _Section:
    """The rows of one currency."""

    layout: ReportLayout
    code: str
    written: Sequence[_Written]
    days: ReportDays
    amounts: ReportAmounts

    def facts(self) -> Iterator[Fact]:
        """Yield the statement, or what is wrong with its rows."""
        first = self.written[0].line
        try:
            currency = parse_currency(self.code)
        except BadCurrencyError:
            yield Problem.of(ProblemCode.BAD_CURRENCY, line=first)
            return
        yield StatementStart(row=first, account=self.layout.provider.account, currency=currency)
        rows, is_whole = [], True
        for written in self.written:
            try:
                rows.append(self._read(written, currency))
            except Refused as refused:
                is_whole = False
                yield from refused.problems
        for row in rows:
            yield from _lines(row, currency, self.layout.provider)
        if is_whole:
            yield from _balances(rows, currency)
            yield from _unpaid(rows, currency)

    def _read(self, written: _Written, currency: Currency) -> _ReportRow:
        line, cells = written.line, written.cells

        def amount(text: str) -> Minor:
            return self.amounts.read(text, currency=currency, line=line)

        if not cells.gross:
            raise refuse(ProblemCode.BAD_AMOUNT, line=line)
        gross, fee, net = amount(cells.gross), amount(cells.fee), amount(cells.net)
        row = _ReportRow(
            written=written,
            booked_on=self.days.read(cells.booked_on, line=line),
            gross=gross,
            fee=-fee if self.layout.takes_fee_off else fee,
            balance=amount(cells.balance) if cells.balance else None,
            meaning=self.layout.meaning_of(cells.kind),
        )
        if row.net != net:
            computed, stated = Balance(row.net, currency), Balance(net, currency)
            raise refuse(ProblemCode.NET_MISMATCH, line=line, computed=computed, net=stated)
        return row


def _lines(row: _ReportRow, currency: Currency, provider: Provider) -> Iterator[Fact]:
    line, cells, meaning = row.written.line, row.written.cells, row.meaning
    theirs = Counterparty(name=provider.brand)
    if not (row.gross or row.fee):
        yield Problem.of(ProblemCode.ZERO_AMOUNT, line=line)
    if row.gross:
        saying = Saying(
            currency=currency,
            counterparty=theirs if meaning is RowMeaning.FEE else _counterparty(row),
            text="\n".join(dict.fromkeys(filter(None, (cells.texts, cells.note, cells.item)))) or cells.kind,
            kind=_KINDS.get(meaning, LineKind.TRANSFER),
            is_reversal=meaning is RowMeaning.RETURNED,
        )
        yield StatedLine(line, row.booked_on, row.gross, saying, *_ids(row, cells.number))
    if row.fee:
        saying = Saying(currency=currency, counterparty=theirs, text=cells.kind, kind=LineKind.FEE)
        number = f"{cells.number}{FEE_MARK}" if cells.number else ""
        yield StatedLine(line, row.booked_on, row.fee, saying, *_ids(row, number))


_KINDS: dict[RowMeaning | None, LineKind] = {RowMeaning.FEE: LineKind.FEE, RowMeaning.PAYOUT: LineKind.PAYOUT}


def _counterparty(row: _ReportRow) -> Counterparty:
    """Return the other side: an e-mail address is the account that a provider knows people by; none of a payout."""
    if row.meaning is RowMeaning.PAYOUT:
        return Counterparty()
    cells = row.written.cells
    address = cells.paid_from if row.gross > 0 or not cells.paid_to else cells.paid_to
    return Counterparty(name=cells.name, account=UnverifiedAccount(compact(address).lower()) if address else None)


def _ids(row: _ReportRow, number: str) -> tuple[tuple[IdScheme, ...], tuple[str, ...]]:
    return stated_ids((IdScheme.ACCOUNT_SERVICER, number), (IdScheme.INSTRUCTION, row.payout))


def _balances(rows: Sequence[_ReportRow], currency: Currency) -> Iterator[Fact]:
    """Yield the balance behind each day, and before the first; or what speaks of rows that are missing.

    A file that was cut at the end of a row says no less of the rows before it. So none of these closes it, and one
    whose newest rows come first does not say what was before the oldest.
    """
    if not rows or any(row.balance is None for row in rows):
        return
    is_newest_first = rows[0].booked_on > rows[-1].booked_on or (
        rows[0].booked_on == rows[-1].booked_on and len(rows) > 1 and _follows(rows[1], rows[0])
    )
    by_day: defaultdict[date, list[_ReportRow]] = defaultdict(list)
    for row in reversed(rows) if is_newest_first else rows:
        by_day[row.booked_on].append(row)
    before: Minor | None = None
    for day in sorted(by_day):
        oldest, last = by_day[day][0], by_day[day][-1]
        if before is None:
            before = (oldest.balance or 0) - oldest.net
            if not is_newest_first:
                yield _stated(oldest, day - _DAY, before, currency)
        computed, before = before + sum(row.net for row in by_day[day]), last.balance or 0
        if computed != before:
            yield Problem.of(
                ProblemCode.RUNNING_BALANCE_MISMATCH,
                line=last.written.line,
                balance=Balance(before, currency),
                computed=Balance(computed, currency),
            )
            return
        yield _stated(last, day, before, currency)


def _follows(one: _ReportRow, other: _ReportRow) -> bool:
    return other.balance == (one.balance or 0) + other.net and one.balance != (other.balance or 0) + one.net


def _stated(row: _ReportRow, day: date, minor: Minor, currency: Currency) -> StatedBalance:
    return StatedBalance(
        row=row.written.line, point=BalancePoint.INTERIM, on=day, balance=Balance(minor, currency), at=None
    )


def _unpaid(rows: Sequence[_ReportRow], currency: Currency) -> Iterator[Problem]:
    """Yield payouts whose lines do not come to what was paid out, where the report says by which each was paid."""
    lines: Counter[str] = Counter()
    payouts: defaultdict[str, list[_ReportRow]] = defaultdict(list)
    for row in rows:
        if row.payout and row.meaning is RowMeaning.PAYOUT:
            payouts[row.payout].append(row)
        elif row.payout:
            lines[row.payout] += row.net
    for number, found in payouts.items():
        paid = -sum(row.net for row in found)
        if lines and paid > 0 and paid != lines[number]:
            yield Problem.of(
                ProblemCode.PAYOUT_INCOMPLETE,
                line=found[0].written.line,
                day=found[0].booked_on,
                paid=Balance(paid, currency),
                found=Balance(lines[number], currency),
            )
