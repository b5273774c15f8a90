"""On which days two statements can show the same lines, and whether a bank numbered those anew between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import combinations
from string import digits
from typing import NamedTuple

from donations.core.iban import ValidIban
from donations.core.money import Minor
from donations.core.statement import BANK_SCHEMES, IdScheme
from donations.identity.assignment import assign
from donations.identity.content import SeenLine, SeenStatement, StatementId, begins_inside, text_start


def common_days(one: SeenStatement, other: SeenStatement) -> Iterable[date]:
    """Return the days that both touch and of which they can show the same lines."""
    first, last = max(one.first_day, other.first_day), min(one.last_day, other.last_day)
    days = (first + timedelta(days=at) for at in range((last - first).days + 1))
    return (day for day in days if not is_apart(one, other, day))


def is_apart(one: SeenStatement, other: SeenStatement, day: date) -> bool:
    """Whether one of them begins, inside this day, when the other has ended: no line of the day stands in both."""
    return _follows(one, other, day) or _follows(other, one, day)


def _follows(later: SeenStatement, earlier: SeenStatement, day: date) -> bool:
    if not (later.first_day == day == earlier.last_day):
        return False
    begins, ends = later.provenance.begins_at, earlier.provenance.ends_at
    if begins_inside(day, later.provenance) and begins is not None and ends is not None:
        return ends <= begins
    # By the balances: it opens with what the other one closed with, and that is not what the day began with.
    moved = sum(seen.line.money.signed_minor for seen in earlier.on(day))
    return moved != 0 and earlier.closing is not None and earlier.closing == later.opening


def balance_before(statement: SeenStatement, day: date) -> Minor | None:
    """Return what the account held before the statement's own lines of a day, by a balance that it states."""
    moves = [(seen.line.booked_on < day, seen.line.money.signed_minor) for seen in _entries(statement)]
    if statement.opening is not None:
        return statement.opening + sum(minor for before, minor in moves if before)
    if statement.closing is not None:
        return statement.closing - sum(minor for before, minor in moves if not before)
    return None


def _entries(statement: SeenStatement) -> Iterable[SeenLine]:
    return (seen for seen in statement.lines if seen.batch is None)


Renumbered = frozenset[tuple[StatementId, StatementId, IdScheme]]
"""Pairs of statements, both ways round, between which a scheme of ids proves nothing."""


def renumbered(statements: Sequence[SeenStatement]) -> Renumbered:
    """Find the schemes whose ids say otherwise than the lines themselves.

    On each day that both show, the lines of one are contained in the other's by content: the later download has more.
    Yet no id of the scheme agrees, or more of them stand on other amounts than on the same. Where both state
    balances, they must hold the same money before one of these days: either may begin inside the first.
    """
    found: set[tuple[StatementId, StatementId, IdScheme]] = set()
    for one, other in combinations(statements, 2):
        days = frozenset(common_days(one, other))
        lines_one, lines_other = _leaves(one, days), _leaves(other, days)
        suspect = [
            scheme
            for scheme in _schemes(lines_one) & _schemes(lines_other)
            if _says_otherwise(one, lines_one, other, lines_other, scheme)
        ]
        if suspect and _is_contained(lines_one, lines_other) and _hold_the_same(one, other, days):
            for scheme in suspect:
                found |= {(one.id, other.id, scheme), (other.id, one.id, scheme)}
    return frozenset(found)


def _leaves(statement: SeenStatement, days: frozenset[date]) -> list[SeenLine]:
    return [seen for seen in statement.lines if seen.line.booked_on in days and not seen.is_batch_total]


def _schemes(lines: Sequence[SeenLine]) -> frozenset[IdScheme]:
    return frozenset(bank_id.scheme for seen in lines for bank_id in seen.line.ids) & BANK_SCHEMES


def _says_otherwise(
    one: SeenStatement,
    lines_one: Sequence[SeenLine],
    other: SeenStatement,
    lines_other: Sequence[SeenLine],
    scheme: IdScheme,
) -> bool:
    """Whether no id stands in both statements, or more of those that do are on another day or amount than on one.

    Where both count their rows, one of them is enough: the first rows have the same number until a row comes or goes.
    """
    ids_one, ids_other = _buckets_by_id(one, scheme, lines_one), _buckets_by_id(other, scheme, lines_other)
    agreed = sum(ids_other.get(value) == bucket for value, bucket in ids_one.items())
    clashing = len(ids_one.keys() & ids_other.keys()) - agreed
    if not (ids_one and ids_other):
        return False
    return (
        agreed == 0 or clashing > agreed or (clashing > 0 and all(_counts_rows(each, scheme) for each in (one, other)))
    )


def _buckets_by_id(
    statement: SeenStatement, scheme: IdScheme, lines: Sequence[SeenLine]
) -> dict[str, tuple[date, Minor]]:
    return {value: seen.bucket for seen in lines for value in statement.ids_of(seen).get(scheme, ())}


def _counts_rows(statement: SeenStatement, scheme: IdScheme) -> bool:
    """Whether the ids are the numbers 1, 2, 3 … of its rows, whatever stands before them."""
    values = [value for seen in statement.lines for value in statement.ids_of(seen).get(scheme, ())]
    parts = [(value.rstrip(digits), value[len(value.rstrip(digits)) :]) for value in values]
    numbers = sorted(int(number) for _, number in parts if number)
    return len({prefix for prefix, _ in parts}) == 1 and numbers == list(range(1, len(values) + 1))


def _hold_the_same(one: SeenStatement, other: SeenStatement, days: Iterable[date]) -> bool:
    balances = ((balance_before(one, day), balance_before(other, day)) for day in sorted(days))
    return any(None in each or each[0] == each[1] for each in balances)


class _Content(NamedTuple):
    """What two downloads of one line have in common, whatever its ids."""

    iban: ValidIban | None
    words: frozenset[str]
    text: str

    @classmethod
    def of(cls, seen: SeenLine) -> _Content:
        return cls(seen.iban, seen.words, text_start(seen.line.text))

    def may_be(self, other: _Content) -> bool:
        """Whether both can be one line: one account, else a common word in the names; texts of one start.

        Of one name and text the bank may have corrected the account.
        """
        if self.iban is not None and other.iban is not None and self.iban != other.iban:
            return bool(self.words and self.text) and (self.words, self.text) == (other.words, other.text)
        same_payer = self.iban == other.iban and (self.iban or self.words == other.words or self.words & other.words)
        return bool(same_payer) and (self.text.startswith(other.text) or other.text.startswith(self.text))


def _is_contained(one: Sequence[SeenLine], other: Sequence[SeenLine]) -> bool:
    """Whether on each day one side's lines have each a line of the other side's of its own."""
    days: defaultdict[date, tuple[_Buckets, _Buckets]] = defaultdict(lambda: (defaultdict(list), defaultdict(list)))
    for side, lines in enumerate((one, other)):
        for seen in lines:
            days[seen.line.booked_on][side][seen.line.money.signed_minor].append(_Content.of(seen))
    return all(_covers(larger=theirs, smaller=ours) or _covers(ours, theirs) for ours, theirs in days.values())


_Buckets = defaultdict[Minor, list[_Content]]


def _covers(larger: _Buckets, smaller: _Buckets) -> bool:
    return all(
        len(contents) <= len(larger.get(minor, ())) and _each_has_its_own(contents, larger[minor])
        for minor, contents in smaller.items()
    )


def _each_has_its_own(contents: Sequence[_Content], candidates: Sequence[_Content]) -> bool:
    weights = [[1 if one.may_be(other) else None for other in candidates] for one in contents]
    return None not in assign(weights)
