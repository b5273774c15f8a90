"""Facts to statements by named checks; every problem of the file is reported, and no number is repaired."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import assert_never

from donations.core.language import N_
from donations.core.money import Balance, Currency, Minor
from donations.core.problem import Problem, ProblemCode, Refused
from donations.core.statement import (
    BANK_SCHEMES,
    BalancePoint,
    BankId,
    Fact,
    Flow,
    Reading,
    StatedBalance,
    StatedTotal,
    Statement,
    StatementLine,
    StatementStart,
)
from donations.readers.limits import NAME_CHARACTERS_MAX, TEXT_CHARACTERS_MAX

FIRST_BELIEVABLE_DAY = date(2000, 1, 1)
DAYS_AHEAD_MAX = 2
"""Banks in other time zones and value-dated bookings may be ahead of us; further ahead is a damaged date."""
PERIOD_SLACK = timedelta(days=3)
"""How far outside its stated period a statement's line may be dated where the balances count it."""
PROBLEMS_MAX = 50
"""A damaged file is described, not listed: past this many the rest would say the same."""


@dataclass(slots=True)
class _Draft:
    """What one statement has stated so far."""

    start: StatementStart
    lines: list[StatementLine] = field(default_factory=list)
    balances: list[StatedBalance] = field(default_factory=list)
    totals: list[StatedTotal] = field(default_factory=list)
    zero_lines: int = 0


