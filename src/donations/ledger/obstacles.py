"""What is in the way of closing a month, and whether a written reason may set it aside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from donations.core.month import Month
from donations.identity.proof import DayState
from donations.ledger.figures import Figures


class ObstacleKind(StrEnum):
    """Stable codes."""

    CLOSED_ALREADY = "closed_already"
    NOT_OVER = "not_over"
    NO_STATEMENT = "no_statement"
    EARLIER_OPEN = "earlier_open"
    DAYS_BROKEN = "days_broken"
    DAYS_MISSING = "days_missing"
    DAYS_UNPROVEN = "days_unproven"
    QUESTIONS_OPEN = "questions_open"
    STATEMENTS_DISAGREE = "statements_disagree"


_FINAL = frozenset(
    {ObstacleKind.CLOSED_ALREADY, ObstacleKind.NOT_OVER, ObstacleKind.NO_STATEMENT, ObstacleKind.EARLIER_OPEN}
)
_OF_PROOF = {
    DayState.CONFLICT: ObstacleKind.DAYS_BROKEN,
    DayState.MISSING: ObstacleKind.DAYS_MISSING,
    DayState.UNPROVEN: ObstacleKind.DAYS_UNPROVEN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One thing in the way."""

    kind: ObstacleKind
    account: str = ""
    """The account number, where it is about one."""
    count: int = 0
    """How many, of questions and of disagreements."""
    month: Month | None = None
    """The earlier month that is open."""

    @property
    def is_final(self) -> bool:
        """Whether no reason sets it aside."""
        return self.kind in _FINAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a month stands among the others."""

    is_closed: bool
    is_over: bool
    earlier_open: Month | None
    """The first earlier month with payments that is open."""
    silent: tuple[str, ...] = ()
    """Accounts whose statements end before the month begins."""
    disagreements: int = 0
    """What statements disagree on about payments of the month."""


def obstacles(figures: Figures, standing: Standing) -> tuple[Obstacle, ...]:
    """Return what is in the way of closing a month with these figures, what is final first."""
    return tuple(_obstacles(figures, standing))


def _obstacles(figures: Figures, standing: Standing) -> Iterator[Obstacle]:
    if standing.is_closed:
        yield Obstacle(kind=ObstacleKind.CLOSED_ALREADY)
        return
    if not standing.is_over:
        yield Obstacle(kind=ObstacleKind.NOT_OVER)
    if not figures.accounts:
        yield Obstacle(kind=ObstacleKind.NO_STATEMENT)
        return
    if standing.earlier_open is not None:
        yield Obstacle(kind=ObstacleKind.EARLIER_OPEN, month=standing.earlier_open)
    for each in figures.accounts:
        if each.proof is not DayState.PROVEN:
            yield Obstacle(kind=_OF_PROOF[each.proof], account=each.account)
    for account in standing.silent:
        yield Obstacle(kind=ObstacleKind.DAYS_MISSING, account=account)
    if figures.questions:
        yield Obstacle(kind=ObstacleKind.QUESTIONS_OPEN, count=figures.questions)
    if standing.disagreements:
        yield Obstacle(kind=ObstacleKind.STATEMENTS_DISAGREE, count=standing.disagreements)
