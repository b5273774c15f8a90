"""The two questions every reader answers: whether a file is its own, and what the file states."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from donations.core.statement import Fact


class Reader(Protocol):
    """One statement format."""

    @property
    def name(self) -> str:
        """Stable name, shown to people and kept with the file: `camt.053`, `ofx`, `lhv-csv`."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """File endings people expect for it; only used to say that a name and its content differ."""

    def claims(self, content: bytes) -> bool:
        """Whether the content is this format, judged from its first bytes alone; never raises."""

    def facts(self, content: bytes) -> Iterator[Fact]:
        """Yield what the file states, in its order, holding no more than a few lines in memory.

        A `Problem` is yielded where reading can go on (so that all of them can be told at once), and `Refused`
        is raised where it cannot. Never repairs a number.
        """
