"""Uploads that wait between preview and commit, for an hour, under a token that cannot be guessed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col, select

from donations.core.statement_file import GivenFile, shown_name
from donations.store.ids import append, next_ids
from donations.store.session import ReadSession, WriteSession
from donations.store.tables.rules import PendingUploadRow

KEPT_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """One file of an upload; the number stays when others are dropped."""

    number: int
    given: GivenFile


def keep(session: WriteSession, files: Sequence[GivenFile], *, now: datetime) -> str:
    """Keep the files and return their token; what has waited too long is deleted."""
    drop_expired(session, now=now)
    token = secrets.token_urlsafe(24)
    ids = next_ids(session, PendingUploadRow)
    rows = [
        {
            "id": next(ids),
            "token": token,
            "ordinal": number,
            "name": shown_name(given.name),
            "content": given.content,
            "uploaded_at": now,
        }
        for number, given in enumerate(files, start=1)
    ]
    append(session, PendingUploadRow, rows)
    return token


def waiting(session: ReadSession, token: str, *, now: datetime) -> list[WaitingFile]:
    """Return the files under a token in the order they were given; none where it expired or never was."""
    rows = session.exec(
        select(PendingUploadRow)
        .where(PendingUploadRow.token == token, col(PendingUploadRow.uploaded_at) >= now - KEPT_FOR)
        .order_by(col(PendingUploadRow.ordinal))
    )
    return [WaitingFile(row.ordinal, GivenFile(name=row.name, content=row.content)) for row in rows]


def drop_expired(session: WriteSession, *, now: datetime) -> None:
    """Forget every upload that has waited too long."""
    session.execute(delete(PendingUploadRow).where(col(PendingUploadRow.uploaded_at) < now - KEPT_FOR))


def drop(session: WriteSession, token: str, *, number: int | None = None) -> None:
    """Forget an upload, or one file of it."""
    query = delete(PendingUploadRow).where(col(PendingUploadRow.token) == token)
    session.execute(query if number is None else query.where(col(PendingUploadRow.ordinal) == number))
