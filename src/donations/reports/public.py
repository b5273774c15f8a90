"""What the public pages show, and the same as files: made from the published snapshot alone."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from donations.core.calendar import Month
from donations.core.money import EUR, Minor, decimal_text
from donations.published.document import LICENCE, RULE, Block, PublishedPart, PublishedSpending, Share, Snapshot
from donations.reports.table import CsvValue, csv_bytes, percent_of
from donations.store.public import newest_snapshot, newest_snapshot_digest
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
    def blocks_by_appeal(self) -> tuple[Block, ...]:
        """The blocks of which it is told what was given for what."""
        told = {number for each in self.blocks if each.appeals for number in each.appeals_of or (each.number,)}
        return tuple(block for block in self.blocks if block.number in told)

    @property
    def minor_by_appeal(self) -> Minor:
        """The sum of these blocks."""
        return sum(block.minor for block in self.blocks_by_appeal)

    @property
    def appeals(self) -> tuple[PublishedPart, ...]:
        """What these blocks were given for, the largest first."""
        found: Counter[str] = Counter()
        for block in self.blocks:
            found.update({part.appeal: part.minor for part in block.appeals})
        return tuple(PublishedPart(name, minor) for name, minor in found.most_common())

    def given_for(self, names: Collection[str], since: date | None = None) -> Minor | None:
        """Return what is told of an appeal under any of these names, of blocks that begin on a day or later.

        None where nothing is told. What blocks tell together begins with the first of them.
        """
        begins = {block.number: block.first_day for block in self.blocks}
        told = [
            part.minor
            for block in self.blocks
            for part in block.appeals
            if part.appeal in names
            and (since is None or min(begins[each] for each in block.appeals_of or (block.number,)) >= since)
        ]
        return sum(told) if told else None

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
    digest = newest_snapshot_digest(session)
    if digest is None:
        return None
    found = _known.get(digest)  # looked up once: another thread may clear them
    if found is None:
        kept = newest_snapshot(session)
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


_SPENDING_FIELDS = (
    ("block", "integer", "The block that tells it."),
    ("first_day", "date", "Of the payments, which may have begun before the block."),
    ("last_day", "date", ""),
    ("category", "string", "Empty for the rest, from which nobody's pay can be told."),
    ("spent_eur", "number", "With corrections of what earlier blocks told; below zero where they outweigh it."),
)
LICENCE_URL = "https://creativecommons.org/publicdomain/zero/1.0/"
_ATOM = "http://www.w3.org/2005/Atom"
_FIELDS = (
    ("block", "integer", "Counts from 1."),
    ("first_day", "date", ""),
    ("last_day", "date", ""),
    ("published_on", "date", "It has not changed since."),
    ("total_eur", "number", "Gifts less refunds, and corrections of earlier blocks."),
    ("rule", "integer", "By which it was published; by the first one single gifts could be inferred."),
    ("donors", "integer", "Who gave in this block, by the first rule; empty since."),
    ("donors_at_least", "integer", "Since the second rule: rounded down to fives."),
    ("donors_so_far_at_least", "integer", "Different ones in all blocks up to this one, rounded down to fives."),
    ("corrects_blocks", "string", "Earlier blocks whose corrections are a part of this one, with blanks between."),
    ("is_rounded", "boolean", "Whether sums are rounded to 100 euros and donors to fives."),
    ("before_sha256", "string", "Of the block before; empty for the first."),
    ("sha256", "string", "Over the block's canonical JSON."),
)


def public_csv(figures: PublicFigures) -> bytes:
    """Return the blocks as CSV."""
    names = tuple(name for name, _, _ in _FIELDS)
    return csv_bytes([names, *map(_row, figures.blocks)])


def _row(block: Block) -> tuple[CsvValue, ...]:
    return (
        block.number,
        block.first_day,
        block.last_day,
        block.published_on,
        decimal_text(block.minor, EUR),
        block.rule,
        *((block.donors, None) if block.rule == 1 else (None, block.donors)),
        block.donors_so_far,
        " ".join(map(str, block.corrects)),
        "true" if block.is_rounded else "false",
        block.before,
        block.digest,
    )


def spending_csv(figures: PublicFigures) -> bytes:
    """Return what blocks tell of spending as CSV: a line for each category, and one without for the rest."""
    names = tuple(name for name, _, _ in _SPENDING_FIELDS)
    return csv_bytes([names, *(row for block in figures.blocks for row in _spending_rows(block))])


def _spending_rows(block: Block) -> Iterator[tuple[CsvValue, ...]]:
    told = block.spending
    if told is not None:
        rest = [("", told.rest)] if told.rest or not told.categories else []
        for name, minor in [*((each.category, each.minor) for each in told.categories), *rest]:
            yield block.number, told.first_day, told.last_day, name, decimal_text(minor, EUR)


def data_package(figures: PublicFigures, *, home: str) -> str:
    """Return the description of the files as a Frictionless Data Package."""
    return json.dumps(_package(figures, home=home), ensure_ascii=False, indent=2)


def _package(figures: PublicFigures, *, home: str) -> dict[str, Any]:
    organisation = figures.snapshot.organisation
    resources = [_resource("blocks", "transparency.csv", _FIELDS, primaryKey="block")]
    if figures.spending:
        key = {"fields": "block", "reference": {"resource": "blocks", "fields": "block"}}
        resources.append(_resource("spending", "spending.csv", _SPENDING_FIELDS, foreignKeys=[key]))
    return {
        "profile": "tabular-data-package",
        "name": "gifts-received",
        "title": f"{organisation}: gifts received",
        "homepage": f"{home}/",
        "licenses": [{"name": LICENCE, "path": LICENCE_URL}],
        "contributors": [{"title": organisation, "role": "publisher"}],
        "resources": resources,
    }


def _resource(name: str, path: str, described: Iterable[tuple[str, str, str]], **schema: Any) -> dict[str, Any]:
    fields = [{"name": each, "type": kind} | ({"description": said} if said else {}) for each, kind, said in described]
    return {
        "name": name,
        "path": path,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "schema": {"fields": fields, "missingValues": [""], **schema},
    }


def public_feed(figures: PublicFigures, *, home: str) -> bytes:
    """Return the blocks as an Atom feed (RFC 4287), the newest first."""
    feed = Element("feed", xmlns=_ATOM)
    organisation = figures.snapshot.organisation
    _text(feed, "id", uuid5(NAMESPACE_URL, f"{home}/transparency.atom").urn)
    _text(feed, "title", f"{organisation}: gifts received")
    days = [block.published_on.isoformat() for block in figures.blocks] or ["2000-01-01"]
    _text(feed, "updated", f"{max(days)}T00:00:00Z")
    _text(SubElement(feed, "author"), "name", organisation)
    SubElement(feed, "link", rel="self", href=f"{home}/transparency.atom")
    SubElement(feed, "link", rel="alternate", href=f"{home}/")
    _text(feed, "rights", LICENCE)
    for block in reversed(figures.blocks):
        entry = SubElement(feed, "entry")
        _text(entry, "id", uuid5(NAMESPACE_URL, block.digest).urn)
        _text(entry, "title", f"{block.first_day} – {block.last_day}: {decimal_text(block.minor, EUR)} EUR")
        _text(entry, "updated", f"{block.published_on}T00:00:00Z")
        SubElement(entry, "link", rel="alternate", href=f"{home}/#block-{block.number}")
        corrected = f" Corrects blocks {', '.join(map(str, block.corrects))}." if block.corrects else ""
        donors = f"{block.donors} donors" if block.rule == 1 else f"At least {block.donors} donors"
        _text(entry, "summary", f"{donors}.{corrected}{_spent(block)} SHA-256 {block.digest}")
    written: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _spent(block: Block) -> str:
    told = block.spending
    return "" if told is None else f" Spent {told.first_day} – {told.last_day}: {decimal_text(told.minor, EUR)} EUR."


def _text(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = text
