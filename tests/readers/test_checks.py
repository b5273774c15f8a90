"""Balances that contradict each other refuse a statement, and a period that its balances contradict lets go."""

from __future__ import annotations

from datetime import date

import pytest
from tests.readers import ofx_sample
from tests.readers.camt_sample import HEAD, PERIOD, balance, document, entry, reading

from donations.core.problem import ProblemCode, Refused
from donations.core.statement import BalancePoint, Statement
from donations.readers.registry import read

ENTRY = entry() + entry(dates="<BookgDt><Dt>2026-01-20</Dt></BookgDt>", amount="5.00")
OPENING, CLOSING = balance("OPBD", "100.00", day="2026-01-01"), balance("CLBD", "115.00")


def refusals(statement: str) -> set[ProblemCode]:
    try:
        reading(document(statement))
    except Refused as refused:
        return {problem.code for problem in refused.problems}
    return set()


@pytest.mark.parametrize(
    ("balances", "is_refused"),
    [
        (OPENING + CLOSING, False),
        (OPENING * 2 + CLOSING * 2, False),
        (OPENING + balance("OPBD", "90.00", day="2026-01-01") + CLOSING, True),
        (OPENING + balance("OPBD", "100.00", way="DBIT", day="2026-01-01") + CLOSING, True),
        (OPENING + balance("CLBD", "120.00") + CLOSING, True),
        (balance("CLBD", "120.00") + CLOSING, True),
        # The balances of each day, as some banks state them.
        (
            OPENING
            + balance("CLBD", "110.00", day="2026-01-05")
            + balance("OPBD", "110.00", day="2026-01-06")
            + CLOSING,
            False,
        ),
        (
            OPENING
            + balance("CLBD", "110.00", day="2026-01-19")
            + balance("OPBD", "110.00", day="2026-01-20")
            + CLOSING,
            False,
        ),
        (OPENING + balance("OPBD", "110.00", day="2026-01-05") + CLOSING, False),  # dated the day before
        (OPENING + balance("CLBD", "110.00", day="2026-01-04") + CLOSING, True),
        (OPENING + balance("OPBD", "111.00", day="2026-01-06") + CLOSING, True),
        (balance("CLBD", "110.00", day="2026-01-10") + CLOSING, False),
        (balance("CLBD", "111.00", day="2026-01-10") + CLOSING, True),
        # The previous closing balance is the opening one.
        (balance("PRCD", "100.00", day="2025-12-31") + OPENING + CLOSING, False),
        (balance("PRCD", "90.00", day="2025-12-31") + OPENING + CLOSING, True),
        (balance("PRCD", "110.00", day="2026-01-19") + OPENING + CLOSING, False),
        (balance("PRCD", "x", day="2025-12-31") + OPENING + CLOSING, False),
        # A balance of another kind is another matter.
        (OPENING + CLOSING + balance("CLAV", "5.00") + balance("ITBD", "7.00", day="2026-01-10"), False),
    ],
)
def test_two_openings_or_closings_must_both_be_true(balances: str, is_refused: bool) -> None:
    expected = {ProblemCode.CONTRADICTING_BALANCES} if is_refused else set()
    assert refusals(HEAD + balances + ENTRY) - {ProblemCode.BALANCE_MISMATCH} == expected


@pytest.mark.parametrize("is_last", [True, False])
def test_one_statement_that_does_not_add_up_refuses_the_whole_file(*, is_last: bool) -> None:
    good = HEAD + OPENING + CLOSING + ENTRY
    bad = HEAD + OPENING + balance("CLBD", "115.01") + ENTRY
    with pytest.raises(Refused) as refused:
        reading(document(*((good, bad) if is_last else (bad, good))))
    assert ProblemCode.BALANCE_MISMATCH in {problem.code for problem in refused.value.problems}


def test_a_later_closing_that_the_lines_do_not_reach_is_a_mismatch() -> None:
    later = balance("CLBD", "120.00", day="2026-02-01")
    assert refusals(HEAD + OPENING + CLOSING + later + ENTRY) == {ProblemCode.BALANCE_MISMATCH}


def test_two_booked_balances_of_one_day_refuse_an_ofx_statement() -> None:
    twice = ofx_sample.balance("110.00") + ofx_sample.balance("120.00")
    with pytest.raises(Refused) as refused:
        read(ofx_sample.ofx(ofx_sample.statement(ofx_sample.line(), balances=twice)), today=date(2026, 6, 1))
    assert [problem.code for problem in refused.value.problems if problem.refuses] == [
        ProblemCode.CONTRADICTING_BALANCES
    ]


def with_period(first: str, last: str, *, opens: str = "2026-01-01", closes: str = "2026-01-31") -> str:
    period = f"<FrToDt><FrDtTm>{first}T00:00:00</FrDtTm><ToDtTm>{last}T00:00:00</ToDtTm></FrToDt>"
    balances = balance("OPBD", "100.00", day=opens) + balance("CLBD", "115.00", day=closes)
    return HEAD.replace(PERIOD, period) + balances + ENTRY


def only(statement: str) -> tuple[Statement, list[ProblemCode]]:
    read_ = reading(document(statement))
    return read_.statements[0], [notice.code for notice in read_.notices]


@pytest.mark.parametrize(
    ("day", "opens", "closes", "covered"),
    [
        ("2026-01-30 2026-02-01", "2026-01-30", "2026-01-31", ("2026-01-05", "2026-01-31")),  # midnight to midnight
        ("2026-01-31", "2026-01-31", "2026-01-31", ("2026-01-05", "2026-01-31")),  # of the download
        ("2026-01-31", "2026-01-01", "2026-01-31", ("2026-01-01", "2026-01-31")),
        ("2026-02-02", "2026-02-02", "2026-01-31", ("2026-01-05", "2026-01-31")),
        ("2026-01-01", "2026-01-01", "2026-01-31", ("2026-01-01", "2026-01-31")),  # the first day twice
    ],
)
def test_a_period_of_one_day_that_the_balances_contradict_lets_go(
    day: str, opens: str, closes: str, covered: tuple[str, str]
) -> None:
    statement, notices = only(with_period(day[:10], day[-10:], opens=opens, closes=closes))
    assert (str(statement.first_day), str(statement.last_day)) == covered
    assert notices == [ProblemCode.PERIOD_WIDENED]
    (opening,) = (each for each in statement.balances if each.point is BalancePoint.OPENING)
    assert opening.on is not None
    assert opening.on <= date(2026, 1, 5), "it held before the first line"


@pytest.mark.parametrize(
    "statement",
    [
        with_period("2026-01-31", "2026-01-31").replace("115.00", "116.00"),  # the balances prove nothing
        with_period("2026-01-10", "2026-01-10", closes="2026-01-10"),  # a line later than what counts it
        with_period("2026-01-15", "2026-01-31"),  # not the day of the download, but another period
        with_period("2027-03-01", "2027-03-01", opens="2027-03-01", closes="2027-03-01"),  # another year's
    ],
)
def test_any_other_contradicted_period_refuses(statement: str) -> None:
    assert ProblemCode.DATE_OUTSIDE_PERIOD in refusals(statement)
