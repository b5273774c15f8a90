"""Which lines have a giver's own code in their text: kept as keyed hashes, beside the texts and gone with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, delete
from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.giving_code import giving_codes
from donations.identity.content import SeenLine
from donations.store.appending import append
from donations.store.host_key import key_of
from donations.store.keyed import Keyed, hashed
from donations.store.line_texts import line_texts
from donations.store.session import WriteSession, table_of
from donations.store.tables import LineCodeRow, LineDetailRow, StatementLineRow


def note_codes(session: WriteSession, lines: Iterable[SeenLine]) -> None:
    """Note the codes of new lines; the total of a batch has no text of its payers."""
    _note(
        session,
        (
            (each.id, text)
            for each in lines
            if not each.is_batch_total
            for text in (each.line.text, *(detail.text for detail in each.line.details))
        ),
    )


def renew_codes(session: WriteSession) -> None:
    """Note the codes of all lines anew, under the key of today."""
    session.execute(delete(LineCodeRow))
    _note(
        session,
        (each for texts in (line_texts.c, table_of(LineDetailRow).c) for each in session.execute(_texts(texts))),
    )


def _texts(texts: Any) -> Select[int, str]:
    lines = sql_select(texts.line_id, texts.text).join(StatementLineRow, col(StatementLineRow.id) == texts.line_id)
    return lines.where(~col(StatementLineRow.is_total))


def _note(session: WriteSession, texts: Iterable[Sequence[Any]]) -> None:
    found = {(line, code) for line, text in texts for code in giving_codes(text)}
    if found:
        word = key_of(session.connection())
        append(
            session,
            LineCodeRow,
            ({"line_id": line, "digest": hashed(word, Keyed.GIVING_CODE, code)} for line, code in sorted(found)),
        )
