"""One row of a CSV statement to the fact it states: a line, a balance or a turnover, whatever the bank."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import assert_never

from donations.core.iban import parse_account, parse_bic
from donations.core.language import N_
from donations.core.money import Amount, Balance, Currency, Minor, MoneyIn, MoneyOut
from donations.core.person_code import parse_code
from donations.core.problem import Problem, ProblemCode, refuse
from donations.core.reference import Reference, parse_reference, split_remittance
from donations.core.statement import (
    BalancePoint,
    BankId,
    Counterparty,
    Fact,
    Flow,
    IdScheme,
    LineKind,
    StatedBalance,
    StatedTotal,
    StatementLine,
    bank_ids,
)
from donations.readers.csv_amounts import AmountConvention, Direction
from donations.readers.csv_rows import Row

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


def fact_of(row: Row, *, codes: Codes, amounts: AmountConvention, currency: Currency) -> Fact:
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
            return _line(row, flow=flow, amount=Amount(minor, currency), codes=codes)
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
