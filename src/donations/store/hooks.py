"""Webhooks: who is told, and each telling, found from what the books say happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex

from sqlalchemy import delete
from sqlmodel import col, select

from donations.core.hook import DeliveryState, HookEvent, told_again_after
from donations.store.session import ReadSession, WriteSession, next_ids
from donations.store.tables import ImportedFileRow
from donations.store.tables.hooks import WebhookDeliveryRow, WebhookRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A program elsewhere."""

    id: int
    url: str
    secret: str
    added_by: str
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """Something that a program is to be told."""

    webhook: int
    event: HookEvent
    about: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery(NewDelivery):
    """One telling, and how far it is."""

    id: int
    message_id: str
    state: DeliveryState
    tries: int
    due_at: datetime
    tried_at: datetime | None
    answer: str


def webhooks(session: ReadSession) -> list[Webhook]:
    """Return who is told, the oldest first."""
    rows = session.exec(select(WebhookRow).order_by(col(WebhookRow.id)))
    return [
        Webhook(id=row.id, url=row.url, secret=row.secret, added_by=row.added_by, added_at=row.added_at) for row in rows
    ]


def add_webhook(session: WriteSession, url: str, secret: str, *, by: str, at: datetime) -> None:
    """Tell this one too, from now on."""
    number = next(next_ids(session, WebhookRow))
    session.add(WebhookRow(id=number, url=url, secret=secret, added_by=by, added_at=at.astimezone(UTC)))
    session.flush()


def drop_webhook(session: WriteSession, number: int) -> None:
    """Tell it nothing more, and forget what it was told."""
    session.execute(delete(WebhookDeliveryRow).where(col(WebhookDeliveryRow.webhook_id) == number))
    row = session.get(WebhookRow, number)
    if row is not None:
        session.delete(row)
    session.flush()


def imports_since(session: ReadSession, since: datetime) -> Iterator[tuple[int, datetime]]:
    """Yield the numbers of imports since then, and when each was committed."""
    query = select(ImportedFileRow.id, ImportedFileRow.imported_at).where(col(ImportedFileRow.imported_at) >= since)
    yield from session.exec(query.order_by(col(ImportedFileRow.id)))


def deliveries_known(session: ReadSession) -> set[tuple[int, str, str]]:
    """Return what has a telling already: program, event, and what it is about."""
    row = WebhookDeliveryRow
    return set(session.exec(select(row.webhook_id, row.event, row.about)))


def add_deliveries(session: WriteSession, new: Sequence[NewDelivery], *, now: datetime) -> None:
    """Let these be told, those that are not yet."""
    known, ids = deliveries_known(ReadSession(session)), next_ids(session, WebhookDeliveryRow)
    session.add_all(
        WebhookDeliveryRow(
            id=next(ids),
            webhook_id=each.webhook,
            event=each.event.value,
            about=each.about,
            message_id=f"msg_{token_hex(12)}",
            body=each.body,
            state=DeliveryState.WAITING.value,
            due_at=now.astimezone(UTC),
        )
        for each in new
        if (each.webhook, each.event.value, each.about) not in known
    )
    session.flush()


def deliveries(session: ReadSession, *, limit: int) -> list[Delivery]:
    """Return tellings, the newest first."""
    query = select(WebhookDeliveryRow).order_by(col(WebhookDeliveryRow.id).desc()).limit(limit)
    return [_delivery(row) for row in session.exec(query)]


def deliveries_due(session: ReadSession, *, now: datetime) -> list[Delivery]:
    """Return what is to be told now, what waits longest first."""
    row = WebhookDeliveryRow
    is_due = col(row.state) == DeliveryState.WAITING.value, col(row.due_at) <= now.astimezone(UTC)
    return [_delivery(each) for each in session.exec(select(row).where(*is_due).order_by(col(row.due_at), col(row.id)))]


def keep_answer(session: WriteSession, number: int, answer: str, *, is_taken: bool, now: datetime) -> None:
    """Keep what was answered; what was not taken is told again later, or has failed after the last time."""
    row = session.get(WebhookDeliveryRow, number, populate_existing=True)
    if row is None or row.state != DeliveryState.WAITING.value:
        return
    wait = told_again_after(row.tries + 1)
    row.tries, row.tried_at, row.answer = row.tries + 1, now.astimezone(UTC), answer
    if is_taken:
        row.state = DeliveryState.DONE.value
    elif wait is None:
        row.state = DeliveryState.FAILED.value
    else:
        row.due_at = now.astimezone(UTC) + wait
    session.flush()


def _delivery(row: WebhookDeliveryRow) -> Delivery:
    return Delivery(
        id=row.id,
        webhook=row.webhook_id,
        event=HookEvent(row.event),
        about=row.about,
        body=row.body,
        message_id=row.message_id,
        state=DeliveryState(row.state),
        tries=row.tries,
        due_at=row.due_at,
        tried_at=row.tried_at,
        answer=row.answer,
    )
