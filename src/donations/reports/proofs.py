"""How far the bank's own balances prove each account: the ground that every report of a period stands on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from donations.core.money import Currency, Minor
from donations.core.period import Period
from donations.identity.anchors import Anchor
from donations.identity.proof import WORST_FIRST, DayState, LedgerProof, Run, Why
from donations.identity.stated import Facts, Movement
from donations.store.donors import people
from donations.store.session import ReadSession
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
    def moved(self) -> Movement:
        """What the ledger moved."""
        return Movement(self.facts.by_day)

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
            found.append(Run(begin, days.last_day, DayState.MISSING, Why.no_statement()))
        return found


def proofs(session: ReadSession) -> tuple[Proved, ...]:
    """Return every own account with each of its currencies; in euros where no statement says its currency yet."""
    numbers = {row.id: row.number for row in people.accounts(session)}
    return tuple(
        Proved(ledger=each, number=numbers[each.account_id], proof=ledger_proof(session, each))
        for each in ledgers(session)
    )


def worst(states: Sequence[DayState]) -> DayState:
    """Return the worst of some states; proven where there is none."""
    return next((state for state in WORST_FIRST if state in states), DayState.PROVEN)


def days_of(run: Run) -> int:
    """Return how many days a run has."""
    return (run.last_day - run.first_day) // timedelta(days=1) + 1
