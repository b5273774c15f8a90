"""Amounts are read by the convention of the whole file, and what does not fit it is refused."""

from __future__ import annotations

import pytest

from donations.core.money import EUR
from donations.core.problem import ProblemCode, Refused
from donations.core.statement import Flow
from donations.readers.csv_rows import CsvConvention, Direction

Written = tuple[str, Direction]


def read(*amounts: Written, may_sign_money_out: bool = False) -> list[int | ProblemCode]:
    """Return each amount of one file in cents, or the code it is refused with."""
    convention = CsvConvention(may_sign_money_out=may_sign_money_out)
    for text, flow in amounts:
        convention.learn(text, flow=flow)
    found: list[int | ProblemCode] = []
    for text, flow in amounts:
        try:
            found.append(convention.read(text, flow=flow, currency=EUR, line=1))
        except Refused as refused:
            found += [problem.code for problem in refused.problems]
    return found


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["12.50"], [1250]),
        (["12,50"], [1250]),
        (["7", "12,5"], [700, 1250]),
        (["7"], [700]),
        (["+5.00", "1.0"], [500, 100]),
        (["1.000"], [ProblemCode.AMBIGUOUS_AMOUNT]),
        (["10,000", "1.000", "7"], [ProblemCode.AMBIGUOUS_AMOUNT, ProblemCode.AMBIGUOUS_AMOUNT, 700]),
        (["10,000", "12,50"], [1000, 1250]),  # the comma is this file's decimal mark
        (["10,000", "12.50"], [ProblemCode.BAD_AMOUNT, 1250]),  # here it would be a thousands mark
        (["12,50", "13,50", "12.50"], [1250, 1350, ProblemCode.BAD_AMOUNT]),
        (["1.234,56", "12,50"], [ProblemCode.BAD_AMOUNT, 1250]),
        (["12,505"], [ProblemCode.AMBIGUOUS_AMOUNT]),
        (["0,005"], [ProblemCode.BAD_AMOUNT]),
        (["99999999999.00"], [ProblemCode.AMOUNT_OUT_OF_RANGE]),
    ],
)
def test_one_decimal_mark_for_the_whole_file(texts: list[str], expected: list[int | ProblemCode]) -> None:
    assert read(*((text, Flow.IN) for text in texts)) == expected


@pytest.mark.parametrize("text", ["", "-", ".", "NaN", "1e3", "1 234.56", "1'234.56", "--5", "0x10", "５.00", "−5.00"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    assert read((text, Flow.IN)) == [ProblemCode.BAD_AMOUNT]


CONFLICT = ProblemCode.SIGN_CONFLICT


@pytest.mark.parametrize(
    ("amounts", "signed_bank", "unsigned_bank"),
    [
        ([("5.00", Flow.IN), ("5.00", Flow.OUT)], [500, 500], [500, 500]),
        ([("5.00", Flow.IN), ("-5.00", Flow.OUT)], [500, 500], [500, CONFLICT]),
        ([("-5.00", Flow.IN)], [CONFLICT], [CONFLICT]),
        ([("5.00", Flow.OUT), ("-5.00", Flow.OUT)], [CONFLICT, 500], [500, CONFLICT]),
        ([("0.00", Flow.OUT), ("-5.00", Flow.OUT)], [0, 500], [0, CONFLICT]),
    ],
)
def test_a_minus_says_what_the_letter_says_in_every_row_or_in_none(
    amounts: list[Written], signed_bank: list[int | ProblemCode], unsigned_bank: list[int | ProblemCode]
) -> None:
    assert read(*amounts, may_sign_money_out=True) == signed_bank
    assert read(*amounts) == unsigned_bank
