"""A random sample of payments, each with the bank's lines that attest it: who knows the seed draws the same again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from heapq import nsmallest
from secrets import randbelow

from donations.core.language import N_
from donations.core.payment import PaymentId
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.reports.table import Column, ColumnKind, Row, Table
from donations.reports.words import PURPOSES, WITHOUT_PURPOSE, OwnText
from donations.store.payments.payments import attested_ids, last_attested_id
from donations.store.session import ReadSession
from donations.views.decision import LineView, line_views
from donations.views.payment import PaymentView, payment_views

SIZE = 25
_WRITTEN = re.compile(r"([0-9]{1,9})-([0-9]{1,15})", re.ASCII)
COLUMNS = (
    Column("payment", N_("Payment"), ColumnKind.COUNT),
    Column("day", N_("Day"), ColumnKind.DAY),
    Column("name", N_("Name"), ColumnKind.TEXT),
    Column("what", N_("What"), ColumnKind.TEXT),
    Column("minor", N_("By the bank’s line"), ColumnKind.MINOR),
    Column("currency", N_("Currency"), ColumnKind.CURRENCY),
    Column("file_id", N_("File no."), ColumnKind.COUNT),
    Column("file", N_("File"), ColumnKind.TEXT),
    Column("line", N_("Line"), ColumnKind.COUNT),
)


@dataclass(frozen=True, slots=True)
class Seed:
    """What a sample follows from: a number, and the last payment that it was drawn among."""

    number: int
    last: int

    def __str__(self) -> str:
        """Write it as people pass it on."""
        return f"{self.number}-{self.last}"

    @classmethod
    def read(cls, written: str) -> Seed:
        """Return what was passed on. Raises `Refusal`."""
        found = _WRITTEN.fullmatch(written.strip())
        if found is None:
            raise Refusal(RequestCode.UNKNOWN_PAGE)
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def new(cls, session: ReadSession) -> Seed:
        """Return one that nobody could choose, for all payments so far."""
        return cls(randbelow(10**6), last_attested_id(session))

    def first_of(self, payments: Iterable[PaymentId], *, size: int) -> list[PaymentId]:
        """Return the first of these payments in the order in which they are drawn, by number."""
        begun = sha256(f"{self}:".encode())

        def place(payment: PaymentId) -> bytes:
            digest = begun.copy()
            digest.update(b"%d" % payment)
            return digest.digest()

        return sorted(nsmallest(size, (each for each in payments if each <= self.last), key=place))


def drawn(session: ReadSession, seed: Seed) -> list[PaymentId]:
    """Return the payments of a sample; what joins the books later changes nothing, what leaves them is replaced."""
    return seed.first_of(attested_ids(session), size=SIZE)


def sample(session: ReadSession, seed: Seed) -> Table:
    """Return the sample with a row for each line of the bank; the other columns stand in the first of a payment."""
    rows: list[Row] = []
    for payment in payment_views(session, drawn(session, seed)):
        rows += [_row(payment, line) for line in line_views(session, PaymentId(payment.id))]
    title = OwnText(N_("A sample of {count} payments, seed {seed}"), ("count", str(SIZE)), ("seed", str(seed)))
    return Table(title=title, columns=COLUMNS, rows=tuple(rows))


def _row(payment: PaymentView, line: LineView) -> Row:
    purposes = tuple(dict.fromkeys(PURPOSES[part.purpose].phrase for part in payment.parts))
    what = OwnText("{purposes}", ("purposes", purposes or (WITHOUT_PURPOSE.phrase,)))
    money = line.money
    return (
        *(payment.id, payment.booked_on, payment.counterparty.name, what, money.minor, money.currency),
        *(line.import_id, line.file, line.line),
    )
