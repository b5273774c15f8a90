"""Notices, kept with the import that they are about."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlmodel import col, select

from donations.core.problem import Problem, ProblemCode
from donations.store.ids import append, next_ids
from donations.store.session import ReadSession, WriteSession
from donations.store.tables.imports import ImportNoticeRow


def add_notices(session: WriteSession, file_id: int, notices: Sequence[Problem]) -> None:
    """Keep what was worth saying about an import."""
    ids = next_ids(session, ImportNoticeRow)
    append(
        session,
        ImportNoticeRow,
        (
            {
                "id": next(ids),
                "file_id": file_id,
                "code": each.code.value,
                "line": each.line,
                "filled": json.dumps(each.values, ensure_ascii=False),
            }
            for each in notices
        ),
    )


def notices_of(session: ReadSession, file_id: int) -> tuple[Problem, ...]:
    """Return what was said when the file was imported."""
    rows = session.exec(
        select(ImportNoticeRow).where(ImportNoticeRow.file_id == file_id).order_by(col(ImportNoticeRow.id))
    )
    return tuple(
        Problem(ProblemCode(row.code), row.line, tuple((name, value) for name, value in json.loads(row.filled)))
        for row in rows
    )
