"""The facts that the checks look at, whole books of them, and what they find broken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from donations.core.donor import DonorId
from donations.core.language import Sentence
from donations.core.money import Currency, Minor
from donations.core.payment import Allocation
from donations.ledger.day_sums import DaySums


class PaymentFact(NamedTuple):
    """A payment as the ledger has it; signed minor units."""

    id: int
    account: int
    currency: Currency
    booked_on: date
    minor: Minor
    ordinal: int


class LineFact(NamedTuple):
    """A line of an active statement."""

    id: int
    statement: int
    account: int
    currency: Currency
    booked_on: date
    minor: Minor
    batch: int | None
    is_total: bool


class StatementFact(NamedTuple):
    """An active statement; `moved` is the sum of its rows (a batch counted once)."""

    id: int
    file: int
    opening: Minor | None
    closing: Minor | None
    moved: Minor
    accepted: str | None
    """The reason why an imbalance was accepted."""


class DocumentFact(NamedTuple):
    """A kept file: the digest under which it is kept, and that of its bytes now."""

    kept_as: str
    bytes_now: str | None
    """None where the bytes are gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedBooks:
    """What the checks look at."""

    payments: Mapping[int, PaymentFact] = field(default_factory=dict)
    """Reversed ones too."""
    allocations: Sequence[Allocation] = ()
    attestations: Sequence[tuple[int, int]] = ()
    """Line and payment."""
    lines: Mapping[int, LineFact] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()
    """Lines that a person said attest nothing."""
    statements: Sequence[StatementFact] = ()
    documents: Sequence[DocumentFact] = ()
    merges: Mapping[DonorId, DonorId] = field(default_factory=dict)
    """The merges that stand: each donor with the one it was merged into."""
    links: frozenset[tuple[DonorId, DonorId]] = frozenset()
    """Donors who are one by the bank's lines."""
    merged_into: Mapping[DonorId, DonorId] = field(default_factory=dict)
    """Who is shown as another donor."""
    without_iban: frozenset[int] = frozenset()
    """Payments whose lines name no valid account of the other side, and that are of no donor out of sight (erased lines
    say nothing either way)."""
    standing_rules: frozenset[str] = frozenset()
    """Those that people made, as decisions name them, switched off ones too."""
    day_sums: DaySums = field(default_factory=DaySums)
    """As they are kept."""
    unguarded: Sequence[tuple[str, str]] = ()
    """Table and verb (`update`, `delete`) that the database would let through."""

    @property
    def attested(self) -> frozenset[int]:
        """The payments that some line attests."""
        return frozenset(payment for _, payment in self.attestations)


class Violation(NamedTuple):
    """Where an invariant is broken, and how."""

    where: Sentence
    what: Sentence | str
    """A text where a report has said it already."""
