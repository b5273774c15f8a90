"""Which pages of a paged camt.053 statement a file holds, and which are missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from donations.core.problem import Problem, ProblemCode
from donations.core.statement import StatementStart
from donations.readers.camt_node import Node


def page_number(page: Node) -> int:
    """Return the number of a page (`StmtPgntn`, `MsgPgntn`), from 1."""
    written = page.value("PgNb")
    return int(written) if re.fullmatch(r"[0-9]{1,5}", written) else 1


def is_last_page(page: Node) -> bool:
    """Whether no page follows; a bank that does not say so has no other pages."""
    return page.value("LastPgInd") not in {"false", "0"}


@dataclass(slots=True)
class Pages:
    """The pages of each statement, whose starts are the same but for the row; `None` is the message as a whole."""

    seen: dict[StatementStart | None, dict[int, Node]] = field(default_factory=dict)

    def add(self, page: Node, *, of: StatementStart | None) -> None:
        """Note a page."""
        self.seen.setdefault(of, {}).setdefault(page_number(page), page)

    def missing(self) -> Iterator[Problem]:
        """Yield one notice for each statement that has pages elsewhere."""
        for pages in self.seen.values():
            numbers = sorted(pages)
            if numbers != list(range(1, len(numbers) + 1)) or not is_last_page(pages[numbers[-1]]):
                said = ", ".join(map(str, numbers))
                yield Problem.of(ProblemCode.PAGE_MISSING, line=pages[numbers[0]].row, page=said)
