"""Why the days of an account have their states, with what to look at: imports, payments, and what a check misses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from donations.acts.proving import Proved
from donations.core.calendar import Period, day_of
from donations.core.money import Balance
from donations.core.payment import PaymentId
from donations.identity.content import StatementId
from donations.identity.downloads import balances_for
from donations.identity.proof import DayCause, DayState, Run
from donations.reports.words import Confirmed, Near, OwnText, reason, sentences, to_do
from donations.store.payments.movements import MovedPayment, payments_of
from donations.store.session import ReadSession
from donations.store.statements.coverage import days_without_movement
from donations.store.statements.files import Ledger
from donations.store.statements.imports import Source, sources
from donations.views.phrases import Phrase

NEAR = timedelta(days=3)
"""How far from the days of a misfit a payment may lie to be named."""
_MISSES = frozenset({DayCause.BALANCES_DIFFER, DayCause.MONEY_MOVED, DayCause.DOES_NOT_ADD_UP})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonedRun:
    """Days in a row with their state, why they have it, and what to do, in words."""

    run: Run
    why: Phrase | None
    """None for what is proven."""
    near: Near | None
    """The one payment that is exactly what the check misses."""
    to_do: Phrase | None
    """None where nothing is to do."""
    sources: tuple[Source, ...]
    """The imports that it is about."""

    @property
    def state(self) -> DayState:
        """What is known of the days."""
        return self.run.state

    @property
    def days(self) -> Period:
        """From the first to the last day."""
        return Period(self.run.first_day, self.run.last_day)

    @property
    def is_confirmed(self) -> bool:
        """Whether a person confirmed that nothing moved."""
        return self.run.why is not None and self.run.why.cause is DayCause.CONFIRMED

    @property
    def payments(self) -> tuple[PaymentId, ...]:
        """The payments that it is about."""
        named = () if self.run.why is None else self.run.why.payments
        return named if self.near is None else (*named, self.near.payment)

    @property
    def in_words(self) -> OwnText | None:
        """All of the reason as one text, whose code is the cause."""
        if self.run.why is None:
            return None
        near = None if self.near is None else self.near.phrase
        return OwnText("{why}", ("why", sentences([self.why, near])), code=self.run.why.cause)


class Reasons:
    """Tells why, of the days of any account; asks the database only where there is something to tell."""

    def __init__(self, session: ReadSession) -> None:
        """Keep where to look."""
        self._session = session
        self._moved: dict[Ledger, list[MovedPayment]] = {}

    def of(self, proved: Proved, run: Run) -> ReasonedRun:
        """Return days of an account with their reason; the run may be cut to a period."""
        days, why = Period(run.first_day, run.last_day), run.why
        is_confirmed = why is not None and why.cause is DayCause.CONFIRMED
        return ReasonedRun(
            run=run,
            why=reason(run.state, why, days, proved.currency, self._confirmed(proved, run) if is_confirmed else None),
            near=self._near(proved, run),
            to_do=to_do(run.state, why, balances_for(proved.proof, run)),
            sources=tuple(dict.fromkeys(self._sources[each] for each in (() if why is None else why.statements))),
        )

    @cached_property
    def _sources(self) -> Mapping[StatementId, Source]:
        return sources(self._session)

    def _confirmed(self, proved: Proved, run: Run) -> Confirmed | None:
        rows = days_without_movement(self._session, proved.ledger)
        row = next((each for each in rows if each.first_day <= run.last_day and each.last_day >= run.first_day), None)
        return None if row is None else Confirmed(by=row.confirmed_by, on=day_of(row.confirmed_at))

    def _near(self, proved: Proved, run: Run) -> Near | None:
        """Return the one payment near these days without which, or twice which, the check would fit."""
        why = run.why
        if why is None or not why.minor or why.cause not in _MISSES:
            return None
        whole = next((each for each in proved.runs if each.first_day <= run.first_day <= each.last_day), run)
        for minor in (-why.minor, why.minor):
            found = [
                each
                for each in self._of_amounts(proved)
                if each.minor == minor and whole.first_day - NEAR <= each.day <= whole.last_day + NEAR
            ]
            if len(found) == 1:
                return Near(
                    payment=found[0].payment,
                    day=found[0].day,
                    balance=Balance(minor, proved.currency),
                    is_too_much=minor == -why.minor,
                )
        return None

    def _of_amounts(self, proved: Proved) -> list[MovedPayment]:
        """Return the payments of the account that are of the amounts which its checks miss."""
        if proved.ledger not in self._moved:
            missed = {run.why.minor for run in proved.runs if run.why and run.why.cause in _MISSES and run.why.minor}
            self._moved[proved.ledger] = payments_of(self._session, proved.ledger, missed | {-each for each in missed})
        return self._moved[proved.ledger]
