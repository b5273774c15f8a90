"""Tells programs elsewhere what happened in the books, at least once each, by a stable id.

What is new is found from the books themselves, so that nothing is lost where a program is killed. It says when and how
many, and sums only as they were published; no names.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from donations.core.canonical import canonical
from donations.core.hook import HookEvent, signature, target_of
from donations.jobs import hook_wire
from donations.jobs.kind import JobKind
from donations.store.hooks import (
    Delivery,
    NewDelivery,
    Webhook,
    add_deliveries,
    deliveries_due,
    deliveries_known,
    imports_since,
    keep_answer,
    webhooks,
)
from donations.store.jobs import Job, JobState
from donations.store.months import closings_in_force
from donations.store.publishing import blocks
from donations.store.session import ReadSession, as_reader, reading, writing


def _begin_due(engine: Engine, now: datetime) -> None:
    with reading(engine) as session:
        hooks = webhooks(session)
        new = _new(session, hooks) if hooks else []
        job = TELLING.find(session, {}, now=now)
        is_due = bool(hooks) and (bool(new) or bool(deliveries_due(session, now=now)))
    if not is_due or (job is not None and job.state in {JobState.WAITING, JobState.RUNNING}):
        return
    with writing(engine) as session:
        add_deliveries(session, new, now=now)
        total = len(deliveries_due(as_reader(session), now=now))
        TELLING.begin(session, {}, content=now.isoformat(), total=total, now=now)


def _new(session: ReadSession, hooks: list[Webhook]) -> list[NewDelivery]:
    known = deliveries_known(session)
    return [
        NewDelivery(webhook=hook.id, event=event, about=about, body=_body(event, at, data))
        for event, about, at, data in _events(session, min(each.added_at for each in hooks))
        for hook in hooks
        if hook.added_at <= at and (hook.id, event.value, about) not in known
    ]


def _body(event: HookEvent, at: datetime, data: dict[str, Any]) -> str:
    return canonical({"type": event.value, "timestamp": at.astimezone(UTC).isoformat(), "data": data})


def _events(session: ReadSession, since: datetime) -> Iterator[tuple[HookEvent, str, datetime, dict[str, Any]]]:
    for number, at in imports_since(session, since):
        yield HookEvent.IMPORT_COMMITTED, str(number), at, {"import": number}
    for month, closing in closings_in_force(session).items():
        if closing.seal.at >= since:
            counts = {"month": str(month), "gifts": closing.figures.gifts, "questions": closing.figures.questions}
            yield HookEvent.MONTH_CLOSED, str(month), closing.seal.at, counts
    for kept in blocks(session):
        if kept.at >= since:
            block = kept.block
            said = {"months": [str(each) for each in block.months], "minor": block.minor, "donors": block.donors}
            yield HookEvent.MONTH_PUBLISHED, str(block.number), kept.at, said


def _work(engine: Engine, job: Job, now: datetime) -> Iterator[tuple[int, bytes]]:
    del job
    with reading(engine) as session:
        hooks, due = {each.id: each for each in webhooks(session)}, deliveries_due(session, now=now)
    for done, each in enumerate(due, 1):
        is_taken, answer = _told(hooks[each.webhook], each, now)
        with writing(engine) as session:
            keep_answer(session, each.id, answer, is_taken=is_taken, now=now)
        yield done, b""


def _told(hook: Webhook, delivery: Delivery, now: datetime) -> tuple[bool, str]:
    target, body, timestamp = target_of(hook.url), delivery.body.encode(), int(now.timestamp())
    if target is None:
        return False, "no address"
    signed = signature(hook.secret, message_id=delivery.message_id, timestamp=timestamp, body=body)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "donations",
        "webhook-id": delivery.message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signed,
    }
    try:
        return True, hook_wire.told(target, headers, body)
    except hook_wire.NotToldError as error:
        return False, str(error)


TELLING = JobKind("webhooks", _work, kept_for=timedelta(days=1), kept_most=4, begin_due=_begin_due)
"""One job tells all that is due."""
