"""What a writing transaction changed, as the database was told it: whatever is done, by whatever way, is seen here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Delete, Engine, Insert, Table, Update, event, select

from donations.ledger.acts import Action
from donations.ledger.audit import Noted
from donations.store.log.watched import WATCHED, Values, Verb, Watch

SEEN = "donations_seen"
"""The execution option that holds what a transaction changed."""
_VERBS = ((Insert, Verb.ADDED), (Update, Verb.CHANGED), (Delete, Verb.GONE))


@dataclass(slots=True)
class Seen:
    """The watched rows that one transaction changed, in order."""

    rows: list[tuple[Table, Verb, Values]] = field(default_factory=list)

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
    event.listen(engine, "after_execute", _see)


def _see(
    connection: Connection, clause: Any, multiparams: Sequence[Values], params: Values, _options: Any, result: Any
) -> None:
    seen = connection.get_execution_options().get(SEEN)
    verb = next((verb for kind, verb in _VERBS if isinstance(clause, kind)), None)
    if not isinstance(seen, Seen) or verb is None or (clause.table.name, verb) not in WATCHED:
        return
    if verb is not Verb.ADDED and result.rowcount == 0:
        return
    seen.rows += [(clause.table, verb, each) for each in multiparams or [params or clause.compile().params]]


def _key(table: Table, values: Values) -> dict[str, Any]:
    """Return the key of a row from what a statement was given: `id`, in a condition `id_1` or `payment_note_id`."""
    found = {}
    for name in (column.name for column in table.primary_key):
        called = (f"{table.name}_{name}", f"{name}_1", name)
        found[name] = next((values[each] for each in called if each in values), "")
    return found


def _row(connection: Connection, table: Table, verb: Verb, values: Values) -> Values | None:
    """Return the row: as it was added, as it is now (None where it is gone), or of a deleted one its key."""
    if verb is Verb.ADDED:
        return values
    key = _key(table, values)
    if verb is Verb.GONE:
        return key
    query = select(table).where(*(table.c[name] == value for name, value in key.items()))
    found = connection.execute(query).mappings().first()
    return None if found is None else dict(found)


def _act(connection: Connection, table: Table, verb: Verb, values: Values) -> tuple[Watch, Action, Values] | None:
    watch = WATCHED[table.name, verb]
    row = _row(connection, table, verb, values)
    if row is None:
        return None
    action = watch.action if isinstance(watch.action, Action) else watch.action(row)
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
