"""What changed in a closed month, ready to be shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from donations.core.donor import Appeal
from donations.core.money import Currency, Minor
from donations.core.payment import PaymentId
from donations.ledger.figures import Change, Figures, added
from donations.store.months.corrections import Correction
from donations.views.reasons import by_whom, in_words
from donations.web.language import gettext


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureView:
    """A number that is another one now than when the month was closed."""

    account: str
    """Empty for one of an appeal."""
    appeal: str
    """Empty for one of an account."""
    what: str
    currency: Currency
    frozen: int
    change: int
    now: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionView:
    """One dated correction."""

    at: datetime
    payment: PaymentId
    booked_on: date
    purpose: str
    """Empty where the payment itself came or went."""
    is_more: bool
    """Whether something came, and nothing was taken back."""
    appeal: str
    minor: Minor
    currency: Currency
    words: str
    by: str


def figure_views(frozen: Figures, changed: Iterable[Change], appeals: Iterable[Appeal]) -> list[FigureView]:
    """Return the numbers that corrections changed, each as it was frozen and as it is now."""
    before, since = frozen.sums, added(each.sums for each in changed)
    names = {f"appeal {each.id}": each.name for each in appeals}
    return [
        FigureView(
            account="" if figure.of in names else figure.of,
            appeal=names.get(figure.of, ""),
            what=figure.what,
            currency=figure.currency,
            frozen=before[figure],
            change=since[figure],
            now=before[figure] + since[figure],
        )
        for figure in sorted(since)
    ]


def correction_views(found: Iterable[Correction]) -> list[CorrectionView]:
    """Return corrections with their reasons in the reader's language."""
    return [
        CorrectionView(
            at=each.at,
            payment=each.payment,
            booked_on=each.booked_on,
            purpose="" if each.change.purpose is None else each.change.purpose.value,
            is_more=each.change.count > 0,
            appeal=each.appeal or "",
            minor=each.change.minor,
            currency=each.change.currency,
            words=in_words(each.why, gettext),
            by=by_whom(each.why),
        )
        for each in found
    ]
