"""Views of the ledger that a person keeps: conditions under a name, seen and changed by that person alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode, RequestCode
from donations.core.typed import NAME_MAX, bounded
from donations.store.session import ReadSession, WriteSession, as_reader, next_ids
from donations.store.tables.views import LedgerViewRow

VIEWS_MAX = 30
"""Of one person: more are no help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerView:
    """One of them."""

    id: int
    name: str
    choice: str
    """JSON, as it was given."""


def ledger_views(session: ReadSession, person: int | None) -> list[LedgerView]:
    """Return a person's views in the order in which they were kept; None is whoever needs not sign in."""
    rows = session.exec(_of(person).order_by(col(LedgerViewRow.id)))
    return [LedgerView(id=row.id, name=row.name, choice=row.choice) for row in rows]


def keep_ledger_view(session: WriteSession, person: int | None, name: str, choice: str) -> int:
    """Keep a view and return its number; the one of that name, where there is one, is so from now on.

    Raises `Refusal`: `name_needed`, `text_refused`, `too_many_views`.
    """
    name = _called(name)
    rows = session.exec(_of(person)).all()
    same = next((row for row in rows if row.name == name), None)
    if same is None and len(rows) >= VIEWS_MAX:
        raise Refusal(BooksCode.TOO_MANY_VIEWS, limit=VIEWS_MAX)
    row = same or LedgerViewRow(id=next(next_ids(session, LedgerViewRow)), person_id=person, name=name, choice=choice)
    row.choice = choice
    session.add(row)
    session.flush()
    return row.id


def rename_ledger_view(session: WriteSession, person: int | None, number: int, name: str) -> None:
    """Call a view otherwise. Raises `Refusal`: as `keep_ledger_view`, `unknown_page`, `view_name_taken`."""
    name = _called(name)
    if any(each.name == name and each.id != number for each in ledger_views(as_reader(session), person)):
        raise Refusal(BooksCode.VIEW_NAME_TAKEN)
    _row(session, person, number).name = name
    session.flush()


def drop_ledger_view(session: WriteSession, person: int | None, number: int) -> None:
    """Keep a view no longer. Raises `Refusal`: `unknown_page`."""
    session.delete(_row(session, person, number))
    session.flush()


def drop_views_naming(session: WriteSession, is_named: Callable[[str], bool]) -> int:
    """Drop everybody's views in which somebody is named, and return how many."""
    rows = [
        row
        for row in session.exec(select(LedgerViewRow))
        if is_named(" ".join([row.name, *map(str, json.loads(row.choice).values())]))
    ]
    for row in rows:
        session.delete(row)
    session.flush()
    return len(rows)


def _of(person: int | None) -> SelectOfScalar[LedgerViewRow]:
    column = col(LedgerViewRow.person_id)
    return select(LedgerViewRow).where(column.is_(None) if person is None else column == person)


def _row(session: WriteSession, person: int | None, number: int) -> LedgerViewRow:
    row = session.get(LedgerViewRow, number)
    if row is None or row.person_id != person:
        raise Refusal(RequestCode.UNKNOWN_PAGE)
    return row


def _called(typed: str) -> str:
    name = bounded(typed, "name", NAME_MAX)
    if not name:
        raise Refusal(BooksCode.NAME_NEEDED)
    return name
