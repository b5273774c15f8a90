"""Statement lines to rows and back: facts in one row, what names people in another that can be erased."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from sqlalchemy import Row, Select
from sqlmodel import col, select

from donations.core.iban import UnverifiedAccount, parse_account
from donations.core.money import Currency, money_of
from donations.core.person_code import CheckedCode, UnverifiedCode, parse_code
from donations.core.reference import Reference
from donations.core.statement import BankId, Counterparty, IdScheme, LineKind, StatementLine
from donations.identity.seen import LineId, SeenLine, StatementId
from donations.matching.payer import claimed_code
from donations.store.tables import LineTextRow, StatementLineRow

_COLUMNS = (
    StatementLineRow.id,
    StatementLineRow.statement_id,
    StatementLineRow.row,
    StatementLineRow.booked_on,
    StatementLineRow.minor,
    StatementLineRow.kind,
    StatementLineRow.is_reversal,
    StatementLineRow.batch_id,
    StatementLineRow.is_total,
    StatementLineRow.ids,
    LineTextRow.name,
    LineTextRow.account,
    LineTextRow.code,
    LineTextRow.on_behalf_of,
    LineTextRow.text,
    LineTextRow.reference,
)


def lines_query() -> Select[Any]:
    """Return the query of whole lines, for callers to narrow; an erased text leaves blanks."""
    return select(*_COLUMNS).outerjoin(LineTextRow, col(LineTextRow.line_id) == col(StatementLineRow.id))  # type: ignore[call-overload,no-any-return]


def line_of(row: Row[Any], currency: Currency) -> StatementLine:
    """Return the line that a row of `lines_query` holds."""
    return StatementLine(
        row=row.row,
        booked_on=row.booked_on,
        money=money_of(row.minor, currency),
        counterparty=Counterparty(
            name=row.name or "",
            account=parse_account(row.account or ""),
            code=parse_code(row.code or ""),
            on_behalf_of=row.on_behalf_of or "",
        ),
        text=row.text or "",
        reference=Reference(row.reference) if row.reference else None,
        ids=_ids_of(row.ids),
        kind=LineKind(row.kind),
        is_reversal=row.is_reversal,
    )


def seen_of(row: Row[Any], currency: Currency) -> SeenLine:
    """Return the line as identity sees it."""
    return SeenLine(
        id=LineId(row.id),
        statement=StatementId(row.statement_id),
        line=line_of(row, currency),
        batch=None if row.batch_id is None else LineId(row.batch_id),
        is_batch_total=row.is_total,
    )


def seen_lines(lines: Sequence[StatementLine], statement: StatementId, ids: Iterator[int]) -> Iterable[SeenLine]:
    """Give ids to the lines of a new statement; a batch entry becomes its total and its parts."""
    for line in lines:
        seen = SeenLine(id=LineId(next(ids)), statement=statement, line=line, is_batch_total=bool(line.parts))
        yield seen
        for part in line.parts:
            yield SeenLine(id=LineId(next(ids)), statement=statement, line=part, batch=seen.id)


def fact_row(seen: SeenLine) -> dict[str, Any]:
    """Return the row without personal data."""
    line = seen.line
    return {
        "id": seen.id,
        "statement_id": seen.statement,
        "row": line.row,
        "booked_on": line.booked_on,
        "minor": line.money.signed_minor,
        "kind": line.kind.value,
        "is_reversal": line.is_reversal,
        "batch_id": seen.batch,
        "is_total": seen.is_batch_total,
        "ids": json.dumps([(bank_id.scheme.value, bank_id.value) for bank_id in line.ids]) if line.ids else "",
    }


def text_row(seen: SeenLine, own_codes: AbstractSet[CheckedCode]) -> dict[str, Any]:
    """Return the row with what names people; the organisation's own codes name nobody."""
    party = seen.line.counterparty
    account, code = party.account or "", party.code or ""
    return {
        "line_id": seen.id,
        "name": party.name,
        "account": account.text if isinstance(account, UnverifiedAccount) else account,
        "code": code.text if isinstance(code, UnverifiedCode) else code,
        "claimed_code": claimed_code(party.code, seen.line.text, own_codes=own_codes) or "",
        "on_behalf_of": party.on_behalf_of,
        "text": seen.line.text,
        "reference": seen.line.reference or "",
    }


def _ids_of(written: str) -> tuple[BankId, ...]:
    return tuple(BankId(IdScheme(scheme), value) for scheme, value in json.loads(written)) if written else ()
