"""What the books call proven, compared with what happened and with what the files say of their own days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tests.truth.bank import Bank, end_of
from tests.truth.judge.known import Known
from tests.truth.judge.payments import Matched
from tests.truth.judge.verdict import Verdict, Wrong
from tests.truth.told import Booked
from tests.truth.values import Movement, Statement

_DAY = timedelta(days=1)
_THE_END = datetime.max  # noqa: DTZ901 - clocks here are Estonian, without a zone
States = dict[tuple[str, str, date], str]


@dataclass(slots=True)
class Days:
    """The days of one account and currency, as its statements print them."""

    bank: Bank
    known: Known
    account: str
    currency: str

    @property
    def statements(self) -> list[Statement]:
        """Its statements in the books."""
        return [
            each for _, each in self.known.statements if (each.account, each.currency) == (self.account, self.currency)
        ]

    def covering(self, day: date) -> list[Statement]:
        """Return the statements that print the day in their period."""
        return [each for each in self.statements if each.first_day <= day <= each.last_day]

    def is_whole(self, one: Statement, day: date) -> bool:
        """Whether a statement says of itself that the day is in it as a whole; a report never does."""
        if one.is_report:
            return False
        begins_late = one.begins_at is not None and one.begins_at.date() == day
        begins_late = begins_late or (one.begins_somewhere and one.first_day == day)
        return not begins_late and (day < one.last_day or _ended_after(one, day))

    def is_grounded(self, day: date) -> bool:
        """Whether anything in the files can prove a day: covered wholly, with balances before and after."""
        whole = [each for each in self.covering(day) if self.is_whole(each, day) or self._is_followed(each, day)]
        before = any(each.opening is not None and each.first_day <= day for each in self.statements) or any(
            each.closing_on is not None and each.closing_on < day for each in self.statements
        )
        after = any(each.closing_on is not None and each.closing_on >= day for each in self.statements) or any(
            each.opening is not None and each.first_day > day for each in self.statements
        )
        behind_days = [each for each in self.statements if each.begins_somewhere and each.shown_balances is not None]
        before = before or any(each.first_day < min(day, each.last_day) for each in behind_days)
        after = after or any(each.last_day > day for each in behind_days)
        return bool(whole) and before and after

    def _is_followed(self, one: Statement, day: date) -> bool:
        """Whether another statement shows that nothing came after this one's end: it goes beyond, or begins with it."""
        if one.is_report or (one.begins_somewhere and one.first_day == day):
            return False
        if one.last_day != day or (one.begins_at is not None and one.begins_at.date() == day):
            return False
        return any(
            (each.first_day <= day < each.last_day)
            or (each.first_day == day + _DAY and one.closing is not None and _opens_with(each) == one.closing)
            for each in self.statements
            if each is not one and not each.is_report
        )

    def deceives(self, one: Statement) -> bool:
        """Whether a statement says that its last day is over, or its balance of another day, and it was made before."""
        if one.is_report:
            return False
        if one.closing_on is not None and one.closing_on > one.last_day:
            says_when = one.printed_made is not None and one.printed_made.date() == one.closing_on
            return one.made_at < end_of(one.closing_on) and not says_when
        return one.made_at < end_of(one.last_day) and _ended_after(one, one.last_day)

    def is_deceived(self, day: date) -> bool:
        """Whether a file lies about this day."""
        return any(self.deceives(each) and each.last_day == day for each in self.statements)

    @property
    def is_honest(self) -> bool:
        """Whether the bank told one story: no file lies, and no booking changed between two of this account's files."""
        moments = [each.made_at for each in self.statements]
        changes = [each.since for each in self.known.world.changes if self._has(each.movement)]
        told_twice = any(min(moments) < since <= max(moments) for since in changes) if moments else False
        batches = {self.known.by_key[leaf.movements[0]].batch for each in self.statements for leaf in each.leaves}
        lies = any(map(self.deceives, self.statements))
        return not lies and not told_twice and not batches & self.known.disputed_batches

    def _has(self, movement: int) -> bool:
        one = self.known.by_key[movement]
        return (one.account, one.currency) == (self.account, self.currency)

    def truths(self, day: date) -> Iterator[Counter[int]]:
        """Yield what happened on a day: as the bank tells it in the end, and as it told it in files made before."""
        moments = {each.made_at for each in self.statements if each.made_at >= end_of(day)}
        for moment in (_THE_END, *sorted(moments)):
            yield Counter(self._minors(self.bank.as_of(moment), day))

    def _minors(self, shown: Sequence[Movement], day: date) -> Iterator[int]:
        """Yield the amounts; a batch as its parts where a file shows them, else as its total."""
        totals: Counter[int] = Counter()
        for each in shown:
            if (each.account, each.currency, each.day) == (self.account, self.currency, day):
                if each.batch is None or each.batch in self.known.split_batches:
                    yield each.minor
                else:
                    totals[each.batch] += each.minor
        yield from totals.values()


