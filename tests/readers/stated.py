"""What a reader states, with each line whole: as it comes out of the columns that it is stated in."""

from __future__ import annotations

from donations.core.lines import StatedLine
from donations.core.problem import Problem
from donations.core.statement import StatedBalance, StatedTotal, StatementLine, StatementStart
from donations.readers.protocol import Reader

Stated = StatementStart | StatementLine | StatedBalance | StatedTotal | Problem


def stated(reader: Reader, content: bytes) -> list[Stated]:
    """Return all that a reader states of a file; raises `Refused`."""
    return [fact.whole if isinstance(fact, StatedLine) else fact for fact in reader.facts(content)]
