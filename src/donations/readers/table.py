"""The reader of tables of which a person said what their columns mean (ADR 46): any CSV, strictly as it was said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from donations.core.iban import parse_account
from donations.core.language import N_
from donations.core.lines import Fact, Saying, StatedLine
from donations.core.money import (
    AmountOutOfRangeError,
    BadAmountError,
    BadCurrencyError,
    Balance,
    Currency,
    Minor,
    parse_currency,
)
from donations.core.person_code import parse_code
from donations.core.problem import Problem, ProblemCode, Refused, refuse
from donations.core.reference import parse_reference
from donations.core.statement import (
    BalancePoint,
    Counterparty,
    IdScheme,
    Provenance,
    StatedBalance,
    StatementStart,
    stated_ids,
)
from donations.core.table_layout import MAGIC, TABLE_FORMAT, BadLayoutError, ColumnMeaning, TableLayout, what_was_said
from donations.readers.csv_dialect import STATEMENTS_MAX
from donations.readers.draft import inside
from donations.readers.protocol import Reader
from donations.readers.table_cells import amount_of, days_of
from donations.readers.table_rows import Cells, table_rows


class _Table:
    name = TABLE_FORMAT
    suffixes = (".csv", ".txt", ".tsv", ".xlsx")

    def claims(self, content: bytes) -> bool:
        """Whether somebody said what the columns of this file mean."""
        return content.startswith(MAGIC)

    def facts(self, content: bytes) -> Iterator[Fact]:
        """Yield a statement for each own account and currency, with its balances where a column proves them."""
        try:
            layout, account, table = what_was_said(content)
        except BadLayoutError:
            raise refuse(ProblemCode.UNKNOWN_CSV_LAYOUT, known="") from None
        found: dict[tuple[str, str], _Found] = {}
        row = _RowReader(layout)
        for each in table_rows(table, heading=layout.heading, separator=layout.separator):
            if isinstance(each, Problem):
                yield each
                continue
            try:
                own, line, balance = row.read(each, account=account)
            except Refused as refused:
                yield from refused.problems
                continue
            key = (own, line.saying.currency)
            found.setdefault(key, _Found()).add(line, balance)
            if len(found) > STATEMENTS_MAX:
                raise refuse(ProblemCode.FILE_TOO_COMPLEX, line=each.line, what=N_("too many accounts or currencies"))
        for (own, currency), of_account in found.items():
            yield from of_account.facts(own, Currency(currency))


TABLE: Reader = _Table()


@dataclass(slots=True)
class _Found:
    """What is of one account and currency, in the order of the file.

    A table says neither from when on nor until when it counts, and one that was cut at an edge looks like one that was
    not. So it begins inside its first day, and nothing is said of the balance behind its last.
    """

    lines: list[StatedLine] = field(default_factory=list)
    balances: list[Minor | None] = field(default_factory=list)

    def add(self, line: StatedLine, balance: Minor | None) -> None:
        self.lines.append(line)
        self.balances.append(balance)

    def facts(self, account: str, currency: Currency) -> Iterator[Fact]:
        begins = inside(min(each.booked_on for each in self.lines))
        yield StatementStart(
            row=self.lines[0].row,
            account=parse_account(account),
            currency=currency,
            provenance=Provenance(begins_at=begins),
        )
        for line in self.lines:
            if line.minor:
                yield line
            else:
                yield Problem.of(ProblemCode.ZERO_AMOUNT, line=line.row)
        yield from self._stated(currency)

    def _stated(self, currency: Currency) -> Iterator[StatedBalance]:
        """Yield the balance behind each day but the last, where each row goes on with the one before it."""
        known = [each for each in self.balances if each is not None]
        if len(known) < len(self.lines):
            return
        for begins in (1, -1):
            running, lines = known[::begins], self.lines[::begins]
            days = [each.booked_on for each in lines]
            if days == sorted(days) and _adds_up(running, [each.minor for each in lines]):
                held = dict(zip(days, running, strict=True))  # the last of each day
                for day in sorted(held)[:-1]:
                    balance = Balance(held[day], currency)
                    yield StatedBalance(row=lines[0].row, point=BalancePoint.INTERIM, on=day, balance=balance)
                return


def _adds_up(running: Sequence[Minor], moved: Sequence[Minor]) -> bool:
    return all(before + move == after for (before, after), move in zip(pairwise(running), moved[1:], strict=True))


@dataclass(slots=True)
class _RowReader:
    """Reads rows as it was said; raises `Refused` with a row's first problem."""

    layout: TableLayout

    def read(self, row: Cells, *, account: str) -> tuple[str, StatedLine, Minor | None]:
        """Return own account, line and balance behind it."""
        if len(row.cells) != len(self.layout.meanings):
            raise refuse(ProblemCode.BAD_CSV, line=row.line, what=N_("it has more columns than the heading"))
        currency = self._currency(row)
        saying = Saying(
            currency=currency,
            counterparty=Counterparty(
                name=self._cell(row, ColumnMeaning.NAME),
                account=parse_account(self._cell(row, ColumnMeaning.ACCOUNT)),
                code=parse_code(self._cell(row, ColumnMeaning.CODE)),
            ),
            text="\n".join(filter(None, (row.cells[at] for at in self.layout.places(ColumnMeaning.TEXT)))),
            reference=parse_reference(self._cell(row, ColumnMeaning.REFERENCE)),
        )
        written = self._cell(row, ColumnMeaning.BALANCE)
        line = StatedLine(
            row.line,
            self._day(row),
            self._minor(row, currency),
            saying,
            *stated_ids((IdScheme.ARCHIVE, self._cell(row, ColumnMeaning.BANK_ID))),
        )
        return (
            self._cell(row, ColumnMeaning.OWN_ACCOUNT) or account,
            line,
            self._amount(row, written, currency) if written else None,
        )

    def _cell(self, row: Cells, meaning: ColumnMeaning) -> str:
        place = self.layout.place(meaning)
        return "" if place is None else row.cells[place]

    def _currency(self, row: Cells) -> Currency:
        try:
            return parse_currency(self._cell(row, ColumnMeaning.CURRENCY) or self.layout.currency)
        except BadCurrencyError:
            raise refuse(ProblemCode.BAD_CURRENCY, line=row.line) from None

    def _day(self, row: Cells) -> date:
        found = days_of(self._cell(row, ColumnMeaning.DAY)).get(self.layout.days)
        if found is None:
            raise refuse(ProblemCode.BAD_DATE, line=row.line)
        return found

    def _minor(self, row: Cells, currency: Currency) -> Minor:
        if self.layout.place(ColumnMeaning.AMOUNT) is None:
            came, went = (self._half(row, each, currency) for each in (ColumnMeaning.MONEY_IN, ColumnMeaning.MONEY_OUT))
            if came and went:
                raise refuse(ProblemCode.SIGN_CONFLICT, line=row.line)
            return came - went
        minor = self._amount(row, self._cell(row, ColumnMeaning.AMOUNT), currency)
        if self.layout.place(ColumnMeaning.DIRECTION) is None:
            return minor
        said = self._cell(row, ColumnMeaning.DIRECTION)
        if said not in {self.layout.money_in, self.layout.money_out}:
            raise refuse(ProblemCode.MISSING_FIELD, line=row.line, field=N_("The direction of the money"))
        if said == self.layout.money_out:
            return -abs(minor)
        if minor < 0:
            raise refuse(ProblemCode.SIGN_CONFLICT, line=row.line)
        return minor

    def _half(self, row: Cells, meaning: ColumnMeaning, currency: Currency) -> Minor:
        """Return what a column of one direction says, whatever its sign; nothing where it is empty."""
        written = self._cell(row, meaning)
        return abs(self._amount(row, written, currency)) if written else 0

    def _amount(self, row: Cells, written: str, currency: Currency) -> Minor:
        try:
            return amount_of(written, currency=currency, mark=self.layout.mark)
        except AmountOutOfRangeError:
            raise refuse(ProblemCode.AMOUNT_OUT_OF_RANGE, line=row.line) from None
        except BadAmountError:
            raise refuse(ProblemCode.BAD_AMOUNT, line=row.line) from None
