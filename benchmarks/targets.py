"""Every target there is, and whether what was measured meets it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

LINES, MANY_LINES, PAYMENTS = 100_000, 1_000_000, 1_000_000
"""At which sizes the targets are meant."""
NOT_ASKED = "not asked for"


class Verdict(StrEnum):
    """What came of a target."""

    MET = "met"
    MISSED = "missed"
    TOLD = "told"
    """There is no target, but whoever reads the others wants to know it."""
    NOT_MEASURED = "not measured"
    NOT_BUILT = "not built"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One row of the table."""

    key: str
    what: str
    limit: float | None
    """At most this; None where a figure is only told."""
    unit: str = "×"
    size: int = 0
    """Lines or payments that it is meant for; 0 where the size of the books does not matter."""
    is_least: bool = False
    """Whether it is at least the limit instead."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured for a target; no value where nothing was, and the note says why."""

    key: str
    value: float | None
    note: str = ""
    size: int = 0
    is_built: bool = True


@dataclass(frozen=True, slots=True)
class Result:
    """A target beside its figure."""

    target: Target
    figure: Figure

    @property
    def verdict(self) -> Verdict:
        """Return whether it is met."""
        value, limit = self.figure.value, self.target.limit
        if not self.figure.is_built:
            return Verdict.NOT_BUILT
        if value is None:
            return Verdict.NOT_MEASURED
        if limit is None:
            return Verdict.TOLD
        return Verdict.MET if (value >= limit if self.target.is_least else value <= limit) else Verdict.MISSED

    @property
    def is_small(self) -> bool:
        """Whether it was measured with less than the target is meant for."""
        return self.figure.value is not None and self.figure.size < self.target.size


_CSV, _AND_MONTHS = "LHV CSV to books, whole process, of ", "LHV CSV to books, then gifts by month on both sides, of "
TARGETS = (
    Target(key="csv.hledger.sealed", what=f"{_CSV}hledger", limit=0.25, size=LINES),
    Target(key="csv.beancount.sealed", what=f"{_CSV}beancount + beangulp", limit=0.4, size=LINES),
    Target(key="csv.ledger.sealed", what=f"{_CSV}ledger", limit=1.6, size=LINES),
    Target(key="csv.hledger.unsealed", what=f"{_CSV}hledger (unsealed)", limit=0.2, size=LINES),
    Target(key="csv.beancount.unsealed", what=f"{_CSV}beancount + beangulp (unsealed)", limit=0.33, size=LINES),
    Target(key="csv.ledger.unsealed", what=f"{_CSV}ledger (unsealed)", limit=1.3, size=LINES),
    Target(key="csv.sealed", what="LHV CSV to books, sealed of unsealed", limit=None, size=LINES),
    Target(key="months.hledger", what=f"{_AND_MONTHS}hledger", limit=None, size=LINES),
    Target(key="months.beancount", what=f"{_AND_MONTHS}beancount + beangulp", limit=None, size=LINES),
    Target(key="months.ledger", what=f"{_AND_MONTHS}ledger", limit=None, size=LINES),
    Target(key="camt", what="camt.053 to books, of the LHV CSV", limit=1.6, size=LINES),
    Target(key="read.camt.053", what="reading camt.053, of lxml iterparse + clear", limit=3.5, size=LINES),
    Target(key="read.ofx", what="reading OFX, of parseTransaction on ready nodes", limit=2, size=LINES),
    Target(key="read.lhv-csv", what="reading LHV CSV, of csv.reader", limit=8, size=LINES),
    Target(key="rows", what="rows a payment without the file", limit=3.4, unit="rows", size=LINES),
    Target(key="bytes", what="bytes a payment without the file", limit=330, unit="B", size=LINES),
    Target(key="growth", what="25th month, of the same file into empty books", limit=1.3, size=LINES),
    Target(key="again", what="the same bytes again, beyond their hash", limit=20, unit="ms", size=LINES),
    Target(key="memory", what="peak memory of an import over base", limit=80, unit="MB", size=LINES),
    Target(key="memory.many", what="peak memory, 1M lines more than 100k", limit=40, unit="MB", size=MANY_LINES),
    Target(key="pages.sqlite", what="pages, p95 of the slowest, SQLite", limit=100, unit="ms", size=PAYMENTS),
    Target(key="pages.postgres", what="pages, p95 of the slowest, PostgreSQL", limit=100, unit="ms", size=PAYMENTS),
    Target(key="files", what="files of everything that do not stream", limit=0, unit="files", size=PAYMENTS),
    Target(key="postgres.donor", what="a donor's page, PostgreSQL of SQLite", limit=1.5, size=PAYMENTS),
    Target(key="postgres.csv", what="LHV CSV to books, PostgreSQL of SQLite", limit=None, size=LINES),
    Target(key="public.sqlite", what="/ of a bare ASGI application, SQLite gone", limit=0.7, is_least=True),
    Target(key="public.postgres", what="/ of a bare ASGI application, PostgreSQL stopped", limit=0.7, is_least=True),
    Target(key="start.help", what="donations --help, of python with argparse", limit=6),
    Target(key="start.command", what="start of the slowest command", limit=0.6, unit="s"),
)


def results(figures: Iterable[Figure]) -> list[Result]:
    """Return every target with its figure, in the order of the table."""
    found = {each.key: each for each in figures}
    if unknown := found.keys() - {each.key for each in TARGETS}:
        raise KeyError(unknown)
    return [Result(each, found.get(each.key, Figure(each.key, None, NOT_ASKED))) for each in TARGETS]
