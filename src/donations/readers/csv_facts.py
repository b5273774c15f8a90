"""What the rows of a CSV statement state: each distinct amount, day and set of words is read once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import NamedTuple, assert_never

from donations.core.iban import parse_account, parse_bic
from donations.core.language import N_
from donations.core.lines import Fact, Saying, StatedLine
from donations.core.money import Balance, Currency, Minor
from donations.core.person_code import parse_code
from donations.core.problem import Problem, ProblemCode, refuse
from donations.core.reference import Reference, parse_reference, split_remittance
from donations.core.statement import (
    BalancePoint,
    Counterparty,
    Flow,
    IdScheme,
    LineKind,
    StatedBalance,
    StatedTotal,
    stated_ids,
)
from donations.readers.csv_rows import CsvConvention, Direction, Row, RowHead, RowIds, RowWords

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

    def row_type(self, head: RowHead) -> RowType | None:
        """Return what the row is; None for a type nobody has described."""
        return self.row_types.get(head.row_type) if self.row_types else RowType.LINE


class _Moved(NamedTuple):
    """What a row says of money."""

    row_type: RowType
    flow: Direction
    minor: Minor
    """Signed."""


@dataclass(slots=True, kw_only=True)
class RowReader:
    """Reads the rows of one statement, and remembers what it has read of them."""

    codes: Codes
    amounts: CsvConvention
    currency: Currency
    _moved: dict[tuple[RowHead, str], _Moved] = field(default_factory=dict)
    _sayings: dict[RowWords, Saying] = field(default_factory=dict)

    def fact(self, row: Row) -> Fact:
        """Return what the row states; a line of zero becomes its notice.

        Raises `Refused` with the row's first problem.
        """
        written = row.head, row.amount
        moved = self._moved.get(written)
        if moved is None:
            moved = self._moved[written] = self._read_moved(row)
        row_type, flow, minor = moved
        match row_type:
            case RowType.LINE:
                if minor == 0:
                    return Problem.of(ProblemCode.ZERO_AMOUNT, line=row.line)
                return self._line(row, minor)
            case RowType.TURNOVER:
                return StatedTotal(row=row.line, flow=flow, minor=abs(minor))
            case RowType.OPENING:
                return self._balance(row, BalancePoint.OPENING, minor)
            case RowType.CLOSING:
                return self._balance(row, BalancePoint.CLOSING, minor)
            case _:
                assert_never(row_type)

    def _read_moved(self, row: Row) -> _Moved:
        row_type = self.codes.row_type(row.head)
        if row_type is None:
            written = row.head.row_type
            kind = written if re.fullmatch(r"[0-9]{1,4}", written) else "(not a number)"
            raise refuse(ProblemCode.UNKNOWN_ROW_TYPE, line=row.line, kind=kind)
        flow = self.codes.flows.get(row.head.flow)
        if flow is None:
            raise refuse(ProblemCode.MISSING_FIELD, line=row.line, field=N_("The direction of the money"))
        minor = self.amounts.read(row.amount, flow=flow, currency=self.currency, line=row.line)
        return _Moved(row_type, flow, minor if flow is Flow.IN else -minor)

    def _line(self, row: Row, minor: Minor) -> StatedLine:
        saying = self._sayings.get(row.words)
        if saying is None:
            saying = self._sayings[row.words] = self._read_words(row.words)
        return StatedLine(row.line, day_of(row), minor, saying, *_ids(row.ids))

    def _balance(self, row: Row, point: BalancePoint, minor: Minor) -> StatedBalance:
        return StatedBalance(row=row.line, point=point, on=day_of(row), balance=Balance(minor, self.currency))

    def _read_words(self, words: RowWords) -> Saying:
        reference, text = _remittance(words)
        return Saying(
            currency=self.currency,
            counterparty=_counterparty(words),
            text=text,
            reference=reference,
            kind=self.codes.kinds.get(words.kind, LineKind.TRANSFER),
        )


def day_of(row: Row) -> date:
    """Return the booking date, written `2026-01-05` or `05.01.2026`; raises `Refused` with `bad_date` for all else."""
    day = _read_day(row.booked_on) if len(row.booked_on) == _DAY_CHARACTERS else None
    if day is None:
        raise refuse(ProblemCode.BAD_DATE, line=row.line)
    return day


@lru_cache(maxsize=10_000)
def _read_day(text: str) -> date | None:
    found = _ISO_DATE.fullmatch(text) or _DOTTED_DATE.fullmatch(text)
    try:
        return found and date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def has_spoilt_id(row: Row) -> bool:
    """Whether a spreadsheet has overwritten the bank's id of this row with a rounded number."""
    return _is_spoilt(row.ids.archive_id)


def _is_spoilt(archive_id: str) -> bool:
    return "E+" in archive_id and _SPOILT_ID.fullmatch(archive_id) is not None


def _ids(ids: RowIds) -> tuple[tuple[IdScheme, ...], tuple[str, ...]]:
    archive_id, servicer_id, document_number = ids
    return stated_ids(
        (IdScheme.ACCOUNT_SERVICER, servicer_id),
        (IdScheme.ARCHIVE, "" if _is_spoilt(archive_id) else archive_id),
        (IdScheme.INSTRUCTION, document_number),
    )


def _counterparty(words: RowWords) -> Counterparty:
    name, account = words.name, words.account
    together = None if account else _NAME_AND_IBAN.fullmatch(name)
    if together:
        name, account = together["name"].strip(), together["account"]
    return Counterparty(
        name=name,
        account=parse_account(account),
        code=parse_code(words.code),
        on_behalf_of=words.on_behalf_of,
        bic=parse_bic(words.bic),
    )


def _remittance(words: RowWords) -> tuple[Reference | None, str]:
    """Return (reference, text). A reference whose check digits fail stays with the text, so that nothing is lost."""
    in_text, text = split_remittance(words.text.replace("\r\n", "\n"))
    chosen, texts = None, [text]
    for written in filter(None, (words.reference, in_text)):
        reference = parse_reference(written)
        chosen = chosen or reference
        if reference is None or reference != chosen:
            texts.append(written)
    return chosen, "\n".join(filter(None, texts))
