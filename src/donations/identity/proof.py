"""The balance is the judge: what is known of each day of an account, with the reason, and never what merely fits."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise

from donations.core.money import Minor
from donations.core.payment import PaymentId
from donations.core.statement import Proof
from donations.identity.content import StatementId
from donations.identity.stated import DAY, Facts, Stated, days_between
from donations.identity.witnesses import Anchor, Point, Witness, anchors, wholly_covered, witnesses

_NUMBERS: tuple[Callable[[Stated], int | None], ...] = (
    lambda stated: stated.provenance.electronic_number,
    lambda stated: stated.provenance.legal_number,
)


def skipped(stated: Sequence[Stated]) -> Iterator[tuple[StatementId, date]]:
    """Yield the statements, with their first day, before which the bank's numbers skip one.

    Numbers are believed only where they count: each later than the one before, periods in their order without
    overlap, and two neighbours somewhere that follow each other by one. Banks also number downloads, or not at all.
    """
    for number in _NUMBERS:
        numbered = sorted((value, each.first_day, each.last_day, each.id) for each in stated if (value := number(each)))
        alone = list({value: (value, first, last, which) for value, first, last, which in numbered}.values())
        if not _counts(alone):
            continue
        for (value, _, last, _), (following, first, _, which) in pairwise(alone):
            if following > value + 1 and first <= last + DAY:
                yield which, first


def _counts(numbered: Sequence[tuple[int, date, date, StatementId]]) -> bool:
    neighbours = list(pairwise(numbered))
    in_order = all(last < first for (_, _, last, _), (_, first, _, _) in neighbours)
    return in_order and any(
        following == value + 1 and first == last + DAY for (value, _, last, _), (following, first, _, _) in neighbours
    )


class DayState(StrEnum):
    """What is known of a day."""

    PROVEN = "proven"
    UNPROVEN = "unproven"
    """Covered wholly, nothing contradicts, no balances reach it."""
    NOT_OVER = "not_over"
    """Statements cover it in part only."""
    UNCHANGED = "unchanged"
    """No statement covers it, and the balances before and after it agree: what came equals what went."""
    MISSING = "missing"
    """No statement covers it."""
    CONFLICT = "conflict"
    """Something that cannot be true at once."""


WORST_FIRST = (
    DayState.CONFLICT,
    DayState.MISSING,
    DayState.NOT_OVER,
    DayState.UNCHANGED,
    DayState.UNPROVEN,
    DayState.PROVEN,
)


class DayCause(StrEnum):
    """Why a day has its state; stable codes."""

    NO_BALANCES = "no_balances"
    MADE_DURING = "made_during"
    """The statement was made, or ends, inside the day."""
    NO_TIME = "no_time"
    """The file does not say up to which moment it goes."""
    BEGINS_DURING = "begins_during"
    NO_STATEMENT = "no_statement"
    MONEY_MOVED = "money_moved"
    """The balances before and after differ by more than the ledger moved."""
    CONFIRMED = "confirmed"
    """A person confirmed that nothing moved."""
    DOES_NOT_ADD_UP = "does_not_add_up"
    NOT_SHOWN = "not_shown"
    """A statement that covers the day wholly does not show a payment of it."""
    LEFT_OUT = "left_out"
    """A person left a line out, and nothing stands for it."""
    BALANCES_DIFFER = "balances_differ"
    """Two balances of one moment, or before and behind days whose lines are all there, do not agree."""
    NUMBER_SKIPPED = "number_skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReason:
    """The reason of a state, as data."""

    cause: DayCause
    statements: tuple[StatementId, ...] = ()
    """Whose lines or balances it is about."""
    minor: Minor | None = None
    """By how much the bank has more than the ledger (signed)."""
    payments: tuple[PaymentId, ...] = ()
    at: datetime | None = None
    """The moment at which the statement ends."""

    @classmethod
    def no_statement(cls) -> DayReason:
        """Return that no statement covers a day."""
        return cls(cause=DayCause.NO_STATEMENT)


@dataclass(frozen=True, slots=True)
class Run:
    """Days in a row with one state for one reason; a proven day needs none."""

    first_day: date
    last_day: date
    state: DayState
    why: DayReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerProof:
    """All that is known of one account in one currency, and what it rests on."""

    facts: Facts
    witnesses: tuple[Witness, ...]
    anchors: tuple[Anchor, ...]
    runs: tuple[Run, ...]
    """Every day from the account's beginning to the last that a statement touches, or to its end where it was ended.

    Empty where no statement came yet.
    """

    @property
    def begin(self) -> date | None:
        """The first day of the account; None where nothing says it."""
        return self.runs[0].first_day if self.runs else self.facts.opened

    def is_open(self, first_day: date, last_day: date) -> bool:
        """Whether the account is open on any of these days."""
        ended = self.facts.ended
        return self.begin is not None and self.begin <= last_day and (ended is None or ended >= first_day)


def prove(facts: Facts) -> LedgerProof:
    """Return what is known of every day of the account."""
    known = tuple(witnesses(facts))
    balances = tuple(anchors(facts, known))
    return LedgerProof(facts=facts, witnesses=known, anchors=balances, runs=tuple(_runs(facts, known, balances)))


def _runs(facts: Facts, known: Sequence[Witness], balances: Sequence[Anchor]) -> list[Run]:
    if not facts.stated:
        return []
    covered = wholly_covered(known)
    conflicts = _conflicts(facts, known, balances, covered)
    proven = _proven(known, balances, covered | facts.quiet)
    unchanged, moved = _gaps(balances, covered)
    partly = _partly(known, covered)
    first = min(each.first_day for each in facts.stated)
    last = max(each.last_day for each in facts.stated)
    states: dict[date, tuple[DayState, DayReason | None]] = {}
    for day in days_between(min(first, facts.opened or first), max(last, facts.ended or last)):
        if day in conflicts:
            states[day] = DayState.CONFLICT, conflicts[day]
        elif day in covered:
            states[day] = (DayState.PROVEN, None) if day in proven else (DayState.UNPROVEN, _NO_BALANCES)
        elif day in partly:
            states[day] = DayState.NOT_OVER, partly[day]
        elif day in unchanged:
            states[day] = DayState.UNCHANGED, _CONFIRMED if day in facts.quiet else _NO_STATEMENT
        else:
            states[day] = DayState.MISSING, moved.get(day, _NO_STATEMENT)
    return _joined(states)


_NO_BALANCES, _NO_STATEMENT, _CONFIRMED = (
    DayReason(cause=DayCause.NO_BALANCES),
    DayReason.no_statement(),
    DayReason(cause=DayCause.CONFIRMED),
)


def proof_of(statement: StatementId, known: LedgerProof) -> Proof:
    """Return whether the days of one statement are proven."""
    stated = next(each for each in known.facts.stated if each.id == statement)
    first, last = stated.first_day, stated.last_day
    states = {run.state for run in known.runs if run.first_day <= last and run.last_day >= first}
    if stated.imbalance or DayState.CONFLICT in states:
        return Proof.BROKEN
    return Proof.PROVEN if states == {DayState.PROVEN} else Proof.UNPROVEN


def _conflicts(
    facts: Facts, known: Sequence[Witness], balances: Sequence[Anchor], covered: set[date]
) -> dict[date, DayReason]:
    found: dict[date, DayReason] = {}
    for witness in known:
        for day, why in _of_lines(witness):
            found.setdefault(day, why)
    by_lines = sorted({*found, *(day for each in known for day in each.doubted)})
    for one, other in pairwise(balances):
        if one.base != other.base:
            for day in _contradicted(one, other, covered, by_lines):
                who = tuple(each.statement for each in (one, other) if each.statement is not None)
                found.setdefault(
                    day, DayReason(cause=DayCause.BALANCES_DIFFER, statements=who, minor=other.base - one.base)
                )
    for statement, day in skipped(facts.stated):
        if day in covered:
            found.setdefault(day, DayReason(cause=DayCause.NUMBER_SKIPPED, statements=(statement,)))
    return found


def _of_lines(witness: Witness) -> Iterator[tuple[date, DayReason]]:
    """Yield the days on which a statement and the ledger do not show the same payments."""
    stated = witness.stated
    who = (stated.id,)
    missed: defaultdict[date, list[tuple[PaymentId, Minor]]] = defaultdict(list)
    for each in witness.missed:
        missed[each.day].append((each.payment, each.minor))
    for day, payments in missed.items():
        minor = -sum(each for _, each in payments)
        yield (
            day,
            DayReason(
                cause=DayCause.NOT_SHOWN,
                statements=who,
                payments=tuple(payment for payment, _ in payments),
                minor=minor,
            ),
        )
    unredated = [
        each.minor for each in stated.not_in_statement if witness.covers(each.day) and each not in witness.missed
    ]
    for left in stated.left_out:
        if left.minor in unredated:
            unredated.remove(left.minor)
        else:
            yield left.day, DayReason(cause=DayCause.LEFT_OUT, statements=who, minor=left.minor)
    if stated.imbalance:
        for day in days_between(stated.first_day, stated.last_day):
            yield day, DayReason(cause=DayCause.DOES_NOT_ADD_UP, statements=who, minor=stated.imbalance)


def _contradicted(one: Anchor, other: Anchor, covered: set[date], by_lines: Sequence[date]) -> Sequence[date]:
    """Return the days on which two balances contradict: all between them is known, and yet they differ.

    Where lines between them say already what is wrong, the balances say nothing more.
    """
    if one.at == other.at:
        if one.point is Point.INSIDE and one.opens != other.opens and one.day not in covered:
            return []  # one ends and the other begins inside the day: who knows what moved between
        return [one.day, one.day + DAY] if one.opens != other.opens else [one.day]
    first = one.day if one.point is Point.INSIDE else one.day + DAY
    between = list(days_between(first, other.day))
    # The last day up to an anchor inside it is shown by the anchor's own statement, from the day's beginning.
    needed = between[:-1] if other.point is Point.INSIDE and not other.opens else between
    if not covered.issuperset(needed) or bisect_left(by_lines, first) != bisect_right(by_lines, other.day):
        return []
    return between


def _proven(known: Sequence[Witness], balances: Sequence[Anchor], sure: set[date]) -> set[date]:
    """Return the days that a statement's own balances prove, or two balances around days that are all covered."""
    found: set[date] = set()
    for witness in known:
        if witness.stated.adds_up:
            found |= set(days_between(*witness.whole_days)) - witness.doubted
    ends = [each for each in balances if each.point is Point.END]
    for one, other in pairwise(ends):
        days = list(days_between(one.day + DAY, other.day))
        if one.base == other.base and sure.issuperset(days):
            found.update(days)
    return found


