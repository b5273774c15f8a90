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
from donations.store.tables.sealed import Ciphers, SealedKind, packed


def reseal(session: WriteSession, keys: Keys, word: str) -> None:
    """Let the books be sealed with these data keys, wrapped by this key of the host; with none they are unsealed.

    Digests are keyed too, and are made anew. Raises `Refusal` where the keys until now cannot be had.
    """
    connection, after = session.connection(), Ciphers(keys)
    tables = [name for name, table in metadata.tables.items() if any(is_sealed_column(each.type) for each in table.c)]
    with changes_allowed(session, sorted(set(tables) & set(APPEND_ONLY))):
        for name in (*DIGESTED, *sorted(set(tables) - set(DIGESTED))):
            _reseal(connection, name, after)
    keep_keys(connection, keys, word)


def _reseal(connection: Connection, name: str, after: Ciphers) -> None:
    into, names = AS_KEPT[name], [each.name for each in metadata.tables[name].columns if is_sealed_column(each.type)]
    if name in DIGESTED:
        names.append("digest")
    keys = [each.name for each in into.primary_key]
    change = into.update().where(*(into.c[each] == bindparam(f"old_{each}") for each in keys))
    change = change.values({each: bindparam(f"new_{each}") for each in names})
    for rows in _rows(connection, name):
        connection.execute(
            change,
            [
                {f"old_{each}": row[each] for each in keys}
                | {f"new_{each}": _kept(connection, name, row, each, after) for each in names}
                for row in rows
            ],
        )


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


def _kept(connection: Connection, name: str, row: dict[str, Any], column: str, after: Ciphers) -> bytes | None:
    value = row[column]
    if column == "digest":
        return None if value is None else digest_of_row(after, name, row, payers=lambda id_: _payer(connection, id_))
    if not value:
        return None if value is None else b""
    kind: Any = metadata.tables[name].c[column].type
    if isinstance(value, bytes):
        return after.sealed(SealedKind.FILE, packed(value), is_findable=True)
    return after.sealed(kind.kind, value.encode(), is_findable=kind.is_findable)


def _payer(connection: Connection, number: int) -> bytes:
    """Return the digest of a payer, which was sealed anew before."""
    payer = AS_KEPT["payer"]
    return bytes(connection.execute(select(payer.c.digest).where(payer.c.id == number)).scalar_one())
