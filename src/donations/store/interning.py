"""Keeps what many rows say in one row: each distinct value once, found again by its digest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import SQLModel

from donations.store.appending import append
from donations.store.session import WriteSession, in_runs, next_ids, table_of
from donations.store.tables.sealed import Ciphers


def payer_digest(ciphers: Ciphers, *, name: str, account: str, code: str, on_behalf_of: str, bic: str) -> bytes:
    """Return by what a payer is found again in the books of these ciphers."""
    return ciphers.digest(name, account, code, on_behalf_of, bic)


def wording_digest(ciphers: Ciphers, payer: bytes, *, claimed_code: str, text: str, reference: str) -> bytes:
    """Return by what a wording of the payer with this digest is found again."""
    return ciphers.digest(payer.hex(), claimed_code, text, reference)


def decision_digest(ciphers: Ciphers, *, rule: str, reason: str, evidence: str) -> bytes:
    """Return by what a rule's decision is found again."""
    return ciphers.digest(rule, reason, evidence)


def digest_of_row(ciphers: Ciphers, table: str, row: Mapping[str, Any], *, payers: Callable[[int], bytes]) -> bytes:
    """Return by what a row of these tables is found again; `payers` tells the digest of a payer's row."""
    if table == "payer":
        return payer_digest(ciphers, **{name: row[name] for name in ("name", "account", "code", "on_behalf_of", "bic")})
    if table == "wording":
        said = {name: row[name] for name in ("claimed_code", "text", "reference")}
        return wording_digest(ciphers, payers(row["payer_id"]), **said)
    return decision_digest(ciphers, rule=row["rule"], reason=row["reason"], evidence=row["evidence"])


DIGESTED = ("payer", "wording", "decision")
"""The tables whose rows are found again by a digest, in an order in which each comes after what its digest is of."""


def intern(session: WriteSession, table: type[SQLModel], rows: Mapping[bytes, Mapping[str, Any]]) -> dict[bytes, int]:
    """Return the numbers of rows by their digests; those that the table lacks are appended."""
    kept = table_of(table)
    found: dict[bytes, int] = {}
    for run in in_runs(list(rows)):
        known = session.execute(select(kept.c.digest, kept.c.id).where(kept.c.digest.in_(run)))
        found.update((bytes(digest), number) for digest, number in known)
    new = dict(zip((each for each in rows if each not in found), next_ids(session, table), strict=False))
    append(session, table, ({"id": number, "digest": digest, **rows[digest]} for digest, number in new.items()))
    return found | new
