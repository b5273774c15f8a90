"""Which files somebody downloads in the course of a story, month by month, and what is left for the visitor to try."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from donations.core.calendar import Month
from donations.demo.files import Excerpt, camt053, excerpt, lhv_csv, ofx, swedbank_csv
from donations.demo.movement import Bank, day_in
from donations.demo.story import Story

LEFT_OUT = Bank.LHV
"""The last month of this account is left for the visitor to upload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadedFile:
    """A file as it lies in the folder of downloads."""

    name: str
    content: bytes


class Folder:
    """Makes the files of a story."""

    def __init__(self, story: Story) -> None:
        self._story = story

    def of_months(self, span: Sequence[Month]) -> Iterator[DownloadedFile]:
        """Yield what is downloaded when months are over: one camt.053 an account, sometimes an export over it."""
        for account in self._story.accounts:
            shown = [month for month in span if (account.bank, month) != (LEFT_OUT, self._story.span[-1])]
            if shown:
                yield self.statement(account.bank, shown)
        if span[-1] != self._story.span[-1]:
            yield from self._exports(span[-1])

    def _exports(self, month: Month) -> Iterator[DownloadedFile]:
        """Yield what the treasurer downloads in other formats, half a month more than needed."""
        first, last = month.first_day, month.last_day
        before = max(first - timedelta(days=15), self._story.span[0].first_day)
        if month.number % 4 == 1:
            yield self.file(Bank.LHV, f"{before}-{last}.csv", lhv_csv, first=before, last=last)
        if month.number % 6 == 0:
            yield self.file(Bank.LHV, f"{before}-{last}.ofx", ofx, first=before, last=last)
        if month.number % 5 == 2:
            yield self.file(Bank.SWEDBANK, f"{month}.csv", swedbank_csv, first=first, last=last)

    def statement(self, bank: Bank, span: Sequence[Month]) -> DownloadedFile:
        """Return the camt.053 of one or more months of an account."""
        name = str(span[0]) if len(span) == 1 else f"{span[0]}-{span[-1]}"
        return self.file(bank, f"{name}.xml", camt053, first=span[0].first_day, last=span[-1].last_day)

    def to_upload(self) -> Iterator[DownloadedFile]:
        """Yield five files that overlap: the month that is missing in three formats, and one that is known."""
        month = self._story.span[-1]
        first, last = month.first_day, month.last_day
        yield self.statement(LEFT_OUT, [month])
        yield self.file(Bank.LHV, f"{month}-first-half.csv", lhv_csv, first=first, last=day_in(month, 16))
        yield self.file(Bank.LHV, f"{month}-second-half.csv", lhv_csv, first=day_in(month, 10), last=last)
        before = first - timedelta(days=10)
        yield self.file(Bank.LHV, f"{month}-from-the-month-before.ofx", ofx, first=before, last=day_in(month, 20))
        yield self.file(Bank.SWEDBANK, f"{month}.csv", swedbank_csv, first=first, last=last)

    def file(
        self, bank: Bank, name: str, write: Callable[[Excerpt], bytes], *, first: date, last: date
    ) -> DownloadedFile:
        """Return the file of some days of an account."""
        story = self._story
        shown = excerpt(story.movements, story.account(bank), owner=story.owner, first_day=first, last_day=last)
        return DownloadedFile(name=f"{bank.name.lower()}-{name}", content=write(shown))
