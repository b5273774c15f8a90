"""The reader of CSV statements: a `Dialect` declares one bank's columns and codes, and no bank has code of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import assert_never

from donations.core.iban import parse_account, parse_bic
from donations.core.language import N_
from donations.core.lines import Fact, StatedLine
from donations.core.money import Amount, BadCurrencyError, Balance, Currency, Minor, MoneyIn, MoneyOut, parse_currency
from donations.core.person_code import parse_code
from donations.core.problem import Problem, ProblemCode, Refused, refuse
from donations.core.reference import Reference, parse_reference, split_remittance
from donations.core.statement import (
    BalancePoint,
    BankId,
    Counterparty,
    Flow,
    IdScheme,
    LineKind,
    StatedBalance,
    StatedTotal,
    StatementLine,
    StatementStart,
    bank_ids,
)
from donations.readers.csv_rows import (
    Columns,
    CsvConvention,
    Direction,
    Header,
    Row,
    column_name,
    possible_headers,
    rows,
)
from donations.readers.encoding import decode

_ISO_DATE = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_DAY_CHARACTERS = 10
_DOTTED_DATE = re.compile(r"(?P<day>[0-9]{2})\.(?P<month>[0-9]{2})\.(?P<year>[0-9]{4})")
# What a spreadsheet makes of an id of 16 digits: 2,02411E+15.
_SPOILT_ID = re.compile(r"[0-9]([.,][0-9]+)?E\+[0-9]+")
# Swedbank in Lithuania has no column for the other side's account and writes it behind the name.
_NAME_AND_IBAN = re.compile(r"(?P<name>.*) \| (?P<account>[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30})", re.DOTALL)


class RowType(Enum):
    """What a row is."""

    OPENING = "opening"
    LINE = "line"
    TURNOVER = "turnover"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """What a bank's letters and numbers inside the cells mean."""

    flows: Mapping[str, Direction]
    row_types: Mapping[str, RowType] = field(default_factory=dict)
    """Empty where the bank writes lines only and has no column for it."""
    kinds: Mapping[str, LineKind] = field(default_factory=dict)
    """Only the certain ones; anything else is a transfer."""

    def row_type(self, row: Row) -> RowType | None:
        """Return what the row is; None for a type nobody has described."""
        return self.row_types.get(row.cells.row_type) if self.row_types else RowType.LINE


def fact_of(row: Row, *, codes: Codes, amounts: CsvConvention, currency: Currency) -> Fact:
    """Return what the row states; a line of zero becomes its notice.

    Raises `Refused` with the row's first problem.
    """
    row_type = codes.row_type(row)
    if row_type is None:
        written = row.cells.row_type
        kind = written if re.fullmatch(r"[0-9]{1,4}", written) else "(not a number)"
        raise refuse(ProblemCode.UNKNOWN_ROW_TYPE, line=row.line, kind=kind)
    flow = codes.flows.get(row.cells.flow)
    if flow is None:
        raise refuse(ProblemCode.MISSING_FIELD, line=row.line, field=N_("The direction of the money"))
    minor = amounts.read(row.cells.amount, flow=flow, currency=currency, line=row.line)
    match row_type:
        case RowType.LINE:
            if minor == 0:
                return Problem.of(ProblemCode.ZERO_AMOUNT, line=row.line)
            return StatedLine.of(_line(row, flow=flow, amount=Amount(minor, currency), codes=codes))
        case RowType.TURNOVER:
            return StatedTotal(row=row.line, flow=flow, minor=minor)
        case RowType.OPENING:
            return _balance(row, BalancePoint.OPENING, flow=flow, minor=minor, currency=currency)
        case RowType.CLOSING:
            return _balance(row, BalancePoint.CLOSING, flow=flow, minor=minor, currency=currency)
        case _:
            assert_never(row_type)


def day_of(row: Row) -> date:
    """Return the booking date, written `2026-01-05` or `05.01.2026`; raises `Refused` with `bad_date` for all else."""
    day = _parse_day(row.cells.booked_on)
    if day is None:
        raise refuse(ProblemCode.BAD_DATE, line=row.line)
    return day


def has_spoilt_id(row: Row) -> bool:
    """Whether a spreadsheet has overwritten the bank's id of this row with a rounded number."""
    return "E+" in row.cells.archive_id and _SPOILT_ID.fullmatch(row.cells.archive_id) is not None


