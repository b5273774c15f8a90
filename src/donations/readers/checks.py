"""The checks that refuse a statement: its account, lines, currency, totals and balances, each named by what it asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from donations.core.language import N_
from donations.core.money import Balance, Currency, Minor
from donations.core.problem import Problem, ProblemCode
from donations.core.statement import BalancePoint, Flow, StatedBalance
from donations.readers.bounds import long_fields_of_line, long_fields_of_start
from donations.readers.draft import Draft
from donations.readers.period import is_believable


def check_fields(draft: Draft, *, today: date) -> Iterator[Problem]:
    """Report a statement without an account, lines of impossible days, and fields that are too long."""
    if draft.start.account is None:
        yield Problem.of(ProblemCode.MISSING_FIELD, line=draft.start.row, field=N_("The account number"))
    yield from long_fields_of_start(draft.start)
    for line in draft.lines:
        if not is_believable(line.booked_on, today=today):
            yield Problem.of(ProblemCode.BAD_DATE, line=line.row)
        yield from long_fields_of_line(line)


def check_currency(draft: Draft) -> Iterator[Problem]:
    """Report lines and balances that are not in the statement's currency."""
    stated = draft.currency
    if stated is None:
        yield Problem.of(ProblemCode.MISSING_FIELD, line=draft.start.row, field=N_("The currency"))
        return
    for row, currency in [
        *((line.row, line.money.amount.currency) for line in draft.lines),
        *((balance.row, balance.balance.currency) for balance in draft.balances),
    ]:
        if currency != stated:
            yield Problem.of(ProblemCode.CURRENCY_MISMATCH, line=row, line_currency=currency, statement_currency=stated)


def check_totals(draft: Draft) -> Iterator[Problem]:
    """Report announced counts and sums that the lines do not have."""
    chosen = {
        Flow.ALL: draft.signed,
        Flow.IN: [minor for minor in draft.signed if minor > 0],
        Flow.OUT: [-minor for minor in draft.signed if minor < 0],
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
            currency = draft.currency or Currency("EUR")
            yield Problem.of(
                ProblemCode.COUNT_MISMATCH,
                line=total.row,
                what=N_("the sum of the entries"),
                announced=Balance(total.minor, currency),
                found=Balance(sum(lines), currency),
            )


def check_contradictions(draft: Draft) -> Iterator[Problem]:
    """Report a second opening or closing balance that cannot be true beside the one that counts.

    Another day's is true if the lines lead to it: banks state the balances of each day or month inside a statement.
    """
    for point, kept_at in ((BalancePoint.OPENING, 0), (BalancePoint.CLOSING, -1)):
        stated = draft.stated(point)
        others = [each for each in stated if each.balance != stated[kept_at].balance]
        for other in others:
            if other.on == stated[kept_at].on or not _is_led_to(draft, other):
                yield Problem.of(
                    ProblemCode.CONTRADICTING_BALANCES,
                    line=other.row,
                    one=stated[kept_at].balance,
                    other=other.balance,
                    balances=N_("opening balances") if point is BalancePoint.OPENING else N_("closing balances"),
                )
                break


def _is_led_to(draft: Draft, stated: StatedBalance) -> bool:
    """Whether the lines before its day (of an opening balance), or up to its end, lead to a balance."""
    on, opening, closing = stated.on, draft.opening, draft.closing
    if on is None:
        return False
    at_begin, at_end = (_moved_until(draft, on, is_end=is_end) for is_end in (False, True))
    if opening is not None:
        begin, end = opening.minor + at_begin, opening.minor + at_end
    elif closing is not None:
        begin, end = closing.minor - draft.moved + at_begin, closing.minor - draft.moved + at_end
    else:
        return False
    # Some banks date an opening balance by the day before, at whose end it held.
    return stated.balance.minor in ({begin, end} if stated.point is BalancePoint.OPENING else {end})


def _moved_until(draft: Draft, day: date, *, is_end: bool) -> Minor:
    days = zip(draft.lines, draft.signed, strict=True)
    return sum(minor for line, minor in days if line.booked_on < day or (is_end and line.booked_on == day))


def check_balance(draft: Draft, *, currency: Currency, accept_imbalance: bool) -> Iterator[Problem]:
    """Report balances that do not add up; where a person accepts that, it is a notice."""
    opening, closing, imbalance = draft.opening, draft.closing, draft.imbalance
    if not imbalance or opening is None or closing is None:
        return
    yield Problem.of(
        ProblemCode.IMBALANCE_ACCEPTED if accept_imbalance else ProblemCode.BALANCE_MISMATCH,
        opening=opening,
        lines=Balance(draft.moved, currency),
        computed=Balance(opening.minor + draft.moved, currency),
        closing=closing,
        difference=Balance(imbalance, currency),
    )
