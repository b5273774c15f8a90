"""The audit log: the only place that writes it, who acts, what was looked at, and what is read of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, delete, func, select
from sqlmodel import Session, col

from donations.ledger.audit import About, Action, AuditEntry, Head, Noted, StoredEntry, chained, folded
from donations.store.log.witness import SeenActs
from donations.store.session import ReadSession, WriteSession
from donations.store.tables import metadata
from donations.store.tables.access import PersonRow
from donations.store.tables.audit import AuditDetailRow, AuditEntryRow


class Acting(NamedTuple):
    """Who asks, and when."""

    by: str
    at: datetime


_current: ContextVar[Acting | None] = ContextVar("acting", default=None)


def let_act(by: str, *, at: datetime) -> None:
    """Let somebody be who asks for the rest of this request, which has a context of its own."""
    _current.set(Acting(by, at))


@contextmanager
def acting_as(by: str, *, at: datetime) -> Iterator[None]:
    """Let somebody be who asks, for a while."""
    before = _current.set(Acting(by, at))
    try:
        yield
    finally:
        _current.reset(before)


def acting() -> Acting:
    """Return who asks; nobody where nobody said so."""
    return _current.get() or Acting("", datetime.now(UTC))


_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """Which entries; by default all."""

    by: str | None = None
    actions: frozenset[Action] | None = None


def note_seen(session: Session, seen: SeenActs) -> None:
    """Write what a transaction did at its end; what was only tried leaves nothing."""
    session.flush()
    if seen.rows:
        who = acting()
        _append(session, folded(seen.acts(session.connection(), by=who.by, now=who.at)))


def note_access(session: WriteSession, noted: Iterable[Noted]) -> None:
    """Write down what was looked at or taken along."""
    _append(session, noted)


def _append(session: Session, acts: Iterable[Noted]) -> None:
    after = head(session)
    for noted in acts:
        salt = token_hex(16)
        entry, details = chained(_signed(session, noted), after, salt=salt)
        row = AuditEntryRow(
            number=entry.number,
            at=entry.at,
            by=entry.by,
            action=entry.action,
            about=entry.about,
            about_id=entry.id,
            commitment=entry.commitment,
            before=entry.before,
            digest=entry.digest,
        )
        session.add(row)
        session.flush()
        session.add(AuditDetailRow(number=entry.number, salt=salt, details=details))
        after = Head(entry.number, row.digest)
    session.flush()


def _signed(session: Session, noted: Noted) -> Noted:
    """What happens to an account while nobody is signed in yet is done by its owner."""
    if noted.by or noted.about is not About.PERSON or not noted.id.isdecimal():
        return noted
    return replace(
        noted, by=session.scalar(select(col(PersonRow.name)).where(col(PersonRow.id) == int(noted.id))) or ""
    )


def head(session: Session) -> Head:
    """Return the newest entry, which may be kept elsewhere."""
    newest = select(col(AuditEntryRow.number), col(AuditEntryRow.digest)).order_by(col(AuditEntryRow.number).desc())
    row = session.execute(newest.limit(1)).first()
    return Head() if row is None else Head(*row)


def last_entry(session: ReadSession, action: Action) -> datetime | None:
    """Return when something was done last."""
    query = select(col(AuditEntryRow.at)).where(col(AuditEntryRow.action) == action)
    found = session.execute(query.order_by(col(AuditEntryRow.number).desc()).limit(1)).first()
    return None if found is None else found[0]


def whole_log(session: ReadSession) -> Iterator[StoredEntry]:
    """Yield every entry, the oldest first; they need not all be in memory at once."""
    query, last = _kept().order_by(col(AuditEntryRow.number)).limit(_AT_ONCE), 0
    while rows := session.execute(query.where(col(AuditEntryRow.number) > last)).all():
        yield from map(_read, rows)
        last = rows[-1].number


def count_entries(session: ReadSession, wanted: EntryFilter) -> int:
    """Return how many entries there are."""
    return int(session.scalar(select(func.count()).select_from(AuditEntryRow).where(*_where(wanted))) or 0)


def entries(session: ReadSession, wanted: EntryFilter, *, start: int = 0, size: int) -> list[StoredEntry]:
    """Return entries, the newest first."""
    query = _kept().where(*_where(wanted)).order_by(col(AuditEntryRow.number).desc()).offset(start).limit(size)
    return [_read(row) for row in session.execute(query)]


def people_acting(session: ReadSession) -> Sequence[tuple[int, str]]:
    """Return everybody who did something, by name, with the number of the first entry: addresses hold no names."""
    query = select(func.min(col(AuditEntryRow.number)), col(AuditEntryRow.by)).group_by(col(AuditEntryRow.by))
    return [(first, by) for first, by in session.execute(query.order_by(col(AuditEntryRow.by)))]


def erase_details(session: WriteSession, numbers: Iterable[int]) -> None:
    """Erase the details of entries and their salts; the chain holds as before."""
    session.execute(delete(AuditDetailRow).where(col(AuditDetailRow.number).in_(list(numbers))))


def _kept() -> Select[Any]:
    """Select values and no entities: there may be a hundred thousand."""
    entry, detail = metadata.tables["audit_entry"], metadata.tables["audit_detail"]
    query = select(entry, detail.c.salt, detail.c.details)
    return query.outerjoin(detail, detail.c.number == entry.c.number)


def _where(wanted: EntryFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.by is not None:
        yield col(AuditEntryRow.by) == wanted.by
    if wanted.actions is not None:
        yield col(AuditEntryRow.action).in_(sorted(wanted.actions))


def _read(row: Row[Any]) -> StoredEntry:
    return StoredEntry(
        entry=AuditEntry(
            number=row.number,
            at=row.at,
            by=row.by,
            action=row.action,
            about=row.about,
            id=row.about_id,
            commitment=row.commitment,
            before=row.before,
        ),
        digest=row.digest,
        salt=row.salt,
        details=row.details,
    )


def secret_of_books(session: ReadSession) -> str:
    """Return what only these books know and nobody is shown, the salt of the oldest entry; empty where none is left."""
    query = select(col(AuditDetailRow.salt)).order_by(col(AuditDetailRow.number)).limit(1)
    return session.scalar(query) or ""
