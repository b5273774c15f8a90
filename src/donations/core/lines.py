"""The lines of a statement by columns: what repeats from line to line is held once, and a line is made when asked for.

A payer gives again and again: of 100,000 lines some 22,000 differ in more than their day, their amount and their ids.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter, eq
from typing import Any, NamedTuple, overload

from donations.core.money import Amount, Currency, Minor, money_of
from donations.core.problem import Problem
from donations.core.reference import Reference
from donations.core.statement import (
    BankId,
    Counterparty,
    Detail,
    IdScheme,
    LineKind,
    StatedBalance,
    StatedTotal,
    StatementLine,
    StatementStart,
)


class Saying(NamedTuple):
    """What a line says besides when, how much and under which ids: who and what for. `StatementLine` has the words."""

    currency: Currency
    counterparty: Counterparty
    text: str = ""
    bank_text: str = ""
    reference: Reference | None = None
    kind: LineKind = LineKind.TRANSFER
    is_reversal: bool = False
    return_reason: str = ""
    original: Amount | None = None
    charges: Amount | None = None
    parts: tuple[StatementLine, ...] = ()
    details: tuple[Detail, ...] = ()

    @property
    def payments(self) -> int:
        """How many payments a line shows."""
        return len(self.details) or len(self.parts) or 1


_SAID = attrgetter("money.amount.currency", *Saying._fields[1:])


class StatedLine(NamedTuple):
    """One row of one statement as a reader states it: a `StatementLine` in the columns of `Lines`."""

    row: int
    booked_on: date
    minor: Minor
    """Signed; never 0."""
    saying: Saying
    schemes: tuple[IdScheme, ...] = ()
    """Of its ids, in their order."""
    numbers: tuple[str, ...] = ()
    """Their values."""
    value_date: date | None = None

    @classmethod
    def of(cls, line: StatementLine) -> StatedLine:
        """Return a line as its columns."""
        return cls(
            row=line.row,
            booked_on=line.booked_on,
            minor=line.money.signed_minor,
            saying=Saying._make(_SAID(line)),
            schemes=tuple([each.scheme for each in line.ids]),
            numbers=tuple([each.value for each in line.ids]),
            value_date=line.value_date,
        )

    @property
    def whole(self) -> StatementLine:
        """The line itself."""
        said = self.saying
        return StatementLine(
            row=self.row,
            booked_on=self.booked_on,
            money=money_of(self.minor, said.currency),
            counterparty=said.counterparty,
            text=said.text,
            bank_text=said.bank_text,
            reference=said.reference,
            ids=tuple(map(BankId, self.schemes, self.numbers)),
            kind=said.kind,
            is_reversal=said.is_reversal,
            return_reason=said.return_reason,
            value_date=self.value_date,
            original=said.original,
            charges=said.charges,
            parts=said.parts,
            details=said.details,
        )


@dataclass(slots=True, eq=False)
class Lines(Sequence[StatementLine]):
    """Lines in their order; each is made when it is asked for. All columns have the same length, and only grow."""

    rows: array[int] = field(default_factory=lambda: array("q"))
    days: list[date] = field(default_factory=list)
    minors: array[Minor] = field(default_factory=lambda: array("q"))
    """What each line moved, signed."""
    sayings: list[Saying] = field(default_factory=list)
    """One object where lines say the same, as far as their reader noticed."""
    schemes: list[tuple[IdScheme, ...]] = field(default_factory=list)
    numbers: list[tuple[str, ...]] = field(default_factory=list)
    value_dates: list[date | None] = field(default_factory=list)

    @classmethod
    def of(cls, lines: Iterable[StatedLine]) -> Lines:
        """Return lines as columns."""
        made = cls()
        for column, values in zip(made.columns, zip(*lines, strict=True), strict=False):
            column.extend(values)
        return made

    @property
    def columns(self) -> tuple[Any, ...]:
        """All columns, in the order of `StatedLine`."""
        return self.rows, self.days, self.minors, self.sayings, self.schemes, self.numbers, self.value_dates

    def append(self, line: StatedLine) -> None:
        """Add a line."""
        row, day, minor, saying, schemes, numbers, value_date = line
        self.rows.append(row)
        self.days.append(day)
        self.minors.append(minor)
        self.sayings.append(saying)
        self.schemes.append(schemes)
        self.numbers.append(numbers)
        self.value_dates.append(value_date)

    def extend(self, more: Lines) -> None:
        """Add the lines of others."""
        for column, values in zip(self.columns, more.columns, strict=True):
            column.extend(values)

    def distinct(self) -> Iterable[Saying]:
        """Return what the lines say, once each; again where their reader did not notice."""
        return {id(each): each for each in self.sayings}.values()

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[StatementLine]:
        return (StatedLine(*each).whole for each in zip(*self.columns, strict=True))

    @overload
    def __getitem__(self, at: int) -> StatementLine: ...

    @overload
    def __getitem__(self, at: slice) -> list[StatementLine]: ...

    def __getitem__(self, at: int | slice) -> StatementLine | list[StatementLine]:
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        return StatedLine(*[column[at] for column in self.columns]).whole

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(eq, self, other))

    __hash__ = None  # type: ignore[assignment]  # they grow


Fact = StatementStart | StatedLine | StatedBalance | StatedTotal | Problem
"""What a reader yields, in the order the file states it (the draft of a statement is a run of facts)."""
