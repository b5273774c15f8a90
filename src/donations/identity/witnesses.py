"""Which days each statement covers wholly, which payments it may leave out, and at which moment each balance held."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum, StrEnum

from donations.core.calendar import Month, months_between, names_a_day
from donations.core.money import Minor
from donations.identity.content import StatementId, begins_inside, end_of, ends_wholly, is_over
from donations.identity.stated import DAY, Facts, Interim, LedgerMovement, LeftOut, NotInStatement, Stated, days_between

REDATED_WITHIN = 3 * DAY
"""How far apart a payment and a line may lie to be the same payment with another date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A statement with what is known of its edges."""

    stated: Stated
    begins_inside: bool = False
    """Its first day had begun before."""
    ends_inside: bool = False
    """Its last day is not over where it ends, or nobody knows."""
    says_when: bool = True
    """Whether the file says up to which moment it goes."""

    @property
    def whole_days(self) -> tuple[date, date]:
        """The first and the last day that it covers wholly; the first is later where there is none."""
        first, last = self.stated.first_day, self.stated.last_day
        return (first + DAY if self.begins_inside else first), (last - DAY if self.ends_inside else last)

    def covers(self, day: date) -> bool:
        """Whether it covers a day wholly."""
        first, last = self.whole_days
        return first <= day <= last

    @property
    def missed(self) -> list[NotInStatement]:
        """Payments that it should show, for it covers their day wholly; one that it shows redated is left out there."""
        found = self._whole
        for left in self.stated.left_out:
            redated = next((each for each in found if _is_redated(each, left)), None)
            if redated is not None:
                found.remove(redated)
        return found

    @property
    def doubted(self) -> frozenset[date]:
        """Days on which its lines and the ledger's payments are not one to one."""
        return frozenset(each.day for each in self._whole) | {each.day for each in self.stated.left_out}

    @property
    def _whole(self) -> list[NotInStatement]:
        return [each for each in self.stated.not_in_statement if self.covers(each.day)]

    @property
    def opening_base(self) -> Minor | None:
        """The opening balance less what the ledger moved before it."""
        stated = self.stated
        if stated.opening is None:
            return None
        moved = stated.moved_before + (_sum(stated.not_in_statement_on(stated.first_day)) if self.begins_inside else 0)
        return stated.opening - moved

    @property
    def closing_base(self) -> Minor | None:
        """The closing balance less what the ledger moved before it."""
        stated = self.stated
        if stated.closing is None:
            return None
        is_one_day = stated.first_day == stated.last_day
        # What a statement of one day does not show lies before it, where it begins inside that day.
        behind = (
            stated.not_in_statement_on(stated.last_day)
            if self.ends_inside and not (is_one_day and self.begins_inside)
            else []
        )
        return stated.closing - stated.moved_until_end + _sum(behind)


def _sum(payments: Sequence[NotInStatement]) -> Minor:
    return sum(each.minor for each in payments)


def _is_redated(not_in_statement: NotInStatement, left: LeftOut) -> bool:
    return not_in_statement.minor == left.minor and abs(not_in_statement.day - left.day) <= REDATED_WITHIN


def witnesses(facts: Facts) -> list[Witness]:
    """Return the statements with their edges: by their own words first, then by what other statements show."""
    spoken = [_by_its_words(each) for each in facts.stated]
    bases = Counter(each.opening_base for each in spoken if not each.begins_inside)
    begun = [_begin(each, bases) for each in spoken]
    moved = LedgerMovement(facts.by_day)
    read = {day: minor - moved.until(day) for day, minor in facts.given.items()}
    near, opened = _by_month(begun), Counter(each.opening_base for each in begun)
    return [_end(each, _beside(each, near), read, opened) for each in begun]


def _by_month(known: Iterable[Witness]) -> Mapping[Month, Sequence[Witness]]:
    """Return the statements that touch each month: each is compared with those of its days, and not with all."""
    found: defaultdict[Month, list[Witness]] = defaultdict(list)
    for each in known:
        for days in months_between(each.stated.first_day, each.stated.last_day):
            found[Month.of(days.first_day)].append(each)
    return found


