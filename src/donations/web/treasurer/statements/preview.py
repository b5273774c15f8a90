"""What an upload would do, as the preview page shows it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from donations.acts.importing import FileResult, FileStatus
from donations.acts.registering import called
from donations.core.language import N_
from donations.core.money import Minor
from donations.core.name import is_owner, is_placeholder
from donations.core.payment import Payment, Purpose
from donations.core.problem import Problem, ProblemCode
from donations.reports.imports import ImportReport, import_report
from donations.store.payments.shown import shown_payments
from donations.store.publishing import terms
from donations.store.session import ReadSession
from donations.store.statements.imports import WaitingFile
from donations.views.formats import TELLER
from donations.views.phrases import ProblemView, problem_views
from donations.web.site import Site


def owner_of(session: ReadSession, site: Site) -> Callable[[str], bool]:
    """Return what tells whether a name is the payee's whom donors are told, else the organisation's."""
    payee = terms(session).payee or called(session, configured=site.settings.organisation)
    return partial(is_owner, "" if is_placeholder(payee) else payee)


_REMEDIES = {
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


def say(problem: Problem) -> ProblemView:
    """Return the problem in words of the reader's language."""
    (said,) = problem_views([problem], TELLER, remedies=_REMEDIES)
    return said


QUESTIONS_SHOWN = 10
"""Of each file; the others are counted."""


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
class FileView:
    """One file of the preview."""

    number: int
    result: FileResult
    report: ImportReport | None
    """None where nothing would be imported."""
    questions: tuple[Payment, ...]

    @property
    def promises(self) -> object:
        """What is shown of it; numbers of rows are no part of it, for others may have taken them meanwhile."""
        if self.report is None:
            return self.result
        report, brought = self.report, self.report.brought
        asked = [(each.booked_on, each.money, each.counterparty, each.text) for each in self.questions]
        counts = [len(each) for each in (brought.payments, brought.donors, brought.new_donors, brought.open)]
        return self.result, report.statements, report.known, report.closed, brought.purposes, counts, asked

    @property
    def problems(self) -> tuple[ProblemView, ...]:
        """In words of whoever looks: a preview may be shown again in another language."""
        return tuple(map(say, self.result.problems))

    @property
    def more_gifts(self) -> int:
        """Gifts on payments that earlier imports show, of which this file says more."""
        gifts = 0 if self.report is None else self.report.brought.sum_of(Purpose.GIFT).count
        return max(0, self.result.gifts - gifts)

    @property
    def has_mismatch(self) -> bool:
        """Whether its balances do not add up, which a person may accept."""
        return any(each.code is ProblemCode.BALANCE_MISMATCH for each in self.result.problems)

    @property
    def more_questions(self) -> int:
        """Questions that are counted only."""
        return 0 if self.report is None else len(self.report.brought.open) - len(self.questions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """All files of an upload and what they come to together."""

    files: tuple[FileView, ...]
    shown: PreviewFigures
    donors: int
    new_donors: int
    gift_totals: tuple[tuple[str, Minor], ...]
    costs: int
    cost_totals: tuple[tuple[str, Minor], ...]
    others: int
    """Own transfers, refunds, other income."""
    unknown_accounts: tuple[str, ...]

    @property
    def can_commit(self) -> bool:
        """Whether anything would be imported."""
        return any(each.report is not None for each in self.files)

    def changed_since(self, shown: PreviewFigures | None) -> list[tuple[str, int, int]]:
        """Return the figures that are others now: what it is, what was shown, what it is now."""
        if shown is None:
            return []
        figures = zip(_LABELS, shown, self.shown, strict=True)
        return [(label, was, now) for label, was, now in figures if was != now]


def preview_of(session: ReadSession, files: Sequence[WaitingFile], results: Sequence[FileResult]) -> Preview:
    """Return the preview of what the files came to, inside the transaction in which they did."""
    views = tuple(_file_view(session, file.number, result) for file, result in zip(files, results, strict=True))
    reports = [each.report for each in views if each.report is not None]
    donors = frozenset().union(*(each.brought.donors for each in reports))
    new_donors = frozenset().union(*(each.brought.new_donors for each in reports))
    problems = [problem for result in results for problem in result.problems]
    unknown = [dict(each.values)["command"] for each in problems if each.code is ProblemCode.UNKNOWN_ACCOUNT]
    shown = PreviewFigures(
        new=sum(len(each.brought.payments) for each in reports),
        known=sum(each.known for each in reports),
        gifts=_count(reports, Purpose.GIFT) + sum(each.more_gifts for each in views),
        questions=sum(len(each.brought.open) for each in reports),
        refused=sum(result.status is FileStatus.REFUSED for result in results),
    )
    return Preview(
        files=views,
        shown=shown,
        donors=len(donors),
        new_donors=len(new_donors),
        gift_totals=totals_of(reports, Purpose.GIFT),
        costs=_count(reports, Purpose.COST),
        cost_totals=totals_of(reports, Purpose.COST),
        others=sum(_count(reports, each) for each in (Purpose.TRANSFER, Purpose.REFUND, Purpose.INCOME)),
        unknown_accounts=tuple(dict.fromkeys(unknown)),
    )


def _file_view(session: ReadSession, number: int, result: FileResult) -> FileView:
    is_taken = result.status in {FileStatus.IMPORTED, FileStatus.NOTHING_NEW} and result.file_id is not None
    report = import_report(session, result.file_id) if is_taken and result.file_id is not None else None
    return FileView(
        number=number,
        result=result,
        report=report,
        questions=() if report is None else first_questions(session, report),
    )


def first_questions(session: ReadSession, report: ImportReport) -> tuple[Payment, ...]:
    """Return the first payments of an import that wait for an answer, in the order of their days."""
    payments = shown_payments(session, report.brought.open[:QUESTIONS_SHOWN])
    return tuple(sorted(payments, key=lambda each: (each.booked_on, each.id)))


def totals_of(reports: Iterable[ImportReport], purpose: Purpose) -> tuple[tuple[str, Minor], ...]:
    """Return the sums of what was for this purpose, by currency."""
    totals: Counter[str] = Counter()
    for each in reports:
        totals.update(dict(each.brought.sum_of(purpose).totals))
    return tuple(sorted(totals.items()))


def _count(reports: Iterable[ImportReport], purpose: Purpose) -> int:
    return sum(each.brought.sum_of(purpose).count for each in reports)
