"""Regular giving, found in one donor's gifts alone: again and again, about the same day, whatever the amount.

Three gifts in a row make a donor regular, each at most five days from the day of the month on which the ones before
came: standing orders wait for weekends and holidays (the longest run of them, at Easter and at Christmas, is four
days). From then on each gift is expected. Where none comes in the days around, one of the same amount on another day of
its month counts as moved. Who was missed and gives again within twelve months has resumed; after that it begins anew.
Less often than monthly counts only with equal amounts until it is regular: three chance gifts in a quarterly row are
common among people who give often.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum
from functools import lru_cache
from typing import NamedTuple

from donations.core.donor import AppealId
from donations.core.money import Currency, Minor
from donations.core.payment import PaymentId

TIMES = 3
"""So many gifts in a row are regular; so many past ones say which day and amount are usual."""
SLACK = timedelta(days=5)
"""How far from its day a gift may come."""
MONTHS_OF_YEAR = 12
_SLACK = SLACK.days


class Every(IntEnum):
    """How many months lie between two gifts, the commonest first."""

    MONTH = 1
    QUARTER = 3
    HALF_YEAR = 6
    YEAR = 12


class RhythmEvent(StrEnum):
    """What one beat says of the donor."""

    BEFORE = "before"
    """One of the gifts that were not regular yet."""
    BEGAN = "began"
    """The gift that made the donor regular."""
    AS_USUAL = "as_usual"
    RAISED = "raised"
    """More than each of the three before."""
    LOWERED = "lowered"
    """Less than each of the three before."""
    RESUMED = "resumed"
    """The first gift after one or more that did not come."""
    NOT_COME = "not_come"
    """Nothing is booked. Whether that means that it was missed depends on what the statements cover."""


class DatedGift(NamedTuple):
    """What one payment gave; parts for several appeals are one gift here."""

    payment: PaymentId
    day: date
    minor: Minor
    currency: Currency
    appeal: AppealId
    account_id: int
    """The own account that it came to."""


class Beat(NamedTuple):
    """One time that a regular gift came or was due."""

    due: date
    expected: Minor | None
    """The usual amount then; None while the donor was not regular yet."""
    gift: DatedGift | None
    turn: RhythmEvent

    @property
    def day(self) -> date:
        """The day it came; where nothing came, the last on which it might have."""
        return last_chance(self.due) if self.gift is None else self.gift.day


@dataclass(frozen=True, slots=True, kw_only=True)
class Regular:
    """One regular gift of a donor; somebody with two standing orders has two.

    The last beat is the one that is due next. Of gifts that did not come, only the first in a row is a beat: who has
    stopped is missed once.
    """

    every: Every
    beats: tuple[Beat, ...]

    @property
    def gifts(self) -> list[DatedGift]:
        """Those that came, in the order of their days."""
        return [beat.gift for beat in self.beats if beat.gift is not None]

    @property
    def since(self) -> date:
        """The day of the first gift."""
        return self.gifts[0].day

    @property
    def last(self) -> DatedGift:
        """The gift that came last."""
        return self.gifts[-1]

    @property
    def in_a_row(self) -> int:
        """How many gifts came since one was missed last."""
        resumed = (at for at, beat in enumerate(self.beats) if beat.turn is RhythmEvent.RESUMED)
        return len(self.beats) - 1 - max(resumed, default=0)

    @property
    def next_due(self) -> date:
        """When the next gift is expected."""
        return self.beats[-1].due

    @property
    def usual(self) -> Minor:
        """The amount that is expected next: the middle one of the last three."""
        return self.beats[-1].expected or 0


class RhythmPace(NamedTuple):
    """From where the next gift of a regular one is awaited, besides the last one itself."""

    month: int
    """The month that the last gift was for, counted from the year 0; it may be booked in the next one."""
    places: tuple[int, ...]
    """Where in its month each of the last gifts came."""
    amounts: tuple[Minor, ...]
    """Of these gifts."""


def first_chance(due: date) -> date:
    """Return the first day on which a gift that is due may come: a little early, or moved within its month."""
    return min(due - SLACK, due.replace(day=1))


def last_chance(due: date) -> date:
    """Return the last day on which a gift that is due may come; then it is missed, if statements cover all of them."""
    return max(due + SLACK, due.replace(day=monthrange(due.year, due.month)[1]))


def regular_gifts(gifts: Iterable[DatedGift]) -> tuple[Regular, ...]:
    """Return the regular gifts among those of one donor, the earliest first; none where the giving is irregular."""
    return tuple(regular for regular, _ in paced_gifts(gifts))


def paced_gifts(gifts: Iterable[DatedGift]) -> list[tuple[Regular, RhythmPace]]:
    """Return the same, each with what `go_on` needs when a later gift comes."""
    by_currency: defaultdict[Currency, list[DatedGift]] = defaultdict(list)
    for gift in gifts:
        by_currency[gift.currency].append(gift)
    found = [each for waiting in by_currency.values() for each in _regular(sorted(waiting, key=_in_order))]
    return sorted(found, key=lambda each: _in_order(each[0].gifts[0]))


def go_on(every: Every, pace: RhythmPace, last: DatedGift, gift: DatedGift) -> tuple[list[Beat], RhythmPace]:
    """Return the beats after the last gift and the pace then, as a walk finds them for which only this gift is left.

    The last beat is the one that is due next. It is the only one where the gift is none of this regular gift's.
    """
    walk = _Walk((last, gift), (last.day.toordinal(), gift.day.toordinal()), 0, every, pace)
    return walk.onward(), walk.pace


def _in_order(gift: DatedGift) -> tuple[date, PaymentId]:
    return gift.day, gift.payment


def _regular(waiting: list[DatedGift]) -> Iterator[tuple[Regular, RhythmPace]]:
    """Take out one regular gift after another, those with the shortest interval first."""
    days = [gift.day.toordinal() for gift in waiting]
    for every in Every:
        at = 0
        while at <= len(waiting) - TIMES:
            walk = _Walk(waiting, days, at, every)
            beats = walk.beats()
            if beats:
                yield Regular(every=every, beats=tuple(beats)), walk.pace
                taken = {beat.gift for beat in beats}
                waiting = [gift for gift in waiting if gift not in taken]
                days = [gift.day.toordinal() for gift in waiting]
            else:
                at += 1


class _Walk:
    """From one gift to the next that is about one interval later, and so on; days are numbers, counted from year 1."""

    __slots__ = ("_amounts", "_at", "_days", "_every", "_gifts", "_month", "_place", "_places")

    def __init__(
        self, gifts: Sequence[DatedGift], days: Sequence[int], at: int, every: Every, pace: RhythmPace | None = None
    ) -> None:
        self._gifts, self._days, self._every = gifts, days, int(every)
        self._at = at
        """The last gift."""
        gift = gifts[at]
        self._month, self._places, self._amounts = pace or RhythmPace(
            month_number(gift.day), (gift.day.day,), (gift.minor,)
        )
        self._place = _middle(self._places)
        """The middle one of the places."""

    @property
    def pace(self) -> RhythmPace:
        """What going on from here needs to know."""
        return RhythmPace(self._month, self._places, self._amounts)

    def beats(self) -> list[Beat]:
        """Return every beat from the first gift on, or nothing where it does not become regular."""
        gift = self._gifts[self._at]
        beats = [Beat(gift.day, None, gift, RhythmEvent.BEFORE)]
        while len(beats) < TIMES:
            at = self._near(self._due(1))
            if at is None or (self._every > 1 and self._gifts[at].minor != gift.minor):
                return []
            self._step(at, 1)
            gift = self._gifts[at]
            turn = RhythmEvent.BEGAN if len(beats) == TIMES - 1 else RhythmEvent.BEFORE
            beats.append(Beat(gift.day, None, gift, turn))
        return beats + self.onward()

    def onward(self) -> list[Beat]:
        """Return every beat after the last gift."""
        beats: list[Beat] = []
        while True:
            found, usual = self._next(), _middle(self._amounts)
            if found is None or found[0] > 1:
                beats.append(Beat(date.fromordinal(self._due(1)), usual, None, RhythmEvent.NOT_COME))
            if found is None:
                return beats
            times, due, at = found
            gift = self._gifts[at]
            beats.append(Beat(date.fromordinal(due), usual, gift, self._turn(gift.minor, times)))
            self._step(at, times)

    def _next(self) -> tuple[int, int, int] | None:
        """Return how many intervals later the next gift came, at most a year, when it was due, and which it is."""
        for times in range(1, MONTHS_OF_YEAR // self._every + 1):
            due = self._due(times)
            if min(due - _SLACK, _first_day(self._month + times * self._every)) > self._days[-1]:
                break
            at = self._near(due)
            if at is None:
                at = self._moved(times)
            if at is not None:
                return times, due, at
        return None

    def _near(self, due: int) -> int | None:
        """Return the gift about the day that is most like the last one; others there are extra gifts."""
        days, first, last = self._days, max(due - _SLACK, self._days[self._at] + 1), due + _SLACK
        at = self._at + 1
        if at == len(days) or days[at] > last:
            return None
        if days[at] >= first and (at + 1 == len(days) or days[at + 1] > last):
            return at  # as nearly always: the very next one, and alone
        few = self._between(first, last)
        return min(few, key=lambda each: (self._unlike(self._gifts[each]), abs(days[each] - due)), default=None)

    def _moved(self, times: int) -> int | None:
        """Return a gift of the same amount in the month; another amount might be of another standing order."""
        month = self._month + times * self._every
        whole = self._between(_first_day(month), _first_day(month + 1) - 1)
        return next((each for each in whole if self._gifts[each].minor == self._gifts[self._at].minor), None)

    def _between(self, first_day: int, last_day: int) -> range:
        """Return which gifts after the last one are of these days."""
        begin = bisect_left(self._days, max(first_day, self._days[self._at] + 1))
        return range(begin, bisect_right(self._days, last_day, begin))

    def _unlike(self, gift: DatedGift) -> int:
        last = self._gifts[self._at]
        return (gift.minor != last.minor) + (gift.appeal != last.appeal)

    def _due(self, times: int) -> int:
        return day_in(self._month + times * self._every, self._place)

    def _turn(self, minor: Minor, times: int) -> RhythmEvent:
        if times > 1:
            return RhythmEvent.RESUMED
        if minor in self._amounts:
            return RhythmEvent.AS_USUAL
        if minor > max(self._amounts):
            return RhythmEvent.RAISED
        return RhythmEvent.LOWERED if minor < min(self._amounts) else RhythmEvent.AS_USUAL

    def _step(self, at: int, times: int) -> None:
        self._at = at
        self._month += times * self._every
        # What is planned for the 30th comes on 28 February, and on the 30th again in March.
        cut = max(0, self._place - _days_in(self._month))
        self._places = (*self._places, self._days[at] - _first_day(self._month) + 1 + cut)[-TIMES:]
        self._place = _middle(self._places)
        self._amounts = (*self._amounts, self._gifts[at].minor)[-TIMES:]


def _middle(values: Sequence[int]) -> int:
    """Return the middle value; of two the lower, for weekends and holidays only make gifts come later."""
    return sorted(values)[(len(values) - 1) // 2]


def month_number(day: date) -> int:
    """Return the month of a day, counted from the year 0."""
    return day.year * MONTHS_OF_YEAR + day.month - 1


def day_in(month: int, place: int) -> int:
    """Return the day that a place in a month is, as far as the month has it; days are counted from year 1."""
    return _first_day(month) + max(1, min(place, _days_in(month))) - 1


@lru_cache(maxsize=2_000)
def _first_day(month: int) -> int:
    return date(month // MONTHS_OF_YEAR, month % MONTHS_OF_YEAR + 1, 1).toordinal()


@lru_cache(maxsize=2_000)
def _days_in(month: int) -> int:
    return _first_day(month + 1) - _first_day(month)


class Coming(StrEnum):
    """Whether a donor came for the first time or came back."""

    NEW = "new"
    RETURNED = "returned"


def coming(before: date | None, day: date) -> Coming | None:
    """Return what a gift on a day is, after the gift before it; who gives again within a year did not go away."""
    if before is None:
        return Coming.NEW
    return Coming.RETURNED if before <= _a_year_before(day) else None


def _a_year_before(day: date) -> date:
    return date(day.year - 1, day.month, min(day.day, monthrange(day.year - 1, day.month)[1]))