def _gaps(balances: Sequence[Anchor], covered: set[date]) -> tuple[set[date], dict[date, DayReason]]:
    """Return the days between balances of which no statement tells: where these agree, and where they differ."""
    unchanged: set[date] = set()
    moved: dict[date, DayReason] = {}
    for one, other in pairwise(balances):
        days = [day for day in days_between(one.day + DAY, other.day) if day not in covered]
        if one.base == other.base:
            unchanged.update(days)
        else:
            why = DayReason(cause=DayCause.MONEY_MOVED, minor=other.base - one.base)
            moved.update(dict.fromkeys(days, why))
    return unchanged, moved


def _partly(known: Sequence[Witness], covered: set[date]) -> dict[date, DayReason]:
    found: dict[date, DayReason] = {}
    for witness in known:
        stated = witness.stated
        if witness.ends_inside and stated.last_day not in covered:
            cause = DayCause.MADE_DURING if witness.says_when else DayCause.NO_TIME
            found[stated.last_day] = DayReason(cause=cause, statements=(stated.id,), at=_end_of(stated))
        if witness.begins_inside and stated.first_day not in covered:
            found.setdefault(stated.first_day, DayReason(cause=DayCause.BEGINS_DURING, statements=(stated.id,)))
    return found


def _end_of(stated: Stated) -> datetime | None:
    said = (stated.provenance.made_at, stated.provenance.ends_at)
    return min((moment for moment in said if moment is not None), default=None)


def _joined(states: Mapping[date, tuple[DayState, DayReason | None]]) -> list[Run]:
    joined: list[Run] = []
    for day, (state, why) in states.items():
        if joined and (joined[-1].state, joined[-1].why) == (state, why):
            joined[-1] = Run(joined[-1].first_day, day, state, why)
        else:
            joined.append(Run(day, day, state, why))
    return joined
