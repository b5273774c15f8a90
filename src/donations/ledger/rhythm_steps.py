"""Regular giving taken further by one gift, without the gifts of the past: the same as a walk over all of them.

That a later gift changes nothing of what was told is sure where it comes after every day on which another one might
have been taken instead, and where no gift outside regular giving could begin another one with it. Else nothing is said
here, and the donor is walked anew (`ledger/rhythm.py`, which says what is true).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from donations.core.donor import AppealId
from donations.core.money import Currency, Minor
from donations.core.payment import PaymentId
from donations.ledger.rhythm import (
    MONTHS_OF_YEAR,
    SLACK,
    Beat,
    DatedGift,
    Every,
    Regular,
    RhythmEvent,
    RhythmPace,
    day_in,
    go_on,
    month_number,
    paced_gifts,
)

_MONTHS_LOOKED_BACK = 2 * MONTHS_OF_YEAR + 1
"""Three gifts in a row that have a year between them begin two years before the last, or a few days earlier."""
_UNTOLD = (RhythmEvent.BEFORE, RhythmEvent.AS_USUAL)


class LooseGift(NamedTuple):
    """A gift that is part of nothing regular."""

    day: date
    minor: Minor


class Due(NamedTuple):
    """One time that something was expected, and what came."""

    due: date
    expected: Minor
    came: Minor | None
    account_id: int
    appeal: AppealId


class RegularTurn(NamedTuple):
    """A beat worth telling."""

    number: int
    """Counts all beats of its regular gift."""
    beat: Beat
    account_id: int
    """That it came to, or that the one before came to."""
    appeal: AppealId


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """How far one regular gift has come: all that its next step needs."""

    every: Every
    last: DatedGift
    pace: RhythmPace
    closed: date
    """Up to this day another gift might have been taken for one of those that came."""
    told: int
    """How many beats there are before the one that is due next."""
    due: date
    """When the next gift is expected."""
    expected: Minor
    loose: tuple[LooseGift, ...]
    """Those of the donor in the same currency that are part of nothing regular, back to when one could still matter."""


class StreamStep(NamedTuple):
    """A stream, and what was found on the way there."""

    stream: Stream
    turns: tuple[RegularTurn, ...]
    dues: tuple[Due, ...]


def streams_of(gifts: Collection[DatedGift]) -> list[StreamStep]:
    """Return the regular gifts of one donor with all that is worth telling of them, the earliest first."""
    found = paced_gifts(gifts)
    if not found:
        return []
    taken = {gift.payment for regular, _ in found for gift in regular.gifts}
    loose: defaultdict[Currency, list[LooseGift]] = defaultdict(list)
    last: dict[Currency, date] = {}
    for gift in sorted(gifts, key=_in_order):
        last[gift.currency] = gift.day
        if gift.payment not in taken:
            loose[gift.currency].append(LooseGift(gift.day, gift.minor))
    return [_begun(regular, pace, loose, last) for regular, pace in found]


def _begun(
    regular: Regular, pace: RhythmPace, loose: dict[Currency, list[LooseGift]], last: dict[Currency, date]
) -> StreamStep:
    first = regular.gifts[0]
    nothing = Stream(
        every=regular.every,
        last=first,
        pace=pace,
        closed=first.day,
        told=0,
        due=first.day,
        expected=0,
        loose=_recent(loose[first.currency], last[first.currency]),
    )
    return _onward(nothing, regular.beats, pace)


def _onward(stream: Stream, beats: Sequence[Beat], pace: RhythmPace) -> StreamStep:
    """Go on by beats, of which the last is due next."""
    last, closed = stream.last, stream.closed
    turns, dues = [], []
    for number, beat in enumerate(beats[:-1], start=stream.told):
        last = beat.gift or last
        if beat.gift is not None:
            # Until the third came, the beat does not say when it was due: at most so many days later.
            due = beat.due if beat.expected is not None else beat.due + SLACK
            closed = max(due + SLACK, beat.gift.day)
        if beat.turn not in _UNTOLD:
            turns.append(RegularTurn(number, beat, last.account_id, last.appeal))
        if beat.expected is not None:
            came = None if beat.gift is None else beat.gift.minor
            dues.append(Due(beat.due, beat.expected, came, last.account_id, last.appeal))
    gone_on = replace(
        stream,
        last=last,
        pace=pace,
        closed=closed,
        told=stream.told + len(beats) - 1,
        due=beats[-1].due,
        expected=beats[-1].expected or 0,
    )
    return StreamStep(gone_on, tuple(turns), tuple(dues))


def go_on_by(streams: Sequence[Stream], gifts: Iterable[DatedGift]) -> list[StreamStep] | None:
    """Return how all of a donor's regular gifts, given the earliest first, go on with more gifts; in the same order.

    None where only a walk over all gifts can tell.
    """
    told = [StreamStep(each, (), ()) for each in streams]
    for gift in sorted(gifts, key=_in_order):
        of = [number for number, each in enumerate(told) if each.stream.last.currency == gift.currency]
        after = _step([told[number].stream for number in of], gift) if of else None
        if after is None:
            return None
        for number, each in zip(of, after, strict=True):
            before = told[number]
            told[number] = StreamStep(each.stream, before.turns + each.turns, before.dues + each.dues)
    return told


def _in_order(gift: DatedGift) -> tuple[date, PaymentId]:
    return gift.day, gift.payment


def _step(streams: Sequence[Stream], gift: DatedGift) -> list[StreamStep] | None:
    """Return how those of one currency go on with one gift, the earliest first, as they are given."""
    loose = streams[0].loose
    if not _is_apart(streams, loose, gift):
        return None
    now = [StreamStep(each, (), ()) for each in streams]
    for number, stream in sorted(enumerate(streams), key=lambda each: each[1].every):
        beats, pace = go_on(stream.every, stream.pace, stream.last, gift)
        if len(beats) > 1:
            now[number] = _onward(stream, beats, pace)
            break
    else:
        loose = (*loose, LooseGift(gift.day, gift.minor))
    loose = _recent(loose, gift.day)
    return [each._replace(stream=replace(each.stream, loose=loose)) for each in now]


def _is_apart(streams: Sequence[Stream], loose: Iterable[LooseGift], gift: DatedGift) -> bool:
    """Whether nothing of what was told before depends on whether there is this gift."""
    monthly = all(each.every is Every.MONTH for each in streams)
    # Gifts of a longer interval are looked through for monthly ones first: alone, they lie too far from each other.
    if not monthly and (len(streams) > 1 or loose):
        return False
    if any(gift.day <= each.closed for each in streams):
        return False
    return all(each.day < gift.day and not _may_begin(each, gift) for each in loose)


def _may_begin(first: LooseGift, third: DatedGift) -> bool:
    """Whether the two might be the first and the third of something regular, with one between them."""
    month, place, day = month_number(first.day), first.day.day, third.day.toordinal()
    return any(
        # The second came at most so many days before its day, and so may then the third be expected to.
        day_in(month + 2 * every, place - SLACK.days) - SLACK.days
        <= day
        <= day_in(month + 2 * every, place) + SLACK.days
        for every in Every
        if every is Every.MONTH or first.minor == third.minor
    )


def _recent(loose: Iterable[LooseGift], last: date) -> tuple[LooseGift, ...]:
    since = looked_back_to(last)
    return tuple(each for each in loose if each.day >= since)


def looked_back_to(day: date) -> date:
    """Return the day before which no gift can begin something regular of which one on this day is the third."""
    month = month_number(day) - _MONTHS_LOOKED_BACK
    return date(month // MONTHS_OF_YEAR, month % MONTHS_OF_YEAR + 1, 1)