def _opens_with(one: Statement) -> int | None:
    """Return the balance at a statement's beginning: stated, or its last one less its lines."""
    if one.opening is None and one.closing is not None and one.closing_on == one.last_day:
        return one.closing - sum(each.minor for each in one.lines)
    return one.opening


def _ended_after(one: Statement, day: date) -> bool:
    nominal = datetime.combine(day, time(23, 59))
    made, ended = one.printed_made, one.printed_end
    if made is not None and made >= end_of(day):
        return True
    return ended is not None and ended >= nominal and (made is None or made >= nominal)


def judge_proof(bank: Bank, matched: Matched, ledger: Sequence[Booked], states: States, verdict: Verdict) -> None:
    """Judge each day of each own account that a file covers or the books speak of."""
    known = matched.known
    by_day: dict[tuple[str, str, date], Counter[int]] = {}
    for each in ledger:
        by_day.setdefault((each.account, each.currency, each.day), Counter())[each.minor] += 1
    accounts = {(each.account, each.currency) for _, each in known.statements}
    for account, currency in sorted(accounts):
        days = Days(bank, known, account, currency)
        told = {day: state for (iban, other, day), state in states.items() if (iban, other) == (account, currency)}
        is_right = matched.is_right.get((account, currency), True)
        for day, state in sorted(told.items()):
            booked = by_day.get((account, currency, day), Counter())
            where = f"…{account[-4:]} {currency} {day}"
            _judge_day(days, day, state, booked, where, verdict)
            if state == "conflict" and is_right and days.is_honest:
                _blame_conflict(days, day, where, verdict)


def _judge_day(days: Days, day: date, state: str, booked: Counter[int], where: str, verdict: Verdict) -> None:
    covering = days.covering(day)
    verdict.counts[f"days {state}"] += 1
    if not covering:
        if state in {"proven", "unproven", "not_over"}:
            verdict.blame(Wrong.NOT_COVERED, where, f"no file covers it, and it is {state}")
        return
    if state != "proven":
        if _proves_itself(days, day):
            verdict.counts["days needlessly not proven"] += 1
        return
    if booked not in list(days.truths(day)):
        if days.is_deceived(day):
            verdict.counts["days proven by a file that lies"] += 1
        elif not _is_disputed(days, day):
            told = f"true is {_amounts(next(days.truths(day)))}, the ledger has {_amounts(booked)}"
            verdict.blame(Wrong.PROVEN_DENIED, where, told)
    elif not days.is_grounded(day):
        ends = ", ".join(f"{each.first_day} to {each.printed_end or each.last_day}" for each in covering)
        verdict.blame(Wrong.PROVEN_UNGROUNDED, where, f"covered only by {ends}")


def _amounts(counted: Counter[int]) -> str:
    return ", ".join(f"{minor / 100:+.2f}" for minor in sorted(counted.elements())) or "nothing"


def _proves_itself(days: Days, day: date) -> bool:
    return days.is_honest and any(
        each.opening is not None and each.closing is not None and days.is_whole(each, day)
        for each in days.covering(day)
    )


def _is_disputed(days: Days, day: date) -> bool:
    return any(
        each.batch in days.known.disputed_batches and each.day == day
        for each in days.known.world.movements
        if each.batch is not None
    )


def _blame_conflict(days: Days, day: date, where: str, verdict: Verdict) -> None:
    untimed = any(
        each.last_day == day and each.made_at < end_of(day) and each.printed_made is None for each in days.covering(day)
    )
    told = "a file of half a day that says no time is among them" if untimed else "no two files disagree"
    verdict.blame(Wrong.FALSE_CONFLICT, where, told)


def judge_contradictions(bank: Bank, matched: Matched, states: States, said: set[date], verdict: Verdict) -> None:
    """Where a later file wholly covers a day and shows a booking moved or no more, it is said."""
    known = matched.known
    for bucket in sorted(known.buckets_of_moved):
        account, currency, day, minor = bucket
        days = Days(bank, known, account, currency)
        shown = {id(sight.statement) for _, sight in known.sights[bucket]}
        later = [
            each
            for each in days.covering(day)
            if id(each) not in shown and days.is_whole(each, day) and each.made_at > _made(known, bucket)
        ]
        if later and states.get((account, currency, day)) != "conflict" and day not in said:
            told = (
                f"{minor / 100:+.2f} is shown by one file and not by a later one; the day is {states.get(bucket[:3])}"
            )
            verdict.blame(Wrong.UNSAID, f"…{account[-4:]} {day}", told)


def _made(known: Known, bucket: tuple[str, str, date, int]) -> datetime:
    return max(sight.statement.made_at for _, sight in known.sights[bucket])
