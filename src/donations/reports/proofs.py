"""How far the bank's own balances prove each account: the ground that every report of a period stands on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from donations.core.money import Currency
from donations.identity.proof import DayState, Run, runs
from donations.reports.period import Period
from donations.store.donors import people
from donations.store.session import ReadSession
from donations.store.statements.coverage import LedgerFacts, ledger_facts, ledgers
from donations.store.statements.files import Ledger

_WORST_FIRST = (DayState.CONFLICT, DayState.MISSING, DayState.UNPROVEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """One account in one currency, and what is known of its days."""

    ledger: Ledger
    number: str
    """The account number."""
    facts: LedgerFacts
    runs: tuple[Run, ...]
    """From the first to the last day that a statement covers."""

    @property
    def currency(self) -> Currency:
        """The currency of all amounts."""
        return self.ledger.currency

    @property
    def covered(self) -> Period:
        """From the first to the last day that a statement covers."""
        return Period(self.runs[0].first_day, self.runs[-1].last_day)

    def state_on(self, day: date) -> DayState:
        """Return what is known of one day; no statement covers those before the first and after the last."""
        return next((run.state for run in self.runs if run.first_day <= day <= run.last_day), DayState.MISSING)

    def state_in(self, period: Period) -> DayState:
        """Return the worst that is known of any day in the period."""
        states = {run.state for run in self.runs_in(period)}
        if period.first_day < self.covered.first_day or period.last_day > self.covered.last_day:
            states.add(DayState.MISSING)
        return next((state for state in _WORST_FIRST if state in states), DayState.PROVEN)

    def runs_in(self, period: Period) -> list[Run]:
        """Return the runs of days, cut to the period."""
        return [
            Run(max(run.first_day, period.first_day), min(run.last_day, period.last_day), run.state)
            for run in self.runs
            if period.touches(run.first_day, run.last_day)
        ]


def proofs(session: ReadSession) -> tuple[Proved, ...]:
    """Return every account and currency that an active statement is of."""
    numbers = {row.id: row.number for row in people.accounts(session)}
    found = []
    for ledger in ledgers(session):
        facts = ledger_facts(session, ledger)
        known = tuple(runs(facts.stated, facts.by_day, facts.given))
        found.append(Proved(ledger=ledger, number=numbers[ledger.account_id], facts=facts, runs=known))
    return tuple(found)


def days_of(run: Run) -> int:
    """Return how many days a run has."""
    return (run.last_day - run.first_day) // timedelta(days=1) + 1
