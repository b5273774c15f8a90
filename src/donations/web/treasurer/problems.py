"""Problems of a file as pages say them: forms and links are the remedy where the catalogue names commands."""

from __future__ import annotations

from dataclasses import dataclass

from donations.core.problem import CATALOGUE, Problem, ProblemCode

_REMEDIES = {
    ProblemCode.FILE_TOO_LARGE: "Nothing of it will be imported. Export a shorter period from the bank.",
    ProblemCode.TOO_MANY_LINES: "Nothing of it will be imported. Export a shorter period from the bank.",
    ProblemCode.UNKNOWN_ACCOUNT: "Nothing of it will be imported unless you say below that the account is yours.",
    ProblemCode.BALANCE_MISMATCH: (
        "Nothing of it will be imported. Download the whole period again; if the bank’s file really is so,"
        " accept it below and say why."
    ),
    ProblemCode.OVERLAP_CONFLICT: "Both are kept apart and wait under Questions.",
    ProblemCode.ORPHANS: "They are kept and wait under Questions.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One problem in words."""

    code: ProblemCode
    line: int | None
    what: str
    remedy: str
    refuses: bool


def say(problem: Problem) -> Said:
    """Return the problem in words."""
    entry, values = CATALOGUE[problem.code], dict(problem.values)
    return Said(
        code=problem.code,
        line=problem.line,
        what=entry.what.format(**values),
        remedy=_REMEDIES.get(problem.code, entry.remedy).format(**values).strip(),
        refuses=problem.refuses,
    )
