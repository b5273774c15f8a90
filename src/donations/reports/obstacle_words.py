"""What is in the way of closing a month, in words; and what was, where it was closed all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from donations.acts.proving import Proved
from donations.core.language import N_
from donations.core.money import Currency
from donations.core.period import Period
from donations.identity.proof import Run
from donations.ledger.obstacles import STATES, Obstacle, ObstacleKind, SetAside
from donations.reports.day_reasons import ReasonedRun, Reasons
from donations.reports.day_words import DAYS, sentences
from donations.reports.said import Said
from donations.reports.under_way import SaidUnderWay, said_under_way
from donations.store.session import ReadSession
from donations.store.statements.files import Ledger
from donations.views.telling import Phrase, Value

_SAID = {
    ObstacleKind.CLOSED_ALREADY: N_("The month is closed."),
    ObstacleKind.NOT_OVER: N_("The month is not over yet."),
    ObstacleKind.NO_STATEMENT: N_("No statement of this month is in the books."),
    ObstacleKind.EARLIER_OPEN: N_("Months are closed in order, and {month} is still open."),
    ObstacleKind.QUESTIONS_OPEN: N_("Open questions of this month: {count}."),
    ObstacleKind.STATEMENTS_DISAGREE: N_("Payments of this month on which statements disagree: {count}."),
}
_OF_DAYS = N_("{account}, {days}: {state}.")
_WITH = N_("{what}: {count}")
_ON_DAYS = N_("{what}, {account}, {days}")
_WAS = {
    ObstacleKind.DAYS_BROKEN: Said(N_("contradictions"), code="days_broken"),
    ObstacleKind.DAYS_MISSING: Said(N_("days missing"), code="days_missing"),
    ObstacleKind.DAYS_NOT_OVER: Said(N_("days that were not over in the statements"), code="days_not_over"),
    ObstacleKind.DAYS_UNCHANGED: Said(N_("days without a statement"), code="days_unchanged"),
    ObstacleKind.DAYS_UNPROVEN: Said(N_("days not proven"), code="days_unproven"),
    ObstacleKind.TRANSFER_LATE: Said(N_("an own transfer that did not arrive"), code="transfer_late"),
    ObstacleKind.QUESTIONS_OPEN: Said(N_("open questions"), code="questions_open"),
    ObstacleKind.STATEMENTS_DISAGREE: Said(N_("statements that disagree"), code="statements_disagree"),
}
"""What was in the way of a month that was closed for a reason."""

_SOMETHING = Said(N_("something in the way"), code="something")

Called = Callable[[str], str]
"""What a reader calls an own account, by its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidObstacle:
    """One thing in the way, with its words."""

    obstacle: Obstacle
    said: Phrase
    reasoned: ReasonedRun | None = None
    """Of days: why they are not proven, and what to do."""
    ledger: Ledger | None = None
    """Of days: whose they are."""

    @property
    def told(self) -> Phrase:
        """Say everything there is to say of it."""
        found = self.reasoned
        if found is None:
            return self.said
        return sentences([self.said, found.why, None if found.near is None else found.near.phrase, found.to_do])


def said_obstacles(
    session: ReadSession, found: Iterable[Obstacle], proved: Sequence[Proved], called: Called = str
) -> tuple[SaidObstacle, ...]:
    """Return what is in the way with its words."""
    reasons, given = Reasons(session), tuple(found)
    ledgers = {(each.number, each.currency): each for each in proved}
    late = [each.transfer for each in given if each.transfer is not None]
    moving = {each.found: each for each in said_under_way(session, late, proved, called)}
    return tuple(
        _said(each, reasons, ledgers, called) if each.transfer is None else _of_transfer(each, moving[each.transfer])
        for each in given
    )


def _of_transfer(each: Obstacle, said: SaidUnderWay) -> SaidObstacle:
    return SaidObstacle(obstacle=each, said=sentences([said.sides, said.waits]))


def _said(
    each: Obstacle, reasons: Reasons, ledgers: Mapping[tuple[str, Currency], Proved], called: Called
) -> SaidObstacle:
    state = STATES.get(each.kind)
    if state is None or each.currency is None or each.first_day is None or each.last_day is None:
        values: dict[str, Value] = {"count": str(each.count), "month": "" if each.month is None else each.month}
        return SaidObstacle(obstacle=each, said=Phrase(_SAID[each.kind], tuple(values.items())))
    run = Run(each.first_day, each.last_day, state, each.why)
    days = Period(each.first_day, each.last_day)
    whose: dict[str, Value] = {"account": called(each.account), "days": days, "state": DAYS[state].phrase}
    proved = ledgers[each.account, each.currency]
    said = Phrase(_OF_DAYS, tuple(whose.items()))
    return SaidObstacle(obstacle=each, said=said, reasoned=reasons.of(proved, run), ledger=proved.ledger)


def was_said(each: SetAside) -> Phrase:
    """Return what was in the way when a month was closed."""
    what = ("what", _SOMETHING.phrase if each.kind is None else _WAS.get(each.kind, _SOMETHING).phrase)
    if each.days is not None:
        return Phrase(_ON_DAYS, (what, ("account", each.account), ("days", Period(*each.days))))
    return Phrase(_WITH, (what, ("count", str(each.count)))) if each.count else what[1]
