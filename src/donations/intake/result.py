"""What became of a file and what it brought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from donations.core.money import Minor
from donations.core.problem import Problem
from donations.core.statement import Proof


class FileStatus(StrEnum):
    """What became of a file."""

    IMPORTED = "imported"
    ALREADY_IMPORTED = "already_imported"
    NOTHING_NEW = "nothing_new"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementResult:
    """One statement of an imported file; amounts in minor units."""

    account: str
    currency: str
    first_day: date
    last_day: date
    opening: Minor | None
    closing: Minor | None
    proof: Proof
    lines: int
    new: int
    known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult:
    """What became of a file and what it brought."""

    name: str
    status: FileStatus
    format: str | None = None
    file_id: int | None = None
    statements: tuple[StatementResult, ...] = ()
    gifts: int = 0
    """Gifts booked now, on the file's new payments or on known ones that it says more of."""
    gift_totals: tuple[tuple[str, Minor], ...] = ()
    """Sum of these gifts by currency."""
    questions: int = 0
    """New payments that wait for a person."""
    problems: tuple[Problem, ...] = ()
    imported_at: datetime | None = None
    imported_by: str | None = None