def _beside(witness: Witness, near: Mapping[Month, Sequence[Witness]]) -> list[Witness]:
    """Return the other statements that touch the last day of this one, or the day after."""
    last = witness.stated.last_day
    there = {each.stated.id: each for day in (last, last + DAY) for each in near.get(Month.of(day), ())}
    touching = (each for each in there.values() if each.stated.first_day <= last + DAY and each.stated.last_day >= last)
    return [each for each in touching if each.stated.id != witness.stated.id]


def _by_its_words(stated: Stated) -> Witness:
    whole = ends_wholly(stated.last_day, stated.provenance)
    return Witness(
        stated=stated,
        begins_inside=begins_inside(stated.first_day, stated.provenance),
        ends_inside=not whole,
        says_when=whole is not None,
    )


def _begin(witness: Witness, bases: Counter[Minor | None]) -> Witness:
    """See that a statement begins inside a day where its opening balance holds what other statements show before it.

    `bases` counts what all statements opened with that begin with a day, itself among them.
    """
    stated, base = witness.stated, witness.opening_base
    if witness.begins_inside or stated.provenance.begins_at is not None or base is None:
        return witness
    inside = replace(witness, begins_inside=True)
    is_alone, before = bases[base] == 1, inside.opening_base
    return inside if is_alone and before != base and bases[before] else witness


def _end(
    witness: Witness, beside: Sequence[Witness], read: Mapping[date, Minor], opened: Counter[Minor | None]
) -> Witness:
    """Decide on the last day: a fuller statement shows that this one ended inside it, or that it did not.

    `read` are the balances that a person read at the end of a day, less what the ledger moved up to it; `opened` counts
    what all statements opened with, likewise.
    """
    if not witness.says_when:
        return replace(witness, ends_inside=not any(_confirmations(witness, beside, read, opened)))
    is_continued = any(_continues(each, witness) for each in beside)
    ended_before = any(_is_fuller(each, witness) or _goes_on(each, witness) for each in beside)
    return replace(witness, ends_inside=witness.ends_inside or (ended_before and not is_continued))


def _is_fuller(other: Witness, witness: Witness) -> bool:
    """Whether another statement covers the last day wholly and shows all of it, and this one's end is only nominal.

    Banks write the end of the period also into files that they made in its middle. One that was made when the day was
    over is believed: then its contradiction stands.
    """
    day, made = witness.stated.last_day, witness.stated.provenance.made_at
    is_nominal = made is None or made < end_of(day) or names_a_day(made)
    shows_more = bool(witness.stated.not_in_statement_on(day)) and not other.stated.not_in_statement_on(day)
    return is_nominal and other.covers(day) and shows_more


def _continues(other: Witness, witness: Witness) -> bool:
    """Whether the next statement opens with what this one closes with."""
    is_next = other.stated.first_day == witness.stated.last_day + DAY and not other.begins_inside
    return is_next and other.stated.opening is not None and other.stated.opening == witness.stated.closing


def _goes_on(other: Witness, witness: Witness) -> bool:
    """Whether another statement begins inside the last day with what this one closes with."""
    stated, following = witness.stated, other.stated
    is_next = other.begins_inside and following.first_day == stated.last_day
    return is_next and stated.closing is not None and following.opening == stated.closing


def _confirmations(
    witness: Witness, beside: Sequence[Witness], read: Mapping[date, Minor], opened: Counter[Minor | None]
) -> Iterator[bool]:
    """Yield what tells that a file without times shows all of its last day."""
    day, base = witness.stated.last_day, witness.closing_base
    if witness.stated.not_in_statement_on(day):
        return
    if day in read and base is not None:
        yield read[day] == base
    elif day in read:
        yield opened[read[day]] > (witness.opening_base == read[day])
        yield read[day] in {read[each] for each in read if each != day}
    for each in beside:
        if each.begins_inside:
            continue
        goes_beyond = each.stated.first_day <= day < each.stated.last_day
        yield goes_beyond and not each.stated.not_in_statement_on(day)
        balances = {each.opening_base, each.closing_base} - {None}
        yield each.stated.first_day == day + DAY and base in balances


