"""What a block tells of spending, as values in its document: sums by category, never a payee."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from donations.core.money import Minor


@dataclass(frozen=True, slots=True)
class Share:
    """What was spent on one category; euro cents, less than nothing where a correction outweighs it."""

    category: str
    minor: Minor


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedSpending:
    """What was spent on these days, with the corrections of everything that was told before; euro cents."""

    first_day: date
    last_day: date
    minor: Minor
    categories: tuple[Share, ...]
    rest: Minor
    """What is in no category that may be shown by itself."""

    def document(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "total_cents": self.minor,
            "categories": [{"name": each.category, "total_cents": each.minor} for each in self.categories],
            "other_cents": self.rest,
        }

    @classmethod
    def read(cls, found: dict[str, Any]) -> PublishedSpending:
        """Return the spending of a document."""
        return cls(
            first_day=date.fromisoformat(found["first_day"]),
            last_day=date.fromisoformat(found["last_day"]),
            minor=found["total_cents"],
            categories=tuple(Share(each["name"], each["total_cents"]) for each in found["categories"]),
            rest=found["other_cents"],
        )


def spending_complaints(blocks: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield what is wrong with the spending of published blocks: its sums, or days left out or told twice."""
    begins = None
    for block in blocks:
        found = block.get("spending")
        if found is None:
            continue
        number, told = block["number"], sum(each["total_cents"] for each in found["categories"]) + found["other_cents"]
        if told != found["total_cents"] and not block["is_rounded"]:
            yield f"the spending of block {number} does not add up to its total"
        first_day, last_day = date.fromisoformat(found["first_day"]), date.fromisoformat(found["last_day"])
        if last_day < first_day or (begins is not None and first_day != begins):
            yield f"the spending of block {number} does not begin on the day after the spending told before it"
        if found["last_day"] != block["last_day"]:
            yield f"the spending of block {number} does not end with the block"
        begins = last_day + timedelta(days=1)
