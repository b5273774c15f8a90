"""Which days of each account the active statements cover: without them nobody can be said to have missed a gift."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from sqlmodel import col, select

from donations.ledger.rhythm import first_chance, last_chance
from donations.store.session import ReadSession
from donations.store.tables import ActiveFileRow, StatementRow

_DAY = timedelta(days=1)
LATE = timedelta(days=92)
"""An account without statements for longer is taken to be closed."""


@dataclass(frozen=True, slots=True)
class CoveredDays:
    """Runs of covered days by own account, in order and apart from each other; whatever the currency."""

    runs: dict[int, tuple[tuple[date, date], ...]]

    def covers(self, account_id: int, first_day: date, last_day: date) -> bool:
        """Whether statements of the account cover all of these days."""
        return any(first <= first_day and last_day <= last for first, last in self.runs.get(account_id, ()))

    def has_passed(self, account_id: int, due: date) -> bool:
        """Whether a regular gift that was due and is not there was missed: it may not come on any other day."""
        return self.covers(account_id, first_chance(due), last_chance(due))

    @property
    def first_day(self) -> date | None:
        """The first day that any statement covers; None without statements."""
        return min((runs[0][0] for runs in self.runs.values()), default=None)

    @property
    def last_day(self) -> date | None:
        """The last day that any statement covers."""
        return max((runs[-1][1] for runs in self.runs.values()), default=None)

    def touches(self, first_day: date, last_day: date) -> bool:
        """Whether any statement covers any of these days."""
        return any(first <= last_day and last >= first_day for runs in self.runs.values() for first, last in runs)

    def is_whole(self, first_day: date, last_day: date) -> bool:
        """Whether some account is covered on all of these days, and no other has a gap in them.

        Days before an account's first statement and after its last are no gap: it may be younger, or closed.
        """
        gaps = (
            before[1] < last_day and after[0] > first_day
            for runs in self.runs.values()
            for before, after in pairwise(runs)
        )
        return any(self.covers(account, first_day, last_day) for account in self.runs) and not any(gaps)

    def behind(self, day: date) -> dict[int, date]:
        """Return the accounts whose statements end before a day, and up to three months before: they are late."""
        ends = {account: runs[-1][1] for account, runs in self.runs.items()}
        return {account: end for account, end in ends.items() if day - LATE <= end < day}


def covered_days(session: ReadSession) -> CoveredDays:
    """Return the days that active statements cover."""
    query = (
        select(col(StatementRow.account_id), col(StatementRow.first_day), col(StatementRow.last_day))
        .join(ActiveFileRow, col(ActiveFileRow.file_id) == col(StatementRow.file_id))
        .distinct()
        .order_by(col(StatementRow.account_id), col(StatementRow.first_day), col(StatementRow.last_day))
    )
    runs: defaultdict[int, list[tuple[date, date]]] = defaultdict(list)
    for account, first, last in session.execute(query):
        known = runs[account]
        if known and first <= known[-1][1] + _DAY:
            known[-1] = (known[-1][0], max(known[-1][1], last))
        else:
            known.append((first, last))
    return CoveredDays({account: tuple(known) for account, known in runs.items()})
