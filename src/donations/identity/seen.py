"""Statement lines as identity sees them: with the statement they stand in and the batch they belong to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NewType

from donations.core.iban import ValidIban
from donations.core.money import Minor
from donations.core.name import name_key
from donations.core.statement import UNKNOWN_PROVENANCE, BankId, IdScheme, Provenance, StatementLine
from donations.identity.moments import end_of

LineId = NewType("LineId", int)
StatementId = NewType("StatementId", int)


@dataclass(frozen=True, slots=True, eq=False)
class SeenLine:
    """One line of an imported statement: a payment's line, or the total of a batch entry."""

    id: LineId
    statement: StatementId
    line: StatementLine
    batch: LineId | None = None
    """The total that this line is a part of."""
    is_batch_total: bool = False
    """Whether the line's parts are the payments, and the line itself is none."""

    @property
    def bucket(self) -> tuple[date, Minor]:
        """Lines can only be the same payment on one booking date and with one signed amount."""
        return (self.line.booked_on, self.line.money.signed_minor)

    @property
    def iban(self) -> ValidIban | None:
        """The counterparty's account where it is a valid IBAN."""
        account = self.line.counterparty.account
        return account if isinstance(account, str) else None

    @property
    def words(self) -> frozenset[str]:
        """The folded words of the counterparty's name."""
        return frozenset(name_key(self.line.counterparty.name).split())


@dataclass(frozen=True, slots=True, eq=False)
class SeenStatement:
    """A statement of one account and currency whose lines are all here."""

    id: StatementId
    fingerprint: str
    """Digest of its file and its place in it: an order that does not depend on when it was imported."""
    first_day: date
    last_day: date
    opening: Minor | None
    closing: Minor | None
    lines: tuple[SeenLine, ...]
    provenance: Provenance = UNKNOWN_PROVENANCE
    demoted: frozenset[BankId] = field(init=False)
    """Ids that the statement repeats on different rows: this bank reuses them, so they prove nothing here."""

    def __post_init__(self) -> None:
        """Find the ids that tell nothing."""
        once: set[BankId] = set()
        repeated: set[BankId] = set()
        for seen in self.lines:
            for bank_id in seen.line.ids:
                (repeated if bank_id in once else once).add(bank_id)
        object.__setattr__(self, "demoted", frozenset(repeated))

    @property
    def made(self) -> tuple[datetime, str]:
        """Orders statements by when the bank made them, as far as it is known; never by when they were imported."""
        known = (self.provenance.made_at, self.provenance.ends_at, end_of(self.last_day))
        return next(moment for moment in known if moment is not None), self.fingerprint

    def on(self, day: date) -> tuple[SeenLine, ...]:
        """Return its entries of one day: a batch counts once, as its total."""
        return tuple(seen for seen in self.lines if seen.line.booked_on == day and seen.batch is None)

    def ids_of(self, seen: SeenLine) -> dict[IdScheme, frozenset[str]]:
        """Return the line's telling ids by scheme."""
        found: dict[IdScheme, frozenset[str]] = {}
        for bank_id in seen.line.ids:
            if bank_id not in self.demoted:
                found[bank_id.scheme] = found.get(bank_id.scheme, frozenset()) | {bank_id.value}
        return found
