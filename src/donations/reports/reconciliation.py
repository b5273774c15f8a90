"""Bank against ledger: each balance that an active statement states, with the difference, which is never hidden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from donations.acts.proving import Proved, proofs
from donations.core.calendar import Period
from donations.core.language import N_
from donations.core.money import Balance, Minor
from donations.core.statement import Proof
from donations.identity.content import StatementId
from donations.identity.proof import DayState
from donations.identity.witnesses import Anchor, BalanceSource, Point
from donations.reports.corrections import notes_on
from donations.reports.day_reasons import Reasons
from donations.reports.obstacles import money_under_way, under_way_in_words
from donations.reports.table import Column, ColumnKind, Note, Row, Table
from donations.reports.words import POINTS, PROOFS, OwnText, title_with_period
from donations.store.payments.movements import LeftOutPayment, left_out
from donations.store.session import ReadSession
from donations.store.statements.imports import AcceptedImbalance, Source, accepted_imbalances, sources
from donations.views.phrases import Phrase

_DAY = timedelta(days=1)
_PROOFS = {DayState.PROVEN: Proof.PROVEN, DayState.CONFLICT: Proof.BROKEN}


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceCompared:
    """One stated balance; minor units."""

    statement: StatementId | None
    """None where a person read it in the internet bank."""
    source: BalanceSource
    day: date
    """For an opening balance the day at whose start it held, else the day at whose end."""
    end_of: date
    """The day after whose last line it held."""
    bank: Minor
    ledger: Minor
    """Brought forward from the first stated balance."""
    step: Minor
    """By how much the difference changed since the balance before: where something is missing or too much."""
    proof: Proof
    is_day_end: bool
    """Whether it held between two days, and not inside one that another statement shows more of."""

    @property
    def difference(self) -> Minor:
        """The bank's figure less the ledger's."""
        return self.bank - self.ledger


@dataclass(frozen=True, slots=True)
class ComparedAccount:
    """The bank's balances of one account beside the ledger, in the order of time."""

    balances: tuple[BalanceCompared, ...] = ()
    brought_forward: Minor | None = None
    """What the account held before the ledger's first line, by the first stated balance; None without any."""


def compared(proved: Proved) -> ComparedAccount:
    """Return every balance that active statements state, and what the ledger says of the same moment."""
    if not proved.anchors:
        return ComparedAccount()
    begin = before = proved.anchors[0].base
    found: list[BalanceCompared] = []
    for anchor in proved.anchors:
        is_day_end = anchor.point is Point.END
        found.append(
            BalanceCompared(
                statement=anchor.statement,
                source=anchor.source,
                day=_day_of(anchor),
                end_of=anchor.day if is_day_end else _day_of(anchor),
                bank=anchor.minor,
                ledger=anchor.minor - (anchor.base - begin),
                step=anchor.base - before,
                proof=_proof(proved, anchor, anchor.base - before),
                is_day_end=is_day_end,
            )
        )
        before = anchor.base
    return ComparedAccount(tuple(found), begin)


def _day_of(anchor: Anchor) -> date:
    return anchor.day + _DAY if anchor.opens and anchor.point is Point.END else anchor.day


def _proof(proved: Proved, anchor: Anchor, step: Minor) -> Proof:
    states = {proved.state_on(_day_of(anchor))} | ({proved.state_on(anchor.day)} if step else set())
    if DayState.CONFLICT in states:
        return Proof.BROKEN
    return Proof.UNPROVEN if step else _PROOFS.get(states.pop(), Proof.UNPROVEN)


