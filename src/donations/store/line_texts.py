"""The selectable of what lines say of people: each line with its wording and the payer who wrote it."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import col

from donations.store.tables import PayerRow, StatementLineRow, WordingRow

line_texts = (
    select(
        *(col(StatementLineRow.id).label("line_id"), col(WordingRow.payer_id)),
        *(col(PayerRow.name), col(PayerRow.account), col(PayerRow.code)),
        col(WordingRow.claimed_code),
        *(col(PayerRow.on_behalf_of), col(WordingRow.text), col(WordingRow.reference), col(PayerRow.bic)),
    )
    .select_from(StatementLineRow)
    .join(WordingRow, col(WordingRow.id) == col(StatementLineRow.wording_id))
    .join(PayerRow, col(PayerRow.id) == col(WordingRow.payer_id))
    .subquery("line_text")
)
"""Lines of which something is kept; databases look through it, as if the joins were written out."""
