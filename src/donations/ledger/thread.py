"""The evening as one thread: files, questions, month, publishing, telling the readers; and where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from donations.core.calendar import TALLINN, Month, day_of

_DAY = timedelta(days=1)
_NIGHT = timedelta(hours=5)
"""Whoever sits until after midnight is still in the same evening."""


def evening_began(now: datetime) -> datetime:
    """Return when this evening began: at five o'clock in Estonia, for what was done by day belongs to it."""
    return (datetime.combine(day_of(now - _NIGHT), time(), TALLINN) + _NIGHT).astimezone(UTC)


class EveningStep(StrEnum):
    """The steps in their order; stable codes."""

    FILES = "files"
    QUESTIONS = "questions"
    MONTH = "month"
    PUBLISH = "publish"
    TELL = "tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDays:
    """The days of an own account that is not ended, of which statements or a person's word tell."""

    begin: date | None
    """Its first day; None where nothing says it."""
    runs: Sequence[tuple[date, date]]
    """In the order of their first days."""

    def lacks_any_of(self, month: Month) -> bool:
        """Whether some day of the month is missing on which the account was there."""
        if self.begin is None:
            return True
        at = max(self.begin, month.first_day)
        for first_day, last_day in self.runs:
            if first_day <= at <= last_day:
                at = last_day + _DAY
        return at <= month.last_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What an evening's steps rest on."""

    today: date
    accounts: Sequence[KnownDays]
    questions: int
    """Payments that wait for an answer."""
    questions_due: int
    """Of these, such as are in the way of the month that is to be closed."""
    month: Month | None
    """The first month that is over and not closed."""
    can_publish: bool
    is_published: bool
    """Whether there is anything that readers could be told."""
    is_just_published: bool
    """Whether something was published this evening, so that readers may be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EveningThread:
    """Where the evening stands."""

    standing: Standing
    now: EveningStep | None
    """What is to do first; None where nothing is."""
    to_do: frozenset[EveningStep]

    @property
    def number(self) -> int:
        """Which of the steps it is, counted from one; the last where nothing is to do."""
        return len(EveningStep) if self.now is None else list(EveningStep).index(self.now) + 1


def thread(standing: Standing) -> EveningThread:
    """Return where the evening stands: a month that can be closed comes before questions of later ones."""
    ranked = list(_ranked(standing))
    return EveningThread(standing=standing, now=next(iter(ranked), None), to_do=frozenset(ranked))


def _ranked(standing: Standing) -> Iterator[EveningStep]:
    if _lacks_files(standing):
        yield EveningStep.FILES
    if standing.questions_due:
        yield EveningStep.QUESTIONS
    if standing.month is not None:
        yield EveningStep.MONTH
    if standing.questions:
        yield EveningStep.QUESTIONS
    if standing.can_publish:
        yield EveningStep.PUBLISH
    if standing.is_just_published:
        yield EveningStep.TELL


def _lacks_files(standing: Standing) -> bool:
    """Whether days are missing of the month to close, else of the last one that is over."""
    month = standing.month or Month.of(standing.today).before
    return not standing.accounts or any(each.lacks_any_of(month) for each in standing.accounts)
