"""The published figures as files for spreadsheets, programs and feed readers: the same numbers as on the page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from donations.core.money import EUR, decimal_text
from donations.published.document import LICENCE, Block
from donations.reports.csv_text import Value, csv_bytes
from donations.reports.public import PublicFigures

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


def _row(block: Block) -> tuple[Value, ...]:
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


def _spending_rows(block: Block) -> Iterator[tuple[Value, ...]]:
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