def finalise(
    facts: Iterable[Fact], *, format_name: str, today: date, lines_max: int, accept_imbalance: bool
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
            problems += _check_balances(statement, accept_imbalance=accept_imbalance)
            statements.append(statement)
    if any(problem.refuses for problem in problems):
        raise Refused(problems)
    return Reading(format=format_name, statements=tuple(statements), notices=tuple(problems))


def _collect(facts: Iterable[Fact], *, lines_max: int) -> tuple[list[_Draft], list[Problem]]:
    drafts: list[_Draft] = []
    problems: list[Problem] = []
    count = 0
    for fact in facts:
        match fact:
            case StatementStart():
                drafts.append(_Draft(fact))
            case StatementLine():
                count += len(fact.leaves)
                if count > lines_max:
                    raise Refused([Problem.of(ProblemCode.TOO_MANY_LINES, limit=lines_max)])
                drafts[-1].lines.append(fact)
            case StatedBalance():
                drafts[-1].balances.append(fact)
            case StatedTotal():
                drafts[-1].totals.append(fact)
            case Problem():
                problems.append(fact)
                if fact.code is ProblemCode.ZERO_AMOUNT:
                    drafts[-1].zero_lines += 1
                if len(problems) > PROBLEMS_MAX and any(problem.refuses for problem in problems):
                    raise Refused(problems)
            case _:
                assert_never(fact)
    return drafts, problems


def _check(draft: _Draft, *, today: date, is_whole: bool) -> Iterator[Problem]:
    if draft.start.account is None:
        yield Problem.of(ProblemCode.MISSING_FIELD, line=draft.start.row, field=N_("The account number"))
    for line in draft.lines:
        yield from _check_line(line, today=today)
    yield from _check_period(draft, today=today)
    if is_whole:
        yield from _check_currency(draft)
        yield from _check_totals(draft)
    yield from _reused_ids(draft)


def _is_believable(day: date, *, today: date) -> bool:
    return FIRST_BELIEVABLE_DAY <= day <= today + timedelta(days=DAYS_AHEAD_MAX)


def _check_line(line: StatementLine, *, today: date) -> Iterator[Problem]:
    if not _is_believable(line.booked_on, today=today):
        yield Problem.of(ProblemCode.BAD_DATE, line=line.row)
    for leaf in line.leaves:
        if len(leaf.counterparty.name) > NAME_CHARACTERS_MAX:
            yield Problem.of(ProblemCode.TEXT_TOO_LONG, line=leaf.row, field=N_("name"))
        if len(leaf.text) > TEXT_CHARACTERS_MAX:
            yield Problem.of(ProblemCode.TEXT_TOO_LONG, line=leaf.row, field=N_("text"))


def _check_period(draft: _Draft, *, today: date) -> Iterator[Problem]:
    """A line outside the stated period is a damaged date, unless it is near and the balances count it.

    Banks were seen to put bookings of a month's last day into the next month's statement.
    """
    first, last = draft.start.first_day, draft.start.last_day
    if first is None or last is None:
        return
    outside = [line for line in draft.lines if not first <= line.booked_on <= last]
    outside = [line for line in outside if _is_believable(line.booked_on, today=today)]
    near = all(first - PERIOD_SLACK <= line.booked_on <= last + PERIOD_SLACK for line in outside)
    if outside and near and _imbalance(draft) == 0:
        yield Problem.of(ProblemCode.PERIOD_WIDENED, count=len(outside), first=first, last=last)
        return
    for line in outside:
        yield Problem.of(ProblemCode.DATE_OUTSIDE_PERIOD, line=line.row, day=line.booked_on, first=first, last=last)


def _check_currency(draft: _Draft) -> Iterator[Problem]:
    stated = _currency(draft)
    if stated is None:
        yield Problem.of(ProblemCode.MISSING_FIELD, line=draft.start.row, field=N_("The currency"))
        return
    for row, currency in [
        *((line.row, line.money.amount.currency) for line in draft.lines),
        *((balance.row, balance.balance.currency) for balance in draft.balances),
    ]:
        if currency != stated:
            yield Problem.of(ProblemCode.CURRENCY_MISMATCH, line=row, line_currency=currency, statement_currency=stated)


def _currency(draft: _Draft) -> Currency | None:
    if draft.start.currency is not None:
        return draft.start.currency
    currencies = [line.money.amount.currency for line in draft.lines]
    currencies += [balance.balance.currency for balance in draft.balances]
    return currencies[0] if currencies else None


def _check_totals(draft: _Draft) -> Iterator[Problem]:
    signed = [line.money.signed_minor for line in draft.lines]
    chosen = {
        Flow.ALL: signed,
        Flow.IN: [minor for minor in signed if minor > 0],
        Flow.OUT: [-minor for minor in signed if minor < 0],
    }
    for total in draft.totals:
        lines = chosen[total.flow]
        counts = range(len(lines), len(lines) + draft.zero_lines + 1)
        if total.count is not None and total.count not in counts:
            yield Problem.of(
                ProblemCode.COUNT_MISMATCH,
                line=total.row,
                what=N_("the number of entries"),
                announced=total.count,
                found=len(lines),
            )
        elif total.minor is not None and total.minor != sum(lines):
            currency = _currency(draft) or Currency("EUR")
            yield Problem.of(
                ProblemCode.COUNT_MISMATCH,
                line=total.row,
                what=N_("the sum of the entries"),
                announced=Balance(total.minor, currency),
                found=Balance(sum(lines), currency),
            )


def _reused_ids(draft: _Draft) -> Iterator[Problem]:
    seen: Counter[BankId] = Counter()
    rows: dict[BankId, int] = {}
    for line in draft.lines:
        for bank_id in line.ids:
            seen[bank_id] += 1
            rows.setdefault(bank_id, line.row)
    for bank_id, count in seen.items():
        if count > 1 and bank_id.scheme in BANK_SCHEMES:
            yield Problem.of(ProblemCode.REFERENCE_REUSED, line=rows[bank_id], count=count)


def _build(draft: _Draft) -> Statement:
    start, account, currency = draft.start, draft.start.account, _currency(draft)
    if account is None or currency is None:  # _check has refused it
        raise AssertionError
    stated = [day for day in (start.first_day, start.last_day) if day is not None]
    days = stated + [line.booked_on for line in draft.lines]
    if len(stated) < 2:
        days += [balance.on for balance in draft.balances if balance.on and balance.point is not BalancePoint.INTERIM]
    if not days:
        raise Refused([Problem.of(ProblemCode.MISSING_FIELD, line=start.row, field=N_("The period of the statement"))])
    return Statement(
        account=account,
        currency=currency,
        first_day=min(days),
        last_day=max(days),
        lines=tuple(draft.lines),
        opening=_balance(draft, BalancePoint.OPENING),
        closing=_balance(draft, BalancePoint.CLOSING),
        balances=tuple(draft.balances),
        imbalance=_imbalance(draft) or 0,
        provenance=start.provenance,
    )


def _imbalance(draft: _Draft) -> Minor | None:
    """Return the closing balance less opening and lines; None where one of the two is not stated."""
    opening, closing = (_balance(draft, point) for point in (BalancePoint.OPENING, BalancePoint.CLOSING))
    if opening is None or closing is None:
        return None
    return closing.minor - opening.minor - sum(line.money.signed_minor for line in draft.lines)


def _balance(draft: _Draft, point: BalancePoint) -> Balance | None:
    """Take the first opening and the last closing balance; pages of one statement state them in between too."""
    stated = [balance.balance for balance in draft.balances if balance.point is point]
    if not stated:
        return None
    return stated[0] if point is BalancePoint.OPENING else stated[-1]


def _check_balances(statement: Statement, *, accept_imbalance: bool) -> Iterator[Problem]:
    if not statement.imbalance or statement.opening is None or statement.closing is None:
        return
    lines = sum(line.money.signed_minor for line in statement.lines)
    code = ProblemCode.IMBALANCE_ACCEPTED if accept_imbalance else ProblemCode.BALANCE_MISMATCH
    yield Problem.of(
        code,
        opening=statement.opening,
        lines=Balance(lines, statement.currency),
        computed=Balance(statement.opening.minor + lines, statement.currency),
        closing=statement.closing,
        difference=Balance(statement.imbalance, statement.currency),
    )
