"""How far the bank's own balances prove each account, and up to which day the books agree with all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from donations.core.calendar import Period
from donations.core.money import EUR, Currency, Minor
from donations.identity.proof import WORST_FIRST, DayReason, DayState, LedgerProof, Run
from donations.identity.stated import Facts, LedgerMovement
from donations.identity.witnesses import Anchor
from donations.ledger.transfers import UnderWay
from donations.store.donors import people
from donations.store.session import ReadSession, once
from donations.store.statements.coverage import ledger_proof, ledgers
from donations.store.statements.files import Ledger

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """One own account in one currency, and what is known of its days."""

    ledger: Ledger
    number: str
    """The account number."""
    proof: LedgerProof

    @property
    def currency(self) -> Currency:
        """The currency of all amounts."""
        return self.ledger.currency

    @property
    def facts(self) -> Facts:
        """Everything the proof rests on."""
        return self.proof.facts

    @property
    def runs(self) -> tuple[Run, ...]:
        """The states of all days, from the account's beginning; empty where no statement came yet."""
        return self.proof.runs

    @property
    def anchors(self) -> tuple[Anchor, ...]:
        """The balances that the bank states or a person read, in the order of time."""
        return self.proof.anchors

    @property
    def covered(self) -> Period | None:
        """From the first to the last day of which something is known; None where no statement came yet."""
        return Period(self.runs[0].first_day, self.runs[-1].last_day) if self.runs else None

    @property
    def moved(self) -> LedgerMovement:
        """What the ledger moved."""
        return LedgerMovement(self.facts.by_day)

    def balance(self, day: date) -> Minor | None:
        """Return what the account held at the end of a day by the ledger; None where no balance was ever stated."""
        return self.anchors[0].base + self.moved.until(day) if self.anchors else None

    def open_days(self, period: Period) -> Period | None:
        """Return the days of a period on which the account is open; None where it is not."""
        begin, ended = self.proof.begin, self.facts.ended
        if begin is None or not self.proof.is_open(period.first_day, period.last_day):
            return None
        return Period(max(begin, period.first_day), period.last_day if ended is None else min(ended, period.last_day))

    def state_on(self, day: date) -> DayState:
        """Return what is known of one day; no statement covers those that no run has."""
        return next((run.state for run in self.runs if run.first_day <= day <= run.last_day), DayState.MISSING)

    def state_in(self, period: Period) -> DayState:
        """Return the worst that is known of any open day in the period."""
        states = {run.state for run in self.open_runs(period)}
        return next((state for state in WORST_FIRST if state in states), DayState.PROVEN)

    def runs_in(self, period: Period) -> list[Run]:
        """Return the runs of days, cut to the period."""
        return [
            Run(max(run.first_day, period.first_day), min(run.last_day, period.last_day), run.state, run.why)
            for run in self.runs
            if period.touches(run.first_day, run.last_day)
        ]

    def open_runs(self, period: Period) -> list[Run]:
        """Return the states of all open days of the period: behind the last statement they are missing."""
        days = self.open_days(period)
        if days is None:
            return []
        found = self.runs_in(days)
        begin = found[-1].last_day + _DAY if found else days.first_day
        if begin <= days.last_day:
            found.append(Run(begin, days.last_day, DayState.MISSING, DayReason.no_statement()))
        return found


def proofs(session: ReadSession) -> tuple[Proved, ...]:
    """Return every own account with each of its currencies; in euros where no statement says its currency yet."""
    return once(session, _proofs)


def _proofs(session: ReadSession) -> tuple[Proved, ...]:
    numbers = {row.id: row.number for row in people.accounts(session)}
    return tuple(
        Proved(ledger=each, number=numbers[each.account_id], proof=ledger_proof(session, each))
        for each in ledgers(session)
    )


def unproven_days(session: ReadSession, *, today: date) -> int | None:
    """Return for how many days some account that is still there is not proven, today included; None without statements.

    Days count from the first that is not proven, whatever is proven behind it.
    """
    ended = {row.id for row in people.accounts(session) if row.ended_on is not None}
    since = [
        _proven_before(each.runs[0]) for each in proofs(session) if each.ledger.account_id not in ended and each.runs
    ]
    return (today - min(since)).days if since else None


def _proven_before(first: Run) -> date:
    return first.last_day if first.state is DayState.PROVEN else first.first_day - _DAY


def worst(states: Sequence[DayState]) -> DayState:
    """Return the worst of some states; proven where there is none."""
    return next((state for state in WORST_FIRST if state in states), DayState.PROVEN)


def days_of(run: Run) -> int:
    """Return how many days a run has."""
    return (run.last_day - run.first_day) // timedelta(days=1) + 1


def agreed_until(proved: Sequence[Proved], moving: Iterable[UnderWay], *, last_day: date) -> date | None:
    """Return the last day, at most `last_day`, up to which every open account in euros is proven; None where none is.

    Days that nothing proves end it, whatever a person said of them; so does the day on which own money `moving`
    between own accounts left for, or came from, where the books do not see it.
    """
    ours = [each for each in proved if each.currency == EUR and each.proof.begin is not None]
    unseen = [each.side.booked_on - _DAY for each in moving if each.is_out_of_sight and each.side.currency == EUR]
    until = min((*(_end(each, last_day) for each in ours), *unseen), default=None)
    begins = min((each.proof.begin for each in ours if each.proof.begin is not None), default=None)
    return until if until is not None and begins is not None and begins <= until else None


def _end(proved: Proved, last_day: date) -> date:
    """Return the last day up to which an account is proven; before it began and after its end nothing is to prove."""
    unproven = next((run.first_day for run in proved.runs if run.state is not DayState.PROVEN), None)
    begin, ended = proved.proof.begin, proved.facts.ended
    if begin is None or begin > last_day:
        return last_day
    if unproven is None:
        covered = proved.covered
        unproven = begin if covered is None else covered.last_day + _DAY
        if covered is not None and ended is not None and ended <= covered.last_day:
            return last_day
    return min(last_day, unproven - _DAY)
