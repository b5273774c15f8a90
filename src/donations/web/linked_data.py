"""What machines are told of the public page: the organisation and its open data, in the words of schema.org."""

from __future__ import annotations

from typing import Any

from donations.reports.public import PublicFigures
from donations.reports.public_files import LICENCE_URL
from donations.settings import Settings


def linked_data(figures: PublicFigures, settings: Settings) -> dict[str, Any]:
    """Return JSON-LD for a page of published figures."""
    home = settings.home
    organisation = {"@type": "NGO", "name": figures.snapshot.organisation, "url": f"{home}/"}
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": f"{figures.snapshot.organisation}: gifts received",
        "description": "Gifts by bank transfer, in blocks of whole months that never change. No donor can be told.",
        "url": f"{home}/",
        "license": LICENCE_URL,
        "isAccessibleForFree": True,
        "creator": organisation,
        "publisher": organisation,
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": f"{home}/{name}"}
            for kind, name in _files(figures)
        ],
    }
    if figures.blocks:
        first, last = figures.blocks[0], figures.blocks[-1]
        found["temporalCoverage"] = f"{first.first_day}/{last.last_day}"
        found["datePublished"] = first.published_on.isoformat()
        found["dateModified"] = last.published_on.isoformat()
    return found


def _files(figures: PublicFigures) -> list[tuple[str, str]]:
    spending = [("text/csv", "spending.csv")] if figures.spending else []
    return [("application/json", "transparency.json"), ("text/csv", "transparency.csv"), *spending]
