"""What a reader of a period's figures must be told: imbalances that a person accepted, and days without proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from donations.core.money import Balance
from donations.identity.proof import DayState
from donations.reports.period import Period
from donations.reports.proofs import Proved, days_of, spell
from donations.reports.table import Note
from donations.store.reporting_proof import accepted_imbalances
from donations.store.session import ReadSession

_SAID = {
    DayState.CONFLICT: ("days_broken", "the bank's balances contradict the lines"),
    DayState.MISSING: ("days_missing", "no statement covers them"),
    DayState.UNPROVEN: ("days_unproven", "no balance of the bank proves them yet"),
}
_SPELT_MAX = 6
"""Longer lists are not read; `coverage` has them all."""


def notes_on(session: ReadSession, period: Period, proved: Iterable[Proved]) -> tuple[Note, ...]:
    """Return the notes that every report of this period carries."""
    known = tuple(proved)
    return (*_imbalances(session, period, known), *_days(period, known))


def _imbalances(session: ReadSession, period: Period, proved: Iterable[Proved]) -> Iterator[Note]:
    numbers = {each.ledger.account_id: each.number for each in proved}
    for found in accepted_imbalances(session, first_day=period.first_day, last_day=period.last_day):
        yield Note(
            "imbalance_accepted",
            f"Import {found.source.file_id} ({found.source.name}) does not add up: {numbers[found.ledger.account_id]}, "
            f"{spell(found.first_day, found.last_day)}, difference {Balance(found.difference, found.ledger.currency)}. "
            f"Accepted because: {found.reason}",
        )


def _days(period: Period, proved: Iterable[Proved]) -> Iterator[Note]:
    for each in proved:
        for state, (code, what) in _SAID.items():
            found = [run for run in each.runs_in(period) if run.state is state]
            if found:
                spelt = ", ".join(spell(run.first_day, run.last_day) for run in found[:_SPELT_MAX])
                more = " and more" if len(found) > _SPELT_MAX else ""
                days = sum(map(days_of, found))
                yield Note(code, f"{each.number} {each.currency}: {days} day(s) where {what}: {spelt}{more}.")
