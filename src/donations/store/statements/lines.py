"""Statement lines to rows and back: facts in one row, what names people in another that can be erased."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, Select
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from donations.core.iban import parse_account
from donations.core.money import Amount, Currency, Minor, money_of
from donations.core.person_code import parse_code
from donations.core.reference import Reference
from donations.core.statement import BankId, Counterparty, Detail, IdScheme, LineKind, StatementLine
from donations.identity.content import LineId, SeenLine, StatementId, end_of
from donations.store.session import ReadSession
from donations.store.statements.wordings import party_texts
from donations.store.tables import LineDetailRow, PayerRow, StatementLineRow, StatementRow, WordingRow

_COLUMNS: tuple[Any, ...] = (
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
    StatementLineRow.value_date,
    StatementLineRow.return_reason,
    StatementLineRow.original_minor,
    StatementLineRow.original_currency,
    StatementLineRow.charges_minor,
    StatementLineRow.charges_currency,
    PayerRow.name,
    PayerRow.account,
    PayerRow.code,
    PayerRow.on_behalf_of,
    WordingRow.text,
    WordingRow.reference,
    PayerRow.bic,
)


MADE = (StatementRow.made_at, StatementRow.ends_at, StatementRow.last_day, StatementRow.fingerprint)
"""What `made_order` looks at."""


def made_order(row: Any, *, line: int) -> tuple[datetime, str, int]:
    """Order lines by when the bank made their statements, as `SeenStatement.made` does."""
    return row.made_at or row.ends_at or end_of(row.last_day), row.fingerprint, line


def lines_query() -> Select[Any]:
    """Return the query of whole lines, for callers to narrow; an erased text leaves blanks."""
    lines = sql_select(*map(col, _COLUMNS))
    lines = lines.outerjoin(WordingRow, col(WordingRow.id) == col(StatementLineRow.wording_id))
    return lines.outerjoin(PayerRow, col(PayerRow.id) == col(WordingRow.payer_id))


class LineFacts(NamedTuple):
    """What moved when, by one line; signed minor units."""

    id: int
    booked_on: date
    minor: Minor
    is_total: bool


def facts_of_lines(session: ReadSession, statement: StatementId) -> list[LineFacts]:
    """Return the lines of a statement in its order."""
    line = StatementLineRow
    query = select(col(line.id), col(line.booked_on), col(line.minor), col(line.is_total))
    rows = session.execute(query.where(col(line.statement_id) == statement).order_by(col(line.id)))
    return [LineFacts(*row) for row in rows]


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
            bic=row.bic or "",
        ),
        text=row.text or "",
        reference=Reference(row.reference) if row.reference else None,
        ids=ids_of(row.ids),
        kind=LineKind(row.kind),
        is_reversal=row.is_reversal,
        return_reason=row.return_reason,
        value_date=row.value_date,
        original=_amount_of(row.original_minor, row.original_currency),
        charges=_amount_of(row.charges_minor, row.charges_currency),
    )


def _amount_of(minor: int | None, currency: str | None) -> Amount | None:
    return None if minor is None or currency is None else Amount(minor, Currency(currency))


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


def fact_row(seen: SeenLine, wording: int | None) -> dict[str, Any]:
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
        "value_date": line.value_date,
        "return_reason": line.return_reason,
        "original_minor": line.original and line.original.minor,
        "original_currency": line.original and line.original.currency,
        "charges_minor": line.charges and line.charges.minor,
        "charges_currency": line.charges and line.charges.currency,
        "wording_id": wording,
    }


def detail_rows(seen: SeenLine) -> Iterable[dict[str, Any]]:
    """Yield the rows of what the file shows of an entry that is kept whole."""
    for ordinal, detail in enumerate(seen.line.details):
        yield {
            "line_id": seen.id,
            "ordinal": ordinal,
            "minor": detail.amount and detail.amount.minor,
            "currency": detail.amount and detail.amount.currency,
            **party_texts(detail.counterparty),
            "text": detail.text,
        }


def detail_of(row: LineDetailRow) -> Detail:
    """Return what a row of `line_detail` holds."""
    return Detail(
        counterparty=Counterparty(
            name=row.name,
            account=parse_account(row.account),
            code=parse_code(row.code),
            on_behalf_of=row.on_behalf_of,
            bic=row.bic,
        ),
        text=row.text,
        amount=_amount_of(row.minor, row.currency),
    )


def ids_of(written: str) -> tuple[BankId, ...]:
    """Return the ids that the bank and the payer gave to a line, as they are kept."""
    return tuple(BankId(IdScheme(scheme), value) for scheme, value in json.loads(written)) if written else ()
