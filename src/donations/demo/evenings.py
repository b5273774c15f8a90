"""The treasurer's evenings, month after month: everything through the functions that the pages use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from sqlalchemy import Engine

from donations import registering
from donations.core.iban import parse_iban
from donations.core.keyword import parse_keyword
from donations.core.money import EUR, Minor
from donations.core.month import Month
from donations.core.reference import parse_reference
from donations.core.spending import CategoryId
from donations.demo.answers import Knowledge, answer_all_but
from donations.demo.care import close_months, make_rules, merge_moved, publish_months, remember, set_goal
from donations.demo.downloads import Download, Folder
from donations.demo.months import day_in
from donations.demo.movement import GENERAL, KEYWORDS, MEADOW, MEADOW_REFERENCE
from donations.demo.spending import categorise, make_categories
from donations.demo.story import Story
from donations.intake import FileResult, FileStatus, GivenFile, Terms, take
from donations.readers import Limits
from donations.registering import NewAccount, NewNames
from donations.store.donors import people
from donations.store.session import WriteSession, as_reader, writing
from donations.undo import undo

TREASURER = "Kadri"
LEFT_OPEN = 20
"""The newest questions, which the visitor finds open."""
MERGES_LEFT = 2
"""Donors with two accounts, whom the visitor may merge."""
MONTHS_OPEN = 3
"""The newest months, which are not closed yet."""

GOAL: Minor = 60_000_00
"""Hoped for in the last year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """What came of one evening."""

    month: Month
    """The last one that was downloaded."""
    files: int
    new: int
    """Lines that nothing had shown before."""
    known: int
    gifts: int
    minor: Minor
    """Of these gifts."""
    questions: int
    answered: int


class BadStoryError(Exception):
    """A file of the story was refused: the story is wrong, not the reader."""


class Evenings:
    """Keeps the books of a story in a fresh database."""

    def __init__(
        self,
        engine: Engine,
        story: Story,
        *,
        now: datetime,
        left_open: int = LEFT_OPEN,
        limits: Limits | None = None,
    ) -> None:
        self._engine, self._story, self._now = engine, story, now
        self._left_open = left_open
        self._limits = limits or Limits()
        self._folder = Folder(story)
        self._known = Knowledge.of(story.movements)
        self._has_undone = self._has_rules = False
        self._categories: dict[str, CategoryId] = {}

    def all(self, *, first: int = 1) -> Iterator[Evening]:
        """Register accounts and appeals, spend an evening on each month, and tidy up.

        On the first evening so many months come at once, as with somebody who begins with years of statements.
        """
        with writing(self._engine) as session:
            register(session, self._story, now=self._now)
            span, year = self._story.span, Month(self._story.span[-1].year, 1)
            set_goal(session, minor=GOAL, since=year, spending_since=span[0], by=TREASURER, now=self._now)
            self._categories = make_categories(session, by=TREASURER, now=self._now)
        yield self._evening(0, first)
        for at in range(first, len(self._story.span)):
            yield self._evening(at, at + 1)
        with writing(self._engine) as session:
            movements = self._story.movements
            merge_moved(session, movements, left=MERGES_LEFT, by=TREASURER, now=self._now)
            remember(session, movements, by=TREASURER, now=self._now)

    def _evening(self, start: int, end: int) -> Evening:
        """Spend an evening on the months from `start` to before `end`, counted from 0."""
        whole = self._story.span
        span, closable = whole[start:end], whole[max(0, start - MONTHS_OPEN) : max(0, end - MONTHS_OPEN)]
        now = min(self._now, datetime.combine(day_in(span[-1].next, 4), time(18, 30), tzinfo=UTC))
        results = [self._take(download, now) for download in self._folder.of_months(span)]
        self._undo_once(results, now)
        with writing(self._engine) as session:
            if not self._has_rules and end > len(whole) // 2:
                self._has_rules = make_rules(session, self._known, by=TREASURER, now=now)
            answered = answer_all_but(session, self._known, left=self._left_open, by=TREASURER, now=now)
            close_months(session, closable, by=TREASURER, now=now)
            categorise(session, self._categories, by=TREASURER, now=now)
            publish_months(session, organisation=self._story.owner.name, by=TREASURER, now=now)
        statements = [statement for result in results for statement in result.statements]
        return Evening(
            month=span[-1],
            files=len(results),
            new=sum(each.new for each in statements),
            known=sum(each.known for each in statements),
            gifts=sum(result.gifts for result in results),
            minor=sum(dict(result.gift_totals).get(EUR, 0) for result in results),
            questions=sum(result.questions for result in results),
            answered=answered,
        )

    def _take(self, download: Download, now: datetime) -> FileResult:
        given = GivenFile(name=download.name, content=download.content)
        result = take(self._engine, given, Terms(by=TREASURER, now=now, limits=self._limits))
        if result.status is FileStatus.REFUSED:
            raise BadStoryError(result.problems)
        return result

    def _undo_once(self, results: Sequence[FileResult], now: datetime) -> None:
        """Take the first file back that showed nothing new, as somebody does who wants to see whether it works."""
        spare = [result.file_id for result in results if result.status is FileStatus.NOTHING_NEW]
        if self._has_undone or not spare or spare[0] is None:
            return
        with writing(self._engine) as session:
            undo(session, spare[0], by=TREASURER, now=now)
        self._has_undone = True


def register(session: WriteSession, story: Story, *, now: datetime) -> None:
    """Register the own accounts, and the appeals with their keywords and reference."""
    for account in story.accounts:
        number = parse_iban(account.iban)
        if number is not None:
            registering.register(session, NewAccount(number=number, name=account.name), now=now)
    first = people.appeals(as_reader(session))[0]
    registering.rename(session, name=GENERAL, appeal=first.id)
    known = {GENERAL: first}
    reference = parse_reference(MEADOW_REFERENCE)
    for name, words in KEYWORDS.items():
        has = known[name].keywords if name in known else ()
        names = NewNames(
            appeal=known[name].id if name in known else name,
            keywords=tuple(word for word in map(parse_keyword, words) if word not in has),
            references=(reference,) if name == MEADOW and reference is not None else (),
        )
        registering.register(session, names, now=now)
