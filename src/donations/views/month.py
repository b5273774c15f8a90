"""A month as it is shown: its figures, what is in the way of closing it, how it was closed, and what came after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from pydantic import Field

from donations.core.calendar import Month
from donations.core.language import N_
from donations.ledger.figures import Figure, Figures
from donations.ledger.obstacles import Obstacle, SetAside
from donations.store.months.closings import Closing
from donations.views.value import Money, View, money

FIGURES = {
    "in": N_("Money in"),
    "out": N_("Money out"),
    "unallocated": N_("Without a purpose"),
    "gift": N_("Gifts"),
    "refund": N_("Refunds"),
    "transfer": N_("Own transfers"),
    "income": N_("Other income"),
    "cost": N_("Costs"),
    "given": N_("Given"),
    "gifts": N_("Number of gifts"),
}
"""What a figure counts, in words."""


class ObstacleView(View):
    """One thing in the way of closing a month."""

    kind: str = Field(description="A stable code.")
    account: str = Field(description="The own account's number, where it is about one; else empty.")
    currency: str | None
    first_day: date | None
    last_day: date | None
    cause: str | None = Field(description="Why days are not proven: a stable code.")
    payment: int | None = Field(description="The transfer that did not arrive.")
    count: int = Field(description="How many questions or disagreements.")
    words: str
    is_final: bool = Field(description="Whether no reason sets it aside.")


class SetAsideView(View):
    """What was in the way of a month that was closed all the same."""

    kind: str | None
    words: str
    reason: str


class ClosingView(View):
    """How a month was closed."""

    month: str
    by: str
    at: datetime
    set_aside: list[SetAsideView]
    figures: dict[str, Any] = Field(description="As they are sealed: amounts are minor units of the row's currency.")
    before: str = Field(description="The fingerprint of the closing before it.")
    digest: str = Field(description="Its own fingerprint.")


class ChangeView(View):
    """By how much a figure of a closed month changed since."""

    of: str
    what: str
    change: Money | int = Field(description="Money, or how many.")


class MonthView(View):
    """A month."""

    month: str
    figures: dict[str, Any] = Field(description="As they are sealed: amounts are minor units of the row's currency.")
    obstacles: list[ObstacleView]
    closing: ClosingView | None
    corrections: int = Field(description="Decisions that came after it was closed.")
    changed: list[ChangeView]


def month_view(
    month: Month,
    figures: Figures,
    obstacles: Iterable[tuple[Obstacle, str]],
    *,
    closing: ClosingView | None = None,
    corrections: int = 0,
    since: Mapping[Figure, int] | None = None,
) -> MonthView:
    """Return a month; obstacles come with their words, and `since` is what changed after it was closed."""
    return MonthView(
        month=str(month),
        figures=figures.document(),
        obstacles=[_obstacle(each, words) for each, words in obstacles],
        closing=closing,
        corrections=corrections,
        changed=[_change(name, by) for name, by in (since or {}).items()],
    )


def closing_view(closing: Closing, set_aside: Iterable[tuple[SetAside, str]]) -> ClosingView:
    """Return how a month was closed; what was set aside comes with its words."""
    return ClosingView.made_of(
        closing.seal,
        month=str(closing.month),
        set_aside=[SetAsideView.made_of(each, words=words) for each, words in set_aside],
        figures=closing.figures.document(),
        digest=closing.digest,
    )


def _change(name: Figure, by: int) -> ChangeView:
    return ChangeView(of=name.of, what=name.what, change=by if name.what == "gifts" else money(by, name.currency))


def _obstacle(each: Obstacle, words: str) -> ObstacleView:
    return ObstacleView.made_of(
        each,
        cause=None if each.why is None else each.why.cause.value,
        payment=None if each.transfer is None else each.transfer.side.payment,
        words=words,
    )
