"""Who is told by mail of closed and published months."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import NamedTuple

from sqlmodel import col, select

from donations.store.session import ReadSession, WriteSession, next_ids
from donations.store.tables.mail import DigestAddressRow

ADDRESSES_MAX = 20


class DigestAddress(NamedTuple):
    """One of them."""

    number: int
    address: str
    since: datetime


def digest_addresses(session: ReadSession) -> list[DigestAddress]:
    """Return all, in the order in which they were added."""
    rows = session.exec(select(DigestAddressRow).order_by(col(DigestAddressRow.id)))
    return [DigestAddress(row.id, row.address, row.added_at) for row in rows]


def set_digest_addresses(session: WriteSession, wanted: Collection[str], *, by: str, at: datetime) -> None:
    """Tell these from now on, and no others; who was told before stays who it is."""
    for row in session.exec(select(DigestAddressRow)).all():
        if row.address not in wanted:
            session.delete(row)
    known = set(session.exec(select(DigestAddressRow.address)))
    session.add_all(
        DigestAddressRow(id=number, address=address, added_by=by, added_at=at.astimezone(UTC))
        for number, address in zip(
            next_ids(session, DigestAddressRow),
            (each for each in dict.fromkeys(wanted) if each not in known),
            strict=False,
        )
    )
    session.flush()
