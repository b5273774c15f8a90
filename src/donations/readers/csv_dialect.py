"""The reader of CSV statements: a `Dialect` declares one bank's columns and codes, and no bank has code of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from donations.core.iban import parse_account
from donations.core.language import N_
from donations.core.layout import bank_of_layout
from donations.core.lines import Fact
from donations.core.money import BadCurrencyError, parse_currency
from donations.core.problem import Problem, ProblemCode, Refused, refuse
from donations.core.statement import StatementStart
from donations.readers.csv_facts import Codes, RowReader, RowType, day_of, has_spoilt_id
from donations.readers.csv_rows import Columns, CsvConvention, Header, Row, column_name, possible_headers, rows
from donations.readers.encoding import decode

STATEMENTS_MAX = 24
"""How many statements one file may hold."""


_Key = tuple[int, str, str]
"""What one statement is about: part of the file, own account and currency as written."""


@dataclass(slots=True)
class _Found:
    """Where a statement begins, and its period where rows of opening and closing balances state it."""

    row: int
    first_day: date | None = None
    last_day: date | None = None
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One bank's CSV layout in all its languages, and the reader of it. Columns are found by name alone."""

    name: str
    columns: Columns[tuple[str, ...]]
    """Every known name of each column."""
    codes: Codes
    marks: tuple[str, ...] = ()
    """Columns of which at least one must be there, for banks that share the required ones."""
    marks_of_others: tuple[str, ...] = ()
    """Columns that show another bank's layout."""
    may_sign_money_out: bool = False
    trailing_separator: bool = False
    suffixes: tuple[str, ...] = (".csv", ".txt")

    def claims(self, content: bytes) -> bool:
        """Whether the first row is a header of this bank."""
        return self._header(content) is not None

    def facts(self, content: bytes) -> Iterator[Fact]:
        """Yield the statements one after the other, each with its lines, balances and totals in the file's order.

        The text is read once, to learn its conventions; what is held of each row is small, for cells that repeat are
        one. So rows of several accounts or currencies may stand mixed.
        """
        header = self._header(content)
        if header is None:
            raise refuse(ProblemCode.UNKNOWN_CSV_LAYOUT, known=bank_of_layout(self.name))
        table = _Table(
            dialect=self,
            header=header,
            places=Columns._make(_place(names, header) for names in self.columns),
            text=decode(content, declared="cp775" if header.encoding == "cp775" else None)[0],
            amounts=CsvConvention(may_sign_money_out=self.may_sign_money_out),
        )
        yield from table.survey()
        for key, found in table.statements.items():
            yield from table.statement(key, found)

    def _header(self, content: bytes) -> Header | None:
        return next(filter(self._fits, possible_headers(content)), None)

    def _fits(self, header: Header) -> bool:
        needed = [self.columns.own_account, self.columns.booked_on, self.columns.flow]
        needed += [self.columns.amount, self.columns.currency]
        needed += [self.columns.row_type] if self.codes.row_types else []
        needed += [self.marks] if self.marks else []
        names = set(header.names)
        return names.isdisjoint(_known(self.marks_of_others)) and all(names & _known(column) for column in needed)


def _known(names: tuple[str, ...]) -> set[str]:
    return {column_name(name) for name in names}


def _place(names: tuple[str, ...], header: Header) -> int | None:
    """Return where a column stands; where two claim the same meaning the file is refused rather than one chosen."""
    known = _known(names)
    found = [place for place, name in enumerate(header.names) if name in known]
    if len(found) > 1:
        raise refuse(ProblemCode.BAD_CSV, line=header.line, what=N_("two columns mean the same"))
    return found[0] if found else None


@dataclass(slots=True, kw_only=True)
class _Table:
    """One file being read: `survey` first, then `statement` for each that it found."""

    dialect: Dialect
    header: Header
    places: Columns[int | None]
    text: str
    amounts: CsvConvention
    statements: dict[_Key, _Found] = field(default_factory=dict)

    def survey(self) -> Iterator[Problem]:
        """Learn what only the whole file tells, and yield what is wrong with rows as such."""
        spoilt_ids: list[int] = []
        for row in self._rows():
            if isinstance(row, Problem):
                yield row
                continue
            self._note(row)
            if has_spoilt_id(row):
                spoilt_ids.append(row.line)
        if spoilt_ids:
            yield Problem.of(ProblemCode.IDS_SPOILT, line=spoilt_ids[0], count=len(spoilt_ids))

    def statement(self, key: _Key, found: _Found) -> Iterator[Fact]:
        """Yield one statement: its start, then what its rows state or what is wrong with them."""
        _, account, currency_code = key
        try:
            currency = parse_currency(currency_code)
        except BadCurrencyError:
            yield Problem.of(ProblemCode.BAD_CURRENCY, line=found.row)
            return
        yield StatementStart(
            row=found.row,
            account=parse_account(account),
            currency=currency,
            first_day=found.first_day,
            last_day=found.last_day,
        )
        reader = RowReader(codes=self.dialect.codes, amounts=self.amounts, currency=currency)
        for row in found.rows:
            try:
                yield reader.fact(row)
            except Refused as refused:
                yield from refused.problems

    def _rows(self) -> Iterator[Row | Problem]:
        return rows(
            self.text,
            header=self.header,
            places=self.places,
            trailing_separator=self.dialect.trailing_separator,
        )

    def _note(self, row: Row) -> None:
        codes, head = self.dialect.codes, row.head
        self.amounts.learn(row.amount, flow=codes.flows.get(head.flow))
        key = (row.part, head.own_account, head.currency)
        found = self.statements.get(key)
        if found is None:
            found = self.statements[key] = _Found(row.line)
            if len(self.statements) > STATEMENTS_MAX:
                raise refuse(ProblemCode.FILE_TOO_COMPLEX, line=row.line, what=N_("too many accounts or currencies"))
        found.rows.append(row)
        row_type = codes.row_type(head)
        if row_type is RowType.OPENING:
            found.first_day = found.first_day or _day_or_none(row)
        elif row_type is RowType.CLOSING:
            found.last_day = _day_or_none(row)


def _day_or_none(row: Row) -> date | None:
    """Return the day, or None where it is damaged: reading the row for good will say so."""
    try:
        return day_of(row)
    except Refused:
        return None
