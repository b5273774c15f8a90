"""Every way a file can be refused or noticed has a sample and its expected words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.expected import compare
from tests.readers.golden import problems_text

from donations.core.problem import CATALOGUE, Problem, ProblemCode, Refused
from donations.readers import Limits
from donations.readers.registry import read

HERE = Path(__file__).parents[1]
TODAY = date(2026, 11, 22)
LIMITS = {"file_too_large": Limits(file_bytes=100), "too_many_lines": Limits(lines=1)}
NOT_BY_READING = {
    # What a file is refused or noticed for by what is known outside it (tests/acts).
    ProblemCode.UNKNOWN_ACCOUNT,
    ProblemCode.FORMAT_DIFFERS,
    ProblemCode.OVERLAP_CONFLICT,
    ProblemCode.ORPHANS,
    ProblemCode.CORRECTED,
    ProblemCode.OTHER_SPLIT,
    ProblemCode.GAP,
    ProblemCode.ANSWERS_LOST,
    ProblemCode.DONORS_JOINED,
    ProblemCode.DONORS_PARTED,
    ProblemCode.FORGOTTEN_JOINED,
    ProblemCode.FORGOTTEN_GAVE,
    ProblemCode.CANNOT_OPEN,
    ProblemCode.ACCOUNT_UNVERIFIED,
    ProblemCode.IMBALANCE_ACCEPTED,
    # What no file can show: two readers that claim one file, a parser that fails, are faults of ours.
    ProblemCode.AMBIGUOUS_FORMAT,
    ProblemCode.UNREADABLE_FILE,
    # What the process that reads comes to (test_door.py).
    ProblemCode.TOOK_TOO_MUCH,
    ProblemCode.READER_UNAVAILABLE,
}


def samples(folder: str) -> list[Path]:
    """Return the samples of a folder that reading alone decides on."""
    files = (each for each in (HERE / folder).iterdir() if each.suffix != ".expected")
    return sorted(each for each in files if code_of(each) not in NOT_BY_READING)


def code_of(sample: Path) -> ProblemCode:
    """Return the code that a sample is named after."""
    return ProblemCode(sample.name.partition(".")[0].partition("-")[0])


def problems_of(sample: Path) -> tuple[Problem, ...]:
    """Return what reading the sample says."""
    try:
        limits = LIMITS.get(code_of(sample).value)
        return read(sample.read_bytes(), today=TODAY, limits=limits).notices
    except Refused as refusal:
        return refusal.problems


@pytest.mark.parametrize("sample", samples("refused"), ids=lambda sample: sample.name)
def test_sample_is_refused_for_its_code(sample: Path, update_expected: bool) -> None:
    problems = problems_of(sample)
    assert {problem.code for problem in problems if problem.refuses} == {code_of(sample)}
    compare(sample, problems_text(problems) + "\n", update=update_expected)


@pytest.mark.parametrize("sample", samples("noticed"), ids=lambda sample: sample.name)
def test_sample_is_read_and_its_code_noticed(sample: Path, update_expected: bool) -> None:
    problems = problems_of(sample)
    assert not any(problem.refuses for problem in problems)
    assert code_of(sample) in {problem.code for problem in problems}
    compare(sample, problems_text(problems) + "\n", update=update_expected)


@pytest.mark.parametrize("code", [code for code in ProblemCode if code not in NOT_BY_READING], ids=str)
def test_every_code_has_a_sample(code: ProblemCode) -> None:
    folder = "refused" if CATALOGUE[code].refuses else "noticed"
    assert code in {code_of(sample) for sample in samples(folder)}


@pytest.mark.parametrize("folder", ["refused", "noticed"])
def test_no_expectation_without_a_sample(folder: str) -> None:
    names = {sample.name for sample in samples(folder)}
    assert {path.name.removesuffix(".expected") for path in (HERE / folder).glob("*.expected")} == names


def test_every_code_is_in_the_catalogue() -> None:
    assert set(CATALOGUE) == set(ProblemCode)
