"""A month as it is shown: its figures, what is in the way of closing it, how it was closed, and what came after."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from pydantic import Field

from donations.core.calendar import Month
from donations.core.donor import Appeal
from donations.core.payment import Purpose
from donations.ledger.figures import Figure, Figures, MonthChange, added
from donations.ledger.obstacles import Obstacle, ObstacleKind, SetAside
from donations.store.months import Closing, Correction
from donations.views.phrases import Teller, by_whom, in_words
from donations.views.value import Money, View, Written, money


class ObstacleView(View):
    """One thing in the way of closing a month."""

    kind: ObstacleKind
    account: str = Field(description="The own account's number, where it is about one; else empty.")
    currency: str | None
    first_day: date | None
    last_day: date | None
    cause: str | None = Field(description="Why days are not proven: a stable code.")
    payment: int | None = Field(description="The transfer that did not arrive.")
    count: int = Field(description="How many questions or disagreements.")
    words: str
    month: str | None = Field(description="The earlier month that is open.")
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
    """A figure of a closed month that is another one now: money, or how many."""

    account: str = Field(description="The own account's number; empty for a figure of an appeal.")
    appeal: str = Field(description="Its name; empty for a figure of an account.")
    what: str = Field(description="`in`, `out`, `unallocated`, a purpose, `given` or `gifts`: a stable code.")
    frozen: Money | int
    change: Money | int
    now: Money | int


class CorrectionView(View):
    """One dated correction of a closed month."""

    at: datetime
    payment_id: int
    booked_on: date
    purpose: Purpose | None = Field(description="Null where the payment itself came or went.")
    is_more: bool = Field(description="Whether something came, and nothing was taken back.")
    appeal: str = Field(description="Its name now; empty without one.")
    money: Money = Field(description="Signed as the payment is; what went counts the other way.")
    words: Written = Field(description="Why, in the language asked for.")
    by: str = Field(description="A person, or a rule with its version.")


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
    changed: Iterable[ChangeView] = (),
) -> MonthView:
    """Return a month; obstacles come with their words, and `changed` is what is otherwise since it was closed."""
    return MonthView(
        month=str(month),
        figures=figures.document(),
        obstacles=[_obstacle(each, words) for each, words in obstacles],
        closing=closing,
        corrections=corrections,
        changed=list(changed),
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


def change_views(frozen: Figures, changed: Iterable[MonthChange], appeals: Iterable[Appeal]) -> list[ChangeView]:
    """Return the figures that corrections changed, each as it was frozen and as it is now."""
    before, since = frozen.sums, added(each.sums for each in changed)
    names = {f"appeal {each.id}": each.name for each in appeals}

    def counted(figure: Figure, number: int) -> Money | int:
        return number if figure.what == "gifts" else money(number, figure.currency)

    return [
        ChangeView(
            account="" if figure.of in names else figure.of,
            appeal=names.get(figure.of, ""),
            what=figure.what,
            frozen=counted(figure, before[figure]),
            change=counted(figure, since[figure]),
            now=counted(figure, before[figure] + since[figure]),
        )
        for figure in sorted(since)
    ]


def correction_views(found: Iterable[Correction], teller: Teller) -> list[CorrectionView]:
    """Return corrections with their reasons."""
    return [
        CorrectionView(
            at=each.at,
            payment_id=each.payment,
            booked_on=each.booked_on,
            purpose=each.change.purpose,
            is_more=each.change.count > 0,
            appeal=each.appeal or "",
            money=money(each.change.minor, each.change.currency),
            words=in_words(each.why, teller.translate),
            by=by_whom(each.why),
        )
        for each in found
    ]


def _obstacle(each: Obstacle, words: str) -> ObstacleView:
    return ObstacleView.made_of(
        each,
        cause=None if each.why is None else each.why.cause.value,
        payment=None if each.transfer is None else each.transfer.side.payment,
        month=None if each.month is None else str(each.month),
        words=words,
    )
