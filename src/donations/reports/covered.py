"""Each own account: what is known of its days, and what to do next so that all of them are proven."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from donations.core.money import Currency, Minor
from donations.identity.downloads import Wanted, WantedDays, wanted_balances, wanted_days
from donations.identity.proof import DayState, Run
from donations.identity.seen import StatementId
from donations.reports.imports import bank_of
from donations.reports.proofs import Proved, proofs
from donations.store.donors import people
from donations.store.reporting.reporting_proof import Source, sources
from donations.store.session import ReadSession
from donations.store.tables import AccountRow


@dataclass(frozen=True, slots=True)
class NextStep:
    """Days of which something is to do."""

    days: WantedDays
    doubtful: tuple[Source, ...] = ()
    """Where balances contradict: the imports that cover these days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredAccount:
    """One account in one currency: what is known of its days, and what to do so that all are proven."""

    account_id: int
    number: str
    name: str
    bank: str | None
    currency: Currency
    runs: tuple[Run, ...]
    """Empty where no statement came yet."""
    steps: tuple[NextStep, ...]
    balances_wanted: tuple[date, ...]
    """Days at whose end a balance would prove days that nothing proves."""
    given: tuple[tuple[date, Minor], ...]
    """Balances that a person entered, in the order of their days."""
    statements: tuple[tuple[date, date], ...]
    """First and last day of each statement."""
    opened: date | None
    """Its first day, by a person's word."""
    ended: date | None
    """Its last day, by a person's word."""
    became: str | None
    """The number of the account that the bank made of it."""

    @property
    def proven_until(self) -> date | None:
        """The last day that is proven with every day before it; None where the first day is not."""
        return self.runs[0].last_day if self.runs and self.runs[0].state is DayState.PROVEN else None

    @property
    def last_day(self) -> date | None:
        """The last day that a statement covers."""
        return self.runs[-1].last_day if self.runs else None

    def covering(self, first_day: date, last_day: date) -> int:
        """Return how many statements cover any of these days."""
        return sum(first <= last_day and last >= first_day for first, last in self.statements)


def covered_accounts(
    session: ReadSession, proved: Sequence[Proved] | None = None, *, today: date
) -> tuple[CoveredAccount, ...]:
    """Return every own account, in euros where no statement says its currency yet."""
    proved = proofs(session) if proved is None else proved
    has_conflict = any(run.state is DayState.CONFLICT for each in proved for run in each.runs)
    files = sources(session) if has_conflict else {}
    rows = {row.id: row for row in people.accounts(session)}
    return tuple(_covered(each, rows[each.ledger.account_id], files, today) for each in proved)


def _covered(proved: Proved, account: AccountRow, files: Mapping[StatementId, Source], today: date) -> CoveredAccount:
    return CoveredAccount(
        account_id=account.id,
        number=account.number,
        name=account.name,
        bank=bank_of(account.number),
        currency=proved.currency,
        runs=proved.runs,
        steps=tuple(_step(days, proved, files) for days in wanted_days(proved.proof, today=today)),
        balances_wanted=tuple(day for day in wanted_balances(proved.proof) if day < today),
        given=tuple(sorted(proved.facts.given.items())),
        statements=tuple((each.first_day, each.last_day) for each in proved.facts.stated),
        opened=account.opened_on,
        ended=account.ended_on,
        became=account.became,
    )


def _step(days: WantedDays, proved: Proved, files: Mapping[StatementId, Source]) -> NextStep:
    if days.why is not Wanted.CONFLICT:
        return NextStep(days)
    covering = (
        files[each.id]
        for each in proved.facts.stated
        if each.first_day <= days.last_day and each.last_day >= days.first_day
    )
    return NextStep(days, tuple(dict.fromkeys(covering)))
