"""What is in the way of closing a month, one by one, and what a written reason set aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from donations.core.calendar import Month
from donations.core.iban import masked, parse_account
from donations.core.money import Currency
from donations.identity.proof import DayCause, DayReason, DayState, Run
from donations.ledger.figures import Figures
from donations.ledger.payouts import Payout
from donations.ledger.transfers import UnderWay


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """One thing that was in the way."""

    reason: str
    kind: ObstacleKind | None = None
    """None in closings of an older program, which kept the reasons alone."""
    account: str = ""
    """The masked number, where it was about one."""
    days: tuple[date, date] | None = None
    count: int = 0


def written(found: Iterable[tuple[Obstacle, str]]) -> str | None:
    """Return what is kept, a line for each; None where nothing was in the way."""
    return "\n".join(f"{each.name}: {' '.join(reason.split())}" for each, reason in found) or None


def read(text: str | None) -> list[SetAside]:
    """Return what was set aside."""
    return [_read(line) for line in (text or "").splitlines() if line.strip()]


def _read(line: str) -> SetAside:
    name, mark, reason = line.partition(": ")
    kind, *about = name.split(" ")
    if not mark or kind not in set(ObstacleKind):
        return SetAside(reason=line)
    try:
        days = [tuple(map(date.fromisoformat, each.split(".."))) for each in about if ".." in each]
        first_day, last_day = days[0] if days else (None, None)
    except ValueError:
        return SetAside(reason=line)
    return SetAside(
        reason=reason,
        kind=ObstacleKind(kind),
        account=next((each for each in about if not each.isdecimal() and ".." not in each), ""),
        days=None if first_day is None or last_day is None else (first_day, last_day),
        count=next((int(each) for each in about if each.isdecimal()), 0),
    )


class ObstacleKind(StrEnum):
    """Stable codes."""

    CLOSED_ALREADY = "closed_already"
    NOT_OVER = "not_over"
    NO_STATEMENT = "no_statement"
    EARLIER_OPEN = "earlier_open"
    DAYS_BROKEN = "days_broken"
    DAYS_MISSING = "days_missing"
    DAYS_NOT_OVER = "days_not_over"
    DAYS_UNCHANGED = "days_unchanged"
    DAYS_UNPROVEN = "days_unproven"
    TRANSFER_LATE = "transfer_late"
    PAYOUT_LACKS_LINES = "payout_lacks_lines"
    QUESTIONS_OPEN = "questions_open"
    STATEMENTS_DISAGREE = "statements_disagree"


_FINAL = frozenset(
    {ObstacleKind.CLOSED_ALREADY, ObstacleKind.NOT_OVER, ObstacleKind.NO_STATEMENT, ObstacleKind.EARLIER_OPEN}
)
_OF_PROOF = {
    DayState.CONFLICT: ObstacleKind.DAYS_BROKEN,
    DayState.MISSING: ObstacleKind.DAYS_MISSING,
    DayState.NOT_OVER: ObstacleKind.DAYS_NOT_OVER,
    DayState.UNCHANGED: ObstacleKind.DAYS_UNCHANGED,
    DayState.UNPROVEN: ObstacleKind.DAYS_UNPROVEN,
}
STATES = {kind: state for state, kind in _OF_PROOF.items()}
"""What is known of the days, for each kind that is about days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One thing in the way."""

    kind: ObstacleKind
    account: str = ""
    """The account number, where it is about one."""
    currency: Currency | None = None
    first_day: date | None = None
    """The days it is about; of a transfer the day on which it left."""
    last_day: date | None = None
    why: DayReason | None = None
    """Why the days are not proven."""
    transfer: UnderWay | None = None
    """What did not arrive."""
    payout: Payout | None = None
    """What was not made of the lines that are in the books."""
    count: int = 0
    """How many, of questions and of disagreements."""
    month: Month | None = None
    """The earlier month that is open."""

    @property
    def is_final(self) -> bool:
        """Whether no reason sets it aside."""
        return self.kind in _FINAL

    @property
    def key(self) -> str:
        """Names it among the others of the month, for the reason that sets it aside."""
        moved = None if self.transfer is None else self.transfer.side.payment
        if self.payout is not None:
            moved = min(self.payout.payments)
        about = (self.kind.value, self.account, self.currency, self.first_day, moved)
        return ":".join(str(each) for each in about if each)

    @property
    def name(self) -> str:
        """Names it in what is kept of a closing, for everybody who reads the reports."""
        number = parse_account(self.account)
        account = "" if number is None else masked(number)
        days = f"{self.first_day}..{self.last_day}" if self.first_day else ""
        count = str(self.count) if self.count else ""
        return " ".join(filter(None, (self.kind.value, account, days, count)))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAccount:
    """An own account that is open in the month, and what is known of its days there."""

    account: str
    currency: Currency
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthToClose:
    """How a month stands among the others."""

    is_closed: bool
    is_over: bool
    earlier_open: Month | None
    """The first earlier month with payments that is open."""
    accounts: tuple[OpenAccount, ...] = ()
    late: tuple[UnderWay, ...] = ()
    """Transfers of the month that should have arrived, or that nothing in the books could show."""
    payouts: tuple[Payout, ...] = ()
    """Those of the month whose lines are not all in the books."""
    disagreements: int = 0
    """What statements disagree on about payments of the month."""


def obstacles(figures: Figures, standing: MonthToClose) -> tuple[Obstacle, ...]:
    """Return what is in the way of closing a month with these figures, what is final first."""
    return tuple(_obstacles(figures, standing))


def _obstacles(figures: Figures, standing: MonthToClose) -> Iterator[Obstacle]:
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
    for each in standing.accounts:
        yield from _of_days(each)
    for late in standing.late:
        side = late.side
        yield Obstacle(
            kind=ObstacleKind.TRANSFER_LATE,
            account=side.account,
            currency=side.currency,
            first_day=side.booked_on,
            last_day=late.until,
            transfer=late,
        )
    for payout in standing.payouts:
        yield Obstacle(
            kind=ObstacleKind.PAYOUT_LACKS_LINES,
            account=payout.account,
            currency=payout.currency,
            first_day=payout.day,
            last_day=payout.day,
            payout=payout,
        )
    if figures.questions:
        yield Obstacle(kind=ObstacleKind.QUESTIONS_OPEN, count=figures.questions)
    if standing.disagreements:
        yield Obstacle(kind=ObstacleKind.STATEMENTS_DISAGREE, count=standing.disagreements)


def _of_days(account: OpenAccount) -> Iterator[Obstacle]:
    """Yield days that are not proven; of which a person confirmed that nothing moved, they are as good as that."""
    for run in account.runs:
        is_confirmed = run.why is not None and run.why.cause is DayCause.CONFIRMED
        if run.state is not DayState.PROVEN and not is_confirmed:
            yield Obstacle(
                kind=_OF_PROOF[run.state],
                account=account.account,
                currency=account.currency,
                first_day=run.first_day,
                last_day=run.last_day,
                why=run.why,
            )
