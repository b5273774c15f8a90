"""From what a reader finds to checked statements: every problem told, no number repaired, what costs counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import assert_never

from donations.core.language import N_
from donations.core.lines import Fact, Lines, StatedLine
from donations.core.problem import Problem, ProblemCode, Refused, refuse
from donations.core.statement import (
    BalancePoint,
    Reading,
    StatedBalance,
    StatedTotal,
    Statement,
    StatementStart,
)
from donations.readers.checks import (
    check_balance,
    check_contradictions,
    check_currency,
    check_fields,
    check_totals,
    doubts,
    repeated_ids,
)
from donations.readers.draft import CollectedStatement, check_period

PROBLEMS_MAX = 50
"""A damaged file is described, not listed: past this many the rest would say the same."""
STATEMENTS_MAX = 3_000
"""Of one file: eight years of one a day."""
STATED_MAX = 20_000
"""Balances and totals of one file."""


def finalise(
    facts: Iterable[Fact | Lines], *, format_name: str, today: date, lines_max: int, accept_imbalance: bool
) -> Reading:
    """Check what a reader found and build the statements; raises `Refused` with all problems of the file."""
    drafts, problems = _collect(facts, lines_max=lines_max)
    if not drafts and not any(problem.refuses for problem in problems):
        problems.append(Problem.of(ProblemCode.NO_STATEMENT))
    # Where a line was refused, counts, currency and period can only repeat it, or say something misleading.
    is_whole = not any(problem.refuses for problem in problems)
    statements = []
    for draft in drafts:
        found = list(_check(draft, today=today, is_whole=is_whole))
        problems += found
        if is_whole and not any(problem.refuses for problem in found):
            statement = _build(draft)
            problems += check_balance(draft, currency=statement.currency, accept_imbalance=accept_imbalance)
            problems += [each for each in doubts(draft, format_name=format_name) if each not in problems]
            statements.append(statement)
    if any(problem.refuses for problem in problems):
        raise Refused(problems)
    return Reading(format=format_name, statements=tuple(statements), notices=tuple(problems))


def _collect(facts: Iterable[Fact | Lines], *, lines_max: int) -> tuple[list[CollectedStatement], list[Problem]]:
    drafts: list[CollectedStatement] = []
    problems: list[Problem] = []
    count = stated = 0
    is_refused = False
    for fact in facts:
        match fact:
            case StatedLine():  # first, for of these there are most
                count += fact.saying.payments
                drafts[-1].lines.append(fact)
            case StatementStart():
                drafts.append(CollectedStatement(start=fact))
            case Lines():
                count += sum([said.payments for said in fact.sayings])
                drafts[-1].lines.extend(fact)
            case StatedBalance():
                stated += 1
                drafts[-1].balances.append(fact)
            case StatedTotal():
                stated += 1
                drafts[-1].totals.append(fact)
            case Problem():
                count += 1
                problems.append(fact)
                if fact.code is ProblemCode.ZERO_AMOUNT:
                    drafts[-1].zero_lines += 1
                is_refused = is_refused or fact.refuses
                if len(problems) > PROBLEMS_MAX and is_refused:
                    raise Refused(problems)
            case _:
                assert_never(fact)
        if count > lines_max:
            raise Refused([Problem.of(ProblemCode.TOO_MANY_LINES, limit=lines_max)])
        if len(drafts) > STATEMENTS_MAX or stated > STATED_MAX:
            raise refuse(ProblemCode.FILE_TOO_COMPLEX, what=N_("too many statements or balances"))
    return drafts, problems


def _check(draft: CollectedStatement, *, today: date, is_whole: bool) -> Iterator[Problem]:
    yield from check_fields(draft, today=today)
    yield from check_period(draft, today=today)
    if is_whole:
        yield from check_currency(draft)
        yield from check_totals(draft)
        yield from check_contradictions(draft)
    yield from repeated_ids(draft)


def _build(draft: CollectedStatement) -> Statement:
    start, account, currency = draft.start, draft.start.account, draft.currency
    if account is None or currency is None:  # _check has refused it
        raise AssertionError
    stated = [day for day in (start.first_day, start.last_day) if day is not None]
    days = [*stated, *set(draft.lines.days)]
    if len(stated) < 2:
        days += [balance.on for balance in draft.balances if balance.on and balance.point is not BalancePoint.INTERIM]
    if not days:
        raise Refused([Problem.of(ProblemCode.MISSING_FIELD, line=start.row, field=N_("The period of the statement"))])
    return Statement(
        account=account,
        currency=currency,
        first_day=min(days),
        last_day=max(days),
        lines=draft.lines,
        opening=draft.opening,
        closing=draft.closing,
        balances=tuple(draft.balances),
        imbalance=draft.imbalance or 0,
        provenance=start.provenance,
    )
