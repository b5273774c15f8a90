"""Regular giving found day by day with dates and nothing quicker: what `ledger.rhythm` must say, said slowly."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from donations.core.money import Currency
from donations.core.payment import PaymentId
from donations.ledger.rhythm import (
    MONTHS_OF_YEAR,
    SLACK,
    TIMES,
    Beat,
    DatedGift,
    Every,
    Regular,
    RhythmEvent,
    first_chance,
)

_DAY = timedelta(days=1)


def regular_by_dates(gifts: Iterable[DatedGift]) -> tuple[Regular, ...]:
    """Return the regular gifts among those of one donor, the earliest first; none where the giving is irregular."""
    by_currency: defaultdict[Currency, list[DatedGift]] = defaultdict(list)
    for gift in gifts:
        by_currency[gift.currency].append(gift)
    found = [regular for waiting in by_currency.values() for regular in _regular(sorted(waiting, key=_in_order))]
    return tuple(sorted(found, key=lambda each: _in_order(each.gifts[0])))


def _in_order(gift: DatedGift) -> tuple[date, PaymentId]:
    return gift.day, gift.payment


def _regular(waiting: list[DatedGift]) -> Iterator[Regular]:
    """Take out one regular gift after another, those with the shortest interval first."""
    for every in Every:
        at = 0
        while at < len(waiting):
            beats = _Walk(waiting, at, every).beats()
            if beats:
                yield Regular(every=every, beats=tuple(beats))
                taken = {beat.gift for beat in beats}
                waiting = [gift for gift in waiting if gift not in taken]
            else:
                at += 1


class _Walk:
    """From one gift to the next that is about one interval later, and so on."""

    def __init__(self, gifts: Sequence[DatedGift], at: int, every: Every) -> None:
        self._gifts = gifts
        self._every = every
        self._last = gifts[at]
        self._month = _month_of(gifts[at].day)
        """The month that the last gift was for, counted from the year 0; it may be booked in the next one."""
        self._places = [gifts[at].day.day]
        """Where in its month each gift came."""
        self._amounts = [gifts[at].minor]

    def beats(self) -> list[Beat]:
        """Return every beat from the first gift on, or nothing where it does not become regular."""
        beats = [Beat(due=self._last.day, expected=None, gift=self._last, turn=RhythmEvent.BEFORE)]
        while len(beats) < TIMES:
            gift = self._near(self._due(1))
            if gift is None or (self._every is not Every.MONTH and gift.minor != self._last.minor):
                return []
            self._step(gift, 1)
            turn = RhythmEvent.BEGAN if len(beats) == TIMES - 1 else RhythmEvent.BEFORE
            beats.append(Beat(due=gift.day, expected=None, gift=gift, turn=turn))
        while True:
            found, usual = self._next(), _middle(self._amounts)
            if found is None or found[0] > 1:
                beats.append(Beat(due=self._due(1), expected=usual, gift=None, turn=RhythmEvent.NOT_COME))
            if found is None:
                return beats
            times, gift = found
            beats.append(Beat(due=self._due(times), expected=usual, gift=gift, turn=self._turn(gift, times)))
            self._step(gift, times)

    def _next(self) -> tuple[int, DatedGift] | None:
        """Return the next gift and how many intervals later it came, at most a year."""
        for times in range(1, MONTHS_OF_YEAR // self._every + 1):
            due = self._due(times)
            if first_chance(due) > self._gifts[-1].day:
                break
            gift = self._near(due) or self._moved(times)
            if gift is not None:
                return times, gift
        return None

    def _near(self, due: date) -> DatedGift | None:
        """Return the gift about the day that is most like the last one; others there are extra gifts."""
        near = self._between(due - SLACK, due + SLACK)
        return min(near, key=lambda each: (self._unlike(each), abs(each.day - due)), default=None)

    def _moved(self, times: int) -> DatedGift | None:
        """Return a gift of the same amount in the month; another amount might be of another standing order."""
        first = _first_day(self._month + times * self._every)
        whole = self._between(first, first.replace(day=_days_in(first)))
        return next((each for each in whole if each.minor == self._last.minor), None)

    def _between(self, first_day: date, last_day: date) -> Sequence[DatedGift]:
        begin = bisect_left(self._gifts, max(first_day, self._last.day + _DAY), key=_day_of)
        return self._gifts[begin : bisect_right(self._gifts, last_day, key=_day_of)]

    def _unlike(self, gift: DatedGift) -> int:
        return (gift.minor != self._last.minor) + (gift.appeal != self._last.appeal)

    def _due(self, times: int) -> date:
        first = _first_day(self._month + times * self._every)
        return first.replace(day=max(1, min(_middle(self._places), _days_in(first))))

    def _turn(self, gift: DatedGift, times: int) -> RhythmEvent:
        if times > 1:
            return RhythmEvent.RESUMED
        if gift.minor > max(self._amounts):
            return RhythmEvent.RAISED
        return RhythmEvent.LOWERED if gift.minor < min(self._amounts) else RhythmEvent.AS_USUAL

    def _step(self, gift: DatedGift, times: int) -> None:
        self._month += times * self._every
        first = _first_day(self._month)
        # What is planned for the 30th comes on 28 February, and on the 30th again in March.
        cut = max(0, _middle(self._places) - _days_in(first))
        self._places = [*self._places, (gift.day - first).days + 1 + cut][-TIMES:]
        self._amounts = [*self._amounts, gift.minor][-TIMES:]
        self._last = gift


def _middle(values: Sequence[int]) -> int:
    """Return the middle value; of two the lower, for weekends and holidays only make gifts come later."""
    return sorted(values)[(len(values) - 1) // 2]


def _day_of(gift: DatedGift) -> date:
    return gift.day


def _month_of(day: date) -> int:
    return day.year * MONTHS_OF_YEAR + day.month - 1


def _first_day(month: int) -> date:
    return date(month // MONTHS_OF_YEAR, month % MONTHS_OF_YEAR + 1, 1)


def _days_in(day: date) -> int:
    return monthrange(day.year, day.month)[1]
