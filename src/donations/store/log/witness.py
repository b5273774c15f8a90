"""What a writing transaction changed, as the database was told it: whatever is done, by whatever way, is seen here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Delete, Engine, Insert, Table, Update, event, select, true

from donations.ledger.audit import Action, Noted
from donations.store.log.watched import WATCHED, Values, Verb, Watch

SEEN = "donations_seen"
"""The execution option that holds what a transaction changed."""
_RESTS = frozenset(each.rest for each in WATCHED.values()) - {""}
_VERBS = ((Insert, Verb.ADDED), (Update, Verb.CHANGED), (Delete, Verb.GONE))


@dataclass(slots=True)
class SeenActs:
    """The acts among the rows that one transaction changes, in order."""

    rows: list[tuple[Table, Verb, Values]] = field(default_factory=list)
    """As they are added, or were before."""
    rests: dict[tuple[str, int], Values] = field(default_factory=dict)
    """Rows that say the rest of others, by table and number."""

    def acts(self, connection: Connection, *, by: str, now: datetime) -> Iterator[Noted]:
        """Yield what was done; who and when is for rows where neither they nor others of the transaction say it."""
        rows, self.rows = self.rows, []
        acts = [each for row in rows if (each := _act(connection, *row)) is not None]
        by = next((said for watch, _, row in acts if (said := row.get(watch.by))), by)
        now = next((said for watch, _, row in acts if (said := row.get(watch.at))), now)
        together: defaultdict[Action, list[Noted]] = defaultdict(list)
        for watch, action, row in acts:
            noted = _noted(watch, action, row, by=by, now=now)
            if watch.is_one:
                together[action].append(noted)
            else:
                yield noted
        yield from map(_one, together.values())


def watch(engine: Engine) -> None:
    """See from now on what writing transactions change."""
    event.listen(engine, "before_execute", _see)


def _see(connection: Connection, clause: Any, multiparams: Sequence[Values], params: Values, _options: Any) -> None:
    seen = connection.get_execution_options().get(SEEN)
    verb = next((verb for kind, verb in _VERBS if isinstance(clause, kind)), None)
    if not isinstance(seen, SeenActs) or verb is None or (clause.table.name, verb) not in WATCHED:
        return
    given = multiparams or [params]
    if verb is Verb.ADDED:
        see_rows(connection, clause.table, (each or clause.compile().params for each in given))
    else:
        seen.rows += [(clause.table, verb, row) for row in _meant(connection, clause, given)]


def see_rows(connection: Connection, table: Table, rows: Iterable[Values]) -> None:
    """See rows that are about to be appended, by no statement of SQLAlchemy's.

    Only those that are acts: an import adds an allocation for each line, and hardly one is a person's.
    """
    seen, watch = connection.get_execution_options().get(SEEN), WATCHED.get((table.name, Verb.ADDED))
    if not isinstance(seen, SeenActs):
        return
    if table.name in _RESTS:
        seen.rests |= {(table.name, row["id"]): row for row in rows}
    if watch is not None:
        if watch.rest:
            rests, number = seen.rests, f"{watch.rest}_id"
            rows = ({**rests.get((watch.rest, row[number]), {}), **row} for row in rows)
        seen.rows += [(table, Verb.ADDED, row) for row in rows if _action(watch, row) is not None]


def _meant(connection: Connection, clause: Update | Delete, given: Sequence[Values]) -> list[Values]:
    """Return the rows that are about to be changed or deleted, asked for by the statement's own condition."""
    query = select(clause.table).where(true() if clause.whereclause is None else clause.whereclause)
    return [dict(row) for each in given for row in connection.execute(query, each).mappings()]


def _row(connection: Connection, table: Table, verb: Verb, row: Values) -> Values | None:
    """Return the row: as it was added, as it was before it was deleted, or as it is now (None where it is gone)."""
    if verb is not Verb.CHANGED:
        return row
    query = select(table).where(*(column == row[column.name] for column in table.primary_key))
    found = connection.execute(query).mappings().first()
    return None if found is None else dict(found)


def _action(watch: Watch, row: Values) -> Action | None:
    return watch.action if isinstance(watch.action, Action) else watch.action(row)


def _act(connection: Connection, table: Table, verb: Verb, values: Values) -> tuple[Watch, Action, Values] | None:
    watch = WATCHED[table.name, verb]
    row = _row(connection, table, verb, values)
    if row is None:
        return None
    action = _action(watch, row)
    return None if action is None else (watch, action, row)


def _noted(watch: Watch, action: Action, row: Values, *, by: str, now: datetime) -> Noted:
    return Noted(
        action=action,
        about=watch.about,
        id=watch.id.format_map(row),
        by=row.get(watch.by) or by,
        at=(row.get(watch.at) or now).astimezone(UTC),
        details={name: _plain(row.get(name)) for name in watch.details},
    )


def _one(several: Sequence[Noted]) -> Noted:
    """Return several rows of one act as one note about the first of them."""
    if len(several) == 1:
        return several[0]
    ids = dict.fromkeys(each.id for each in several)
    return replace(several[0], details={"all": list(ids), "parts": [dict(each.details or {}) for each in several]})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
