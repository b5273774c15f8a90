"""Seals all that is sealed anew, under other data keys or none, in the transaction of whoever asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, bindparam, select

from donations.store.as_kept import AS_KEPT, is_sealed_column
from donations.store.data_keys import Keys, keep_keys
from donations.store.interning import DIGESTED, digest_of_row
from donations.store.session import WriteSession
from donations.store.statements.files import changes_allowed
from donations.store.tables import APPEND_ONLY, metadata
from donations.store.tables.sealed import Ciphers
from donations.store.tokens import close_answers


def reseal(session: WriteSession, keys: Keys, word: str) -> None:
    """Let the books be sealed with these data keys, wrapped by this key of the host; with none they are unsealed.

    Digests are keyed too, and are made anew. Raises `Refusal` where the keys until now cannot be had.
    """
    connection, after = session.connection(), Ciphers(keys)
    tables = [name for name, table in metadata.tables.items() if any(is_sealed_column(each.type) for each in table.c)]
    payers: dict[int, bytes] = {}
    with changes_allowed(session, sorted(set(tables) & set(APPEND_ONLY))):
        for name in (*DIGESTED, *sorted(set(tables) - set(DIGESTED))):
            _reseal(connection, name, after, payers)
    keep_keys(connection, keys, word)
    close_answers(session)


def _reseal(connection: Connection, name: str, after: Ciphers, payers: dict[int, bytes]) -> None:
    """Seal a table anew; `payers` gets the new digests of payers, which those of their wordings are made of."""
    into = AS_KEPT[name]
    types: dict[str, Any] = {
        each.name: each.type for each in metadata.tables[name].columns if is_sealed_column(each.type)
    }
    keys = [each.name for each in into.primary_key]
    names = [*types, "digest"] if name in DIGESTED else [*types]
    change = into.update().where(*(into.c[each] == bindparam(f"old_{each}") for each in keys))
    change = change.values({each: bindparam(f"new_{each}") for each in names})
    for rows in _rows(connection, name):
        changes = []
        for row in rows:
            new = {f"new_{each}": kind.kept(row[each], after) for each, kind in types.items()}
            if name in DIGESTED:
                new["new_digest"] = row["digest"] and digest_of_row(after, name, row, payers=payers.__getitem__)
            if name == "payer":
                payers[row["id"]] = new["new_digest"]
            changes.append({f"old_{each}": row[each] for each in keys} | new)
        connection.execute(change, changes)


def _rows(connection: Connection, name: str) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of a table, opened: files one by one, for each may be large."""
    table = metadata.tables[name]
    if "content" not in table.columns:
        rows = [dict(row) for row in connection.execute(select(table)).mappings()]
        yield from [rows] if rows else []
        return
    for key in connection.execute(select(*table.primary_key)).all():
        found = select(table).where(*(each == value for each, value in zip(table.primary_key, key, strict=True)))
        yield [dict(connection.execute(found).mappings().one())]
