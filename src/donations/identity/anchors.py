"""Balances as anchors: at which moment each held, and what the account held before all books if it is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from donations.core.money import Minor
from donations.identity.moments import is_over
from donations.identity.seen import StatementId
from donations.identity.stated import DAY, Facts, Interim, Movement, Stated
from donations.identity.witnesses import Witness


class Point(IntEnum):
    """Where inside a day a balance held."""

    INSIDE = 0
    END = 1


class Told(StrEnum):
    """Where a balance is from; stable codes."""

    OPENING = "opening"
    CLOSING = "closing"
    INTERIM = "interim"
    ENTERED = "entered"
    """A person read it in the internet bank."""
    ENDED = "ended"
    """A person ended the account: nothing is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A balance that the bank states or a person read; equal `base` for all if books and bank agree."""

    day: date
    point: Point
    minor: Minor
    """The balance itself."""
    base: Minor
    """The balance less what the ledger moved up to that moment."""
    told: Told
    statement: StatementId | None = None
    """None where a person told it."""
    is_sure: bool = True
    """Whether its moment is known; one of an unknown moment of its day proves, but contradicts nothing."""

    @property
    def opens(self) -> bool:
        """Whether what comes after it is the statement's."""
        return self.told is Told.OPENING

    @property
    def at(self) -> tuple[date, Point]:
        """Orders anchors in time."""
        return self.day, self.point


def anchors(facts: Facts, known: Sequence[Witness]) -> list[Anchor]:
    """Return all balances in the order of time; unsure ones only where they agree with the one before or after."""
    moved = Movement(facts.by_day)
    every = sorted(_anchors(facts, known, moved), key=lambda each: (*each.at, each.opens, each.statement or 0))
    sure = [each for each in every if each.is_sure]
    return [each for each in every if each.is_sure or _agrees(each, sure)]


def _agrees(unsure: Anchor, sure: Sequence[Anchor]) -> bool:
    before = [each for each in sure if each.at <= unsure.at][-1:]
    after = [each for each in sure if each.at > unsure.at][:1]
    return any(each.base == unsure.base for each in (*before, *after))


def _anchors(facts: Facts, known: Sequence[Witness], moved: Movement) -> Iterator[Anchor]:
    for witness in known:
        yield from _of_statement(witness, moved)
    for day, minor in facts.given.items():
        yield Anchor(day=day, point=Point.END, minor=minor, base=minor - moved.until(day), told=Told.ENTERED)
    if facts.ended is not None and facts.left is not None and facts.ended not in facts.given:
        base = facts.left - moved.until(facts.ended)
        yield Anchor(day=facts.ended, point=Point.END, minor=facts.left, base=base, told=Told.ENDED)


def _of_statement(witness: Witness, moved: Movement) -> Iterator[Anchor]:
    stated = witness.stated
    if stated.opening is not None and (base := witness.opening_base) is not None:
        inside = witness.begins_inside
        yield Anchor(
            day=stated.first_day if inside else stated.first_day - DAY,
            point=Point.INSIDE if inside else Point.END,
            minor=stated.opening,
            base=base,
            told=Told.OPENING,
            statement=stated.id,
        )
    if stated.closing is not None and (base := witness.closing_base) is not None:
        yield Anchor(
            day=stated.last_day,
            point=Point.INSIDE if witness.ends_inside else Point.END,
            minor=stated.closing,
            base=base,
            told=Told.CLOSING,
            statement=stated.id,
        )
    for interim in stated.interim:
        yield Anchor(
            day=interim.day,
            point=Point.END,
            minor=interim.minor,
            base=interim.minor - moved.until(interim.day),
            told=Told.INTERIM,
            statement=stated.id,
            is_sure=_is_sure(interim, stated),
        )


def _is_sure(interim: Interim, stated: Stated) -> bool:
    """Whether a balance is known to have held when its day was over: it was made later, or says a later moment."""
    said = interim.at or stated.provenance.made_at
    return interim.day < stated.last_day if said is None else is_over(interim.day, said)
