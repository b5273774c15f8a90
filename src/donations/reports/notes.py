"""What a reader of a period's figures must be told: accepted imbalances, days without proof, closed months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from donations.acts.proving import Proved, days_of
from donations.core.language import N_
from donations.core.money import Balance
from donations.core.period import Period
from donations.identity.proof import DayState
from donations.reports.corrections import closing_notes
from donations.reports.day_words import MEANINGS
from donations.reports.table import Note
from donations.store.session import ReadSession
from donations.store.statements.imports import accepted_imbalances
from donations.views.telling import Phrase, Value

_CODES = {
    DayState.CONFLICT: "days_broken",
    DayState.MISSING: "days_missing",
    DayState.NOT_OVER: "days_not_over",
    DayState.UNCHANGED: "days_unchanged",
    DayState.UNPROVEN: "days_unproven",
}
_DAYS = N_("{account} {currency}: {meaning} Days: {days} ({spelt}).")
_IMBALANCE = N_(
    "Import {file} ({name}) does not add up: {account}, {spelt}, difference {difference}. Accepted because: {reason}"
)
_SPELT_MAX = 6
"""Longer lists are not read; `coverage` has them all."""


def notes_on(session: ReadSession, period: Period, proved: Iterable[Proved]) -> tuple[Note, ...]:
    """Return the notes that every report of this period carries."""
    known = tuple(proved)
    return (*_imbalances(session, period, known), *_days(period, known), *closing_notes(session, period))


def _imbalances(session: ReadSession, period: Period, proved: Iterable[Proved]) -> Iterator[Note]:
    numbers = {each.ledger.account_id: each.number for each in proved}
    for found in accepted_imbalances(session, first_day=period.first_day, last_day=period.last_day):
        values: dict[str, Value] = {
            "file": str(found.source.file_id),
            "name": found.source.name,
            "account": numbers[found.ledger.account_id],
            "spelt": Period(found.first_day, found.last_day),
            "difference": Balance(found.difference, found.ledger.currency),
            "reason": found.reason,
        }
        yield Note("imbalance_accepted", _IMBALANCE, tuple(values.items()))


def _days(period: Period, proved: Iterable[Proved]) -> Iterator[Note]:
    for each in proved:
        for state, code in _CODES.items():
            found = [run for run in each.runs_in(period) if run.state is state]
            if found:
                spelt = tuple(Period(run.first_day, run.last_day) for run in found[:_SPELT_MAX])
                values: dict[str, Value] = {
                    "account": each.number,
                    "currency": str(each.currency),
                    "meaning": Phrase(MEANINGS[state]),
                    "days": str(sum(map(days_of, found))),
                    "spelt": (*spelt, "…") if len(found) > _SPELT_MAX else spelt,
                }
                yield Note(code, _DAYS, tuple(values.items()))