def _parse_day(text: str) -> date | None:
    return _read_day(text) if len(text) == _DAY_CHARACTERS else None


@lru_cache(maxsize=10_000)
def _read_day(text: str) -> date | None:
    found = _ISO_DATE.fullmatch(text) or _DOTTED_DATE.fullmatch(text)
    try:
        return found and date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _balance(row: Row, point: BalancePoint, *, flow: Direction, minor: Minor, currency: Currency) -> StatedBalance:
    signed = minor if flow is Flow.IN else -minor
    return StatedBalance(row=row.line, point=point, on=day_of(row), balance=Balance(signed, currency))


def _line(row: Row, *, flow: Direction, amount: Amount, codes: Codes) -> StatementLine:
    reference, text = _remittance(row)
    return StatementLine(
        row=row.line,
        booked_on=day_of(row),
        money=MoneyIn(amount) if flow is Flow.IN else MoneyOut(amount),
        counterparty=_counterparty(row),
        text=text,
        reference=reference,
        ids=_ids(row),
        kind=codes.kinds.get(row.cells.kind, LineKind.TRANSFER),
    )


def _counterparty(row: Row) -> Counterparty:
    cells = row.cells
    name, account = cells.name, cells.account
    together = None if account else _NAME_AND_IBAN.fullmatch(name)
    if together:
        name, account = together["name"].strip(), together["account"]
    return Counterparty(
        name=name,
        account=parse_account(account),
        code=parse_code(cells.code),
        on_behalf_of=cells.on_behalf_of,
        bic=parse_bic(cells.bic),
    )


def _remittance(row: Row) -> tuple[Reference | None, str]:
    """Return (reference, text). A reference whose check digits fail stays with the text, so that nothing is lost."""
    in_text, text = split_remittance(row.cells.text.replace("\r\n", "\n"))
    chosen, texts = None, [text]
    for written in filter(None, (row.cells.reference, in_text)):
        reference = parse_reference(written)
        chosen = chosen or reference
        if reference is None or reference != chosen:
            texts.append(written)
    return chosen, "\n".join(filter(None, texts))


def _ids(row: Row) -> tuple[BankId, ...]:
    cells = row.cells
    return bank_ids(
        (IdScheme.ACCOUNT_SERVICER, cells.servicer_id),
        (IdScheme.ARCHIVE, "" if has_spoilt_id(row) else cells.archive_id),
        (IdScheme.INSTRUCTION, cells.document_number),
    )


STATEMENTS_MAX = 24
"""How many statements one file may hold; the text is passed over once for each."""


_Key = tuple[int, str, str]
"""What one statement is about: part of the file, own account and currency as written."""


@dataclass(slots=True)
class _Found:
    """Where a statement begins, and its period where rows of opening and closing balances state it."""

    row: int
    first_day: date | None = None
    last_day: date | None = None


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

        The text is passed over once to learn its conventions, then once for each statement in it: so rows of
        several accounts or currencies may stand mixed, and no row has to be held.
        """
        header = self._header(content)
        if header is None:
            raise refuse(ProblemCode.UNKNOWN_CSV_LAYOUT, known=self.name)
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
        for row in self._rows():
            if isinstance(row, Row) and _key_of(row) == key:
                try:
                    yield fact_of(row, codes=self.dialect.codes, amounts=self.amounts, currency=currency)
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
        codes = self.dialect.codes
        self.amounts.learn(row.cells.amount, flow=codes.flows.get(row.cells.flow))
        found = self.statements.setdefault(_key_of(row), _Found(row.line))
        if len(self.statements) > STATEMENTS_MAX:
            raise refuse(ProblemCode.FILE_TOO_COMPLEX, line=row.line, what=N_("too many accounts or currencies"))
        row_type = codes.row_type(row)
        if row_type is RowType.OPENING:
            found.first_day = found.first_day or _day_or_none(row)
        elif row_type is RowType.CLOSING:
            found.last_day = _day_or_none(row)


def _key_of(row: Row) -> _Key:
    return (row.part, row.cells.own_account, row.cells.currency)


def _day_or_none(row: Row) -> date | None:
    """Return the day, or None where it is damaged: reading the row for good will say so."""
    try:
        return day_of(row)
    except Refused:
        return None
