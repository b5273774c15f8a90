"""What the public pages show, made from the published snapshot alone: no other row of the books is ever asked."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from donations.core.calendar import Month
from donations.core.money import Minor
from donations.published.document import RULE, Block, PublishedPart, PublishedSpending, Share, Snapshot
from donations.reports.shares import percent_of
from donations.store.public.snapshots import newest, newest_digest
from donations.store.session import ReadSession

_BLOCKS = 12
"""As many tell how long the next one will be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingYear:
    """What was spent, as the blocks told that end in a year."""

    year: int
    first_day: date
    last_day: date
    minor: Minor
    categories: tuple[Share, ...]
    """The largest first."""
    rest: Minor

    def percent(self, minor: Minor) -> int | None:
        """Return how large a part of the year's spending is; None where corrections outweigh the rest."""
        return percent_of(minor, self.minor)


def spending_years(blocks: Iterable[Block]) -> tuple[SpendingYear, ...]:
    """Return the years in which something was told, the newest first."""
    by_year: defaultdict[int, list[PublishedSpending]] = defaultdict(list)
    for block in blocks:
        if block.spending is not None:
            by_year[block.last_day.year].append(block.spending)
    return tuple(_year(year, by_year[year]) for year in sorted(by_year, reverse=True))


def _year(year: int, told: list[PublishedSpending]) -> SpendingYear:
    sums: Counter[str] = Counter()
    for each in told:
        for share in each.categories:
            sums[share.category] += share.minor
    return SpendingYear(
        year=year,
        first_day=told[0].first_day,
        last_day=told[-1].last_day,
        minor=sum(each.minor for each in told),
        categories=tuple(Share(name, minor) for name, minor in sums.most_common() if minor),
        rest=sum(each.rest for each in told),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """What came in during a year, by the blocks that end in it."""

    year: int
    minor: Minor
    first_day: date
    last_day: date
    year_before: Minor | None
    """What came in during the same months a year before; None where the blocks are cut otherwise."""

    @property
    def change(self) -> Minor | None:
        """By how much it is more than in the same months a year before."""
        return None if self.year_before is None else self.minor - self.year_before


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicCorrection:
    """An entry of the public log: what changed in published months since, without its size, which could be one gift."""

    published_on: date
    within: Block
    """The block that the difference is a part of."""
    corrected: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class NextFigures:
    """What comes next if blocks go on as they did: told from what is published alone, so that it says no more."""

    month: Month
    """The first one that is in no block."""
    about: Month
    """In which it is expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFigures:
    """Everything on the public pages."""

    digest: str
    content: str
    """The snapshot as canonical JSON."""
    snapshot: Snapshot

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The published blocks, the oldest first."""
        return self.snapshot.blocks

    @property
    def document(self) -> dict[str, Any]:
        """The snapshot as plain values."""
        return self.snapshot.document()

    @property
    def minor(self) -> Minor:
        """All of it."""
        return sum(block.minor for block in self.blocks)

    @property
    def is_rounded(self) -> bool:
        """Whether any figure is."""
        return any(block.is_rounded for block in self.blocks)

    @property
    def next(self) -> NextFigures:
        """What comes next, after one block at least: as long as the newest dozen were, and as late as the newest."""
        newest, lengths = self.blocks[-1], [len(block.months) for block in self.blocks[-_BLOCKS:]]
        due = newest.published_on.replace(day=1)
        for _ in range(-(-sum(lengths) // len(lengths))):
            due = Month.of(due).next.first_day
        return NextFigures(Month.of(newest.last_day).next, Month.of(due))

    @property
    def first_of_rule(self) -> Block | None:
        """The first block that was published by the rule of now, where others were before; None elsewhere."""
        rules = [block.rule for block in self.blocks]
        return self.blocks[rules.index(RULE)] if {*rules} > {RULE} else None

    @property
    def years(self) -> tuple[Year, ...]:
        """The newest first."""
        return tuple(self._year(year) for year in sorted({block.last_day.year for block in self.blocks}, reverse=True))

    @property
    def told_apart(self) -> tuple[Block, ...]:
        """The blocks of which it is told what was given for what."""
        told = {number for each in self.blocks if each.appeals for number in each.appeals_of or (each.number,)}
        return tuple(block for block in self.blocks if block.number in told)

    @property
    def minor_told_apart(self) -> Minor:
        """The sum of these blocks."""
        return sum(block.minor for block in self.told_apart)

    @property
    def appeals(self) -> tuple[PublishedPart, ...]:
        """What these blocks were given for, the largest first."""
        found: Counter[str] = Counter()
        for block in self.blocks:
            found.update({part.appeal: part.minor for part in block.appeals})
        return tuple(PublishedPart(name, minor) for name, minor in found.most_common())

    @property
    def spending(self) -> tuple[SpendingYear, ...]:
        """Where the money went, the newest year first; nothing where it is not published."""
        return spending_years(self.blocks)

    @property
    def raised(self) -> Minor:
        """What counts towards the goal."""
        goal = self.snapshot.goal
        return 0 if goal is None else sum(block.minor for block in self.blocks if block.first_day >= goal.since)

    @property
    def percent_raised(self) -> int:
        """Of the goal, rounded down."""
        goal = self.snapshot.goal
        return 0 if goal is None else self.raised * 100 // goal.minor

    @property
    def corrections(self) -> tuple[PublicCorrection, ...]:
        """The newest first."""
        return tuple(self._corrections())[::-1]

    def _corrections(self) -> Iterator[PublicCorrection]:
        for block in self.blocks:
            if block.corrects:
                corrected = tuple(each for each in self.blocks if each.number in block.corrects)
                yield PublicCorrection(published_on=block.published_on, within=block, corrected=corrected)

    def _year(self, year: int) -> Year:
        own = [block for block in self.blocks if block.last_day.year == year]
        before = [
            block
            for block in self.blocks
            if block.last_day.year == year - 1 and block.last_day.month <= own[-1].last_day.month
        ]
        is_same = (
            bool(before)
            and (before[0].first_day.year, before[0].first_day.month) == (year - 1, own[0].first_day.month)
            and (own[0].first_day.year, before[-1].last_day.month) == (year, own[-1].last_day.month)
        )
        return Year(
            year=year,
            minor=sum(block.minor for block in own),
            first_day=own[0].first_day,
            last_day=own[-1].last_day,
            year_before=sum(block.minor for block in before) if is_same else None,
        )


_known: dict[str, PublicFigures] = {}
"""The figures of the newest snapshots by digest: a digest says what they are, whichever database they come from."""
_KNOWN_MAX = 4


def public_figures(session: ReadSession) -> PublicFigures | None:
    """Return what is published, None before anything is; the row is read only where it is not known yet."""
    digest = newest_digest(session)
    if digest is None:
        return None
    found = _known.get(digest)  # looked up once: another thread may clear them
    if found is None:
        kept = newest(session)
        if kept is None:
            return None
        if len(_known) >= _KNOWN_MAX:
            _known.clear()
        found = _known[digest] = figures_of(kept.content)
    return found


def figures_of(content: str) -> PublicFigures:
    """Return the figures of a snapshot's canonical text."""
    snapshot = Snapshot.read(json.loads(content))
    return PublicFigures(digest=snapshot.digest, content=content, snapshot=snapshot)
