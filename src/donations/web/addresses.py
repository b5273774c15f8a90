"""What addresses name: a month, or a page of a long list."""

from __future__ import annotations

from dataclasses import dataclass

from donations.core.calendar import BadMonthError, Month
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode


def month_named(text: str) -> Month:
    """Return the month that an address names as `2026-10`. Raises `Refusal`: `unknown_page`."""
    try:
        return Month.parse(text)
    except BadMonthError as error:
        raise Refusal(RequestCode.UNKNOWN_PAGE) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Which page of a list is shown; pages count from 1, and one past the end is empty."""

    at: int
    size: int
    total: int

    @property
    def start(self) -> int:
        """Where the page begins in the list, counted from 0."""
        return (self.at - 1) * self.size

    @property
    def end(self) -> int:
        """Where the page ends; the last one may be shorter."""
        return min(self.start + self.size, self.total)

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.total // self.size))

    @property
    def before(self) -> int | None:
        """The page before."""
        return self.at - 1 if self.at > 1 else None

    @property
    def behind(self) -> int | None:
        """The page behind."""
        return self.at + 1 if self.at < self.pages else None
