"""Keeps what many rows say in one row: each distinct value once, found again by its digest."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from sqlalchemy import select
from sqlmodel import SQLModel

from donations.store.appending import append
from donations.store.session import WriteSession, in_runs, next_ids, table_of


def _digest(*parts: str) -> bytes:
    """Return the digest of texts; none that is kept has the letter that stands between them."""
    return blake2b("\0".join(parts).encode(errors="surrogatepass"), digest_size=16).digest()


def payer_digest(name: str, account: str, code: str, on_behalf_of: str, bic: str) -> bytes:
    """Return by what a payer is found again."""
    return _digest(name, account, code, on_behalf_of, bic)


def wording_digest(payer: bytes, claimed_code: str, text: str, reference: str) -> bytes:
    """Return by what a wording of the payer with this digest is found again."""
    return _digest(payer.hex(), claimed_code, text, reference)


def decision_digest(rule: str, reason: str, evidence: str) -> bytes:
    """Return by what a rule's decision is found again."""
    return _digest(rule, reason, evidence)


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
