"""The door through which every text goes into the database: what one of both would refuse, neither takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, Text, event
from sqlmodel import AutoString

from donations.core.texts import DONOR_NAME_MAX, LINE_MAX, NAME_MAX, NOTE_MAX, REASON_MAX, UNREADABLE, text_refused
from donations.store.tables import metadata

Columns = Mapping[str, int]
"""How many characters a column takes, by its name."""

_LIMITS = {
    "account.name": NAME_MAX,
    "allocation.reason": REASON_MAX,
    "api_token.name": NAME_MAX,
    "appeal.name": NAME_MAX,
    "closing.reason": REASON_MAX,
    "donor_claim.code": 40,
    "donor_claim.iban": 60,
    "donor_consent.source": REASON_MAX,
    "donor_merge.reason": REASON_MAX,
    "donor_note.text": NOTE_MAX,
    "keyword.denying": 50_000,  # a keyword in all its cases, and what people add
    "keyword.forms": 50_000,
    "keyword.word": NAME_MAX,
    "left_out_line.reason": REASON_MAX,
    "pair_decision.one": 200,
    "pair_decision.other": 200,
    "payment_note.text": NOTE_MAX,
    "publishing_terms.goal_text": LINE_MAX,
    "reopening.reason": REASON_MAX,
    "standing_rule.label": DONOR_NAME_MAX,
    "standing_rule.words": REASON_MAX,
}
"""What people write; any other column of one line takes `LINE_MAX`."""
MADE = frozenset(
    {
        *("allocation.evidence", "audit_detail.details", "certificate.figures", "closing.figures"),
        *("document_setting.value", "idempotency_key.answer", "import_notice.filled"),
        *("public_snapshot.content", "published_block.figures", "statement_line.ids"),
        # The readers bound what a file says.
        *("line_text.name", "line_text.on_behalf_of", "line_text.text"),
        *("line_detail.name", "line_detail.on_behalf_of", "line_detail.text"),
    }
)
"""Long texts that the program makes, or has bounded before."""


def hold_texts(engine: Engine) -> None:
    """Refuse from now on what cannot be kept, with `Refusal`."""
    event.listen(engine, "before_cursor_execute", _look)


@cache
def limits_of(table: str) -> Columns:
    """Return how long the texts of a table may be."""
    columns = metadata.tables[table].columns if table in metadata.tables else ()
    limits = {each.name: _limit(f"{table}.{each.name}", each.type) for each in columns}
    return {name: limit for name, limit in limits.items() if limit is not None}


def _limit(column: str, kind: Any) -> int | None:
    if column in _LIMITS:
        return _LIMITS[column]
    return LINE_MAX if isinstance(kind, AutoString) and not isinstance(kind, Text) else None


def _look(_connection: Connection, _cursor: Any, _said: str, _given: Any, context: Any, _many: Any) -> None:
    if context is None or context.isddl or context.compiled is None:
        return
    is_change = context.isinsert or context.isupdate
    limits = limits_of(context.compiled.statement.table.name) if is_change else {}
    _refuse(context.compiled_parameters, limits)


def _refuse(rows: Iterable[Mapping[str, Any]], limits: Columns) -> None:
    for row in rows:
        for name, value in row.items():
            if isinstance(value, str):
                limit = limits.get(name)
                if (limit is not None and len(value) > limit) or UNREADABLE.search(value):
                    raise text_refused(name, LINE_MAX if limit is None else limit)
