"""Each own account: what is known of its days, why, as a calendar, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from donations.acts.proving import Proved, days_of, proofs
from donations.core.calendar import Period, months_between
from donations.core.language import N_
from donations.core.money import Currency, Minor
from donations.identity.content import StatementId
from donations.identity.downloads import DownloadReason, WantedDays, wanted_balances, wanted_days
from donations.identity.proof import DayState, Run
from donations.reports.day_reasons import ReasonedRun, Reasons
from donations.reports.imports import bank_of
from donations.reports.table import Column, ColumnKind, Note, Row, Table
from donations.reports.words import DAYS, OwnText, title_with_period, to_do
from donations.store.donors import people
from donations.store.session import ReadSession
from donations.store.statements.imports import Source, sources
from donations.store.tables import AccountRow
from donations.views.phrases import Phrase

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayStrip:
    """Days in a row of one month that have one state; without a state no statement reaches to them."""

    first_day: date
    last_day: date
    state: DayState | None

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last_day - self.first_day) // _DAY + 1


@dataclass(frozen=True, slots=True)
class MonthStrips:
    """A month, cut into strips that cover each of its days once."""

    first_day: date
    strips: tuple[DayStrip, ...]

    @property
    def missing(self) -> int:
        """How many days the month has less than 31, for a table in which all months are equally wide."""
        return 31 - self.strips[-1].last_day.day


def year_of(known: Sequence[Run], year: int) -> tuple[MonthStrips, ...]:
    """Return the twelve months of a year; `known` are runs in the order of time that do not overlap."""
    return tuple(
        MonthStrips(month.first_day, tuple(_strips(known, month)))
        for month in months_between(date(year, 1, 1), date(year, 12, 31))
    )


def _strips(known: Sequence[Run], month: Period) -> Iterator[DayStrip]:
    at = month.first_day
    for run in known:
        first, last = max(run.first_day, month.first_day), min(run.last_day, month.last_day)
        if first > last:
            continue
        if at < first:
            yield DayStrip(at, first - _DAY, None)
        yield DayStrip(first, last, run.state)
        at = last + _DAY
    if at <= month.last_day:
        yield DayStrip(at, month.last_day, None)


_SINCE = N_("That is the time since the last statement.")
_NONE_YET = N_("No statement of this account is in the books yet.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """Days of which something is to do."""

    days: WantedDays
    to_do: Phrase | None
    why: Phrase | None
    reasoned: ReasonedRun | None
    """What is known of the days; None of those after the last statement."""
    doubtful: tuple[Source, ...] = ()
    """Where something contradicts: the imports that cover these days."""

    @property
    def is_download(self) -> bool:
        """Whether a statement is to be downloaded."""
        return self.days.why in {
            DownloadReason.GAP,
            DownloadReason.NOT_OVER,
            DownloadReason.RUNNING,
            DownloadReason.UNCHANGED,
        }


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
    reasoned: tuple[ReasonedRun, ...]
    """The same with their reasons."""
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
    looking = _Looking(reasons=Reasons(session), files=sources(session) if has_conflict else {}, today=today)
    rows = {row.id: row for row in people.accounts(session)}
    return tuple(_covered(each, rows[each.ledger.account_id], looking) for each in proved)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looking:
    """What every account is looked at with."""

    reasons: Reasons
    files: Mapping[StatementId, Source]
    today: date


def _covered(proved: Proved, account: AccountRow, looking: _Looking) -> CoveredAccount:
    return CoveredAccount(
        account_id=account.id,
        number=account.number,
        name=account.name,
        bank=bank_of(account.number),
        currency=proved.currency,
        runs=proved.runs,
        reasoned=tuple(looking.reasons.of(proved, run) for run in proved.runs),
        steps=tuple(_step(days, proved, looking) for days in wanted_days(proved.proof, today=looking.today)),
        balances_wanted=tuple(day for day in wanted_balances(proved.proof) if day < looking.today),
        given=tuple(sorted(proved.facts.given.items())),
        statements=tuple((each.first_day, each.last_day) for each in proved.facts.stated),
        opened=account.opened_on,
        ended=account.ended_on,
        became=account.became,
    )


def _step(days: WantedDays, proved: Proved, looking: _Looking) -> NextStep:
    if days.run is None:
        download = to_do(DayState.MISSING, None)
        return NextStep(days=days, to_do=download, why=Phrase(_SINCE if proved.runs else _NONE_YET), reasoned=None)
    found = looking.reasons.of(proved, days.run)
    return NextStep(
        days=days, to_do=found.to_do, why=found.why, reasoned=found, doubtful=_doubtful(found, proved, looking)
    )


def _doubtful(found: ReasonedRun, proved: Proved, looking: _Looking) -> tuple[Source, ...]:
    """Return the imports that a contradiction names, else all that cover its days."""
    if found.state is not DayState.CONFLICT:
        return ()
    covering = (
        looking.files[each.id]
        for each in proved.facts.stated
        if each.first_day <= found.days.last_day and each.last_day >= found.days.first_day
    )
    return found.sources or tuple(dict.fromkeys(covering))


COLUMNS = (
    Column("account", N_("Account"), ColumnKind.TEXT),
    Column("currency", N_("Currency"), ColumnKind.CURRENCY),
    Column("first_day", N_("From"), ColumnKind.DAY),
    Column("last_day", N_("To"), ColumnKind.DAY),
    Column("days", N_("Days"), ColumnKind.COUNT),
    Column("state", N_("State"), ColumnKind.TEXT),
    Column("cause", N_("Why"), ColumnKind.TEXT),
    Column("advice", N_("What to do"), ColumnKind.TEXT),
)
_NEXT = N_("{account} {currency}: download {days} next.")


def coverage(session: ReadSession, period: Period, *, today: date | None = None) -> Table:
    """Return the days in a row that have one state; with `today` also the days that can be downloaded by now."""
    proved, reasons = proofs(session), Reasons(session)
    rows = tuple(_row(each, reasons.of(each, run)) for each in proved for run in each.runs_in(period))
    title = title_with_period(N_("Coverage, {period}"), period)
    return Table(title=title, columns=COLUMNS, rows=rows, notes=tuple(_next(proved, today)))


def _row(proved: Proved, found: ReasonedRun) -> Row:
    run = found.run
    advice = None if found.to_do is None else OwnText(found.to_do.english, *found.to_do.values)
    days = (run.first_day, run.last_day, days_of(run))
    return (proved.number, proved.currency, *days, DAYS[found.state], found.in_words, advice)


def _next(proved: Iterable[Proved], today: date | None) -> Iterator[Note]:
    for each in proved:
        for wanted in () if today is None else wanted_days(each.proof, today=today):
            if wanted.why is DownloadReason.RUNNING:
                days = Period(wanted.first_day, wanted.last_day)
                values = (("account", each.number), ("currency", str(each.currency)), ("days", days))
                yield Note("download_next", _NEXT, values)
