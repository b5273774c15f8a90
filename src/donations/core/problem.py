"""One thing that is wrong, or worth saying, about a file, and the refusal of a file for all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from donations.core.problem_catalogue import CATALOGUE
from donations.core.problem_code import ProblemCode

__all__ = ["CATALOGUE", "Problem", "ProblemCode", "Refused", "refuse"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, or worth saying, about a file; `line` counts from 1 in the file as text.

    `values` fill the catalogue's templates. They never hold a name, a full account number or a payer's text.
    """

    code: ProblemCode
    line: int | None = None
    values: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, code: ProblemCode, *, line: int | None = None, **values: object) -> Problem:
        """Build a problem from the catalogue's placeholders."""
        return cls(code, line, tuple((name, str(value)) for name, value in values.items()))

    @property
    def refuses(self) -> bool:
        """Whether nothing of the file may be imported because of this."""
        return CATALOGUE[self.code].refuses

    @property
    def message(self) -> str:
        """Say in English where, what happened, what it means for the money, and what to do."""
        entry = CATALOGUE[self.code]
        where = "" if self.line is None else f"Line {self.line}: "
        said = f"{entry.what} {entry.remedy}".strip().format(**dict(self.values)).strip()
        return f"{where}{said}"


class Refused(Exception):  # noqa: N818 - the word the product uses
    """A file is refused, for all of `problems`; nothing of it is imported."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep every problem, in the order found."""
        self.problems = tuple(problems)
        super().__init__(", ".join(sorted({problem.code for problem in self.problems})))


def refuse(code: ProblemCode, *, line: int | None = None, **values: object) -> Refused:
    """Return the refusal for one problem, to be raised."""
    return Refused([Problem.of(code, line=line, **values)])
