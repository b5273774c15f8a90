"""How often strangers asked whether a gift arrived: counted in the database, for all servers and over restarts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Date, Engine, and_, bindparam, delete, func, or_, select, text
from sqlmodel import col

from donations.store.host_key import keyed_hash
from donations.store.keyed import Keyed
from donations.store.opening import beside_writers
from donations.store.session import WriteSession
from donations.store.tables.access import StrangerAskedRow

_WAIT_SECONDS = 0.25
_COUNT = text(
    "INSERT INTO stranger_asked (subject, begins, is_month, times) VALUES (:subject, :begins, :is_month, 1)"
    " ON CONFLICT (subject, begins) DO UPDATE SET times = stranger_asked.times + 1 RETURNING times"
).bindparams(bindparam("begins", type_=Date))
"""One statement: of two servers that count at once, the second sees what the first has counted."""


@dataclass(frozen=True, slots=True)
class Counting:
    """A transaction in which a question is counted: kept where all counts allow it, else taken back."""

    connection: Connection

    def on_day(self, day: date, address: str | None = None) -> int:
        """Count a question of this day, of an address or (None) of anybody; return how many there are with it."""
        subject = "" if address is None else keyed_hash(self.connection, Keyed.ADDRESS, address)
        return self._counted(subject, day, is_month=False)

    def in_month(self, account: str, months: Sequence[date]) -> tuple[int, int]:
        """Count a question about an account; return how many there are in the newest month and in all of these.

        `months` are first days, the newest first.
        """
        subject = keyed_hash(self.connection, Keyed.ACCOUNT, account)
        now = self._counted(subject, months[0], is_month=True)
        asked = col(StrangerAskedRow.subject) == subject, col(StrangerAskedRow.begins).in_(months)
        return now, int(self.connection.execute(select(func.sum(StrangerAskedRow.times)).where(*asked)).scalar_one())

    def forget(self, *, days_before: date, months_before: date) -> None:
        """Drop what counts no more."""
        row = StrangerAskedRow
        is_old_day = and_(~col(row.is_month), col(row.begins) < days_before)
        is_old_month = and_(col(row.is_month), col(row.begins) < months_before)
        self.connection.execute(delete(row).where(or_(is_old_day, is_old_month)))

    def keep(self) -> None:
        """Let the question count."""
        self.connection.commit()

    def _counted(self, subject: str, begins: date, *, is_month: bool) -> int:
        given = {"subject": subject, "begins": begins, "is_month": is_month}
        return int(self.connection.execute(_COUNT, given).scalar_one())


def forget_counts(session: WriteSession) -> None:
    """Drop the counts of addresses and accounts, which another key does not find again; those of everybody stay."""
    session.execute(delete(StrangerAskedRow).where(col(StrangerAskedRow.subject) != ""))


@contextmanager
def counting(engine: Engine) -> Iterator[Counting]:
    """Open what a question is counted in; nobody's import is waited for.

    Raises `sqlalchemy.exc.OperationalError` where SQLite has another writer.
    """
    with beside_writers(engine, seconds=_WAIT_SECONDS) as connection:
        yield Counting(connection)
