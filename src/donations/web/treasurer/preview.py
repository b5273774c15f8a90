"""What an upload would do, as the preview page shows it, and the digest that the commit must meet."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from donations.core.money import Minor
from donations.core.problem import ProblemCode
from donations.intake import FileResult, FileStatus, StatementResult
from donations.web.treasurer.problems import Said, say


class StatementView(NamedTuple):
    """A statement with the movement that its own two balances state."""

    statement: StatementResult
    moved: Minor | None
    """Closing less opening; None where a balance is missing or the lines were accepted although they disagree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """One file of the preview."""

    result: FileResult
    statements: tuple[StatementView, ...]
    problems: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """All files of an upload and what they come to together."""

    files: tuple[FileView, ...]
    digest: str
    new: int
    known: int
    gifts: int
    gift_totals: tuple[tuple[str, Minor], ...]
    questions: int
    refused: int
    unknown_accounts: tuple[str, ...]
    has_mismatch: bool

    @property
    def can_commit(self) -> bool:
        """Whether anything would be imported."""
        return any(each.result.status in {FileStatus.IMPORTED, FileStatus.NOTHING_NEW} for each in self.files)


def preview_of(results: Sequence[FileResult]) -> Preview:
    """Return the preview of what the files came to."""
    problems = [problem for result in results for problem in result.problems]
    unknown = [dict(each.values)["command"] for each in problems if each.code is ProblemCode.UNKNOWN_ACCOUNT]
    totals: Counter[str] = Counter()
    for result in results:
        totals.update(dict(result.gift_totals))
    return Preview(
        files=tuple(map(_file_view, results)),
        digest=digest_of(results),
        new=sum(statement.new for result in results for statement in result.statements),
        known=sum(statement.known for result in results for statement in result.statements),
        gifts=sum(result.gifts for result in results),
        gift_totals=tuple(sorted(totals.items())),
        questions=sum(result.questions for result in results),
        refused=sum(result.status is FileStatus.REFUSED for result in results),
        unknown_accounts=tuple(dict.fromkeys(unknown)),
        has_mismatch=any(each.code is ProblemCode.BALANCE_MISMATCH for each in problems),
    )


def digest_of(results: Sequence[FileResult]) -> str:
    """Name what a preview promised; row ids are not part of it, for others may have taken them meanwhile."""
    promised = repr([replace(result, file_id=None) for result in results])
    return hashlib.sha256(promised.encode()).hexdigest()


def _file_view(result: FileResult) -> FileView:
    was_accepted = any(each.code is ProblemCode.IMBALANCE_ACCEPTED for each in result.problems)
    return FileView(
        result=result,
        statements=tuple(
            StatementView(
                each,
                None if was_accepted or each.opening is None or each.closing is None else each.closing - each.opening,
            )
            for each in result.statements
        ),
        problems=tuple(map(say, result.problems)),
    )
