"""What an upload would do, as the preview page shows it: the files with figures of all of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from donations.acts.importing import FileStatus
from donations.acts.registering import called
from donations.core.language import N_
from donations.core.name import is_owner, is_placeholder
from donations.core.payment import Purpose
from donations.core.problem import ProblemCode
from donations.reports.imports import TakenFile, all_results, result_view
from donations.store.publishing import terms
from donations.store.session import ReadSession
from donations.views.formats import TELLER
from donations.views.imported import ImportEffectView, ImportResultsView, ImportResultView
from donations.views.value import Money, money_by_currency
from donations.web.site import Site


def owner_of(session: ReadSession, site: Site) -> Callable[[str], bool]:
    """Return what tells whether a name is the payee's whom donors are told, else the organisation's."""
    payee = terms(session).payee or called(session, configured=site.settings.organisation)
    return partial(is_owner, "" if is_placeholder(payee) else payee)


REMEDIES = {
    ProblemCode.FILE_TOO_LARGE: N_("Nothing of it will be imported. Export a shorter period from the bank."),
    ProblemCode.TOO_MANY_LINES: N_("Nothing of it will be imported. Export a shorter period from the bank."),
    ProblemCode.UNKNOWN_ACCOUNT: N_("Nothing of it will be imported unless you say that the account is yours."),
    ProblemCode.BALANCE_MISMATCH: N_(
        "Nothing of it will be imported. Download the whole period again; if the bank’s file really is so,"
        " accept it and say why."
    ),
    ProblemCode.IMBALANCE_ACCEPTED: N_("It is imported all the same, with the reason given."),
    ProblemCode.ANSWERS_LOST: N_("These payments wait under Questions again."),
    ProblemCode.DONORS_PARTED: N_("No gift was changed. Whoever is the same can be merged on the donors’ pages."),
    ProblemCode.OVERLAP_CONFLICT: N_("Both are kept apart and wait under Questions."),
    ProblemCode.ORPHANS: N_("They are kept and wait under Questions."),
}


class PreviewFigures(NamedTuple):
    """The figures that a person decides by; the form carries them, so that a new preview can say what changed."""

    new: int
    known: int
    gifts: int
    questions: int
    refused: int

    def text(self) -> str:
        """Return the figures for a hidden field."""
        return ".".join(map(str, self))

    @classmethod
    def read(cls, text: str) -> PreviewFigures | None:
        """Return the figures of a hidden field, None where somebody changed it."""
        return cls(*map(int, text.split("."))) if re.fullmatch(r"\d{1,9}(\.\d{1,9}){4}", text) else None


_LABELS = (N_("New lines"), N_("Known lines"), N_("Gifts"), N_("Questions"), N_("Refused files"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """All files of an upload and what they come to together."""

    files: ImportResultsView
    numbers: tuple[int, ...]
    """Of the files, among those that were uploaded."""
    shown: PreviewFigures
    gift_totals: list[Money]
    costs: int
    cost_totals: list[Money]
    others: int
    """Own transfers, refunds, other income."""

    @property
    def can_commit(self) -> bool:
        """Whether anything would be imported."""
        return any(each.effect is not None for each in self.files.items)

    @property
    def known(self) -> list[tuple[int, ImportResultView]]:
        """The files with something to say of each, by their numbers: what is in, and balances that one may accept."""
        return [
            (number, each)
            for number, each in zip(self.numbers, self.files.items, strict=True)
            if each.status in {FileStatus.IMPORTED, FileStatus.NOTHING_NEW, FileStatus.ALREADY_IMPORTED}
            or each.has_mismatch
        ]

    @property
    def unusable(self) -> list[tuple[int, ImportResultView]]:
        """The files of which nothing can be imported, by their numbers."""
        told = {number for number, _ in self.known}
        return [
            (number, each)
            for number, each in zip(self.numbers, self.files.items, strict=True)
            if number not in told and each.status is not FileStatus.WAITS
        ]

    def changed_since(self, shown: PreviewFigures | None) -> list[tuple[str, int, int]]:
        """Return the figures that are others now: what it is, what was shown, what it is now."""
        if shown is None:
            return []
        figures = zip(_LABELS, shown, self.shown, strict=True)
        return [(label, was, now) for label, was, now in figures if was != now]


def preview_of(taken: Sequence[TakenFile], numbers: Sequence[int], *, sees_names: bool) -> Preview:
    """Return the preview of what files came to, in the reader's language."""
    views = [result_view(each, TELLER, is_preview=True, sees_names=sees_names, remedies=REMEDIES) for each in taken]
    files = all_results(zip(taken, views, strict=True))
    effects = [each.effect for each in views if each.effect is not None]
    return Preview(
        files=files,
        numbers=tuple(numbers),
        shown=PreviewFigures(
            new=sum(each.payments for each in effects),
            known=sum(each.known for each in effects),
            gifts=_count(effects, Purpose.GIFT) + sum(each.more_gifts for each in views),
            questions=sum(each.questions for each in effects),
            refused=files.sums.refused,
        ),
        gift_totals=totals_of(effects, Purpose.GIFT),
        costs=_count(effects, Purpose.COST),
        cost_totals=totals_of(effects, Purpose.COST),
        others=sum(_count(effects, each) for each in (Purpose.TRANSFER, Purpose.REFUND, Purpose.INCOME)),
    )


def totals_of(effects: Iterable[ImportEffectView], purpose: Purpose) -> list[Money]:
    """Return the sums of what was for this purpose, by currency."""
    totals: Counter[str] = Counter()
    for each in effects:
        totals.update({found.currency: found.minor for found in each.of(purpose).totals})
    return money_by_currency(sorted(totals.items()))


def _count(effects: Iterable[ImportEffectView], purpose: Purpose) -> int:
    return sum(each.of(purpose).count for each in effects)
