"""The catalogue of problems is whole, and its messages say where and what."""

from __future__ import annotations

from string import Formatter

import pytest

from donations.core.problem import CATALOGUE, Problem, ProblemCode, Refused, refuse


def test_every_code_has_one_entry() -> None:
    assert set(CATALOGUE) == set(ProblemCode)
    assert len({code.value for code in ProblemCode}) == len(ProblemCode)


@pytest.mark.parametrize("code", ProblemCode)
def test_a_message_is_whole_sentences(code: ProblemCode) -> None:
    entry = CATALOGUE[code]
    names = {name for part in (entry.what, entry.remedy) for _, name, _, _ in Formatter().parse(part) if name}
    message = Problem.of(code, line=7, **dict.fromkeys(names, "X")).message
    assert message.startswith("Line 7: ")
    assert "{" not in message
    assert code.value == code.name.lower()


@pytest.mark.parametrize("code", [code for code in ProblemCode if CATALOGUE[code].refuses])
def test_a_refusal_says_what_it_means_for_the_money(code: ProblemCode) -> None:
    assert CATALOGUE[code].remedy.startswith("Nothing was imported. ")


def test_a_notice_refuses_nothing() -> None:
    assert not Problem.of(ProblemCode.ZERO_AMOUNT).refuses
    assert Problem.of(ProblemCode.BAD_AMOUNT).refuses


def test_a_refusal_keeps_every_problem_in_order_and_shows_codes_only() -> None:
    problems = [Problem.of(ProblemCode.GAP, first="a", last="b"), Problem.of(ProblemCode.BAD_DATE, line=3)]
    refused = Refused(iter(problems))
    assert refused.problems == tuple(problems)
    assert str(refused) == "bad_date, gap"


def test_values_are_kept_as_text() -> None:
    problem = refuse(ProblemCode.TOO_MANY_LINES, line=None, limit=5).problems[0]
    assert problem.values == (("limit", "5"),)
    assert problem.message.startswith("The file has more than 5 lines. Nothing was imported.")
