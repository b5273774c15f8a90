"""Whether a bank numbered the same lines anew between two statements, so that their ids cannot contradict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import combinations

from donations.core.money import Minor
from donations.core.statement import BANK_SCHEMES, IdScheme
from donations.identity.seen import SeenLine, SeenStatement, StatementId

Renumbered = frozenset[tuple[StatementId, StatementId, IdScheme]]
"""Pairs of statements, both ways round, between which a scheme of ids proves nothing."""

_LINES_MIN = 2
"""Without balances, one line alone may as well be a twin: that many must agree by content."""


def renumbered(statements: Sequence[SeenStatement]) -> Renumbered:
    """Find the schemes in which two statements agree on no id although they agree on everything else.

    Where both state balances, the balances decide: only statements that hold the same money before and after
    their common days can show the same lines.
    """
    found: set[tuple[StatementId, StatementId, IdScheme]] = set()
    for one, other in combinations(statements, 2):
        first, last = max(one.first_day, other.first_day), min(one.last_day, other.last_day)
        if first > last:
            continue
        for scheme in _schemes(one, first, last) & _schemes(other, first, last):
            if _renumbered(one, other, scheme, first, last):
                found |= {(one.id, other.id, scheme), (other.id, one.id, scheme)}
    return frozenset(found)


def _on(statement: SeenStatement, first: date, last: date) -> list[SeenLine]:
    return [seen for seen in statement.lines if first <= seen.line.booked_on <= last and not seen.is_batch_total]


def _schemes(statement: SeenStatement, first: date, last: date) -> frozenset[IdScheme]:
    lines = _on(statement, first, last)
    return frozenset(bank_id.scheme for seen in lines for bank_id in seen.line.ids) & BANK_SCHEMES


def _renumbered(one: SeenStatement, other: SeenStatement, scheme: IdScheme, first: date, last: date) -> bool:
    lines_one, lines_other = _on(one, first, last), _on(other, first, last)
    if Counter(seen.bucket for seen in lines_one) != Counter(seen.bucket for seen in lines_other):
        return False
    ids_one = {value for seen in lines_one for value in one.ids_of(seen).get(scheme, ())}
    ids_other = {value for seen in lines_other for value in other.ids_of(seen).get(scheme, ())}
    if not ids_one or not ids_other or ids_one & ids_other:
        return False
    balances = [_held_before(statement, first) for statement in (one, other)]
    if None not in balances:
        return balances[0] == balances[1]
    return len(lines_one) >= _LINES_MIN


def _held_before(statement: SeenStatement, day: date) -> Minor | None:
    """Return what the account held before the day, by a stated balance and the statement's own lines."""
    moves = [(seen.line.booked_on < day, seen.line.money.signed_minor) for seen in statement.lines if not seen.batch]
    if statement.opening is not None:
        return statement.opening + sum(minor for before, minor in moves if before)
    if statement.closing is not None:
        return statement.closing - sum(minor for before, minor in moves if not before)
    return None