def wholly_covered(known: Sequence[Witness]) -> set[date]:
    """Return the days that some statement covers wholly."""
    return {day for each in known for day in days_between(*each.whole_days)}


class Point(IntEnum):
    """Where inside a day a balance held."""

    INSIDE = 0
    END = 1


class BalanceSource(StrEnum):
    """Where a balance is from; stable codes."""

    OPENING = "opening"
    CLOSING = "closing"
    INTERIM = "interim"
    ENTERED = "entered"
    """A person read it in the internet bank."""
    ENDED = "ended"
    """A person ended the account: nothing is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A balance that the bank states or a person read; equal `base` for all if books and bank agree."""

    day: date
    point: Point
    minor: Minor
    """The balance itself."""
    base: Minor
    """The balance less what the ledger moved up to that moment."""
    source: BalanceSource
    statement: StatementId | None = None
    """None where a person told it."""
    is_sure: bool = True
    """Whether its moment is known; one of an unknown moment of its day proves, but contradicts nothing."""

    @property
    def opens(self) -> bool:
        """Whether what comes after it is the statement's."""
        return self.source is BalanceSource.OPENING

    @property
    def at(self) -> tuple[date, Point]:
        """Orders anchors in time."""
        return self.day, self.point


def anchors(facts: Facts, known: Sequence[Witness]) -> list[Anchor]:
    """Return all balances in the order of time; unsure ones only where they agree with the one before or after."""
    moved = LedgerMovement(facts.by_day)
    every = sorted(_anchors(facts, known, moved), key=lambda each: (*each.at, each.opens, each.statement or 0))
    sure = [each for each in every if each.is_sure]
    return [each for each in every if each.is_sure or _agrees(each, sure)]


def _agrees(unsure: Anchor, sure: Sequence[Anchor]) -> bool:
    before = [each for each in sure if each.at <= unsure.at][-1:]
    after = [each for each in sure if each.at > unsure.at][:1]
    return any(each.base == unsure.base for each in (*before, *after))


def _anchors(facts: Facts, known: Sequence[Witness], moved: LedgerMovement) -> Iterator[Anchor]:
    for witness in known:
        yield from _of_statement(witness, moved)
    for day, minor in facts.given.items():
        yield Anchor(day=day, point=Point.END, minor=minor, base=minor - moved.until(day), source=BalanceSource.ENTERED)
    if facts.ended is not None and facts.left is not None and facts.ended not in facts.given:
        base = facts.left - moved.until(facts.ended)
        yield Anchor(day=facts.ended, point=Point.END, minor=facts.left, base=base, source=BalanceSource.ENDED)


def _of_statement(witness: Witness, moved: LedgerMovement) -> Iterator[Anchor]:
    stated = witness.stated
    if stated.opening is not None and (base := witness.opening_base) is not None:
        inside = witness.begins_inside
        yield Anchor(
            day=stated.first_day if inside else stated.first_day - DAY,
            point=Point.INSIDE if inside else Point.END,
            minor=stated.opening,
            base=base,
            source=BalanceSource.OPENING,
            statement=stated.id,
        )
    if stated.closing is not None and (base := witness.closing_base) is not None:
        yield Anchor(
            day=stated.last_day,
            point=Point.INSIDE if witness.ends_inside else Point.END,
            minor=stated.closing,
            base=base,
            source=BalanceSource.CLOSING,
            statement=stated.id,
        )
    for interim in stated.interim:
        yield Anchor(
            day=interim.day,
            point=Point.END,
            minor=interim.minor,
            base=interim.minor - moved.until(interim.day),
            source=BalanceSource.INTERIM,
            statement=stated.id,
            is_sure=_is_sure(interim, stated),
        )


def _is_sure(interim: Interim, stated: Stated) -> bool:
    """Whether a balance is known to have held when its day was over: it was made later, or says a later moment."""
    said = interim.at or stated.provenance.made_at
    return interim.day < stated.last_day if said is None else is_over(interim.day, said)