COLUMNS = (
    Column("account", N_("Account"), ColumnKind.TEXT),
    Column("day", N_("Day"), ColumnKind.DAY),
    Column("point", N_("Balance"), ColumnKind.TEXT),
    Column("file_id", N_("Import"), ColumnKind.COUNT),
    Column("file", N_("File"), ColumnKind.TEXT),
    Column("bank", N_("Bank"), ColumnKind.MINOR),
    Column("ledger", N_("Ledger"), ColumnKind.MINOR),
    Column("difference", N_("Difference"), ColumnKind.MINOR),
    Column("step", N_("New difference"), ColumnKind.MINOR),
    Column("currency", N_("Currency"), ColumnKind.CURRENCY),
    Column("proof", N_("Proof"), ColumnKind.TEXT),
    Column("why", N_("Where the new difference is from"), ColumnKind.TEXT),
)
_ACCEPTED = N_("{difference}: import {file} does not add up, accepted because: {reason}")
_LEFT_OUT = N_("{amount}: a line of {day} was left out because: {reason}")
_UNKNOWN = N_("Nothing is known of it between {days}: download these days anew in one file and compare.")
_UNDER_WAY = N_("Money under way: {sides} {waits}")
_ON = N_("{days}: {why}")
_TOLD = frozenset({DayState.MISSING, DayState.CONFLICT})
"""States of days whose reason tells where a difference is from."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What may explain differences."""

    files: Mapping[StatementId, Source]
    accepted: Sequence[AcceptedImbalance]
    left_out: Sequence[LeftOutPayment]
    reasons: Reasons


def reconciliation(session: ReadSession, period: Period, *, today: date) -> Table:
    """Return the balances stated for days of the period, and own transfers of the period that did not arrive.

    The ledger's figure is brought forward from the first balance ever stated of the account. `New difference` is
    what came since the balance before: days are missing, or lines are wrong, between the two; the last column says
    what is known of it.
    """
    proved = proofs(session)
    known = _Known(
        files=sources(session),
        accepted=accepted_imbalances(session, first_day=period.first_day, last_day=period.last_day),
        left_out=left_out(session),
        reasons=Reasons(session),
    )
    moving = [each for each in money_under_way(session, proved, today=today) if each.side.booked_on in period]
    return Table(
        title=title_with_period(N_("Reconciliation, {period}"), period),
        columns=COLUMNS,
        rows=tuple(
            _row(each, before, one, known)
            for each in proved
            for before, one in pairwise([None, *compared(each).balances])
            if one is not None and one.day in period
        ),
        notes=(
            *(
                Note("under_way", _UNDER_WAY, (("sides", each.sides), ("waits", each.waits)))
                for each in under_way_in_words(session, moving, proved)
            ),
            *notes_on(session, period, proved),
        ),
    )


def _row(proved: Proved, before: BalanceCompared | None, one: BalanceCompared, known: _Known) -> Row:
    source = None if one.statement is None else known.files[one.statement]
    why = tuple(_why(proved, before, one, known)) if before is not None and one.step else ()
    return (
        *(proved.number, one.day, POINTS[one.source]),
        *((None, None) if source is None else source),
        *(one.bank, one.ledger, one.difference, one.step, proved.currency, PROOFS[one.proof]),
        OwnText("{why}", ("why", why)) if why else None,
    )


def _why(proved: Proved, before: BalanceCompared, one: BalanceCompared, known: _Known) -> Iterator[Phrase]:
    """Yield what is known to have made the books differ between two balances."""
    days = Period(min(before.end_of + timedelta(days=1), one.end_of), one.end_of)
    told = [known.reasons.of(proved, run) for run in proved.runs_in(days) if run.state in _TOLD]
    found = [
        Phrase(_ON, (("days", each.days), ("why", each.in_words.phrase))) for each in told if each.in_words is not None
    ]
    for each in known.accepted:
        if each.ledger == proved.ledger and days.touches(each.first_day, each.last_day):
            values = (("file", str(each.source.file_id)), ("reason", each.reason))
            found.append(Phrase(_ACCEPTED, (("difference", Balance(each.difference, proved.currency)), *values)))
    for line in known.left_out:
        if line.ledger == proved.ledger and line.booked_on in days:
            amount = Balance(line.minor, proved.currency)
            found.append(Phrase(_LEFT_OUT, (("amount", amount), ("day", line.booked_on), ("reason", line.reason))))
    yield from found or [Phrase(_UNKNOWN, (("days", days),))]
